"""Two files of one call: known offsets, made and real."""

from __future__ import annotations

import csv
from pathlib import Path

import numpy as np
import pytest

from speechqa.alignment import Offset, find_offset, leak_lag_s, weigh
from speechqa.audio import open_audio
from speechqa.engines.energy import HOP_S
from tests.speechqa.sounds import RATE_HZ, bursts, noise, write


def _talk(duration_s: float, *spans: tuple[float, float]) -> np.ndarray[tuple[int], np.dtype[np.bool_]]:
    mask = np.zeros(round(duration_s / HOP_S), bool)
    for start, end in spans:
        mask[round(start / HOP_S) : round(end / HOP_S)] = True
    return mask


def test_equal_lengths_are_aligned(tmp_path: Path) -> None:
    one = open_audio(write(tmp_path / "a.wav", noise(5, -30, seed=1)))
    two = open_audio(write(tmp_path / "c.wav", noise(5, -30, seed=2)))
    found = find_offset(one, two)
    assert (found.agent_s, found.customer_s, found.found_by) == (0.0, 0.0, "equal lengths")


def test_a_shorter_file_starts_late_when_that_parts_the_talkers() -> None:
    found = weigh(2.0, None, _talk(8, (0, 2), (4, 6)), _talk(10, (4, 6), (8, 10)))
    assert (found.agent_s, found.customer_s, found.found_by) == (2.0, 0.0, "common end")
    assert found.confidence > 0.6


def test_a_shorter_file_ends_early_when_only_that_parts_the_talkers() -> None:
    found = weigh(2.0, None, _talk(8, (0, 2), (4, 6)), _talk(10, (2, 4), (6, 8)))
    assert (found.agent_s, found.customer_s, found.found_by) == (0.0, 0.0, "common start")


def test_a_negative_delay_moves_the_customer() -> None:
    assert Offset.of(-1.5, 0.9, "given") == Offset(0.0, 1.5, 0.9, "given")


def test_cross_talk_shows_the_offset() -> None:
    agent = bursts(20, (2, 5), (9, 12), floor_db=-70)
    customer = np.concatenate([noise(1.5, -70, seed=8), 0.1 * agent])
    assert leak_lag_s(agent, customer, RATE_HZ) == pytest.approx(1.5, abs=0.001)
    assert leak_lag_s(agent, noise(20, -30, seed=9), RATE_HZ) is None


def test_cross_talk_decides_between_the_readings() -> None:
    assert weigh(2.0, 2.1, _talk(8), _talk(10)).found_by == "common end"
    assert weigh(2.0, 0.1, _talk(8), _talk(10)).found_by == "common start"
    assert weigh(2.0, 5.0, _talk(8), _talk(10)) == Offset(5.0, 0.0, 0.8, "cross-talk")


def test_real_calls_with_known_offsets(shared: Path) -> None:
    calls = shared / "data" / "bank-calls"
    with (calls / "alignment.csv").open() as file:
        known = {row["sid"]: int(row["agent_delay_ms"]) / 1000 for row in csv.DictReader(file)}
    for name, delay_s in known.items():
        agent, customer = (open_audio(calls / side / f"{name}.wav") for side in ("agent", "caller"))
        assert find_offset(agent, customer).agent_s == pytest.approx(delay_s, abs=0.05), name
