"""How long prompts take in a simulated call, and what was heard of them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace

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


class Track:
    """What sounds in a simulated call, phrase after phrase. Times in seconds since the answer."""

    def __init__(self) -> None:
        self._said: list[Heard] = []

    def add(self, phrases: Iterable[Phrase], at_s: float, pace: Pace) -> float:
        """Say these from ``at_s`` on, one right after the other; when the last one ends."""
        for phrase in phrases:
            until_s = at_s + pace(phrase)
            self._said.append(Heard(phrase, at_s, until_s))
            at_s = until_s
        return at_s

    def cut(self, at_s: float) -> None:
        """Be silent from here on: what has not begun was never said, what is being said is cut."""
        while self._said and self._said[-1].from_s >= at_s:
            self._said.pop()
        if self._said and self._said[-1].until_s > at_s:
            self._said[-1] = replace(self._said[-1], until_s=at_s, cut=True)

    def begun(self, at_s: float) -> list[Heard]:
        """Everything that has begun by then, in order."""
        return [heard for heard in self._said if heard.from_s <= at_s]

    def coming(self, at_s: float) -> list[Heard]:
        """Everything that has not ended by then, in order."""
        return [heard for heard in self._said if heard.until_s > at_s]


def steady(phrase: Phrase) -> float:
    """Every phrase takes two seconds."""
    return UNKNOWN_S


def reading(text: Callable[[Phrase], str | None], characters_per_s: float = CHARACTERS_PER_S) -> Pace:
    """A pace by the length of the text; a phrase without a text takes two seconds."""

    def pace(phrase: Phrase) -> float:
        words = text(phrase)
        return UNKNOWN_S if words is None else max(0.3, len(words) / characters_per_s)

    return pace
