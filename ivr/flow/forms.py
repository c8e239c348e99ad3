"""What callers can be asked for by keys, and how the keys are read: digits, numbers, dates, money, phone numbers."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from ivr.flow.values import Kind, Value

FormKind = Literal["digits", "number", "date", "money", "phone", "yes_no", "speech"]
Order = Literal["dmy", "mdy", "ymd"]
LENGTHS: dict[str, tuple[int, int]] = {
    "digits": (1, 20),
    "number": (1, 9),
    "date": (8, 8),
    "money": (1, 12),
    "phone": (5, 15),
    "yes_no": (1, 1),
    "speech": (0, 0),
}
VALUES: dict[str, Kind] = {"number": "number", "money": "decimal", "yes_no": "flag"}
_MONEY = re.compile(r"(\d{1,9})(?:\*(\d{1,2})?)?")
_MONTHS = (31, 29, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31)


@dataclass(frozen=True, slots=True)
class Form:
    """One kind of answer. ``least`` and ``most`` count its keys; ``low`` and ``high`` bound a number."""

    kind: FormKind = "digits"
    least: int = 1
    most: int = 20
    low: int = 0
    high: int = 999_999_999
    order: Order = "dmy"

    def takes(self, key: str) -> bool:
        """Whether the key can be part of an answer."""
        if self.kind == "yes_no":
            return key in "12"
        return key.isdigit() or (self.kind == "money" and key == "*")

    def read(self, keys: str) -> Value | None:
        """The value of a whole answer, None when it is none: a date in ISO 8601; ``*`` is the point of money."""
        if not self.least <= len(keys) <= self.most or not all(self.takes(key) for key in keys):
            return None
        match self.kind:
            case "number":
                return int(keys) if self.low <= int(keys) <= self.high else None
            case "money":
                found = _MONEY.fullmatch(keys)
                return float(f"{found[1]}.{found[2] or 0}") if found else None
            case "date":
                return read_date(keys, self.order)
            case "yes_no":
                return keys == "1"
            case _:
                return keys


def read_date(keys: str, order: Order) -> str | None:
    """Eight keys as ``2026-12-24``, None when there is no such day."""
    cuts = {"dmy": (4, 2, 0), "mdy": (4, 0, 2), "ymd": (0, 4, 6)}[order]
    year, month, day = int(keys[cuts[0] : cuts[0] + 4]), int(keys[cuts[1] :][:2]), int(keys[cuts[2] :][:2])
    if year == 0 or not 1 <= month <= 12 or not 1 <= day <= _MONTHS[month - 1]:
        return None
    leap = year % 4 == 0 and (year % 100 != 0 or year % 400 == 0)
    if (month, day) == (2, 29) and not leap:
        return None
    return f"{year:04}-{month:02}-{day:02}"
