"""Interval algebra: known values, then laws."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from speechqa.timeline import Span, Timeline

ticks = st.integers(0, 400)  # eighths of a second: exact in binary, so that laws hold to the last bit
spans = st.tuples(ticks, ticks).map(lambda pair: Span(min(pair) / 8, max(pair) / 8))
timelines = st.lists(spans, max_size=12).map(Timeline)
extents = st.just(Span(0.0, 50.0))
of = Timeline.of


def test_overlapping_and_touching_spans_are_merged():
    assert of((2, 3), (0, 1), (1, 1.5), (0.5, 0.8)) == of((0, 1.5), (2, 3))


def test_empty_spans_cover_nothing():
    assert not of((1, 1))
    assert of((1, 1)).covered_s == 0


def test_known_values():
    speech, noise = of((0, 2), (3, 5)), of((1, 4))
    assert speech & noise == of((1, 2), (3, 4))
    assert speech | noise == of((0, 5))
    assert speech - noise == of((0, 1), (4, 5))
    assert speech.gaps(Span(0, 6)) == of((2, 3), (5, 6))
    assert speech.closed(1.0) == of((0, 5))
    assert speech.closed(0.99) == speech
    assert of((0, 0.1), (1, 2)).without_shorter(0.1 + 1e-9) == of((1, 2))
    assert 2 not in speech and 3 in speech, "half open"


@pytest.mark.parametrize("pair", [(2, 1), (float("nan"), 1), (0, float("nan"))])
def test_a_span_cannot_end_before_it_starts(pair):
    with pytest.raises(ValueError, match="cannot end before it starts"):
        Span(*pair)


@pytest.mark.parametrize("edge", ["start_s", "end_s"])
def test_an_empty_timeline_has_no_edges(edge):
    with pytest.raises(ValueError, match="empty timeline"):
        getattr(Timeline(), edge)


@given(timelines, timelines)
def test_and_or_commute(a, b):
    assert a & b == b & a
    assert a | b == b | a


@given(timelines, timelines, timelines)
def test_and_or_associate_and_distribute(a, b, c):
    assert (a & b) & c == a & (b & c)
    assert (a | b) | c == a | (b | c)
    assert a & (b | c) == (a & b) | (a & c)
    assert a | (b & c) == (a | b) & (a | c)


@given(timelines, timelines)
def test_difference_and_intersection_divide_the_whole(a, b):
    assert (a - b) | (a & b) == a
    assert not (a - b) & b
    assert (a - b).covered_s + (a & b).covered_s == a.covered_s


@given(timelines, extents)
def test_gaps_are_the_rest(a, within):
    assert a.gaps(within) | a.cropped(within) == Timeline((within,))
    assert not a.gaps(within) & a


@given(timelines, timelines, st.integers(-80, 80).map(lambda n: n / 8))
def test_shifting_commutes_with_everything(a, b, by):
    assert (a & b).shifted(by) == a.shifted(by) & b.shifted(by)
    assert (a | b).shifted(by) == a.shifted(by) | b.shifted(by)
    assert (a - b).shifted(by) == a.shifted(by) - b.shifted(by)
    assert a.shifted(by).covered_s == a.covered_s


@given(timelines, st.integers(0, 40).map(lambda n: n / 8))
def test_closing_gaps_keeps_the_outer_edges_and_only_adds(a, gap):
    closed = a.closed(gap)
    assert closed & a == a
    assert bool(closed) == bool(a)
    if a:
        assert (closed.start_s, closed.end_s) == (a.start_s, a.end_s)
        assert all(g.duration_s > gap for g in closed.gaps(Span(a.start_s, a.end_s)))
