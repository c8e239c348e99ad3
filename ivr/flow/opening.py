"""When somebody is there: weekly hours, seasons, public holidays, exceptions, a time zone. The clock is handed in."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from functools import lru_cache
from typing import Any, Literal
from zoneinfo import ZoneInfo

Opened = Literal["open", "closed", "holiday", "temporary"]
Spans = tuple[tuple[int, int], ...]
"""From and to in minutes after midnight; a span that ends before it begins runs into the next day."""

Week = tuple[Spans, Spans, Spans, Spans, Spans, Spans, Spans]


@dataclass(frozen=True, slots=True)
class Season:
    """A part of every year with a week of its own; the days are (month, day), both included."""

    first: tuple[int, int]
    last: tuple[int, int]
    week: Week

    def holds(self, day: date) -> bool:
        """Whether a day is in it; a season may run over the end of the year."""
        at = (day.month, day.day)
        if self.first <= self.last:
            return self.first <= at <= self.last
        return at >= self.first or at <= self.last


@dataclass(frozen=True, slots=True)
class Opening:
    """The hours of one place. ``holidays`` is a country with, if need be, a part of it: ``NO``, ``US-CA``."""

    zone: str = "UTC"
    week: Week = ((),) * 7
    seasons: tuple[Season, ...] = ()
    holidays: str = ""
    exceptions: Mapping[date, Spans] = field(default_factory=dict)
    closed: bool = False

    def at(self, began: str, at_s: float) -> Opened:
        """How it is ``at_s`` seconds after ``began`` (ISO 8601, UTC unless it says otherwise); open when unknown."""
        if self.closed:
            return "temporary"
        moment = _moment(began)
        if moment is None:
            return "open"
        local = (moment + timedelta(seconds=at_s)).astimezone(ZoneInfo(self.zone))
        today, minute = local.date(), local.hour * 60 + local.minute
        spans = self.spans(today)
        if any(start <= minute < (end if end > start else 24 * 60) for start, end in spans):
            return "open"
        before = self.spans(today - timedelta(days=1))
        if any(end < start and minute < end for start, end in before):
            return "open"
        return "holiday" if today not in self.exceptions and self.is_holiday(today) else "closed"

    def spans(self, day: date) -> Spans:
        """When it is open on this day: an exception goes before a holiday, a holiday before a season and the week."""
        if day in self.exceptions:
            return self.exceptions[day]
        if self.is_holiday(day):
            return ()
        week = next((season.week for season in self.seasons if season.holds(day)), self.week)
        return week[day.weekday()]

    def is_holiday(self, day: date) -> bool:
        """Whether it is a public holiday there."""
        return bool(self.holidays) and day in _calendar(self.holidays)


def _moment(began: str) -> datetime | None:
    try:
        moment = datetime.fromisoformat(began)
    except ValueError:
        return None
    return moment if moment.tzinfo is not None else moment.replace(tzinfo=UTC)


@lru_cache(maxsize=32)
def _calendar(place: str) -> Any:
    from holidays import country_holidays

    country, _, part = place.partition("-")
    return country_holidays(country, subdiv=part or None)


def is_place(place: str) -> bool:
    """Whether the public holidays of this country, or of this part of it, are known."""
    try:
        _calendar(place)
    except NotImplementedError:
        return False
    return True
