"""The transcript by turns, with what happened in each and where findings quote it. Pure."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from speechqa.conversation import Party
from speechqa.report import labels, marks, scorecard
from speechqa.report.reading import (
    Document,
    Stretch,
    number,
    party,
    rows,
    stretch,
    stretches,
    text,
)

RATED_WORDS, RATED_S = 4, 1.5
"""A turn shorter than this has no rate worth showing."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a turn's text; ``finding`` is set where a finding quotes it."""

    text: str
    finding: scorecard.Finding | None = None


@dataclass(frozen=True, slots=True)
class TurnRow:
    """One turn of the transcript."""

    party: Party | None
    name: str
    when: Stretch | None
    pieces: tuple[Piece, ...]
    rate_wpm: float | None
    marks: tuple[tuple[marks.Mark, int], ...]
    """What happened during it: the first of each kind and how many."""


def transcript(document: Document, found: Sequence[scorecard.Finding]) -> list[TurnRow]:
    """The turns in order, with the findings that they contain and what happened during them."""
    placed = sorted(rows(document, "turns"), key=lambda row: number(row.get("start_s")) or 0.0)
    events = [mark for mark in marks.all_marks(document) if mark.party]
    return [_turn(document, row, found, events) for row in placed]


def _turn(
    document: Document, row: Document, found: Sequence[scorecard.Finding], events: Sequence[marks.Mark]
) -> TurnRow:
    who, when, said = party(row.get("party")), stretch(row), text(row.get("text"))
    inside = [f for f in found if f.when and when and f.party == who and _within(f.when, when)]
    during = [mark for mark in events if when and mark.party == who and _within(mark.when, when)]
    first, times = {mark.kind: mark for mark in reversed(during)}, Counter(mark.kind for mark in during)
    kinds = tuple((first[kind], times[kind]) for kind in times)
    name = labels.PARTIES[who] if who else "Unknown"
    return TurnRow(who, name, when, tuple(highlighted(said, inside)), _rate(document, row, who, when, said), kinds)


def _within(inner: Stretch, outer: Stretch, slack_s: float = 0.05) -> bool:
    return outer.start_s - slack_s <= inner.start_s < max(outer.end_s, outer.start_s + slack_s)


def highlighted(said: str, found: Sequence[scorecard.Finding]) -> list[Piece]:
    """The text cut where findings quote it (first occurrence, letters and digits compared, later overlaps dropped)."""
    hits = []
    for finding in found:
        words = re.findall(r"\w+", finding.quote)
        if words and (hit := re.search(r"\b" + r"\W+".join(map(re.escape, words)) + r"\b", said, re.IGNORECASE)):
            hits.append((hit.start(), hit.end(), finding))
    pieces, at = [], 0
    for start, end, finding in sorted(hits, key=lambda hit: hit[:2]):
        if start >= at:
            pieces += [Piece(said[at:start]), Piece(said[start:end], finding)]
            at = end
    return [piece for piece in (*pieces, Piece(said[at:])) if piece.text]


def _rate(document: Document, row: Document, who: Party | None, when: Stretch | None, said: str) -> float | None:
    """Words per minute over the turn without its long pauses; the document's own figure where it has one."""
    for key in ("speech_rate_wpm", "rate_wpm", "wpm"):
        if (given := number(row.get(key))) is not None:
            return given
    if who is None or when is None:
        return None
    pauses = (s for s in stretches(document, "pauses", who) if _within(s, when) and s.length_s > marks.LONG_PAUSE_S)
    spoken_s = when.length_s - sum(s.length_s for s in pauses)
    words = len(said.split())
    return 60 * words / spoken_s if words >= RATED_WORDS and spoken_s >= RATED_S else None
