"""The diarization error rate: known values by hand, and what holds for any timelines."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from benchmarks.error_rate import error_rate
from speechqa.timeline import Span, Timeline

A, B = Timeline.of((0, 10)), Timeline.of((12, 20))


def test_the_truth_itself_has_no_error_in_either_order() -> None:
    assert error_rate({"a": A, "b": B}, [A, B], 20).rate == error_rate({"a": A, "b": B}, [B, A], 20).rate == 0


def test_the_three_kinds_of_error_by_hand() -> None:
    found = [Timeline.of((0, 8)), Timeline.of((8, 9), (11, 20))]  # 1 s confused, 1 s missed, 1 s false
    got = error_rate({"a": A, "b": B}, found, 20, collar_s=0)
    assert (got.total_s, got.missed_s, got.false_s, got.confused_s) == (18, 1, 1, 1)
    assert got.rate == pytest.approx(3 / 18)


def test_the_collar_forgives_errors_at_true_edges() -> None:
    got = error_rate({"a": A, "b": B}, [Timeline.of((0, 10.2)), Timeline.of((11.8, 20))], 20)
    assert got.rate == 0 and got.total_s == 9.5 + 7.5


def test_talk_of_both_at_once_is_counted_for_each() -> None:
    both = {"a": Timeline.of((0, 10)), "b": Timeline.of((8, 20))}
    got = error_rate(both, [Timeline.of((0, 10)), Timeline.of((10, 20))], 20, collar_s=0)
    assert (got.total_s, got.missed_s, got.confused_s) == (22, 2, 0)


def test_one_voice_for_two_people_is_confusion() -> None:
    got = error_rate({"a": A, "b": B}, [A | B], 20, collar_s=0)
    assert (got.missed_s, got.false_s, got.confused_s) == (0, 0, 8)


spans = st.lists(st.tuples(st.integers(0, 50), st.integers(1, 10)), max_size=6)
timelines = spans.map(lambda pairs: Timeline(Span(start, start + length) for start, length in pairs))


@given(timelines, timelines, timelines, timelines)
def test_all_true_time_is_right_missed_or_confused(a: Timeline, b: Timeline, c: Timeline, d: Timeline) -> None:
    got = error_rate({"a": a, "b": b}, [c, d], 60, collar_s=0)
    right_s = got.total_s - got.missed_s - got.confused_s
    agreed = max((a & c).covered_s + (b & d).covered_s, (a & d).covered_s + (b & c).covered_s)
    assert right_s == pytest.approx(agreed)
    assert got.false_s == pytest.approx(c.covered_s + d.covered_s - right_s - got.confused_s)
