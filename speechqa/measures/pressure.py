"""Pace under pressure: does the agent speed up when the customer pushes?

Definition. A moment of pressure is an interruption or an attempt to cut in by the customer, a complaint of the
customer (lexicon rule ``complaint``), or a raised emotion where one is given. The agent's first turn that begins after
it, at most ``within_s`` later, is *under pressure*. *Acceleration* = the speech rate over those turns / the agent's own
norm, the speech rate over all other turns; above 1 the agent speeds up.
Default. within_s 15 s; both sides need 20 words, otherwise the ratio is None. From 1.15 it is remarked upon.
Source. Own definition: no study gives a limit for phone calls. The norm is the same agent's in the same call.
Limits. Few words make an uncertain ratio; the content of the turn (numbers, terms) changes its rate too. On a mono
recording, where cutting in cannot be seen, it is not measured.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from speechqa.conversation import Conversation, Party, Turn, other
from speechqa.lexicon import Lexicon
from speechqa.measures.inputs import validate, validate_positive
from speechqa.measures.overlaps import Overlap
from speechqa.measures.pace import speaking_time
from speechqa.measures.spoken import count_words
from speechqa.sentences import punctuated, sentences
from speechqa.timeline import Timeline

FEWEST_WORDS = 20
REMARKABLE = 1.15
Cause = Literal["interruption", "attempt", "complaint", "emotion"]


@dataclass(frozen=True, slots=True)
class PressureSettings:
    """Seconds; see the module docstring. Pauses up to ``max_pause_s`` count as speaking."""

    within_s: float = 15.0
    max_pause_s: float = 1.0


@dataclass(frozen=True, slots=True)
class Moment:
    """Pressure from ``start_s``, and the turn spoken under it, ``turn_start_s`` to ``end_s``; ``wpm`` is its rate."""

    cause: Cause
    start_s: float
    end_s: float
    turn_start_s: float
    wpm: float | None
    quote: str = ""


@dataclass(frozen=True, slots=True)
class Pressure:
    """Rates in words per minute, None where too little was said; ``acceleration`` = under pressure / own norm."""

    moments: tuple[Moment, ...]
    rate_wpm: float | None
    own_norm_wpm: float | None
    acceleration: float | None


def measure(
    conversation: Conversation,
    lexicon: Lexicon,
    overlaps: Sequence[Overlap],
    raised: Timeline | None = None,
    *,
    party: Party = "agent",
    settings: PressureSettings | None = None,
) -> Pressure:
    """The party's pace under pressure; ``raised`` is when the other's emotion was raised, where it was measured."""
    validate(conversation)
    settings = settings or PressureSettings()
    validate_positive(within_s=settings.within_s, max_pause_s=settings.max_pause_s)
    own = conversation.turns_of(party)
    moments, pressed = [], []
    for cause, at_s, until_s, quote in sorted(_pushes(conversation, lexicon, overlaps, raised, other(party))):
        turn = next((turn for turn in own if turn.start_s >= at_s), None)
        if turn is None or turn.start_s - until_s > settings.within_s:
            continue
        moments.append(Moment(cause, at_s, turn.end_s, turn.start_s, _rate([turn], settings, 1), quote))
        pressed.append(turn)
    under = [turn for turn in own if turn in pressed]
    rate, norm = (_rate(each, settings, FEWEST_WORDS) for each in (under, [turn for turn in own if turn not in under]))
    ordered = tuple(sorted(moments, key=lambda each: (each.start_s, each.cause)))
    return Pressure(ordered, rate, norm, rate / norm if rate and norm else None)


def _pushes(
    talk: Conversation, lexicon: Lexicon, overlaps: Sequence[Overlap], raised: Timeline | None, pusher: Party
) -> Iterator[tuple[Cause, float, float, str]]:
    for each in overlaps:
        if each.by == pusher and (each.kind == "interruption" or each.kind == "attempt"):
            yield each.kind, each.start_s, each.end_s, each.quote
    marks = punctuated(talk.words, lexicon)
    for turn in talk.turns_of(pusher):
        for said in sentences(turn.words, lexicon, marks=marks):
            if lexicon.has("complaint", said.tokens):
                yield "complaint", said.start_s, turn.end_s, said.quote
    for span in raised or ():
        yield "emotion", span.start_s, span.end_s, ""


def _rate(turns: Sequence[Turn], settings: PressureSettings, fewest: int) -> float | None:
    words = sum(count_words(turn.words) for turn in turns)
    spoken_s = speaking_time(turns, settings.max_pause_s).covered_s
    return 60 * words / spoken_s if words >= fewest and spoken_s else None
