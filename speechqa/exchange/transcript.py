"""What another program heard, before it is known who of its speakers is the agent: `Transcript` and its checks.

Times are seconds from the start of the recording. A speaker is the label that the file uses ("SPEAKER_00", "Agent",
"A"), None where it names nobody.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TypeVar

from speechqa.errors import ExchangeError
from speechqa.timeline import Span

_Each = TypeVar("_Each", "TimedWord", "Cue", "SpeakerSpan")
LONGEST_S = 100 * 3600.0
"""A call is not longer than this; times above it are milliseconds or samples taken for seconds."""


@dataclass(frozen=True, slots=True)
class TimedWord:
    """A word that the file gives the time of; ``confidence`` 0-1, 1 where the file says nothing."""

    speaker: str | None
    text: str
    start_s: float
    end_s: float
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Cue:
    """A stretch of text of which only the whole is timed."""

    speaker: str | None
    text: str
    start_s: float
    end_s: float


@dataclass(frozen=True, slots=True)
class SpeakerSpan:
    """A stretch in which the speaker speaks, by the file's own voice activity or diarisation."""

    speaker: str | None
    start_s: float
    end_s: float


Entry = TimedWord | Cue | SpeakerSpan


@dataclass(frozen=True, slots=True)
class Transcript:
    """The content of one file, in order of time.

    ``format`` is the name in `speechqa.exchange.formats`; ``duration_s`` and ``language`` are None where the file does
    not say; ``notes`` are sentences for the user. ``estimated``: the people were on one channel and were told apart by
    their voices, so talk of both at once was missed.
    """

    format: str
    words: tuple[TimedWord, ...] = ()
    cues: tuple[Cue, ...] = ()
    speech: tuple[SpeakerSpan, ...] = ()
    language: str | None = None
    duration_s: float | None = None
    notes: tuple[str, ...] = ()
    estimated: bool = False

    @property
    def entries(self) -> tuple[Entry, ...]:
        """Everything that somebody said, in order of time."""
        entries: tuple[Entry, ...] = (*self.speech, *self.words, *self.cues)
        return tuple(sorted(entries, key=lambda each: (each.start_s, each.end_s)))

    @property
    def heard(self) -> tuple[Entry, ...]:
        """The best that the file has on who speaks when: its speech, else its words and cues."""
        texts: tuple[Entry, ...] = (*self.words, *self.cues)
        return self.speech or texts

    @property
    def speakers(self) -> tuple[str | None, ...]:
        """The labels in the order in which they are first heard."""
        return tuple(dict.fromkeys(each.speaker for each in self.entries))

    @property
    def end_s(self) -> float:
        """The last moment that the file speaks of."""
        return max((each.end_s for each in self.entries), default=0.0)

    def named(self, speaker: str) -> Transcript:
        """The same with everything said by one speaker, for a file that holds one side of the call."""
        return replace(
            self,
            words=tuple(replace(each, speaker=speaker) for each in self.words),
            cues=tuple(replace(each, speaker=speaker) for each in self.cues),
            speech=tuple(replace(each, speaker=speaker) for each in self.speech),
        )


def checked(start_s: float, end_s: float, where: str) -> Span:
    """The stretch, if it can be one of a call; raises ExchangeError that begins with ``where``."""
    for value in (start_s, end_s):
        if not math.isfinite(value):
            raise ExchangeError(f"{where}: a time of {value} is no number of seconds.")
    if start_s < 0:
        raise ExchangeError(f"{where}: it starts at {start_s:g} s, before the recording does.")
    if end_s < start_s:
        raise ExchangeError(f"{where}: it ends at {end_s:g} s, before it starts at {start_s:g} s.")
    if end_s > LONGEST_S:
        raise ExchangeError(f"{where}: it ends at {end_s:g} s, which is over 100 hours; times must be in seconds.")
    return Span(start_s, end_s)


def ordered(
    form: str,
    *,
    words: Sequence[TimedWord] = (),
    cues: Sequence[Cue] = (),
    speech: Sequence[SpeakerSpan] = (),
    language: str | None = None,
    duration_s: float | None = None,
    notes: Sequence[str] = (),
) -> Transcript:
    """A transcript with everything in order of time; a note says so where the file was not."""
    given: tuple[tuple[Entry, ...], ...] = (tuple(words), tuple(cues), tuple(speech))
    shuffled = any(not _rising(each, speaker) for each in given for speaker in {one.speaker for one in each})
    told = ("The entries of the file were not in order of time; they were sorted.",) if shuffled else ()
    return Transcript(form, _in_order(words), _in_order(cues), _in_order(speech), language, duration_s, (*notes, *told))


def _in_order(entries: Sequence[_Each]) -> tuple[_Each, ...]:
    return tuple(sorted(entries, key=lambda one: (one.start_s, one.end_s)))


def _rising(entries: Sequence[Entry], speaker: str | None) -> bool:
    starts = [each.start_s for each in entries if each.speaker == speaker]
    return all(before <= after for before, after in pairwise(starts))


def spread(text: str, speaker: str | None, start_s: float, end_s: float) -> tuple[TimedWord, ...]:
    """The words of a text over its stretch, each as long as its share of the letters: an estimate."""
    words = text.split()
    letters = sum(len(word) for word in words) or 1
    at_s, timed = start_s, []
    for word in words:
        until_s = min(end_s, at_s + (end_s - start_s) * len(word) / letters)
        timed.append(TimedWord(speaker, word, at_s, until_s))
        at_s = until_s
    return tuple(timed)
