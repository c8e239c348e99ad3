"""A conversation as values: what every measure is computed from.

Times are seconds from the start of the recording (float), intervals half-open ``[start, end)``. Everything is frozen
and sorted by start. Engines make these values at the edge; measures only read them, so a site with its own recogniser
or voice activity detector can build a ``Conversation`` itself and use the measures alone.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from speechqa.languages import PartyLanguage
from speechqa.timeline import Span, Timeline

Party = Literal["agent", "customer"]
PARTIES: tuple[Party, Party] = ("agent", "customer")
NAMED = re.compile(r"(\b[Tt]he |--)(agent|customer)\b")


def other(party: Party) -> Party:
    """The other side of the line."""
    return "customer" if party == "agent" else "agent"


@dataclass(frozen=True, slots=True)
class Word:
    """One recognised word as the recogniser wrote it (punctuation kept); ``confidence`` 0-1."""

    party: Party
    text: str
    start_s: float
    end_s: float
    confidence: float = 1.0

    @property
    def span(self) -> Span:
        """When the word was said, as the recogniser placed it (edges are +-0.1 s at best)."""
        return Span(self.start_s, self.end_s)


@dataclass(frozen=True, slots=True)
class Turn:
    """One party's stretch of talk: speech of one party not divided by the other taking the floor.

    ``speech`` are the voiced stretches inside (edges by voice activity, not by words); the turn begins with the first
    and ends with the last of them.
    """

    party: Party
    speech: Timeline
    words: tuple[Word, ...] = ()

    @property
    def start_s(self) -> float:
        """The first voiced moment."""
        return self.speech.start_s

    @property
    def end_s(self) -> float:
        """The last voiced moment."""
        return self.speech.end_s

    @property
    def text(self) -> str:
        """The words of the turn joined by single spaces."""
        return " ".join(word.text for word in self.words)


def exchanged(sentence: str) -> str:
    """A note about the two people with their names exchanged ("the agent's side ..."); names of files stay."""
    return NAMED.sub(lambda found: found[1] + ("customer" if found[2] == "agent" else "agent"), sentence)


@dataclass(frozen=True, slots=True)
class Fall:
    """How steeply a voice fell silent at the end of a stretch of speech, 0-1; cut words are steep."""

    at_s: float
    steepness: float


@dataclass(frozen=True, slots=True)
class Voice:
    """How a person's voice sounds over a stretch of speech: ``voiced_s`` seconds of it have a pitch.

    ``pitch_st`` is the median in semitones above 100 Hz, ``range_st`` from the 10th to the 90th percentile,
    ``level_db`` the mean level in dB; None where less than 0.2 s is voiced (the level: where nothing is heard).
    """

    start_s: float
    end_s: float
    voiced_s: float
    pitch_st: float | None
    range_st: float | None
    level_db: float | None


@dataclass(frozen=True, slots=True)
class Conversation:
    """One call between an agent and a customer.

    ``speech`` holds both parties (possibly empty timelines). ``announcements`` is when the machine talked to the
    customer (prompts, hold messages), ``hold`` when the customer was on hold: neither is anybody's speech nor dead air.
    ``dead_line`` is when neither side carried any signal.
    ``language`` is the one that is spoken most ("und" when none could be told), ``languages`` that of each party, where
    it was looked for. ``hung_up`` is who ended the call, where the record says so. ``falls`` are the ends of speech as
    the sound shows them, ``voices`` how it sounded stretch by stretch, where there is sound that can be trusted for it.
    """

    duration_s: float
    language: str
    speech: Mapping[Party, Timeline]
    words: tuple[Word, ...] = ()
    turns: tuple[Turn, ...] = ()
    announcements: Timeline = field(default_factory=Timeline)
    hold: Timeline = field(default_factory=Timeline)
    hung_up: Party | None = None
    falls: Mapping[Party, tuple[Fall, ...]] = field(default_factory=dict)
    dead_line: Timeline = field(default_factory=Timeline)
    languages: Mapping[Party, PartyLanguage] = field(default_factory=dict)
    voices: Mapping[Party, tuple[Voice, ...]] = field(default_factory=dict)

    def language_of(self, party: Party) -> str:
        """The party's language; the call's where the party's is not known."""
        own = self.languages.get(party)
        return own.language if own and own.language else self.language

    def language_at(self, said: Word | Turn) -> str | None:
        """The language of a word or turn, by its middle; None where it is not known."""
        own = self.languages.get(said.party)
        return own.at((said.start_s + said.end_s) / 2) if own else None

    def words_of(self, party: Party) -> tuple[Word, ...]:
        """That party's words in order."""
        return tuple(word for word in self.words if word.party == party)

    def swapped(self) -> Conversation:
        """The same talk with the two people's names exchanged; turns have to be built again."""
        words = (replace(word, party=other(word.party)) for word in self.words)
        return replace(
            self,
            speech={other(party): spoken for party, spoken in self.speech.items()},
            words=tuple(sorted(words, key=lambda word: (word.start_s, word.end_s, word.party))),
            turns=(),
            falls={other(party): each for party, each in self.falls.items()},
            voices={other(party): each for party, each in self.voices.items()},
            hung_up=other(self.hung_up) if self.hung_up else None,
            languages={other(party): spoken for party, spoken in self.languages.items()},
        )

    def turns_of(self, party: Party) -> tuple[Turn, ...]:
        """That party's turns in order."""
        return tuple(turn for turn in self.turns if turn.party == party)
