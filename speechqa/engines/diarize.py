"""Who speaks when on one channel: a mono recording divided into two voices.

``VoiceDiarizer`` takes the speech that the voice activity found, makes a voice print of every moment of it and groups
them (``voiceprint.py``, ``voices.py``). Where the voice changes inside a stretch of speech the cut is brought to a
silence close by. Every moment of speech gets exactly one voice: speech of two people at once is not found, so what is
measured of overlaps on such a recording is not reliable. Which voice is the agent is no matter of sound; ``roles``
tells it.

How sure. What the grouping says is the probability of two people were there much speech. With little, two groups come
apart by chance: the log-odds lose ``LITTLE`` times the share by which the voice that is heard less falls short of
``ENOUGH_S``, so that only a wide margin between the voices outweighs little speech. Below ``FEWEST_S`` of speech in
all, or ``FEWEST_OF_ONE_S`` of one voice, nothing is divided. The same loss, on half of all speech, meets "one person".
Judged on excerpts of 8-60 s of made-up calls, on their single voices, and on real calls: docs/benchmarks.md.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np

from speechqa.engines.voiceprint import STEP_S, VoiceEncoder, Voiceprints, voiceprints_of
from speechqa.engines.voices import Grouping, Labels, group
from speechqa.recording import Channel
from speechqa.timeline import Span, Timeline

SURE_FROM = 0.5
ONE_FROM = 0.75
ENOUGH_S, LITTLE = 20.0, 3.0
FEWEST_S, FEWEST_OF_ONE_S = 6.0, 2.0
DOUBTFUL_BELOW = 0.8
SUREST = 0.995
SNAP_S = 0.4


@dataclass(frozen=True, slots=True)
class Division:
    """The speech of a channel by voice, the voice that is heard first standing first.

    ``found``: how many voices there seem to be, 3 for more than two, which were given to two people; with 1 the second
    timeline is empty.
    ``confidence``: the probability (0-1) of that, lowered by little speech; None where it cannot be said.
    """

    voices: tuple[Timeline, Timeline]
    found: Literal[0, 1, 2, 3]
    confidence: float | None = None

    @property
    def lesser_s(self) -> float:
        """Seconds of the voice that is heard less."""
        return min(voice.covered_s for voice in self.voices)

    @property
    def very_doubtful(self) -> bool:
        """Whether the two were told apart from too little speech to rely on it."""
        return self.found >= 2 and self.lesser_s < ENOUGH_S and (self.confidence or 0.0) < DOUBTFUL_BELOW

    @property
    def one_person(self) -> bool:
        """Whether it is sure enough that only one person speaks."""
        return self.found == 1 and (self.confidence or 0.0) >= ONE_FROM


class Diarizer(Protocol):
    """What listening needs to divide a mono recording."""

    @property
    def name(self) -> str:
        """Name and version, for the record."""

    def divide(self, channel: Channel, speech: Timeline, done: Callable[[float], None]) -> Division:
        """Give the speech of a channel to two voices; ``done`` is told the share that is finished."""


class VoiceDiarizer:
    """Voice prints, grouped into two by a hidden Markov model."""

    def __init__(self, encoder: VoiceEncoder | None = None) -> None:
        self.encoder = encoder or VoiceEncoder()

    @property
    def name(self) -> str:
        """See ``Diarizer``."""
        return f"{self.encoder.name}, two voices by a hidden Markov model"

    def divide(
        self, channel: Channel, speech: Timeline, done: Callable[[float], None] = lambda share: None
    ) -> Division:
        """See ``Diarizer``. Raises ModelMissing when the packaged weights are not there."""
        if not speech:
            return Division((speech, Timeline()), 0)
        if speech.covered_s < FEWEST_S:
            return Division((speech, Timeline()), 1)
        prints = voiceprints_of(channel, speech, self.encoder, done)
        return division_of(prints, group(prints), speech)


def division_of(prints: Voiceprints, grouping: Grouping, speech: Timeline) -> Division:
    """The speech by voice where that is sure enough, else undivided."""
    first, second = by_voice(prints, grouping.labels, speech) if len(prints) else (speech, Timeline())
    lesser_s = min(first.covered_s, second.covered_s)
    two, more = sureness(grouping.two, lesser_s), sureness(grouping.third, grouping.third_windows * STEP_S)
    if min(grouping.third, more) >= SURE_FROM and lesser_s >= FEWEST_OF_ONE_S:
        return Division((first, second), 3, more)
    if min(grouping.two, two) >= SURE_FROM and lesser_s >= FEWEST_OF_ONE_S:
        return Division((first, second), 2, two)
    one = sureness(1 - grouping.two, speech.covered_s / 2)
    return Division((speech, Timeline()), 1, one if min(1 - grouping.two, one) >= SURE_FROM else None)


def sureness(probability: float, heard_s: float) -> float:
    """A probability (0-1) that was found on ``heard_s`` seconds of a voice, lowered where that is little."""
    within = min(max(probability, 0.001), SUREST)
    odds = math.log(within / (1 - within)) - LITTLE * max(0.0, 1 - heard_s / ENOUGH_S)
    return 1 / (1 + math.exp(-odds))


def by_voice(prints: Voiceprints, labels: Labels, speech: Timeline) -> tuple[Timeline, Timeline]:
    """The speech, parted where the labels of the windows change."""
    changes = np.flatnonzero(np.diff(labels)) + 1
    cuts = [_cut(prints, int(i), speech) for i in changes]
    edges = [speech.start_s, *cuts, max(speech.end_s, *cuts, speech.start_s)]
    voices: tuple[list[Span], list[Span]] = ([], [])
    who = int(labels[0])
    for start_s, end_s in _increasing(edges):
        voices[who].append(Span(start_s, end_s))
        who = 1 - who
    return speech & Timeline(voices[0]), speech & Timeline(voices[1])


def _increasing(edges: list[float]) -> Iterator[tuple[float, float]]:
    at_s = edges[0]
    for edge_s in edges[1:]:
        yield at_s, max(at_s, edge_s)
        at_s = max(at_s, edge_s)


def _cut(prints: Voiceprints, i: int, speech: Timeline) -> float:
    """Where the voice changes before window ``i``: in the silence nearest to the middle between the two windows."""
    before_s, after_s = float(prints.ends_s[i - 1]), float(prints.starts_s[i])
    if after_s > before_s:
        return (before_s + after_s) / 2
    middle_s = (prints.starts_s[i - 1] + prints.ends_s[i - 1] + prints.starts_s[i] + prints.ends_s[i]) / 4
    silences = speech.gaps(Span(middle_s - SNAP_S, middle_s + SNAP_S))
    centres = [(gap.start_s + gap.end_s) / 2 for gap in silences]
    return float(min(centres, key=lambda at_s: abs(at_s - middle_s), default=middle_s))
