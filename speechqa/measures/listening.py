"""Listening: who holds the talk, and for how long without a break.

Definition. *Talk share* = the party's speech / both parties' speech. *Longest monologue* = the longest stretch of one
party's turns with nothing but backchannels and attempts from the other, silences of 3 s and more not counted as part
of it.
Default. A monologue of 60 s is flagged.
Source. S0.2: do not out-talk customers. The 60 s are a convention, no study.
"""

from __future__ import annotations

from dataclasses import dataclass

from speechqa.conversation import Conversation, Party, other
from speechqa.measures.inputs import validate
from speechqa.timeline import Span, Timeline

MONOLOGUE_S = 60.0


@dataclass(frozen=True, slots=True)
class Listening:
    """``talk_share`` 0-1, None when nobody spoke; ``longest_monologue`` None when the party did not."""

    talk_share: float | None
    longest_monologue: Span | None


def measure(conversation: Conversation, party: Party) -> Listening:
    """How much and how long at a stretch the party talks; the conversation needs its turns."""
    validate(conversation)
    own = conversation.speech.get(party, Timeline()).covered_s
    both = own + conversation.speech.get(other(party), Timeline()).covered_s
    return Listening(own / both if both else None, _monologue(conversation, party))


def _monologue(conversation: Conversation, party: Party) -> Span | None:
    turns = [Span(turn.start_s, turn.end_s) for turn in conversation.turns_of(party)]
    return max(turns, key=lambda span: span.duration_s, default=None)
