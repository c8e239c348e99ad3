"""Short-time spectra of telephone sound as three numbers a frame, and the lines of keys (DTMF)."""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.fft import rfft

from speechqa.audio import Samples

RATE_HZ = 8000
FRAME, STEP = 512, 256
FRAME_S, STEP_S = FRAME / RATE_HZ, STEP / RATE_HZ
LOWEST_BIN, HIGHEST_BIN = 10, 225  # 156-3500 Hz
STEADY_OVER = 4  # frames: 128 ms
STILL_OVER = 2  # frames without a common sample
OVER_STANDING = 1.6  # times its magnitude: lines that lie close beat against each other
LEFT_OVER = 0.5  # of the energy: with less left, a frame is the standing sound and little else

KEY_LOW_HZ, KEY_HIGH_HZ = (697, 770, 852, 941), (1209, 1336, 1477, 1633)
KEY_FRAME, KEY_STEP = 240, 120  # 30 ms every 15 ms
KEY_SHARE = 0.75
KEY_TWIST = 10 ** (8 / 10)
KEY_FRAMES = 2
KEY_LEVEL_DBOV = -45.0

Values = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Frames:
    """Per ``STEP_S``: ``steady`` and ``still`` are the likeness of the spectrum to those after 128 and 64 ms (0-1).

    ``lines`` is how concentrated it is (1 for one line), ``centre`` its middle in Hz; where not ``known`` all are 0.
    """

    steady: Values
    still: Values
    lines: Values
    centre: Values
    known: npt.NDArray[np.bool_]

    @classmethod
    def empty(cls, count: int) -> Frames:
        """So many frames of which nothing is known."""
        steady, still, lines, centre = np.zeros((4, count), np.float32)
        return cls(steady, still, lines, centre, np.zeros(count, bool))

    def put(self, at: int, part: Frames) -> None:
        """Write a part's values from frame ``at`` on."""
        stop = min(len(self.known), at + len(part.known))
        for name in ("steady", "still", "lines", "centre", "known"):
            getattr(self, name)[at:stop] = getattr(part, name)[: stop - at]


def concentration(magnitude: Values) -> float:
    """How concentrated one spectrum is: 1/2 for one line, 1/4 for two equal ones, near 0 for noise and silence."""
    power = np.square(magnitude)
    energy = float(power.sum())
    return float(np.square(power).sum()) / energy**2 if energy > 1e-6 else 0.0


def frames_of(samples: Samples, standing: Values | None = None) -> Frames:
    """The frames of 8 kHz samples that have a frame 128 ms after them, without the lines that are always there."""
    if (len(samples) - FRAME) // STEP < STEADY_OVER:
        return Frames.empty(0)
    magnitude = magnitudes(samples)
    enough = np.full(len(magnitude), True)
    if standing is not None:
        whole = np.einsum("ij,ij->i", magnitude, magnitude)
        magnitude = np.maximum(magnitude - OVER_STANDING * standing, 0)
        enough = np.einsum("ij,ij->i", magnitude, magnitude) > LEFT_OVER * whole
    power = np.square(magnitude)
    energy = np.maximum(power.sum(axis=1), 1e-12)
    unit = magnitude / np.sqrt(energy)[:, None]
    kept = len(magnitude) - STEADY_OVER
    bins = np.arange(LOWEST_BIN, HIGHEST_BIN, dtype=np.float32) * (RATE_HZ / FRAME)
    return Frames(
        np.einsum("ij,ij->i", unit[STEADY_OVER:], unit[:-STEADY_OVER]),
        np.einsum("ij,ij->i", unit[STILL_OVER:], unit[:-STILL_OVER])[:kept],
        (np.einsum("ij,ij->i", power, power) / np.square(energy))[:kept],
        ((power @ bins) / energy)[:kept],
        enough[:kept],
    )


def magnitudes(samples: Samples) -> Values:
    """Per ``STEP_S`` of 8 kHz samples the magnitudes of the bins that are looked at."""
    window = np.hanning(FRAME + 1)[:-1].astype(np.float32)
    pieces = np.lib.stride_tricks.sliding_window_view(np.asarray(samples, np.float32), FRAME)[::STEP]
    found: Values = np.abs(rfft(pieces * window, axis=1)[:, LOWEST_BIN:HIGHEST_BIN])
    return found


def keys_in(samples: Samples) -> list[tuple[float, float]]:
    """When DTMF keys sound in 8 kHz samples, seconds from their start.

    Per 30 ms the power at the eight frequencies (Goertzel's sums as one matrix product): the strongest of each group
    hold most of the energy, neither is 8 dB over the other, and the pair stays for two frames.
    """
    count = (len(samples) - KEY_FRAME) // KEY_STEP + 1
    if count < KEY_FRAMES:
        return []
    pieces = np.lib.stride_tricks.sliding_window_view(np.asarray(samples, np.float32), KEY_FRAME)[::KEY_STEP][:count]
    energy = np.einsum("ij,ij->i", pieces, pieces)
    waves = np.ascontiguousarray(pieces) @ _KEY_WAVES
    power = (np.square(waves[:, :8]) + np.square(waves[:, 8:])) * (2 / KEY_FRAME)
    low, high = power[:, :4].max(axis=1), power[:, 4:].max(axis=1)
    loud = energy / KEY_FRAME > 10 ** (KEY_LEVEL_DBOV / 10)
    pure = (low + high > KEY_SHARE * energy) & (low < KEY_TWIST * high) & (high < KEY_TWIST * low)
    pair = np.where(loud & pure, power[:, :4].argmax(axis=1) * 4 + power[:, 4:].argmax(axis=1), -1)
    return _held(pair)


def _held(pair: npt.NDArray[np.int64]) -> list[tuple[float, float]]:
    edges = [0, *(np.flatnonzero(np.diff(pair)) + 1).tolist(), len(pair)]
    return [
        (start * KEY_STEP / RATE_HZ, ((end - 1) * KEY_STEP + KEY_FRAME) / RATE_HZ)
        for start, end in itertools.pairwise(edges)
        if pair[start] >= 0 and end - start >= KEY_FRAMES
    ]


_ANGLES = 2 * np.pi * np.outer(np.arange(KEY_FRAME), [*KEY_LOW_HZ, *KEY_HIGH_HZ]) / RATE_HZ
_KEY_WAVES = np.concatenate([np.cos(_ANGLES), np.sin(_ANGLES)], axis=1).astype(np.float32)
