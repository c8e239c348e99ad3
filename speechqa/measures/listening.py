"""Listening: who holds the talk, and for how long without a break.

Definition. *Talk share* = the party's speech / both parties' speech. *Longest monologue* = the longest stretch of one
party's turns with nothing but backchannels and attempts from the other, silences of 3 s and more not counted as part
of it. *First-minute listening share* = the other's speech / both parties' speech in the 60 s from the first word of
either: how much the party listens while the matter is told.
Default. A monologue of 60 s is flagged.
Source. S0.2: do not out-talk customers. The 60 s are a convention, no study.
"""

from __future__ import annotations

from dataclasses import dataclass

from speechqa.conversation import Conversation, Party, other
from speechqa.measures.inputs import validate
from speechqa.timeline import Span, Timeline

MONOLOGUE_S = 60.0
OPENING_S = 60.0


@dataclass(frozen=True, slots=True)
class Listening:
    """Shares 0-1, None when nobody spoke; ``longest_monologue`` None when the party did not."""

    talk_share: float | None
    longest_monologue: Span | None
    first_minute_listening_share: float | None = None


def measure(conversation: Conversation, party: Party) -> Listening:
    """How much and how long at a stretch the party talks; the conversation needs its turns."""
    validate(conversation)
    share = _share(conversation, party, Span(0.0, conversation.duration_s))
    starts = [line.start_s for line in conversation.speech.values() if line]
    opening = Span(min(starts), min(starts) + OPENING_S) if starts else Span(0.0, 0.0)
    listens = _share(conversation, other(party), opening)
    return Listening(share, _monologue(conversation, party), listens)


def _share(conversation: Conversation, party: Party, within: Span) -> float | None:
    own, others = (
        conversation.speech.get(each, Timeline()).cropped(within).covered_s for each in (party, other(party))
    )
    return own / (own + others) if own + others else None


def _monologue(conversation: Conversation, party: Party) -> Span | None:
    turns = [Span(turn.start_s, turn.end_s) for turn in conversation.turns_of(party)]
    return max(turns, key=lambda span: span.duration_s, default=None)
