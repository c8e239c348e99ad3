"""Situation: how a call came to its end, and what could be expected of the agent there.

Definition. ``voicemail``: a greeting asks for a message and only one party speaks after it. ``cut_off``: the last turn
stops in the middle of a sentence and neither has said goodbye. ``transferred``: the agent hands the call over and the
two do not go on. ``brief``: at most 3 turns and 30 words in all (a wrong number). Else ``closed``.
In all but closed calls, what the agent had no chance to do is not held against them: recap, next step, offer of more
help and (but in a brief call) positive close and the last word count only where they were there.
Default. 3 turns, 30 words.
Source. Own definition; S1.2 asks for an ending, which these calls cannot have.
Limits. Told from words: a transfer that is not announced reads as ``closed``.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from speechqa.conversation import Conversation, Turn
from speechqa.lexicon import Lexicon
from speechqa.sentences import punctuated, sentences

SituationKind = Literal["closed", "cut_off", "transferred", "voicemail", "brief"]
BRIEF_TURNS, BRIEF_WORDS = 3, 30
OPEN_ENDS = ("...", "…", "-", "–", "—", ",")
HARD_END_S = 0.2

REASONS: dict[SituationKind, str] = {
    "cut_off": "The call was cut off before it could be closed.",
    "transferred": "The call was handed over, not closed.",
    "voicemail": "Nobody was there: a message was left.",
    "brief": "The call was too short for anything to sum up.",
}


@dataclass(frozen=True, slots=True)
class Situation:
    """``reason`` says why criteria do not apply; empty for a call that was closed."""

    kind: SituationKind
    reason: str = ""


def situation(conversation: Conversation, turns: Sequence[Turn], lexicon: Lexicon) -> Situation:
    """How the call ended; ``turns`` are those with content, in order."""
    said = [turn for turn in turns if turn.words]
    kind: SituationKind = "closed"
    if _voicemail(said, lexicon):
        kind = "voicemail"
    elif _cut_off(conversation, said, lexicon):
        kind = "cut_off"
    elif _transferred(said, lexicon):
        kind = "transferred"
    elif len(said) <= BRIEF_TURNS and sum(len(turn.words) for turn in said) <= BRIEF_WORDS:
        kind = "brief"
    return Situation(kind, REASONS.get(kind, ""))


def _says(rule: str, turn: Turn, lexicon: Lexicon) -> bool:
    return any(lexicon.has(rule, each.tokens) for each in sentences(turn.words, lexicon))


def _voicemail(said: Sequence[Turn], lexicon: Lexicon) -> bool:
    greeting = next((i for i, turn in enumerate(said) if _says("voicemail", turn, lexicon)), None)
    return greeting is not None and len({turn.party for turn in said[greeting + 1 :]}) <= 1


def _cut_off(conversation: Conversation, said: Sequence[Turn], lexicon: Lexicon) -> bool:
    if not said:
        return False
    last = max(said, key=lambda turn: turn.end_s)
    if last.party == "customer" and conversation.hung_up == "agent":
        return False  # that is hanging up on the customer
    final = last.words[-1].text
    marked = punctuated(conversation.words, lexicon) and not lexicon.ends_sentence(final)
    hard = conversation.hung_up not in (None, last.party) and conversation.duration_s - last.end_s < HARD_END_S
    bye = any(_says(rule, turn, lexicon) for turn in said[-2:] for rule in ("goodbye", "positive_close"))
    return not bye and not lexicon.ends_sentence(final) and (breaks_off(last, lexicon) or (marked and hard))


def breaks_off(turn: Turn, lexicon: Lexicon) -> bool:
    """Whether the turn ends on a mark or a word that wants another after it, as in "I would have"."""
    final = turn.words[-1].text.rstrip("\"'”’)")
    tokens = lexicon.tokens(final)
    return final.endswith(OPEN_ENDS) or bool(tokens and tokens[-1] in lexicon.unfinished_words)


def _transferred(said: Sequence[Turn], lexicon: Lexicon) -> bool:
    own = [i for i, turn in enumerate(said) if turn.party == "agent"]
    handed = next((i for i in own[-2:] if _says("transfer", said[i], lexicon)), None)
    return handed is not None and all(_slight(said[i], lexicon) for i in own if i > handed)


def _slight(turn: Turn, lexicon: Lexicon) -> bool:
    """A last word of the agent that leads nowhere else."""
    return len(turn.words) <= 6 or _says("goodbye", turn, lexicon) or _says("positive_close", turn, lexicon)
