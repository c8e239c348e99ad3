"""What a value is, before it is said: numbers, amounts, dates, times, lengths of time. Pure; raises ``SayAsError``.

Values are what flows hold: a text, a whole number, a decimal number, true or false. No message quotes a value.
"""

from __future__ import annotations

import re
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import NamedTuple

from ivr.prompting.sayas.errors import SayAsError

Value = str | int | float | bool

LIMIT = 10**12
"""Numbers from here on (a million millions) are not said as numbers."""
MOST_FRACTION = 6
MOST_DIGITS = 40
_NUMBER = re.compile(r"[+-]?\d{1,30}(\.\d{1,30})?")
_CODE = re.compile(r"[A-Z]{3}")
_DATE = re.compile(r"(?:(\d{4})-)?(\d{2})-(\d{2})(?:[T ].*)?")
_TIME = re.compile(r"(?:\d{4}-\d{2}-\d{2}[T ])?(\d{1,2}):(\d{2})(?::(\d{2})(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})?")
_LENGTH = re.compile(
    r"(?:(?P<d>\d{1,6})\s*d)?[ T]*(?:(?P<h>\d{1,6})\s*h)?[ T]*"
    r"(?:(?P<m>\d{1,6})\s*m(?:in)?)?[ T]*(?:(?P<s>\d{1,9})\s*s)?",
    re.IGNORECASE,
)
LEAP_YEAR = 2000


class Amount(NamedTuple):
    """A sum of money and its currency (ISO 4217), empty when the value names none."""

    sum: Decimal
    currency: str


class Day(NamedTuple):
    """A day of the calendar; ``year`` is None where none was given."""

    year: int | None
    month: int
    day: int

    @property
    def weekday(self) -> int:
        """0 is Monday; raises ``SayAsError`` without a year."""
        if self.year is None:
            raise SayAsError("the day of the week needs a date with its year, as in 2026-12-24")
        return date(self.year, self.month, self.day).weekday()


class Clock(NamedTuple):
    """A time of day by the 24-hour clock."""

    hour: int
    minute: int


def number_of(value: Value) -> Decimal:
    """A number: whole, decimal, or written with a point; less than a million millions, six decimals at most."""
    text = str(value).strip()
    if isinstance(value, bool) or not (isinstance(value, int | float) or _NUMBER.fullmatch(text)):
        raise SayAsError("this is no number: give one such as 1250 or -12.5")
    try:
        number = Decimal(text)
    except InvalidOperation:
        raise SayAsError("this is no number: give one such as 1250 or -12.5") from None
    if not number.is_finite() or abs(number) >= LIMIT:
        raise SayAsError("this number is too large to be said: give less than 1,000,000,000,000, or use digits")
    return round(number, MOST_FRACTION)


def whole_of(value: Value) -> int:
    """A whole number, not negative."""
    number = number_of(value)
    if number != number.to_integral_value() or number < 0:
        raise SayAsError("this is no whole number from 0 on: give one such as 21")
    return int(number)


def amount_of(value: Value) -> Amount:
    """``12.5``, ``12.50 EUR`` or ``EUR 12.50``."""
    parts = str(value).split()
    if len(parts) == 2 and isinstance(value, str):
        code, figure = parts if _CODE.fullmatch(parts[0]) else reversed(parts)
        if not _CODE.fullmatch(code):
            raise SayAsError("this is no sum of money: give one such as 12.50, or 12.50 EUR")
        return Amount(number_of(figure), code)
    return Amount(number_of(value), "")


def day_of(value: Value) -> Day:
    """``2026-12-24``, ``12-24``, or the day of ``2026-12-24T10:30``."""
    found = _DATE.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None:
        raise SayAsError("this is no date: give one such as 2026-12-24")
    year = int(found[1]) if found[1] else None
    try:
        date(LEAP_YEAR if year is None else year, int(found[2]), int(found[3]))
    except ValueError:
        raise SayAsError("there is no such day: give a date such as 2026-12-24") from None
    return Day(year, int(found[2]), int(found[3]))


def clock_of(value: Value) -> Clock:
    """``9:30``, ``21:05``, or the time of ``2026-12-24T21:05``; as written, whatever the zone."""
    found = _TIME.fullmatch(value.strip()) if isinstance(value, str) else None
    if found is None or int(found[1]) > 23 or int(found[2]) > 59 or int(found[3] or 0) > 59:
        raise SayAsError("this is no time of day: give one such as 9:30 or 21:05")
    return Clock(int(found[1]), int(found[2]))


def seconds_of(value: Value) -> int:
    """Seconds as a number, or a length such as ``90s``, ``5m``, ``1h30m``, ``2d``, ``PT5M``; rounded to seconds."""
    if isinstance(value, int | float) or _NUMBER.fullmatch(value.strip()):
        seconds = number_of(value)
        if seconds < 0:
            raise SayAsError("a length of time is not negative: give one such as 90s or 1h30m")
        return int(seconds.to_integral_value())
    text = value.strip()
    found = _LENGTH.fullmatch(text.removeprefix("P").removeprefix("p"))
    parts = {unit: int(count) for unit, count in found.groupdict().items() if count} if found else {}
    if not parts:
        raise SayAsError("this is no length of time: give seconds, or one such as 90s, 5m or 1h30m")
    return sum(count * {"d": 86400, "h": 3600, "m": 60, "s": 1}[unit] for unit, count in parts.items())


def characters_of(value: Value) -> list[str]:
    """Groups of letters and digits, cut where the value has spaces, dots, slashes or dashes."""
    text = str(value)
    groups = [group for group in re.split(r"[\s./\-–()]+", text) if group]
    plain = isinstance(value, str) or (type(value) is int and value >= 0)
    if not plain or not groups or not all(group.isalnum() for group in groups) or len(text) > MOST_DIGITS:
        raise SayAsError(f"this is no row of digits or letters: give at most {MOST_DIGITS}, such as 4711")
    return groups


def grouped(row: str) -> list[str]:
    """A row of digits as people say it: by threes, with one or two pairs at the end rather than a lone digit."""
    if len(row) <= 3:
        return [row]
    tail = {0: 0, 1: 4, 2: 2}[len(row) % 3]
    head = row[: len(row) - tail]
    groups = [head[at : at + 3] for at in range(0, len(head), 3)]
    return groups + [row[at : at + 2] for at in range(len(head), len(row), 2)]
