"""The colour of a voice: more or less bass and presence, as a studio's two knobs do it. Pure.

Bass is a low shelf at 250 Hz, presence a bell at 2.8 kHz, where the telephone carries what tells consonants apart.
Filters: R. Bristow-Johnson's *Audio EQ Cookbook*.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import numpy.typing as npt

BASS_HZ, PRESENCE_HZ = 250.0, 2800.0
Q = 0.7
Samples = npt.NDArray[np.float32]


def coloured(samples: Samples, rate: int, bass_db: float, presence_db: float) -> Samples:
    """Mono samples, shape (n,), through both filters; 0 dB leaves them as they are."""
    from scipy.signal import sosfilt

    sections = [
        section(frequency, rate, gain_db)
        for section, frequency, gain_db in ((_low_shelf, BASS_HZ, bass_db), (_bell, PRESENCE_HZ, presence_db))
        if gain_db
    ]
    return np.asarray(sosfilt(sections, samples), np.float32) if sections and samples.size else samples


def _bell(hz: float, rate: int, gain_db: float) -> list[float]:
    gain, alpha, cosine = _terms(hz, rate, gain_db)
    return _section(
        (1 + alpha * gain, -2 * cosine, 1 - alpha * gain), (1 + alpha / gain, -2 * cosine, 1 - alpha / gain)
    )


def _low_shelf(hz: float, rate: int, gain_db: float) -> list[float]:
    gain, alpha, cosine = _terms(hz, rate, gain_db)
    more, less, root = gain + 1, gain - 1, 2 * math.sqrt(gain) * alpha
    return _section(
        (gain * (more - less * cosine + root), 2 * gain * (less - more * cosine), gain * (more - less * cosine - root)),
        (more + less * cosine + root, -2 * (less + more * cosine), more + less * cosine - root),
    )


def _terms(hz: float, rate: int, gain_db: float) -> tuple[float, float, float]:
    angle = 2 * math.pi * hz / rate
    return 10 ** (gain_db / 40), math.sin(angle) / (2 * Q), math.cos(angle)


def _section(b: tuple[float, float, float], a: tuple[float, float, float]) -> list[Any]:
    return [value / a[0] for value in (*b, *a)]
