"""Packet loss heard in the sound: pieces of speech that are missing or said twice.

Definition. *Missing*: 8 ms to 1 s of one unchanging value (a gap filled with silence) torn out of speech: in the 3 ms
on both sides the sound is at most 30 dB below the active level and above -55 dBov. *Repeated*: a frame of 10 or 20 ms
that follows itself sample for sample, at the level of speech, at most five times over (a gap filled with the last
packet; a steady tone goes on for longer). Count, seconds in all, and each place.
Default. The limits above.
Source. How receivers without concealment fill a lost packet (RFC 3551, ITU-T G.711 Appendix I); own thresholds.
Limits. A receiver that conceals well (G.711 Appendix I, NetEQ) leaves nothing to be found, and loss at the edge of a
word is not told from silence, and a lossy archive (MP3) smears repeats: no gaps in a recording do not prove a good
network. The counters of RTCP do.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, pairwise
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

SHORTEST_S, LONGEST_S = 0.008, 1.0
EDGE_S = 0.003
BELOW_ACTIVE_DB = 30.0
LOWEST_DBOV = -55.0
STILL_BELOW = 0.004
FRAMES_S = (0.02, 0.01)
MOST_REPEATS = 5
TAIL_S = 1.2
NEIGHBOURS = 9

Kind = Literal["missing", "repeated"]
Samples = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True)
class Gap:
    """One place; seconds of the call."""

    start_s: float
    end_s: float
    kind: Kind


@dataclass(frozen=True, slots=True)
class Loss:
    """All gaps of one channel, in order."""

    gaps: tuple[Gap, ...]

    @property
    def count(self) -> int:
        """How many."""
        return len(self.gaps)

    @property
    def total_s(self) -> float:
        """Seconds in all."""
        return sum(gap.end_s - gap.start_s for gap in self.gaps)


def measure(blocks: Iterable[Samples], rate_hz: int, active_level_dbov: float | None, *, offset_s: float = 0.0) -> Loss:
    """The gaps of one channel, in blocks of samples in [-1, 1]; none where there is no speech to miss them in."""
    if active_level_dbov is None:
        return Loss(())
    loud = 10 ** (max(active_level_dbov - BELOW_ACTIVE_DB, LOWEST_DBOV) / 20)
    found: list[Gap] = []
    for start, samples, last in _windows(blocks, round(TAIL_S * rate_hz)):
        until = samples.size if last else samples.size - round(TAIL_S * rate_hz)
        places = (*_missing(samples, rate_hz, loud), *_repeated(samples, rate_hz, loud))
        for first, end, kind in sorted(places):
            gap = Gap(offset_s + (start + first) / rate_hz, offset_s + (start + end) / rate_hz, kind)
            if first < until and (not found or gap.start_s >= found[-1].end_s):
                found.append(gap)
    return Loss(tuple(found))


def _windows(blocks: Iterable[Samples], tail: int) -> Iterator[tuple[int, Samples, bool]]:
    """Blocks, each with what comes next up to ``tail`` samples and twice as much before: first sample, sound, last?"""
    held, start = np.zeros(0), 0
    for block, following in pairwise(chain(_solid(blocks), (None,))):
        if block is None:
            return
        held = np.concatenate([held, block])
        yield start, held, following is None
        keep = min(held.size, 2 * tail)
        start += held.size - keep
        held = held[held.size - keep :]


def _solid(blocks: Iterable[Samples]) -> Iterator[Samples]:
    return (block for block in blocks if block.size)


def _missing(samples: Samples, rate_hz: int, loud: float) -> Iterator[tuple[int, int, Kind]]:
    shortest, longest = round(SHORTEST_S * rate_hz) - 1, round(LONGEST_S * rate_hz) - 1
    for first, end in _runs(samples, 1, shortest, longest):
        whole = end + 1  # a run of n equal steps holds n + 1 samples
        if abs(samples[first]) <= STILL_BELOW and _torn(samples, first, whole, rate_hz, loud):
            yield first, whole, "missing"


def _torn(samples: Samples, first: int, end: int, rate_hz: int, loud: float) -> bool:
    size = max(2, round(EDGE_S * rate_hz))
    return first >= size and _rms(samples[first - size : first]) >= loud and _rms(samples[end : end + size]) >= loud


def _repeated(samples: Samples, rate_hz: int, loud: float) -> Iterator[tuple[int, int, Kind]]:
    for frame_s in FRAMES_S:
        size = round(frame_s * rate_hz)
        for first, end in _runs(samples, size, size - 1, MOST_REPEATS * size):
            if _rms(samples[first:end]) >= loud:
                yield first + size, end + size, "repeated"


def _runs(samples: Samples, lag: int, shortest: int, longest: int) -> Iterator[tuple[int, int]]:
    """First and one-past-last index of each run of such a length in which every sample equals the one ``lag`` later."""
    for start, stop in _suspicious(samples, lag, shortest // 2):
        equal = samples[start : stop - lag] == samples[start + lag : stop]
        change = np.flatnonzero(np.diff(np.concatenate([[0], equal.astype(np.int8), [0]])))
        first, end = change[::2], change[1::2]
        chosen = (end - first >= shortest) & (end - first <= longest)
        yield from zip((start + first[chosen]).tolist(), (start + end[chosen]).tolist(), strict=True)


def _suspicious(samples: Samples, lag: int, step: int) -> Iterator[tuple[int, int]]:
    """Stretches around those of every ``step`` samples that equal the one ``lag`` later, and so their neighbours."""
    at = np.arange(0, samples.size - lag - NEIGHBOURS, step)
    alike = at[samples[at] == samples[at + lag]]
    for near in range(1, NEIGHBOURS):
        alike = alike[samples[alike + near] == samples[alike + near + lag]]
    if alike.size:
        for group in np.split(alike, np.flatnonzero(np.diff(alike) > step) + 1):
            yield max(0, int(group[0]) - step), min(samples.size, int(group[-1]) + step + lag + NEIGHBOURS)


def _rms(samples: Samples) -> float:
    return math.sqrt(float(np.mean(np.square(samples)))) if samples.size else 0.0
