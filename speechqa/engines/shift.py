"""Channels that start apart: one side's voice is heard again on the other side's channel at a time that no echo has.

Where there is bleed (`bleed`), it follows its source by at most 0.65 s. When the levels of the first minutes clearly go
together at a lag outside of that, the two channels do not begin together. With bleed both ways the shift is half the
difference of the two lags; with bleed one way it is the lag itself, good to the echo's own delay.
"""

from __future__ import annotations

from dataclasses import dataclass, replace

import numpy as np

from speechqa.engines.bleed import EARLIEST_S, LATEST_S, clear_peak, level_sums, loud_moments, quiet_moments, unbled
from speechqa.engines.edges import Activity, smoothed
from speechqa.engines.energy import HOP_S

LONGEST_S = 10.0
LISTENED_S = 300.0
SURE_R = 0.5
BOTH_WAYS, ONE_WAY = 0.95, 0.8
LAGS = np.arange(-round(LONGEST_S / HOP_S), round(LONGEST_S / HOP_S) + 1)


@dataclass(frozen=True, slots=True)
class Shift:
    """``later_s``: by how much the first channel begins after the place it has now; ``confidence`` 0-1."""

    later_s: float
    confidence: float


def find_shift(one: Activity, two: Activity) -> Shift | None:
    """Whether the first channel stands at the wrong time against the second; None when nothing shows it."""
    into_one, into_two = _lag_s(one, two), _lag_s(two, one)
    if into_one is not None and into_two is not None:
        shift_s = (into_two - into_one) / 2
        return Shift(shift_s, BOTH_WAYS) if _usual((into_one + into_two) / 2) and abs(shift_s) > LATEST_S else None
    if into_one is not None and not _usual(into_one):
        return _refined(one, two, -into_one)
    return _refined(one, two, into_two) if into_two is not None and not _usual(into_two) else None


def _refined(one: Activity, two: Activity, later_s: float) -> Shift:
    """A shift seen one way, put right by the delays that show both ways once the channels are near their places."""
    (_, into_one), (_, into_two) = unbled(replace(one, start_s=one.start_s + later_s), two)
    if into_one is None or into_two is None:
        return Shift(later_s, ONE_WAY)
    return Shift(later_s + (into_two.delay_s - into_one.delay_s) / 2, BOTH_WAYS)


def _usual(delay_s: float) -> bool:
    """Whether an echo has such a delay."""
    return EARLIEST_S <= delay_s <= LATEST_S


def _lag_s(own: Activity, other: Activity) -> float | None:
    """How much later the other's voice stands on this channel, wherever that is."""
    hops = round(LISTENED_S / HOP_S)
    theirs = other.on_grid_of(own)
    here, there = (
        replace(each, levels=smoothed(each.levels[:hops]), likely=each.likely[:hops]) for each in (own, theirs)
    )
    if not len(here.levels):
        return None
    sums = level_sums(here.levels, quiet_moments(here), there.levels, loud_moments(there), LAGS)
    peak = clear_peak(sums, LAGS, clear_r=SURE_R)
    return peak[0] * HOP_S if peak else None
