"""Offers for sale: what the agent offered beyond the matter, and when (S1.10: only with care, and then stop talking).

Definition. A sentence of the agent that the lexicon's rule ``upsell`` finds, neither quoted nor negated. ``quiet_s``:
how long the agent then says nothing, up to their next word (None where they say nothing more). ``complaint_open``: the
customer had shown negative emotion before (`speechqa.measures.feelings`) and since the last of it neither accepted
anything nor thanked, or the curve is still raised; such an offer becomes the finding ``upsell_after_complaint``.
Default. None.
Source. S1.10.
Limits. Words as recognised; what is an offer is the lexicon's, and each company sells something else.
"""

from __future__ import annotations

from dataclasses import dataclass

from speechqa.conversation import Conversation
from speechqa.lexicon import Lexicon
from speechqa.measures.emotion import RAISED, Emotion
from speechqa.measures.feelings import NEGATIVE
from speechqa.measures.wording import Finding, says
from speechqa.sentences import punctuated, sentences

UPSELL = "upsell"
AFTER_COMPLAINT = "upsell_after_complaint"


@dataclass(frozen=True, slots=True)
class Offer:
    """One offer for sale; see the module docstring."""

    start_s: float
    end_s: float
    quote: str
    quiet_s: float | None
    complaint_open: bool


def measure(conversation: Conversation, lexicon: Lexicon, emotion: Emotion | None) -> tuple[Offer, ...]:
    """The agent's offers in order; without the emotion no complaint is known to be open."""
    rule = lexicon.rules.get(UPSELL)
    if rule is None:
        return ()
    marks = punctuated(conversation.words, lexicon)
    said = [
        each for turn in conversation.turns_of("agent") for each in sentences(turn.words, lexicon, marks=marks)
    ]  # fmt: skip
    found = []
    for number, each in enumerate(said):
        if says(rule, each, lexicon):
            quiet = said[number + 1].start_s - each.end_s if number + 1 < len(said) else None
            found.append(Offer(each.start_s, each.end_s, each.quote, quiet, _open(emotion, each.start_s)))
    return tuple(found)


def findings(offers: tuple[Offer, ...], lexicon: Lexicon) -> tuple[Finding, ...]:
    """The offers that came while a complaint was open, as findings."""
    rule = lexicon.rules.get(UPSELL)
    why, instead = (rule.why, rule.say_instead) if rule is not None else ("", "")
    return tuple(
        Finding(AFTER_COMPLAINT, "avoid", "agent", each.start_s, each.end_s, each.quote, why, instead)
        for each in offers
        if each.complaint_open
    )


def _open(emotion: Emotion | None, at_s: float) -> bool:
    before = [point for point in emotion.points if point.end_s <= at_s] if emotion else []
    cues = [cue for point in before for cue in point.cues]
    if not any(cue.feeling in NEGATIVE for cue in cues):
        return False
    return cues[-1].feeling in NEGATIVE or before[-1].smoothed >= RAISED
