"""What a customer's words say of the feelings behind them, sentence by sentence.

Definition. The lexicon's rules ``rage``, ``anger``, ``annoyance`` and ``complaint`` are cues of negative emotion,
``accepting`` and ``relief`` cues of calm; each stands for a height on the scale 0-1 (`HEIGHTS`). A phrase that is
negated ("it is not that I am angry") is no cue. The words of a stretch of talk stand as high as its gravest cue; a
second negative one adds 0.1; where a cue of calm comes last, halfway between that and the gravest. Without a cue:
neutral, 0.2.
Default. Rage 0.95, anger 0.8, annoyance 0.6, complaint 0.4, neutral 0.2, accepting 0.2, relief 0.05.
Source. S2; the heights are own definitions.
Limits. Words as recognised: irony ("oh, great") is told only where the lexicon knows it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from speechqa.lexicon import Lexicon, PhraseRule
from speechqa.sentences import Sentence

Feeling = Literal["rage", "anger", "annoyance", "complaint", "accepting", "relief"]
NEUTRAL = 0.2
HEIGHTS: Mapping[Feeling, float] = {
    "rage": 0.95,
    "anger": 0.8,
    "annoyance": 0.6,
    "complaint": 0.4,
    "accepting": NEUTRAL,
    "relief": 0.05,
}
NEGATIVE: tuple[Feeling, ...] = ("rage", "anger", "annoyance", "complaint")
ANOTHER = 0.1
"""What a second negative cue adds."""


@dataclass(frozen=True, slots=True)
class Cue:
    """A sentence with feeling in it: ``quote`` are the words that the rule found, ``sentence`` is all of it."""

    feeling: Feeling
    start_s: float
    end_s: float
    quote: str
    sentence: str


def known(lexicon: Lexicon) -> bool:
    """Whether the language has rules for feelings."""
    return "anger" in lexicon.rules


def cues(said: Sequence[Sentence], lexicon: Lexicon) -> tuple[Cue, ...]:
    """All cues in order; a sentence has at most one negative and one of calm, the gravest and the calmest."""
    return tuple(cue for sentence in said for cue in _cues(sentence, lexicon))


def _cues(sentence: Sentence, lexicon: Lexicon) -> Iterator[Cue]:
    for group in (NEGATIVE, ("relief", "accepting")):
        for feeling in group:
            rule = lexicon.rules.get(feeling)
            if rule is not None and (found := _found(rule, sentence, lexicon)):
                yield Cue(feeling, sentence.start_s, sentence.end_s, found, sentence.quote)
                break


def _found(rule: PhraseRule, sentence: Sentence, lexicon: Lexicon) -> str:
    """The written words that the rule found, empty where it found none or they are negated."""
    hit = rule.found_in(sentence.tokens)
    if hit is None or lexicon.has("negated", sentence.tokens[: hit[0]]):
        return ""
    at, quoted = 0, []
    for word in sentence.words:
        size = len(lexicon.tokens(word.text))
        if size and at < hit[1] and at + size > hit[0]:
            quoted.append(word.text)
        at += size
    return " ".join(quoted)


def height(found: Sequence[Cue]) -> float:
    """0-1: how negative the words are."""
    negative = [cue for cue in found if cue.feeling in NEGATIVE]
    calm = [cue for cue in found if cue.feeling not in NEGATIVE]
    if not negative:
        return min((HEIGHTS[cue.feeling] for cue in calm), default=NEUTRAL)
    gravest = max(HEIGHTS[cue.feeling] for cue in negative)
    whole = min(1.0, gravest + (ANOTHER if len(negative) > 1 else 0.0))
    if calm and calm[-1].start_s >= negative[-1].start_s:
        return (whole + HEIGHTS[calm[-1].feeling]) / 2
    return whole
