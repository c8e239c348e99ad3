"""Short-time energy of a channel in blocks: what edges, levels and alignment are read from."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np
import numpy.typing as npt

from speechqa.audio import Samples

HOP_S = 0.005
WINDOW_HOPS = 2
SILENCE_DB = -100.0

Levels = npt.NDArray[np.float32]


def energies_db(blocks: Iterable[Samples], rate_hz: int, *, hop_s: float = HOP_S) -> Levels:
    """Mean power per ``hop_s`` in dB relative to digital full scale (a full-scale square wave is 0), shape ``(hops,)``.

    ``rate_hz * hop_s`` must be whole. Digital silence is ``SILENCE_DB``; a last incomplete hop counts as one.
    """
    hop = round(rate_hz * hop_s)
    powers: list[npt.NDArray[np.float32]] = []
    rest = np.zeros(0, np.float32)
    for block in blocks:
        joined = np.concatenate([rest, block])
        whole = len(joined) // hop * hop
        powers.append(np.mean(np.square(joined[:whole].reshape(-1, hop)), axis=1))
        rest = joined[whole:]
    if len(rest):
        powers.append(np.array([np.mean(np.square(rest))], np.float32))
    power = np.concatenate(powers) if powers else np.zeros(0, np.float32)
    levels: Levels = 10 * np.log10(np.maximum(power, 10 ** (SILENCE_DB / 10))).astype(np.float32)
    return levels
