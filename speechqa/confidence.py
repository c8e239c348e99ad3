"""How far a score may be trusted, and when a human must look.

Definition. ``confidence`` 0-1 is the product of three: the share of the rubric's points that could be told; the mean
confidence of the agent's recognised words (1 where there is only a text); min(1, agent's words / 60). A human must look
where it is below 0.6 or any doubt stands: low recognition, a short call, one channel, one party, no lexicon, a failed
call, no total.
Default. Mean word confidence 0.6, 60 words, 30 s, 0.6.
Source. Own definition; nobody should be failed by a machine alone.
Limits. The recogniser's confidence is its own opinion.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from speechqa.conversation import PARTIES, Conversation
from speechqa.rubric.model import Score

LOW_RECOGNITION, FEW_WORDS, SHORT_S, LOW_CONFIDENCE, FEW_TOLD = 0.6, 60, 30.0, 0.6, 0.8


@dataclass(frozen=True, slots=True)
class Trust:
    """``confidence`` 0-1, None without a total; ``doubts`` are plain sentences."""

    confidence: float | None
    human_must_look: bool
    doubts: tuple[str, ...]


def trust(
    score: Score, talk: Conversation, *, mono: bool, lexicon: bool, length_known: bool = True, caveat: str | None = None
) -> Trust:
    """How far that score of that conversation may be trusted; a ``caveat`` is one more doubt."""
    own = talk.words_of("agent")
    mean = sum(word.confidence for word in own) / len(own) if own else 0.0
    found = _doubts(score, talk, mean, mono=mono, lexicon=lexicon, length_known=length_known)
    doubts = (*((caveat,) if caveat else ()), *found)
    if score.total is None:
        return Trust(None, True, doubts)
    level = round(score.told * mean * min(1.0, len(own) / FEW_WORDS), 2)
    if level < LOW_CONFIDENCE and not doubts:
        doubts = (f"The confidence of this score is low ({level:.2f}).",)
    return Trust(level, bool(doubts), doubts)


def _doubts(
    score: Score, talk: Conversation, mean: float, *, mono: bool, lexicon: bool, length_known: bool
) -> Iterator[str]:
    words = len(talk.words_of("agent"))
    if mono:
        yield "Both people are on one channel."
    silent = [party for party in PARTIES if not talk.speech.get(party)]
    if silent and not mono:
        yield f"Only one party speaks: the {silent[0]} was never heard."
    if words and mean < LOW_RECOGNITION:
        yield f"The agent's words were recognised with a mean confidence of {mean:.2f} only."
    if not mono and (words < FEW_WORDS or (length_known and talk.duration_s < SHORT_S)):
        yield f"The call is short: {words} words of the agent in {talk.duration_s:.0f} s."
    if not lexicon and not mono:
        yield f"There is no lexicon for {talk.language_of('agent')!r}: wording and ending are not judged."
    if score.total is None:
        yield "Less than half of the rubric could be told, so there is no total."
    elif score.told < FEW_TOLD:
        yield f"Only {score.told:.0%} of the rubric's points could be told."
    if score.failed:
        yield "A critical criterion fails the call: a machine alone must not decide that."
