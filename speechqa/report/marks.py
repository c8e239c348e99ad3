"""What is drawn on the timeline: one ``Mark`` per event, from any list of the analysis document.

Each kind has its own shape, letter and tone, so that nothing rests on colour alone. Times are seconds from the start.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from speechqa.conversation import PARTIES, Party
from speechqa.report import labels
from speechqa.report.reading import Document, Stretch, clock, number, part, party, rows, stretch, stretches, text

Tone = Literal["bad", "warn", "good", "plain"]

LONG_PAUSE_S = 1.0
"""Pauses above this are drawn (the definition of a long pause)."""
ENDING_S, ENDING_TURNS = 30.0, 4
"""The ending window where the document does not carry one: the longer of the two."""

LETTERS: Mapping[str, str] = {
    "interruption": "I",
    "attempt": "A",
    "redirect": "R",
    "simultaneous_start": "S",
    "terminal": "t",
    "backchannel": "b",
    "overlap": "o",
    "dead_air": "D",
    "announced": "w",
    "dead_line": "X",
    "hold": "H",
    "announcement": "M",
    "pause": "p",
    "fast": "F",
    "avoid": "!",
    "credit": "+",
}
"""One sign per kind, gravest first among the overlaps; what the terminal prints and the page shows beside the shape."""

TONES: Mapping[str, Tone] = {
    "interruption": "bad",
    "dead_air": "bad",
    "avoid": "bad",
    "dead_line": "bad",
    "attempt": "warn",
    "fast": "warn",
    "pause": "warn",
    "redirect": "good",
    "credit": "good",
}


@dataclass(frozen=True, slots=True)
class Mark:
    """One event on the timeline; ``party`` is None where it concerns both; ``around`` who was silent after whom."""

    kind: str
    party: Party | None
    when: Stretch
    quote: str = ""
    wpm: float | None = None
    around: str = ""

    @property
    def name(self) -> str:
        """The kind's name."""
        return labels.name(labels.KINDS, self.kind)

    @property
    def letter(self) -> str:
        """The kind's sign."""
        return LETTERS.get(self.kind, "o")

    @property
    def tone(self) -> Tone:
        """How much it matters."""
        return TONES.get(self.kind, "plain")

    @property
    def title(self) -> str:
        """``Interruption by the agent at 0:32, 0.5 s: “…”``."""
        by = f" by the {self.party}" if self.party else ""
        speed = f", {self.wpm:.0f} wpm" if self.wpm is not None else ""
        quote = f": “{self.quote}”" if self.quote else ""
        return f"{self.name}{by} at {clock(self.when.start_s)}, {self.when.length_s:.1f} s{speed}{quote}"


def overlaps(document: Document) -> list[Mark]:
    """Both spoke: one mark per event with its kind."""
    found = (
        (text(row.get("kind")) or "overlap", party(row.get("by")), stretch(row), text(row.get("quote")))
        for row in rows(document, "overlaps")
    )
    return sorted((Mark(k, by, when, quote) for k, by, when, quote in found if when), key=_start)


def silences(document: Document) -> list[Mark]:
    """Dead air, announced waits, hold and announcements: over both lanes."""
    found = [(text(row.get("kind")) or "dead_air", stretch(row), _around(row)) for row in rows(document, "silences")]
    if "hold" not in (kind for kind, _, _ in found):
        found += [("hold", when, "") for when in stretches(document, "hold")]
    found += [("announcement", when, "") for when in stretches(document, "announcements")]
    unique = {(kind, when): Mark(kind, None, when, around=around) for kind, when, around in reversed(found) if when}
    return sorted(unique.values(), key=_start)


def _around(row: Document) -> str:
    """``after the customer, broken by the agent``."""
    after, by = party(row.get("after")), party(row.get("broken_by"))
    return ", ".join([f"after the {after}"] * bool(after) + [f"broken by the {by}"] * bool(by))


def long_pauses(document: Document) -> list[Mark]:
    """Pauses over a second inside somebody's own turn."""
    found = (Mark("pause", by, when) for by in PARTIES for when in stretches(document, "pauses", by))
    return sorted((mark for mark in found if mark.when.length_s > LONG_PAUSE_S), key=_start)


def fast_passages(document: Document, of: Party | None = None) -> list[Mark]:
    """Bursts of fast talk, of one party if asked."""
    return sorted(_bursts(document, of), key=_start)


def _bursts(document: Document, of: Party | None) -> Iterator[Mark]:
    for by in PARTIES if of is None else (of,):
        for row in rows(part(document, "pace", by), "bursts"):
            if when := stretch(row):
                yield Mark("fast", by, when, text(row.get("quote")), number(row.get("wpm")))


def all_marks(document: Document) -> list[Mark]:
    """Everything but the findings, in order."""
    found = [*overlaps(document), *silences(document), *long_pauses(document), *fast_passages(document)]
    return sorted(found, key=_start)


def ending_window(document: Document) -> Stretch | None:
    """The document's own window, else the last seconds or turns of talk, whichever is longer; None without talk."""
    ending = part(document, "ending")
    if given := stretch(part(ending, "window")) or stretch(ending):
        return given
    talk = stretches(document, "turns") or stretches(document, "speech")
    if not talk:
        return None
    last_s = max(s.end_s for s in talk)
    turns = talk[-ENDING_TURNS:][0].start_s
    return Stretch(max(0.0, min(last_s - ENDING_S, turns)), last_s)


def _start(mark: Mark) -> tuple[float, float, str]:
    return (mark.when.start_s, mark.when.end_s, mark.kind)
