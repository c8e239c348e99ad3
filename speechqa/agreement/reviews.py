"""A table of reviews: who gave which call how much for which criterion. Pure: text in, values out.

Columns ``call``, ``criterion``, ``reviewer``, ``score``; may be added: ``kind`` (human, machine; without it a reviewer
called machine, speechqa or auto is one), ``agent``, ``language``, ``accent``. Other columns are left alone.
"""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from speechqa.errors import ReviewsUnusable

NEEDED = ("call", "criterion", "reviewer", "score")
GROUPS = ("agent", "language", "accent")
MACHINES = ("machine", "speechqa", "auto")


@dataclass(frozen=True, slots=True)
class Review:
    """One score on an ordinal scale; ``groups`` are the agent, language and accent where they are given."""

    call: str
    criterion: str
    reviewer: str
    score: float
    machine: bool
    groups: Mapping[str, str] = field(default_factory=dict)


def read_reviews(text: str, name: str) -> tuple[Review, ...]:
    """All reviews of a CSV text; raises `ReviewsUnusable` with the line."""
    lines = [line for line in text.splitlines() if line.strip()]
    if not lines:
        raise ReviewsUnusable(f"{name} is empty; its first line is {','.join(NEEDED)}.")
    reader = csv.DictReader(io.StringIO(text), delimiter=_delimiter(lines[0]))
    columns = [str(each).strip().casefold() for each in reader.fieldnames or ()]
    missing = [each for each in NEEDED if each not in columns]
    if missing:
        raise ReviewsUnusable(
            f"{name}, line 1: there is no column {missing[0]!r}; the first line is {','.join(NEEDED)}."
        )
    reader.fieldnames = columns
    found = tuple(_rows(reader, name))
    if not found:
        raise ReviewsUnusable(f"{name} holds no reviews below its first line.")
    return found


def _delimiter(header: str) -> str:
    return max(",;\t", key=header.count)


def _rows(reader: csv.DictReader[str], name: str) -> Iterator[Review]:
    seen: dict[tuple[str, str, str], int] = {}
    for row in reader:
        line = reader.line_num
        given = {
            key: (value or "").strip()
            for key, value in row.items()
            if isinstance(key, str) and not isinstance(value, list)
        }
        if not any(given.values()):
            continue
        empty = next((each for each in NEEDED if not given.get(each)), None)
        if empty:
            raise ReviewsUnusable(f"{name}, line {line}: {empty!r} is empty; leave out what nobody scored.")
        whose = (given["call"], given["criterion"], given["reviewer"])
        if whose in seen:
            raise ReviewsUnusable(
                f"{name}, line {line}: {whose[2]} has scored {whose[1]} of {whose[0]} in line {seen[whose]}."
            )
        seen[whose] = line
        groups = {each: given[each] for each in GROUPS if given.get(each)}
        yield Review(*whose, _score(given["score"], name, line), _machine(given, name, line), groups)


def _score(written: str, name: str, line: int) -> float:
    try:
        value = float(written.replace(",", "."))
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ReviewsUnusable(f"{name}, line {line}: the score {written!r} is no number.")
    return value


def _machine(given: Mapping[str, str], name: str, line: int) -> bool:
    kind = given.get("kind", "").casefold()
    if kind not in ("", "human", "machine"):
        raise ReviewsUnusable(f"{name}, line {line}: the kind {kind!r} is neither human nor machine.")
    return kind == "machine" or (not kind and given["reviewer"].casefold() in MACHINES)
