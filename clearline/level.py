"""How loud speech is: the active speech level of ITU-T P.56 (12/2011), method B.

The mean power is taken over the time in which somebody speaks, so pauses do not make a talker quieter. Levels are in
dBov: 0 dBov is the power of a full-scale square wave, a full-scale sine is at -3.01 dBov (G.100.1). Samples are mono,
floats in [-1, 1] or int16.

How it works: the rectified signal is smoothed twice (time constant 30 ms); for thresholds that halve from 1/2 down to
2**-15 the time above each, prolonged by a hangover of 200 ms, is counted. The active level is where it lies 15.9 dB
above its own threshold, interpolated between the two thresholds around it.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

TIME_CONSTANT_S = 0.03
HANGOVER_S = 0.2
MARGIN_DB = 15.9
THRESHOLDS = 2.0 ** np.arange(-15, 0)
ENVELOPE_RATE_HZ = 1000
"""The envelope is counted at this rate or above; P.56 asks for at least 600 per second."""

Samples = npt.NDArray[np.floating[Any]] | npt.NDArray[np.int16]


@dataclass(frozen=True, slots=True)
class ActiveLevel:
    """The level of the active part in dBov, and the share of the time (0-1) that was active."""

    level_dbov: float
    activity: float


SILENT = ActiveLevel(float("-inf"), 0.0)


def active_level_dbov(samples: Samples, rate: int) -> float:
    """The active speech level in dBov; ``-inf`` for silence (nothing above about -74 dBov) and for no samples."""
    return active_level(samples, rate).level_dbov


def active_level(samples: Samples, rate: int) -> ActiveLevel:
    """Level and activity of one channel, shape (n,); ``SILENT`` when there is no speech-like power at all."""
    signal = _as_float(samples)
    if not signal.size:
        return SILENT
    power = float(np.mean(np.square(signal)))
    step = max(1, rate // ENVELOPE_RATE_HZ)
    envelope = _envelope(signal, rate, step)
    hangover = max(1, round(HANGOVER_S * rate / step))
    return _crossing(power, (_active_share(envelope, threshold, hangover) for threshold in THRESHOLDS))


def long_term_level_dbov(samples: Samples) -> float:
    """The plain mean power of all samples in dBov, pauses included; ``-inf`` for silence and for no samples."""
    signal = _as_float(samples)
    power = float(np.mean(np.square(signal))) if signal.size else 0.0
    return 10 * float(np.log10(power)) if power else float("-inf")


def _as_float(samples: Samples) -> npt.NDArray[np.float64]:
    if samples.ndim != 1:
        raise ValueError(f"The level is measured on one channel, shape (n,), not on {samples.shape}.")
    scale = 32768.0 if samples.dtype == np.int16 else 1.0
    return samples.astype(np.float64) / scale


def _envelope(signal: npt.NDArray[np.float64], rate: int, step: int) -> npt.NDArray[np.float64]:
    """The rectified signal, averaged over ``step`` samples (about 1 ms) and smoothed twice at that rate."""
    from scipy.signal import lfilter

    padded = np.pad(np.abs(signal), (0, -signal.size % step))
    fine = padded.reshape(-1, step).mean(axis=1)
    g = np.exp(-step / (rate * TIME_CONSTANT_S))
    envelope: npt.NDArray[np.float64] = lfilter([(1 - g) ** 2], [1, -2 * g, g * g], fine)
    return envelope


def _active_share(envelope: npt.NDArray[np.float64], threshold: float, hangover: int) -> float:
    """The share of the time at or above the threshold, each moment prolonged by the hangover."""
    above = np.flatnonzero(envelope >= threshold)
    if not above.size:
        return 0.0
    until_next = np.append(np.diff(above), envelope.size - above[-1])
    return float(np.minimum(until_next, hangover + 1).sum() / envelope.size)


def _crossing(power: float, shares: Iterator[float]) -> ActiveLevel:
    """Where level above threshold, falling with rising thresholds, passes the margin."""
    before: tuple[float, float] | None = None
    for threshold, share in zip(THRESHOLDS, shares, strict=True):
        if share == 0.0:
            break
        level = 10 * float(np.log10(power / share))
        margin = level - 20 * float(np.log10(threshold))
        if margin <= MARGIN_DB:
            return _between(power, before, (level, margin))
        before = (level, margin)
    return SILENT


def _between(power: float, before: tuple[float, float] | None, after: tuple[float, float]) -> ActiveLevel:
    if before is None:
        return SILENT
    (level_0, margin_0), (level_1, margin_1) = before, after
    part = (margin_0 - MARGIN_DB) / (margin_0 - margin_1)
    level = level_0 + part * (level_1 - level_0)
    return ActiveLevel(level, min(1.0, power / 10 ** (level / 10)))
