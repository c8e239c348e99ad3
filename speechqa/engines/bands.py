"""Levels of a channel in bands: what shows a quiet consonant in noise that the level of the whole channel hides.

Twelve bands of about equal width on the ear's scale (mel), 80-3900 Hz, so that every telephone recording is seen the
same way; windows of 20 ms (Hann) every ``STEP_S``. Levels are dB, on one scale for all bands.
"""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt
from scipy.fft import rfft

from speechqa.audio import Samples

RATE_HZ = 8_000
STEP_S = 0.01
WINDOW = 160
STEP = round(STEP_S * RATE_HZ)
BANDS = 12
LOWEST_HZ, HIGHEST_HZ = 80.0, 3_900.0
QUIETEST_DB = -110.0

BandLevels = npt.NDArray[np.float32]


def band_levels(blocks: Iterable[Samples]) -> BandLevels:
    """Shape ``(steps, BANDS)``: step n is centred on ``n * STEP_S`` + half a step; blocks are at ``RATE_HZ``."""
    rest = np.zeros((WINDOW - STEP) // 2, np.float32)
    out: list[BandLevels] = []
    for block in blocks:
        joined = np.concatenate([rest, block])
        out.append(_levels(joined))
        rest = joined[len(out[-1]) * STEP :]
    out.append(_levels(np.concatenate([rest, np.zeros(WINDOW // 2, np.float32)])))
    return np.concatenate(out)


def _levels(samples: Samples) -> BandLevels:
    if len(samples) < WINDOW:
        return np.zeros((0, BANDS), np.float32)
    windows = np.lib.stride_tricks.sliding_window_view(samples, WINDOW)[::STEP]
    spectrum = rfft(windows * _HANN, axis=1)
    power = np.square(spectrum.real) + np.square(spectrum.imag)
    levels: BandLevels = 10 * np.log10(power @ _FILTERS + np.float32(10 ** (QUIETEST_DB / 10)))
    return levels


def _filters() -> npt.NDArray[np.float32]:
    """Triangles on the mel scale, shape ``(bins, BANDS)``; a full-scale tone in a band's middle is about 0 dB."""
    lowest, highest = (2595 * np.log10(1 + hz / 700) for hz in (LOWEST_HZ, HIGHEST_HZ))
    mel = np.linspace(float(lowest), float(highest), BANDS + 2)
    edges = 700 * (10 ** (mel / 2595) - 1)
    bins = np.arange(WINDOW // 2 + 1) * RATE_HZ / WINDOW
    rise = (bins[:, None] - edges[:-2]) / (edges[1:-1] - edges[:-2])
    fall = (edges[2:] - bins[:, None]) / (edges[2:] - edges[1:-1])
    scale = (2 / np.sum(_HANN)) ** 2
    return np.asarray(np.maximum(0, np.minimum(rise, fall)) * scale, np.float32)


_HANN = np.hanning(WINDOW).astype(np.float32)
_FILTERS = _filters()
