"""What can be wrong with a rubric or a lexicon, said so that its author can put it right."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

from speechqa.errors import SpeechqaError

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, order=True)
class Place:
    """Where something stands; line and column count from 1."""

    file: str
    line: int = 1
    column: int = 1


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to put right; ``at`` names the criterion or rule, empty for the file as a whole."""

    place: Place
    at: str
    severity: Severity
    what: str
    why: str
    remedy: str

    def __str__(self) -> str:
        """One line: where, how bad, what, why, and the remedy."""
        where = f"{self.at}: " if self.at else ""
        why = f" {self.why[0].upper()}{self.why[1:]}." if self.why else ""
        stop = "" if self.remedy.endswith("?") else "."
        place = f"{self.place.file}:{self.place.line}:{self.place.column}"
        return f"{place}: {self.severity}: {where}{self.what}.{why} Fix: {self.remedy}{stop}"


class RubricError(SpeechqaError):
    """A lexicon or rubric cannot be used; the message names the file and the place in it."""


class RubricUnsound(RubricError):
    """A file with problems that all are told."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(str(each) for each in self.problems))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """``did you mean 'recap'?``, or the choices where nothing is near."""
    choices = list(known)
    near = get_close_matches(word, choices, n=1, cutoff=0.6)
    if near:
        return f"did you mean '{near[0]}'?"
    return f"choose one of: {', '.join(choices[:14])}{', ...' if len(choices) > 14 else ''}"
