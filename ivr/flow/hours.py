"""Opening hours as they are written in a flow, under ``hours``::

    hours:
      office:
        zone: Europe/Oslo
        week: {mon-fri: 08:00-16:00, sat: [10:00-12:00, 13:00-14:00]}
        seasons: [{from: 06-15, to: 08-15, week: {mon-fri: 09:00-15:00}}]
        holidays: NO
        exceptions: {2026-12-23: 08:00-12:00, 2026-12-24: closed}
        closed: false

A day that is not named is closed.
"""

from __future__ import annotations

import re
from datetime import date
from typing import Annotated
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import BeforeValidator, Field

from ivr.flow.opening import Opening, Season, Spans, Week, is_place
from ivr.flow.schema import Flag, Section, refuse, shape

DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_SPAN = re.compile(r"([01]\d|2[0-3]):([0-5]\d)-([01]\d|2[0-4]):([0-5]\d)")


def read_spans(value: object) -> Spans:
    """``08:00-16:00``, a list of such, or ``closed``."""
    if value == "closed":
        return ()
    spans = []
    for text in value if isinstance(value, list) else [value]:
        found = _SPAN.fullmatch(text) if isinstance(text, str) else None
        minutes = [int(part) for part in found.groups()] if found else []
        start, end = (minutes[0] * 60 + minutes[1], minutes[2] * 60 + minutes[3]) if minutes else (0, 0)
        if start == end or end > 24 * 60:
            refuse(f"expected hours, found {shape(text)}", "write 08:00-16:00, a list of such, or closed")
        spans.append((start, end))
    return tuple(spans)


def read_week(value: object) -> Week:
    """Days with their hours: ``mon``, ``mon-fri``, ``sat,sun``; a day that is not named is closed."""
    if not isinstance(value, dict):
        refuse(f"expected days and hours, found {shape(value)}", "write them as in {mon-fri: 08:00-16:00}")
    week: list[Spans | None] = [None] * 7
    for days, hours in value.items():
        for day in _days(str(days)):
            if week[day] is not None:
                refuse(f"{DAYS[day]} is named twice", "name each day once, with a list of hours")
            week[day] = read_spans(hours)
    mon, tue, wed, thu, fri, sat, sun = (spans or () for spans in week)
    return (mon, tue, wed, thu, fri, sat, sun)


def _days(text: str) -> list[int]:
    found: list[int] = []
    for part in text.split(","):
        first, dash, last = (piece.strip() for piece in part.partition("-"))
        if first not in DAYS or (dash and last not in DAYS):
            refuse(f"'{text}' is no day", f"write days as in mon, mon-fri or sat,sun: {', '.join(DAYS)}")
        start, end = DAYS.index(first), DAYS.index(last if dash else first)
        found += [day % 7 for day in range(start, end + 1 if end >= start else end + 8)]
    return found


def read_zone(value: object) -> str:
    """A time zone of the IANA list."""
    try:
        ZoneInfo(str(value))
    except (ZoneInfoNotFoundError, ValueError, OSError):
        refuse(f"{shape(value)} is no time zone", "write one of the IANA list, such as Europe/Oslo")
    return str(value)


def read_place(value: object) -> str:
    """A country, or a part of one, whose holidays are known."""
    if not isinstance(value, str) or not is_place(value):
        refuse(f"no holidays are known for {shape(value)}", "write a country's code, or one of its parts: NO, US-CA")
    return value


def read_date(value: object) -> date:
    """``2026-12-24``."""
    try:
        return date.fromisoformat(str(value))
    except ValueError:
        refuse(f"{shape(value)} is no date", "write year, month and day, as in 2026-12-24")


def read_day_of_year(value: object) -> tuple[int, int]:
    """``12-24``: month and day."""
    try:
        day = date.fromisoformat(f"2024-{value}")
    except ValueError:
        refuse(f"{shape(value)} is no day of the year", "write month and day, as in 06-15")
    return (day.month, day.day)


OpenSpans = Annotated[Spans, BeforeValidator(read_spans)]
OpenWeek = Annotated[Week, BeforeValidator(read_week)]
DayOfYear = Annotated[tuple[int, int], BeforeValidator(read_day_of_year)]


class SeasonSchema(Section):
    """A part of every year as written."""

    first: DayOfYear = Field(alias="from")
    last: DayOfYear = Field(alias="to")
    week: OpenWeek


class HoursSchema(Section):
    """The hours of one place as written."""

    week: OpenWeek
    zone: Annotated[str, BeforeValidator(read_zone)] = "UTC"
    seasons: tuple[SeasonSchema, ...] = ()
    holidays: Annotated[str, BeforeValidator(read_place)] = ""
    exceptions: dict[Annotated[date, BeforeValidator(read_date)], OpenSpans] = Field(default_factory=dict)
    closed: Flag = False

    def opening(self) -> Opening:
        """The hours ready to be asked."""
        seasons = tuple(Season(season.first, season.last, season.week) for season in self.seasons)
        return Opening(self.zone, self.week, seasons, self.holidays, dict(self.exceptions), self.closed)
