"""Limits of calls out: the rules, and the count that all cells share."""

from __future__ import annotations

import multiprocessing
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.rung import GONE_AFTER_S, CallsOut
from ivr.tolls import Rung, TollLimits, number_of, refusal

HERE = "sip:service@10.0.0.5"


@pytest.mark.parametrize(
    ("target", "number"),
    [
        ("sip:+4722334455@trunk.example", "4722334455"),
        ("sip:4722334455@10.0.0.1:5060", "4722334455"),
        ("tel:+47 22-33 (44) 55", "4722334455"),
        ("tel:113", "113"),
        ("sip:service@10.0.0.5", ""),
        ("sip:10.0.0.5", ""),
        ("sip:10.0.0.5:5060", ""),
        ("sip:7up@10.0.0.5", ""),
    ],
)
def test_numbers_and_names(target: str, number: str) -> None:
    assert number_of(target) == number


@pytest.mark.parametrize(
    ("target", "allowed"),
    [
        ("sip:+4722334455@trunk", True),
        ("sip:4722334455@trunk", True),
        ("tel:+4722334455", True),
        ("tel:+88213", False),
        ("tel:00882", False),
        (HERE, True),
    ],
)
def test_destinations(target: str, allowed: bool) -> None:
    limits = TollLimits(prefixes=("+47", "46"))
    assert (refusal(limits, [], target, 0.0) is None) == allowed
    assert refusal(TollLimits(), [], target, 0.0) is None


def test_each_limit() -> None:
    lately, long_ago = Rung(100.0, 60.0, False), Rung(-90_000.0, 6000.0, False)
    running = Rung(100.0, 30.0, True)
    now_s = 200.0
    assert refusal(TollLimits(calls_per_hour=2), [lately, long_ago], HERE, now_s) is None
    assert refusal(TollLimits(calls_per_hour=2), [lately, running], HERE, now_s) == "calls"
    assert refusal(TollLimits(at_once=1), [lately], HERE, now_s) is None
    assert refusal(TollLimits(at_once=1), [running], HERE, now_s) == "at_once"
    assert refusal(TollLimits(minutes_per_day=2), [lately, running, long_ago], HERE, now_s) is None
    assert refusal(TollLimits(minutes_per_day=1), [lately, long_ago], HERE, now_s) == "minutes"


@given(st.integers(1, 6), st.lists(st.floats(0, 400), min_size=1, max_size=60))
def test_never_more_in_any_hour_than_allowed(most: int, pauses: list[float]) -> None:
    limits, rung, now_s = TollLimits(calls_per_hour=most), [], 0.0
    for pause_s in pauses:
        now_s += pause_s
        if refusal(limits, rung, HERE, now_s) is None:
            rung.append(Rung(now_s, 0.0, False))
    for first in rung:
        assert sum(first.at_s <= each.at_s < first.at_s + 3600 for each in rung) <= most


def test_what_is_rung_counts_until_it_is_over(tmp_path: Path) -> None:
    now = [1000.0]
    out = CallsOut(tmp_path / "state", TollLimits(at_once=1, minutes_per_day=2), lambda: now[0])
    number = out.begin(HERE)
    assert isinstance(number, int) and out.begin(HERE) == "at_once"
    out.answered(number)
    now[0] += 20
    out.seen(number)
    now[0] += 20
    out.over(number)
    second = out.begin(HERE)
    assert isinstance(second, int)
    out.answered(second)
    now[0] += 81
    out.over(second)
    assert out.begin(HERE) == "minutes"
    now[0] += 86_400
    assert isinstance(out.begin(HERE), int)
    assert (tmp_path / "state/rung.sqlite").stat().st_mode & 0o77 == 0
    out.close()


def test_a_call_of_a_killed_process_is_over_after_a_while(tmp_path: Path) -> None:
    now = [1000.0]
    limits = TollLimits(at_once=1)
    killed, other = (CallsOut(tmp_path, limits, lambda: now[0]) for _ in range(2))
    assert isinstance(killed.begin(HERE), int)
    killed.close()
    assert other.begin(HERE) == "at_once"
    now[0] += GONE_AFTER_S + 1
    assert isinstance(other.begin(HERE), int)
    other.close()


def test_no_number_is_written(tmp_path: Path) -> None:
    out = CallsOut(tmp_path, TollLimits())
    out.begin("sip:+4722334455@trunk")
    out.close()
    assert all(b"22334455" not in file.read_bytes() for file in tmp_path.iterdir())


def test_where_it_cannot_be_counted_nobody_is_rung(tmp_path: Path) -> None:
    (tmp_path / "rung.sqlite").write_bytes(b"this is no database" * 100)
    assert CallsOut(tmp_path, TollLimits(calls_per_hour=5)).begin(HERE) == "calls"


def _rings(folder: Path, made: multiprocessing.Queue[int]) -> None:
    out = CallsOut(folder, TollLimits(calls_per_hour=25))
    made.put(sum(isinstance(out.begin(HERE), int) for _ in range(20)))
    out.close()


def test_cells_share_one_count(tmp_path: Path) -> None:
    """Two processes ring twenty times each, at the same moment."""
    context = multiprocessing.get_context("spawn")
    made = context.Queue()
    cells = [context.Process(target=_rings, args=(tmp_path, made)) for _ in range(2)]
    for cell in cells:
        cell.start()
    assert sum(made.get(timeout=60) for _ in cells) == 25
    for cell in cells:
        cell.join()
