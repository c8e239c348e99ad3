"""Talk-off: sound in a prompt that a telephone exchange would take for a key (DTMF).

A key is one tone of each group (ITU-T Q.23) for at least 40 ms. Per 102 samples (12.75 ms), every 51, the power at the
eight frequencies by Goertzel's sums; accepted by the limits of ITU-T Q.24 and of common receivers: each tone at least
-35 dBm0 (about -38 dBov), the higher at most 4 dB over and 8 dB under the lower, each 6 dB over the others of its
group, and both together nearly all of the block's energy, as speech never is for long.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

RATE_HZ = 8000
LOW_HZ, HIGH_HZ = (697, 770, 852, 941), (1209, 1336, 1477, 1633)
KEYS = ("123A", "456B", "789C", "*0#D")
BLOCK, HOP = 102, 51
BLOCKS = 5
"""So many blocks in a row are 306 samples, 38 ms; a tone of 40 ms fills them."""
LEAST_DBOV = -38.0
HIGH_OVER_LOW_DB, LOW_OVER_HIGH_DB = 4.0, 8.0
OVER_GROUP_DB = 6.0
SHARE = 0.82
"""Of the block's energy in both tones. A key off by 1.5 % keeps 0.9 of it, speech seldom reaches 0.5."""

_AT = 2 * np.pi * np.outer(np.arange(BLOCK), [*LOW_HZ, *HIGH_HZ]) / RATE_HZ
_WAVES = np.exp(-1j * _AT)


@dataclass(frozen=True, slots=True)
class FalseKey:
    """A key that a receiver would hear, in seconds from the start of the prompt."""

    key: str
    start_s: float
    end_s: float


def false_keys(samples: npt.NDArray[np.floating[Any]]) -> tuple[FalseKey, ...]:
    """The keys in mono samples at 8 kHz in [-1, 1]."""
    if len(samples) < BLOCK + (BLOCKS - 1) * HOP:
        return ()
    blocks = np.lib.stride_tricks.sliding_window_view(samples.astype(np.float64), BLOCK)[::HOP]
    found = _keys(np.square(np.abs(blocks @ _WAVES)) * 2 / BLOCK**2, np.square(blocks).mean(axis=1))
    edges = [0, *(np.flatnonzero(np.diff(found)) + 1).tolist(), len(found)]
    return tuple(
        FalseKey(KEYS[found[a] // 4][found[a] % 4], a * HOP / RATE_HZ, ((b - 1) * HOP + BLOCK) / RATE_HZ)
        for a, b in itertools.pairwise(edges)
        if found[a] >= 0 and b - a >= BLOCKS
    )


def _keys(power: npt.NDArray[np.float64], energy: npt.NDArray[np.float64]) -> npt.NDArray[np.int64]:
    """Per block the key's number, -1 for none; ``power`` of shape (blocks, 8) and ``energy`` are mean squares."""
    low, high = power[:, :4], power[:, 4:]
    lows, highs = low.max(axis=1), high.max(axis=1)
    loud = np.minimum(lows, highs) >= 10 ** (LEAST_DBOV / 10)
    twisted = (highs > lows * 10 ** (HIGH_OVER_LOW_DB / 10)) | (lows > highs * 10 ** (LOW_OVER_HIGH_DB / 10))
    alone = (np.sort(low, axis=1)[:, 2] * 10 ** (OVER_GROUP_DB / 10) < lows) & (
        np.sort(high, axis=1)[:, 2] * 10 ** (OVER_GROUP_DB / 10) < highs
    )
    pure = lows + highs >= SHARE * energy
    number = low.argmax(axis=1) * 4 + high.argmax(axis=1)
    chosen: npt.NDArray[np.int64] = np.where(loud & ~twisted & alone & pure, number, -1)
    return chosen
