"""Interval algebra: ``Span`` and ``Timeline``, frozen values with operators.

Times are seconds (float), intervals half-open ``[start, end)``. A ``Timeline`` is a sorted tuple of spans that neither
overlap nor touch, so two timelines that cover the same time are equal. Laws (held by tests): ``&`` and ``|`` commute,
associate and distribute, ``(a - b) | (a & b) == a``, shifting commutes with everything. What asks about one stretch
(``in``, ``cropped``, ``gaps``, ``covers``) takes time in proportion to what lies inside it, not to the whole timeline.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator
from dataclasses import dataclass


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open stretch of time ``[start_s, end_s)``; raises ValueError when it ends before it starts."""

    start_s: float
    end_s: float

    def __post_init__(self) -> None:
        if not self.start_s <= self.end_s:  # also refuses NaN
            raise ValueError(f"a span cannot end before it starts: [{self.start_s}, {self.end_s})")

    @property
    def duration_s(self) -> float:
        """Length in seconds, 0 for an empty span."""
        return self.end_s - self.start_s

    def __contains__(self, at_s: float) -> bool:
        return self.start_s <= at_s < self.end_s

    def __and__(self, that: Span) -> Span | None:
        """What both cover, or None when that is nothing."""
        start, end = max(self.start_s, that.start_s), min(self.end_s, that.end_s)
        return Span(start, end) if start < end else None

    def shifted(self, by_s: float) -> Span:
        """The same stretch, moved."""
        return Span(self.start_s + by_s, self.end_s + by_s)


def _start(span: Span) -> float:
    return span.start_s


def _end(span: Span) -> float:
    return span.end_s


def _merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    merged: list[Span] = []
    for span in sorted(s for s in spans if s.duration_s > 0):
        if merged and span.start_s <= merged[-1].end_s:
            merged[-1] = Span(merged[-1].start_s, max(merged[-1].end_s, span.end_s))
        else:
            merged.append(span)
    return tuple(merged)


@dataclass(frozen=True, init=False, slots=True)
class Timeline:
    """Stretches of time that neither overlap nor touch, in order. Build it from any spans: they are merged."""

    spans: tuple[Span, ...]

    def __init__(self, spans: Iterable[Span] = ()) -> None:
        object.__setattr__(self, "spans", _merged(spans))

    @classmethod
    def _sorted(cls, spans: Iterable[Span]) -> Timeline:
        """Of spans that are known to be in order, not empty and apart."""
        made = cls.__new__(cls)
        object.__setattr__(made, "spans", tuple(spans))
        return made

    @classmethod
    def of(cls, *pairs: tuple[float, float]) -> Timeline:
        """``Timeline.of((0, 1), (2, 3))``."""
        return cls(Span(start, end) for start, end in pairs)

    def __iter__(self) -> Iterator[Span]:
        return iter(self.spans)

    def __len__(self) -> int:
        return len(self.spans)

    def __bool__(self) -> bool:
        return bool(self.spans)

    def __contains__(self, at_s: float) -> bool:
        last = bisect_right(self.spans, at_s, key=_start) - 1
        return last >= 0 and at_s in self.spans[last]

    def covers(self, span: Span) -> bool:
        """Whether one stretch reaches from the start to the end of ``span`` and perhaps further."""
        last = bisect_right(self.spans, span.start_s, key=_start) - 1
        return last >= 0 and span.end_s <= self.spans[last].end_s

    @property
    def start_s(self) -> float:
        """Where the first span starts; raises ValueError when empty."""
        if not self.spans:
            raise ValueError("an empty timeline has no start")
        return self.spans[0].start_s

    @property
    def end_s(self) -> float:
        """Where the last span ends; raises ValueError when empty."""
        if not self.spans:
            raise ValueError("an empty timeline has no end")
        return self.spans[-1].end_s

    @property
    def covered_s(self) -> float:
        """Seconds covered in all."""
        return sum(span.duration_s for span in self.spans)

    def __or__(self, that: Timeline) -> Timeline:
        return Timeline((*self.spans, *that.spans))

    def __and__(self, that: Timeline) -> Timeline:
        """Linear in both: the spans are walked side by side."""
        out: list[Span] = []
        i = j = 0
        while i < len(self.spans) and j < len(that.spans):
            both = self.spans[i] & that.spans[j]
            if both:
                out.append(both)
            if self.spans[i].end_s <= that.spans[j].end_s:
                i += 1
            else:
                j += 1
        return Timeline._sorted(out)

    def __sub__(self, that: Timeline) -> Timeline:
        if not self.spans:
            return self
        return self & that.gaps(Span(self.start_s, self.end_s))

    def gaps(self, within: Span) -> Timeline:
        """What is not covered inside ``within``."""
        out: list[Span] = []
        at_s = within.start_s
        for span in self.cropped(within):
            if span.start_s > at_s:
                out.append(Span(at_s, span.start_s))
            at_s = span.end_s
        if at_s < within.end_s:
            out.append(Span(at_s, within.end_s))
        return Timeline._sorted(out)

    def cropped(self, within: Span) -> Timeline:
        """What lies inside ``within``."""
        first = bisect_right(self.spans, within.start_s, key=_end)
        last = bisect_left(self.spans, within.end_s, first, key=_start)
        return Timeline._sorted(both for span in self.spans[first:last] if (both := span & within))

    def shifted(self, by_s: float) -> Timeline:
        """The same timeline, moved."""
        return Timeline(span.shifted(by_s) for span in self.spans)

    def closed(self, gap_s: float) -> Timeline:
        """Gaps of up to ``gap_s`` seconds filled."""
        out: list[Span] = []
        for span in self.spans:
            if out and span.start_s - out[-1].end_s <= gap_s:
                out[-1] = Span(out[-1].start_s, span.end_s)
            else:
                out.append(span)
        return Timeline._sorted(out)

    def without_shorter(self, than_s: float) -> Timeline:
        """Only the spans that last at least ``than_s`` seconds."""
        return Timeline(span for span in self.spans if span.duration_s >= than_s)
