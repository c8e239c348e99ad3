"""Where speech begins and ends in noise: a small network that looks at the bands around each moment.

Noise hides the quiet ends of words, so an edge of the energy comes tens of milliseconds late or early, by how much
depends on the noise. This network has seen many edges with known truth (`benchmarks.boundaries` trains it on made-up
calls with noise at 10-40 dB) and says for each step of 10 ms how likely it is speech, in the sense of the clean sound:
within `RANGE_DB` of the speaker's loud parts.

It is given, for ``OFFSETS`` steps around the moment, each band's level over its noise floor, the channel's level below
the speaker's loud parts and the detector's probability; and for the moment how far the loud parts stand over the noise
in each band. One hidden layer of rectified units, one logistic output; the weights are ``boundaries.npz``.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import numpy as np
import numpy.typing as npt

from speechqa.engines.bands import BANDS, STEP_S, BandLevels
from speechqa.engines.energy import HOP_S, Levels

OFFSETS = (-40, -28, -20, -14, -10, -7, -5, -3, -2, -1, 0, 1, 2, 3, 5, 7, 10, 14, 20, 28, 40)
HOPS = round(STEP_S / HOP_S)
SCALE_DB = 20.0
WEIGHTS = Path(__file__).with_name("boundaries.npz")

Array = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Views:
    """What the network is given: ``around`` (steps, BANDS + 2) and ``now`` (steps, BANDS)."""

    around: Array
    now: Array


@dataclass(frozen=True, slots=True)
class Network:
    """``around`` (offsets, BANDS + 2, units), ``now`` (BANDS, units), ``bias`` (units), ``out`` (units), ``level``."""

    around: Array
    now: Array
    bias: Array
    out: Array
    level: float

    def likelihood(self, views: Views) -> Array:
        """How likely each step is speech, 0-1."""
        reach = max(OFFSETS)
        padded = np.pad(views.around, ((reach, reach), (0, 0)), mode="edge")
        steps = len(views.around)
        hidden = views.now @ self.now + self.bias
        for offset, weights in zip(OFFSETS, self.around, strict=True):
            hidden += padded[reach + offset : reach + offset + steps] @ weights
        total = np.maximum(hidden, 0, out=hidden) @ self.out + np.float32(self.level)
        return np.asarray(1 / (1 + np.exp(-total)), np.float32)


@cache
def network() -> Network:
    """The packaged weights."""
    with np.load(WEIGHTS) as kept:
        arrays = {name: kept[name].astype(np.float32) for name in kept.files}
    return Network(arrays["around"], arrays["now"], arrays["bias"], arrays["out"], float(arrays["level"]))


def views_of(bands: BandLevels, floor: BandLevels, levels: Levels, likely: Array) -> Views:
    """From levels in bands with their noise floor (per step), the channel's levels and probabilities (per hop)."""
    steps = min(len(bands), len(levels) // HOPS)
    speaking = likely[: steps * HOPS : HOPS] > 0.5
    loud = np.percentile(bands[:steps][speaking], 95, axis=0)
    loudest = float(np.percentile(levels[likely > 0.5], 95))
    over = (bands[:steps] - floor[:steps]) / SCALE_DB
    level = (levels[: steps * HOPS].reshape(steps, HOPS).mean(axis=1) - loudest) / SCALE_DB
    around = np.empty((steps, BANDS + 2), np.float32)
    around[:, :BANDS] = np.clip(over, -0.5, 2.0)
    around[:, BANDS] = np.clip(level, -3.0, 0.5)
    around[:, BANDS + 1] = likely[: steps * HOPS : HOPS]
    now = np.clip((loud - floor[:steps]) / SCALE_DB, 0.0, 3.0).astype(np.float32)
    return Views(around, now)


def floor_of(bands: BandLevels, silent: npt.NDArray[np.bool_], window_s: float) -> BandLevels:
    """Each band's noise floor per step: the median over silent steps in overlapping windows; ``silent`` per step."""
    quiet = bands[silent] if silent.any() else np.sort(bands, axis=0)[: max(1, len(bands) // 5)]
    overall = np.median(quiet, axis=0)
    half = round(window_s / 2 / STEP_S)
    centres = np.arange(0, len(bands) + half, half)
    found = np.stack([_median(bands, silent, slice(max(0, c - half), c + half), overall) for c in centres])
    at = np.arange(len(bands))
    return np.stack([np.interp(at, centres, band) for band in found.T], axis=1).astype(np.float32)


def _median(bands: BandLevels, silent: npt.NDArray[np.bool_], window: slice, overall: Array) -> Array:
    quiet = bands[window][silent[window]]
    return np.asarray(np.median(quiet, axis=0) if len(quiet) >= 50 else overall, np.float32)
