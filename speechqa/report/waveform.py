"""Samples to a picture: peak envelopes and SVG outlines. Pure numpy.

Samples are float32 in [-1, 1], mono, one track per party, both with the same origin (sample 0 is second 0 of the call).
A track is read in blocks, so that hours of sound are never held at once.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from speechqa.conversation import Party
from speechqa.timeline import Span, Timeline

Samples = NDArray[np.float32]


@dataclass(frozen=True, slots=True, eq=False)
class Track:
    """One party's sound: about so many ``samples``, and what reads them from the start, in blocks of any length."""

    samples: int
    blocks: Callable[[], Iterable[Samples]]

    @classmethod
    def of(cls, samples: Samples) -> Track:
        """Of samples that are in memory."""
        return cls(len(samples), lambda: (samples,))


@dataclass(frozen=True, slots=True, eq=False)
class ReportAudio:
    """The call's sound: each party's track at ``sample_rate_hz``, aligned; None where a side was not recorded.

    ``mixed``: the one track that is played where the two are only drawn apart.
    """

    sample_rate_hz: int
    customer: Track | None
    agent: Track | None
    mixed: Track | None = None

    def __post_init__(self) -> None:
        if self.sample_rate_hz <= 0:
            raise ValueError(f"the sample rate must be positive, not {self.sample_rate_hz} Hz")

    def of(self, party: Party) -> Track | None:
        """That party's track."""
        return self.agent if party == "agent" else self.customer

    @property
    def samples(self) -> int:
        """Length of the longer side in samples."""
        return max((side.samples for side in (self.customer, self.agent) if side is not None), default=0)

    @property
    def duration_s(self) -> float:
        """Length of the longer side in seconds."""
        return self.samples / self.sample_rate_hz


def only_within(track: Track, speech: Timeline, sample_rate_hz: int) -> Track:
    """The track, silent where ``speech`` (seconds) is not."""

    def blocks() -> Iterable[Samples]:
        at = 0
        for block in track.blocks():
            kept = np.zeros_like(block)
            here = Span(at / sample_rate_hz, (at + len(block)) / sample_rate_hz)
            for span in speech.cropped(here):
                start, end = (round(edge_s * sample_rate_hz) - at for edge_s in (span.start_s, span.end_s))
                kept[max(0, start) : max(0, end)] = block[max(0, start) : max(0, end)]
            yield kept
            at += len(block)

    return Track(track.samples, blocks)


@dataclass(frozen=True, slots=True, eq=False)
class Envelope:
    """The lowest and highest sample of each column, two arrays of shape ``(columns,)``."""

    low: Samples
    high: Samples

    def __len__(self) -> int:
        return len(self.high)

    @property
    def peak(self) -> float:
        """The largest absolute value, 0 for silence."""
        return float(max(np.max(self.high, initial=0.0), -np.min(self.low, initial=0.0)))


def envelope(track: Track, columns: int, *, total: int | None = None) -> Envelope:
    """Minimum and maximum per column.

    ``total`` samples (default: all that there are) are spread over ``columns``; what is missing at the end counts as
    silence, so that two sides of unequal length share one time axis. Samples that are not finite count as silence.
    Raises ValueError when ``columns`` < 1.
    """
    if columns < 1:
        raise ValueError(f"a picture needs at least one column, not {columns}")
    total = track.samples if total is None else total
    low, high = np.full(columns, np.inf, np.float32), np.full(columns, -np.inf, np.float32)
    starts = np.linspace(0, total, columns + 1).astype(np.int64)[:-1]
    at = 0
    for block in track.blocks():
        finite = np.nan_to_num(np.asarray(block[: total - at], np.float32), nan=0.0, posinf=0.0, neginf=0.0)
        if len(finite):
            _widen(low, high, starts, at, finite)
        at += len(finite)
    heard = high >= low
    return Envelope(np.where(heard, low, 0.0).astype(np.float32), np.where(heard, high, 0.0).astype(np.float32))


def _widen(low: Samples, high: Samples, starts: NDArray[np.int64], at: int, block: Samples) -> None:
    """Take the block that begins with sample ``at`` into the columns that it lies in, which begin at ``starts``."""
    first, last = np.searchsorted(starts, [at, at + len(block)])
    here = starts[first:last] - at
    columns = np.arange(first, last)
    if first and not (len(here) and here[0] == 0):  # the block goes on in the column before
        here, columns = np.concatenate([[0], here]), np.concatenate([[first - 1], columns])
    # reduceat gives the one sample at a repeated start, which is right when there are fewer samples than columns
    low[columns] = np.minimum(low[columns], np.minimum.reduceat(block, here))
    high[columns] = np.maximum(high[columns], np.maximum.reduceat(block, here))


def outline(shape: Envelope, *, height: int, gain: float = 1.0) -> str:
    """A closed SVG path, one unit per column wide and ``height`` units high, silence along the middle.

    Integer coordinates; the curve is clipped to the lane.
    """
    middle = height / 2
    highs = np.clip(np.round(middle - shape.high * gain * middle), 0, height).astype(int)
    lows = np.clip(np.round(middle - shape.low * gain * middle), 0, height).astype(int)
    there = [f"{x} {y}" for x, y in enumerate(highs.tolist())]
    back = [f"{x} {y}" for x, y in reversed(list(enumerate(lows.tolist())))]
    return f"M{'L'.join(there)}L{'L'.join(back)}Z"


def display_gain(*shapes: Envelope, ceiling: float = 0.9, at_most: float = 12.0) -> float:
    """One gain for both lanes, so that quiet recordings fill them and the sides stay comparable.

    Brings all but the loudest hundredth of the columns under ``ceiling``: a click does not flatten the speech.
    """
    columns = [np.maximum(shape.high, -shape.low) for shape in shapes if len(shape)]
    loud = float(np.quantile(np.concatenate(columns), 0.99)) if columns else 0.0
    return min(at_most, ceiling / loud) if loud > 0 else 1.0
