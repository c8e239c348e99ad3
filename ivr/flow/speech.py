"""What a caller said, against what a question expects: every phrase is sought in the words, misheard letters allowed.

A phrase is compared with each run of as many words of the utterance (``rapidfuzz`` ratio, 0 to 1), short words must be
right to the letter. An answer is accepted when its best phrase is near enough, surely enough heard, and no other
answer's phrase is nearly as near.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from rapidfuzz import fuzz

NEAR = 0.8
LEAD = 0.1
SHORT = 4
LONGEST = 60
_WORD = re.compile(r"[\w']+")


class Match(NamedTuple):
    """The answer that was understood, or none; and how sure that is, 0 to 1: nearness times confidence."""

    answer: str | None
    sure: float


def words_of(text: str) -> tuple[str, ...]:
    """The words of a text in small letters."""
    return tuple(_WORD.findall(text.lower()))


def understand(text: str, confidence: float, answers: Mapping[str, tuple[str, ...]], least: float) -> Match:
    """The answer whose phrase was said. ``least`` is the sureness below which an utterance is rejected."""
    said = words_of(text)[:LONGEST]
    scores = sorted(((_nearest(said, phrases), answer) for answer, phrases in answers.items()), reverse=True)
    if not scores:
        return Match(None, 0.0)
    near, answer = scores[0]
    sure = near * max(0.0, min(1.0, confidence))
    beaten = len(scores) > 1 and near - scores[1][0] < LEAD
    return Match(None if near < NEAR or sure < least or beaten else answer, sure)


def _nearest(said: tuple[str, ...], phrases: tuple[str, ...]) -> float:
    return max((_near(said, words_of(phrase)) for phrase in phrases), default=0.0)


def _near(said: tuple[str, ...], phrase: tuple[str, ...]) -> float:
    """How near the nearest run of words comes to the phrase."""
    runs = range(len(said) - len(phrase) + 1) if phrase else range(0)
    return max((_alike(said[at : at + len(phrase)], phrase) for at in runs), default=0.0)


def _alike(run: tuple[str, ...], phrase: tuple[str, ...]) -> float:
    if any(len(word) < SHORT and word != heard for word, heard in zip(phrase, run, strict=True)):
        return 0.0
    return fuzz.ratio(" ".join(run), " ".join(phrase)) / 100
