"""How steeply a voice falls silent: who is cut off in the middle of a word stops sooner than who has come to an end.

A finished sentence dies away over 50-200 ms; somebody who gives the floor up stops within 10-30 ms. The *steepness*
of an end of speech is the largest fall of the level within ``FALL_S`` around it, as a share of the way from the
person's loud parts down to the noise (at most ``RANGE_DB``): about 0.85 for cut words in clean sound, 0.5 for
sentence ends. A share works in noise too, where the way down is shorter. It is evidence, not proof: a cut can hit the
closure of a "t", and "stop" ends steeply by itself (`speechqa.measures.completion` weighs it).
"""

from __future__ import annotations

import numpy as np

from speechqa.conversation import Fall
from speechqa.engines.edges import ON, Activity, noise_levels, smoothed
from speechqa.engines.energy import HOP_S
from speechqa.timeline import Timeline

FALL_S = 0.03
RANGE_DB = 38.0
BEFORE_S, AFTER_S = 0.1, 0.04


def falls_of(own: Activity, speech: Timeline, other: Activity | None = None) -> tuple[Fall, ...]:
    """The steepness of each end of ``speech`` (recording time) on this channel."""
    if not speech or not (own.likely > ON).any():
        return ()
    smooth = smoothed(own.levels)
    floor, _ = noise_levels(own.likely, smooth, other.on_grid_of(own) if other is not None else None)
    loud_db = float(np.percentile(smooth[own.likely > ON], 95))
    levels = np.maximum(own.levels, loud_db - RANGE_DB)
    return tuple(
        Fall(span.end_s, _steepness(levels, round((span.end_s - own.start_s) / HOP_S), loud_db, floor))
        for span in speech
    )


def _steepness(
    levels: np.typing.NDArray[np.float32], at: int, loud_db: float, floor: np.typing.NDArray[np.float32]
) -> float:
    start, end = max(0, at - round(BEFORE_S / HOP_S)), at + round(AFTER_S / HOP_S)
    around = np.convolve(levels[start:end], [0.5, 0.5], "valid")
    hops = round(FALL_S / HOP_S)
    if len(around) <= hops:
        return 0.0
    way_db = loud_db - max(float(floor[min(at, len(floor) - 1)]), loud_db - RANGE_DB)
    return round(float(np.clip(np.max(around[:-hops] - around[hops:]) / max(1.0, way_db), 0.0, 1.0)), 2)
