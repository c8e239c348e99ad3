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

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from speechqa.conversation import Conversation, Party, Turn, other
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
    found = [_question(conversation, sentence, asked, lexicon, settings) for sentence in asked]
    return tuple(sorted(found, key=lambda each: (each.start_s, each.end_s, each.party)))


def asks(sentence: Sentence, lexicon: Lexicon, *, marks: bool) -> bool:
    """Whether the sentence is a question; ``marks``: words are punctuated."""
    return sentence.asks if marks else lexicon.has("question", sentence.tokens)


def _question(
    talk: Conversation, asked: Sentence, every: Sequence[Sentence], lexicon: Lexicon, settings: QuestionSettings
) -> Question:
    reply, outcome = _reply(talk, asked, every, lexicon, settings)
    answer = None
    if reply is not None:
        said = reply.text.split()
        quote = " ".join(said[:QUOTED_WORDS]) + (" …" if len(said) > QUOTED_WORDS else "")
        answer = Answer(reply.start_s, reply.end_s, quote, reply.start_s - asked.end_s)
    return Question(asked.party, asked.start_s, asked.end_s, asked.quote, outcome, answer)


def _reply(
    talk: Conversation, asked: Sentence, every: Sequence[Sentence], lexicon: Lexicon, settings: QuestionSettings
) -> tuple[Turn | None, Outcome]:
    marks = punctuated(talk.words, lexicon)
    replies = [turn for turn in talk.turns_of(other(asked.party)) if turn.start_s >= asked.end_s - EARLY_S]
    if not replies or not _taken_up(talk, asked, replies[0], every, settings):
        return None, "unanswered"
    for turn in replies:
        if turn.start_s - replies[0].end_s > settings.put_off_s:
            break
        said = sentences(turn.words, lexicon, marks=marks)
        if said and all(lexicon.has("wait", each.tokens) for each in said):
            continue
        return turn, "asked_back" if said and all(asks(each, lexicon, marks=marks) for each in said) else "answered"
    return replies[0], "put_off"


def _taken_up(
    talk: Conversation, asked: Sentence, reply: Turn, every: Sequence[Sentence], settings: QuestionSettings
) -> bool:
    between = Span(asked.end_s, max(asked.end_s, reply.start_s))
    own = talk.speech.get(asked.party, Timeline()).cropped(between)
    more = Timeline(Span(each.start_s, each.end_s) for each in every if each.party == asked.party)
    waited_s = between.duration_s - own.covered_s
    return (own - more).covered_s <= settings.says_on_s and waited_s <= settings.within_s
