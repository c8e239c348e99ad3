"""How long prompts take in a simulated call, and what was heard of them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from ivr.commands import Phrase

CHARACTERS_PER_S = 15.0
UNKNOWN_S = 2.0

Pace = Callable[[Phrase], float]
"""The length of a phrase in seconds."""


@dataclass(frozen=True, slots=True)
class Heard:
    """A phrase that the caller heard; ``cut`` when it was stopped before its end."""

    phrase: Phrase
    from_s: float
    until_s: float
    cut: bool = False

    @property
    def prompt(self) -> str:
        """The id of the prompt."""
        return self.phrase.prompt


def steady(phrase: Phrase) -> float:
    """Every phrase takes two seconds."""
    return UNKNOWN_S


def reading(text: Callable[[Phrase], str | None], characters_per_s: float = CHARACTERS_PER_S) -> Pace:
    """A pace by the length of the text; a phrase without a text takes two seconds."""

    def pace(phrase: Phrase) -> float:
        words = text(phrase)
        return UNKNOWN_S if words is None else max(0.3, len(words) / characters_per_s)

    return pace
