"""Questions: who asked what, and was it answered (S1.1).

Definition. A question is a sentence that the recogniser closed with a question mark; where it writes no punctuation,
one that is worded as the language's questions are (lexicon rule ``question``). Its answer is the other's next turn
that begins after at most ``within_s`` in which the asker is silent, while the asker says no more than ``says_on_s``
beyond the question (further questions not counted: a run of questions shares one answer). *answered*; *asked_back*:
the answer is nothing but questions; *put_off*: the other asked for a moment ("one moment, please") and never came back
to it within ``put_off_s``; *unanswered*: nobody took it up. An answer up to 0.5 s before the question's end is one too.
Default. within_s 10 s (an answer after dead air is one), says_on_s 4 s, put_off_s 120 s.
Source. S1.1: customers' questions are answered, the agent leads by asking. The limits are own definitions.
Limits. Whether the answer fits the question is not judged: read both. Questions of politeness ("How are you?") count.
Without question marks and without a rule for the language nothing is told, and the measure is None.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from speechqa.conversation import PARTIES, Conversation, Party, Turn, other
from speechqa.lexicon import Lexicon
from speechqa.measures.inputs import validate, validate_positive
from speechqa.sentences import Sentence, punctuated, sentences
from speechqa.timeline import Span, Timeline

EARLY_S = 0.5
QUOTED_WORDS = 24
Outcome = Literal["answered", "asked_back", "put_off", "unanswered"]


@dataclass(frozen=True, slots=True)
class QuestionSettings:
    """Seconds; see the module docstring."""

    within_s: float = 10.0
    says_on_s: float = 4.0
    put_off_s: float = 120.0


@dataclass(frozen=True, slots=True)
class Answer:
    """The turn that followed; ``delay_s`` from the question's end, below zero where it began before."""

    start_s: float
    end_s: float
    quote: str
    delay_s: float


@dataclass(frozen=True, slots=True)
class Question:
    """One question; ``answer`` is None where it was not taken up."""

    party: Party
    start_s: float
    end_s: float
    quote: str
    outcome: Outcome
    answer: Answer | None = None


def measure(
    conversation: Conversation, lexicon: Lexicon, settings: QuestionSettings | None = None
) -> tuple[Question, ...] | None:
    """Both parties' questions in order of time; the conversation needs its turns."""
    validate(conversation)
    settings = settings or QuestionSettings()
    validate_positive(within_s=settings.within_s, says_on_s=settings.says_on_s, put_off_s=settings.put_off_s)
    marks = punctuated(conversation.words, lexicon)
    if not marks and "question" not in lexicon.rules:
        return None
    asked = [
        sentence
        for turn in conversation.turns
        for sentence in sentences(turn.words, lexicon, marks=marks)
        if asks(sentence, lexicon, marks=marks)
    ]
    book = _Call(conversation, marks, {party: _spans_of(asked, party) for party in PARTIES}, lexicon, settings)
    found = [_question(book, sentence) for sentence in asked]
    return tuple(sorted(found, key=lambda each: (each.start_s, each.end_s, each.party)))


def asks(sentence: Sentence, lexicon: Lexicon, *, marks: bool) -> bool:
    """Whether the sentence is a question; ``marks``: words are punctuated."""
    return sentence.asks if marks else lexicon.has("question", sentence.tokens)


@dataclass(frozen=True, slots=True)
class _Call:
    """What every question is held against; ``asked`` is when each party asks."""

    talk: Conversation
    marks: bool
    asked: Mapping[Party, Timeline]
    lexicon: Lexicon
    settings: QuestionSettings


def _spans_of(asked: Sequence[Sentence], party: Party) -> Timeline:
    return Timeline(Span(each.start_s, each.end_s) for each in asked if each.party == party)


def _question(call: _Call, asked: Sentence) -> Question:
    reply, outcome = _reply(call, asked)
    answer = None
    if reply is not None:
        said = reply.text.split()
        quote = " ".join(said[:QUOTED_WORDS]) + (" …" if len(said) > QUOTED_WORDS else "")
        answer = Answer(reply.start_s, reply.end_s, quote, reply.start_s - asked.end_s)
    return Question(asked.party, asked.start_s, asked.end_s, asked.quote, outcome, answer)


def _reply(call: _Call, asked: Sentence) -> tuple[Turn | None, Outcome]:
    turns = call.talk.turns_of(other(asked.party))
    replies = turns[bisect_left(turns, asked.end_s - EARLY_S, key=lambda turn: turn.start_s) :]
    if not replies or not _taken_up(call, asked, replies[0]):
        return None, "unanswered"
    for turn in replies:
        if turn.start_s - replies[0].end_s > call.settings.put_off_s:
            break
        said = sentences(turn.words, call.lexicon, marks=call.marks)
        if said and all(call.lexicon.has("wait", each.tokens) for each in said):
            continue
        back = said and all(asks(each, call.lexicon, marks=call.marks) for each in said)
        return turn, "asked_back" if back else "answered"
    return replies[0], "put_off"


def _taken_up(call: _Call, asked: Sentence, reply: Turn) -> bool:
    between = Span(asked.end_s, max(asked.end_s, reply.start_s))
    own = call.talk.speech.get(asked.party, Timeline()).cropped(between)
    said_on_s = (own - call.asked[asked.party].cropped(between)).covered_s
    waited_s = between.duration_s - own.covered_s
    return said_on_s <= call.settings.says_on_s and waited_s <= call.settings.within_s
