"""Pauses: silence of one party inside its own turn.

Definition. A gap in a party's speech inside its turn, whatever the other does in it, of at least ``min_s``; *brief*
below 0.2 s, *medium* to 1.0 s, *long* above. *At a sentence end*: a sentence boundary of the words lies within
``word_reach_s`` of the pause. The *sentence pause share* is how many of the sentence ends inside turns have a pause
of at least ``sentence_s``.
Default. min_s 0.1 s, sentence_s 0.3 s.
Source. Classes: Campione & Véronis 2002. Pausing between sentences sounds confident (S0.1).
Limits. Words are placed to 0.1-0.4 s, so a pause just before a sentence's last word can be taken for the sentence's
end.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from speechqa.conversation import Conversation, Party, Turn
from speechqa.lexicon import Lexicon
from speechqa.measures.inputs import validate, validate_positive
from speechqa.sentences import punctuated, sentence_ends
from speechqa.timeline import Span

Length = Literal["brief", "medium", "long"]


@dataclass(frozen=True, slots=True)
class PauseSettings:
    """Seconds; see the module docstring."""

    min_s: float = 0.1
    brief_s: float = 0.2
    long_s: float = 1.0
    sentence_s: float = 0.3
    word_reach_s: float = 0.25


@dataclass(frozen=True, slots=True)
class Pause:
    """One pause, times in seconds of the call."""

    party: Party
    start_s: float
    end_s: float
    length: Length
    at_sentence_end: bool


@dataclass(frozen=True, slots=True)
class SentencePauses:
    """Sentence ends inside a party's turns, and how many of them had a pause."""

    ends: int
    paused: int

    @property
    def share(self) -> float | None:
        """0-1; None where no turn had two sentences."""
        return self.paused / self.ends if self.ends else None


def measure(conversation: Conversation, lexicon: Lexicon, settings: PauseSettings | None = None) -> tuple[Pause, ...]:
    """Both parties' pauses in order; the conversation needs its turns."""
    validate(conversation)
    settings = settings or PauseSettings()
    validate_positive(min_s=settings.min_s, sentence_s=settings.sentence_s)
    marks = punctuated(conversation.words, lexicon)
    found = [pause for turn in conversation.turns for pause in _pauses(turn, lexicon, marks, settings)]
    return tuple(sorted(found, key=lambda pause: (pause.start_s, pause.end_s, pause.party)))


def sentence_pauses(
    conversation: Conversation, party: Party, lexicon: Lexicon, settings: PauseSettings | None = None
) -> SentencePauses:
    """How often the party pauses between its sentences."""
    settings = settings or PauseSettings()
    marks = punctuated(conversation.words, lexicon)
    ends = paused = 0
    for turn in conversation.turns_of(party):
        pauses = [gap for gap in _gaps(turn) if gap.duration_s >= settings.sentence_s]
        for boundary in _boundaries(turn, lexicon, marks):
            ends += 1
            paused += any(_touches(gap, boundary, settings.word_reach_s) for gap in pauses)
    return SentencePauses(ends, paused)


def _gaps(turn: Turn) -> tuple[Span, ...]:
    return turn.speech.gaps(Span(turn.start_s, turn.end_s)).spans if turn.speech else ()


def _pauses(turn: Turn, lexicon: Lexicon, marks: bool, settings: PauseSettings) -> list[Pause]:
    boundaries = _boundaries(turn, lexicon, marks)
    return [
        Pause(
            turn.party,
            gap.start_s,
            gap.end_s,
            _length(gap.duration_s, settings),
            any(_touches(gap, boundary, settings.word_reach_s) for boundary in boundaries),
        )
        for gap in _gaps(turn)
        if gap.duration_s >= settings.min_s
    ]


def _length(duration_s: float, settings: PauseSettings) -> Length:
    if duration_s < settings.brief_s:
        return "brief"
    return "medium" if duration_s <= settings.long_s else "long"


def _boundaries(turn: Turn, lexicon: Lexicon, marks: bool) -> tuple[float, ...]:
    """Seconds of the sentence ends inside the turn: between the last word of one and the first of the next sentence."""
    words = turn.words
    return tuple((words[i].end_s + words[i + 1].start_s) / 2 for i in sentence_ends(words, lexicon, marks=marks)[:-1])


def _touches(gap: Span, at_s: float, reach_s: float) -> bool:
    return gap.start_s - reach_s <= at_s <= gap.end_s + reach_s
