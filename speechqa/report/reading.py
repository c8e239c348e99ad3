"""Reading an analysis document in which any field may be null, absent or of an unexpected type.

Times are seconds from the start of the call. Everything here answers with a plain value or None and never raises, so
that an unfinished analysis still makes a report.
"""

from __future__ import annotations

import math
import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from speechqa.conversation import Party

Document = Mapping[str, Any]


def number(value: object) -> float | None:
    """A finite number, else None (booleans are not numbers)."""
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    return float(value) if math.isfinite(value) else None


def text(value: object) -> str:
    """One line of printable text: runs of white space become a blank, control characters are dropped."""
    if not isinstance(value, str):
        return ""
    kept = "".join(c for c in value if c.isspace() or unicodedata.category(c) not in ("Cc", "Cs"))
    return " ".join(kept.split())


def part(document: Document, *path: str) -> Document:
    """The mapping at that path, empty when there is none."""
    here: object = document
    for key in path:
        here = here.get(key) if isinstance(here, Mapping) else None
    return here if isinstance(here, Mapping) else {}


def rows(document: Document, key: str) -> list[Document]:
    """The mappings of a list, empty when there is no list."""
    found = document.get(key)
    return [row for row in found if isinstance(row, Mapping)] if isinstance(found, list | tuple) else []


def party(value: object) -> Party | None:
    """``agent`` or ``customer``, else None."""
    return "agent" if value == "agent" else "customer" if value == "customer" else None


@dataclass(frozen=True, slots=True, order=True)
class Stretch:
    """From when to when, seconds; a point in time where the end is unknown."""

    start_s: float
    end_s: float

    @property
    def length_s(self) -> float:
        """Seconds."""
        return self.end_s - self.start_s


def stretch(row: Document) -> Stretch | None:
    """When that happened, or None when no start is known."""
    start = number(row.get("start_s"))
    if start is None:
        return None
    end = number(row.get("end_s"))
    return Stretch(max(0.0, start), max(0.0, start, end if end is not None else start))


def stretches(document: Document, key: str, of: Party | None = None) -> list[Stretch]:
    """The stretches of a list in order, those of one party if asked."""
    found = (stretch(row) for row in rows(document, key) if of is None or party(row.get("party")) == of)
    return sorted(s for s in found if s is not None)


def call_length_s(document: Document) -> float:
    """The call's duration; where it is not given, the end of the last thing that happened."""
    given = number(document.get("duration_s"))
    if given is not None and given > 0:
        return given
    lists = ("speech", "words", "turns", "pauses", "silences", "overlaps", "findings")
    return max((s.end_s for key in lists for s in stretches(document, key)), default=0.0)


def clock(seconds: float | None) -> str:
    """``0:58``, ``12:03``, ``1:02:03``; a dash for None."""
    if seconds is None:
        return "–"
    whole = max(0, int(seconds))
    hours, minutes = divmod(whole // 60, 60)
    return f"{hours}:{minutes:02d}:{whole % 60:02d}" if hours else f"{minutes}:{whole % 60:02d}"


def amount(value: float | None, unit: str = "", places: int = 0) -> str:
    """``150 wpm``, ``4.6``; a dash for None, never ``-0``."""
    if value is None:
        return "–"
    shown = f"{value:.{places}f}"
    shown = shown.replace("-", "−") if float(shown) else shown.lstrip("-")
    return f"{shown} {unit}" if unit else shown


def points(value: float | None) -> str:
    """Points as they add up: ``12.5``, ``8``; a dash for None."""
    return amount(value, places=0 if value is None or abs(value - round(value)) < 0.05 else 1)


def file_name(path: str) -> str:
    """The last part of a path, Windows' or Unix'; the folders concern only the machine it lies on."""
    return path.replace("\\", "/").rstrip("/").rpartition("/")[2]


def percent(value: float | None, places: int = 0) -> str:
    """A ratio as ``62 %``; a dash for None."""
    return amount(None if value is None else 100 * value, "%", places)
