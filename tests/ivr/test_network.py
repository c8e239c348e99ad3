"""Samples of the network's quality from counters: by hand, then laws."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearline.emodel import CODECS, Connection, rating
from ivr.network import Counters, Sample, burst_ratio, deaf, sample, summary

ZERO = Counters(0, 0)


def test_a_clean_local_call_is_as_good_as_g711_gets() -> None:
    found = sample(5.0, "customer", ZERO, Counters(250, 0, jitter_ms=0.5, buffer_ms=40.0))
    assert (found.packets, found.loss_percent, found.rating, found.mos) == (250, 0.0, 93.2, 4.41)
    assert found.their_loss_percent is None


def test_loss_and_delay_by_hand() -> None:
    now = Counters(240, 10, round_trip_ms=200.0, buffer_ms=60.0, loss_ms=20.0, sent=250, their_lost=5)
    found = sample(10.0, "agent", ZERO, now)
    assert found.loss_percent == 4.0 and found.their_loss_percent == 2.0
    assert found.rating == pytest.approx(
        rating(Connection(one_way_ms=180.0, loss_percent=4.0, codec=CODECS["PCMU"])), abs=0.05
    )


def test_bursts_cost_more() -> None:
    short, long = (sample(5.0, "customer", ZERO, Counters(240, 10, loss_ms=ms)) for ms in (20.0, 120.0))
    assert short.mos is not None and long.mos is not None and long.mos < short.mos


def test_only_the_time_between_two_readings_counts() -> None:
    bad, good = Counters(100, 150), Counters(350, 150)
    assert sample(10.0, "customer", bad, good).loss_percent == 0.0


def test_a_reinvite_counts_from_zero() -> None:
    found = sample(10.0, "customer", Counters(1000, 5), Counters(240, 10))
    assert (found.packets, found.loss_percent) == (240, 4.0)


def test_nothing_came_and_nothing_can_be_said_of_a_wide_codec() -> None:
    silent = sample(5.0, "customer", ZERO, ZERO)
    assert (silent.loss_percent, silent.mos) == (100.0, None)
    assert sample(5.0, "customer", ZERO, Counters(250, 0, codec="G722")).mos is None


def heard(at_s: float, percent: float | None) -> Sample:
    return replace(sample(at_s, "customer", ZERO, Counters(250, 0)), their_loss_percent=percent)


@pytest.mark.parametrize(
    ("reports", "expected"),
    [([], False), ([100.0], False), ([100.0, 99.0], True), ([100.0, 0.0], False), ([0.0, 100.0, 100.0], True)],
)
def test_who_hears_nothing_of_us(reports: list[float], expected: bool) -> None:
    samples = [heard(5.0 * number, percent) for number, percent in enumerate(reports, 1)]
    assert deaf(samples, "customer") is expected
    assert not deaf(samples, "agent")
    assert not deaf([heard(5, None), heard(10, None)], "customer"), "who sends no reports may hear us well"


def test_the_whole_call() -> None:
    parts = [
        sample(5.0, "customer", ZERO, Counters(250, 0)),
        sample(10.0, "customer", Counters(250, 0), Counters(450, 50, jitter_ms=12.0)),
    ]
    found = summary(parts, "customer")
    assert found is not None and found.packets == 450 and found.loss_percent == 10.0 and found.jitter_ms == 12.0
    assert found.mos is not None and found.worst_mos == parts[1].mos and found.worst_mos < found.mos < 4.41
    assert summary(parts, "agent") is None


@given(st.floats(0.1, 99.0), st.floats(0, 50))
def test_random_loss_has_the_ratio_one_and_nothing_less(percent: float, length: float) -> None:
    assert burst_ratio(percent, 1 / (1 - percent / 100)) == pytest.approx(1.0)
    assert burst_ratio(percent, length) >= 1.0
    assert burst_ratio(0.0, length) == burst_ratio(100.0, length) == 1.0


@given(st.integers(0, 500), st.integers(0, 500), st.floats(0, 2000), st.floats(0, 500))
def test_a_sample_is_always_in_range(packets: int, lost: int, trip: float, buffer: float) -> None:
    now = Counters(packets, lost, round_trip_ms=trip, buffer_ms=buffer)
    found = sample(5.0, "customer", ZERO, now)
    assert 0 <= found.loss_percent <= 100
    assert found.mos is None if packets == 0 else found.mos is not None and 1.0 <= found.mos <= 4.5
    assert (found.mos or 0) <= 4.41
