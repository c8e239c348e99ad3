"""Where speech begins and ends: the detector's decision brought to the edges of the energy.

A detector says *that* somebody speaks; the short-time energy says *when*. Per channel the noise floor is tracked over
the moments that the detector calls silent; what rises over it, is within ``RANGE_DB`` of the person's loud parts and
belongs to a detected core is speech. Where noise reaches higher than that it hides the quiet ends of words, and the
energy's edge would come late or early: there a small network that sees the bands decides (`boundaries`). Sound that
the other person's channel explains (`bleed`) is not speech.

Levels are dB relative to full scale per ``HOP_S``; probabilities are brought to the same grid.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.ndimage import binary_dilation, uniform_filter1d

from speechqa.engines.bands import BandLevels
from speechqa.engines.boundaries import HOPS, Views, floor_of, network, views_of
from speechqa.engines.energy import HOP_S, SILENCE_DB, Levels
from speechqa.timeline import Span, Timeline

Mask = npt.NDArray[np.bool_]

ON, STAY = 0.5, 0.35  # hysteresis of the detector's probability
SILENT = 0.15
SPEECH = 0.8  # of the network: a tail that is only probable moves the end of speech by more than it helps
SMOOTH_HOPS = 4
REACH_S = 0.3  # how far from a detected core the energy edge may lie
LINK_S = 0.2  # a lull that does not part an edge from its core (stop closures)
SHORTEST_PAUSE_S = 0.2  # shorter silences are closures inside words (180-200 ms in the pause literature)
SHORTEST_SPEECH_S = 0.03
RANGE_DB = 43.0  # how far below the loud parts (their 95th percentile; 5 dB over the active level) sound is speech
OVER_FLOOR_DB = 4.0
OVER_SPREAD = 1.5
MOST_SKEW, SKEW_DB = 3.0, 3.0  # how much further noise spreads above its median than below
FLOOR_WINDOW_S = 30.0
FEWEST_SILENT_HOPS = 100


@dataclass(frozen=True, slots=True)
class Activity:
    """One channel as the detector and the energy see it, both per ``HOP_S`` from ``start_s`` of the recording.

    ``explained``: up to which level the sound is the other channel's (`bleed`), None without bleed.
    ``bands`` are given (per ``bands.STEP_S``) where noise hides the ends of words.
    """

    start_s: float
    likely: npt.NDArray[np.float32]
    levels: Levels
    explained: Levels | None = None
    bands: BandLevels | None = None

    def on_grid_of(self, that: Activity) -> Activity:
        """The same, cut and padded so that it covers exactly the time of ``that``."""
        shift = round((that.start_s - self.start_s) / HOP_S)
        length = len(that.levels)
        return Activity(
            that.start_s, _moved(self.likely, shift, length, 0.0), _moved(self.levels, shift, length, SILENCE_DB)
        )


def speech_of(own: Activity, other: Activity | None = None) -> Timeline:
    """When this channel's person speaks, in recording time; ``other`` tells where this side may be silent."""
    if not (own.likely >= ON).any():
        return Timeline()
    levels = smoothed(own.levels)
    that = other.on_grid_of(own) if other is not None else None
    _, noise = noise_levels(_sounding(own, levels), levels, that)
    threshold = noise if own.explained is None else np.maximum(noise, own.explained)
    loud_db = float(np.percentile(levels[own.likely > ON], 95))
    heard = levels > np.maximum(threshold, loud_db - RANGE_DB)
    core = _hysteresis(own.likely)
    views = noisy_views(own, other)
    if views is not None:
        likely = np.repeat(network().likelihood(views), HOPS)
        likely = np.pad(likely, (0, len(levels) - len(likely)), mode="edge")
        unexplained = np.full(len(levels), True) if own.explained is None else levels > own.explained
        speech = _kept((likely >= SPEECH) & unexplained, core)
    else:
        speech = _kept(heard, core)
    return _timeline(_closed(speech, SHORTEST_PAUSE_S), own.start_s)


def is_noisy(likely: npt.NDArray[np.float32], levels: Levels) -> bool:
    """Whether noise reaches over the level down to which speech counts."""
    speaking = likely > ON
    if not speaking.any():
        return False
    smooth = smoothed(levels)
    _, noise = noise_levels(likely, smooth)
    return float(np.median(noise)) > float(np.percentile(smooth[speaking], 95)) - RANGE_DB


def noisy_views(own: Activity, other: Activity | None) -> Views | None:
    """What the network of `boundaries` is given of a channel; None where the channel has no levels in bands."""
    if own.bands is None or not (own.likely > ON).any():
        return None
    silent = _sounding(own, smoothed(own.levels)) < SILENT
    if other is not None:
        that = other.on_grid_of(own)
        alone = silent & ~binary_dilation(that.likely > 0.3, iterations=round(0.2 / HOP_S))
        silent = alone if np.count_nonzero(alone) >= FEWEST_SILENT_HOPS else silent
    quiet = np.pad(silent[::HOPS], (0, max(0, len(own.bands) - len(silent[::HOPS]))))[: len(own.bands)]
    return views_of(own.bands, floor_of(own.bands, quiet, FLOOR_WINDOW_S), smoothed(own.levels), own.likely)


def smoothed(levels: Levels) -> Levels:
    """Mean power over ``SMOOTH_HOPS``, in dB."""
    power = uniform_filter1d(np.power(10.0, levels / 10.0), SMOOTH_HOPS)
    smooth: Levels = (10 * np.log10(np.maximum(power, 1e-10))).astype(np.float32)
    return smooth


def noise_levels(
    likely: npt.NDArray[np.float32], levels: Levels, that: Activity | None = None
) -> tuple[Levels, Levels]:
    """The noise floor, and the level over which sound is more than noise, per hop; both track changes in the call."""
    silent = likely < SILENT
    if that is not None:
        alone = silent & ~binary_dilation(that.likely > 0.3, iterations=round(0.2 / HOP_S))
        silent = alone if np.count_nonzero(alone) >= FEWEST_SILENT_HOPS else silent
    overall = (
        _floor_and_top(levels[silent]) if silent.any() else _floor_and_top(levels[levels <= np.percentile(levels, 20)])
    )
    step = round(FLOOR_WINDOW_S / 2 / HOP_S)
    centres = np.arange(0, len(levels) + step, step)
    windows = [slice(max(0, centre - step), centre + step) for centre in centres]
    found = [
        _floor_and_top(levels[each][silent[each]]) if np.count_nonzero(silent[each]) >= FEWEST_SILENT_HOPS else overall
        for each in windows
    ]
    at = np.arange(len(levels))
    floor = np.interp(at, centres, [low for low, _ in found]).astype(np.float32)
    return floor, np.interp(at, centres, [top for _, top in found]).astype(np.float32)


def _sounding(own: Activity, levels: Levels) -> npt.NDArray[np.float32]:
    """The detector's probabilities with the other's sound kept in: it is no speech, but no silence to hear noise in."""
    if own.explained is None:
        return own.likely
    bleeding = binary_dilation((levels <= own.explained) & (own.explained > SILENCE_DB), iterations=round(0.1 / HOP_S))
    loud = levels > _mean_db(levels[own.likely > ON]) - 6.0  # speech that the detector missed
    return np.where(bleeding | loud, np.float32(1.0), own.likely)


def _floor_and_top(silence: Levels) -> tuple[float, float]:
    """Speech that the detector missed is among the silence; noise does not reach so much further up than down."""
    low, floor, high = (float(each) for each in np.percentile(silence, (10, 50, 90)))
    spread = max(0.5, min(high - floor, MOST_SKEW * (floor - low) + SKEW_DB))
    return floor, floor + max(OVER_FLOOR_DB, OVER_SPREAD * spread)


def _mean_db(levels: Levels) -> float:
    return float(10 * np.log10(np.mean(np.power(10.0, levels / 10.0))))


def _kept(heard: Mask, core: Mask) -> Mask:
    """What is heard near a core and hangs together with something heard inside it."""
    near = binary_dilation(core, iterations=round(REACH_S / HOP_S))
    linked = _closed(heard & near, LINK_S)
    kept = np.zeros(len(heard), bool)
    sure = np.cumsum(np.concatenate([[0], heard & core]))
    for start, end in _runs(linked):
        kept[start:end] = sure[end] > sure[start]
    return kept


def _hysteresis(likely: npt.NDArray[np.float32]) -> Mask:
    sure = np.cumsum(np.concatenate([[0], likely >= ON]))
    core = np.zeros(len(likely), bool)
    for start, end in _runs(likely >= STAY):
        core[start:end] = sure[end] > sure[start]
    return core


def _closed(mask: Mask, gap_s: float) -> Mask:
    gap = round(gap_s / HOP_S)
    closed = mask.copy()
    runs = _runs(mask)
    for (_, end), (start, _) in itertools.pairwise(runs):
        if start - end < gap:
            closed[end:start] = True
    return closed


def _runs(mask: Mask) -> list[tuple[int, int]]:
    change = np.diff(np.concatenate([[0], mask.astype(np.int8), [0]]))
    return list(zip(np.flatnonzero(change == 1).tolist(), np.flatnonzero(change == -1).tolist(), strict=True))


def _timeline(mask: Mask, start_s: float) -> Timeline:
    return Timeline(
        Span(start_s + start * HOP_S, start_s + end * HOP_S)
        for start, end in _runs(mask)
        if (end - start) * HOP_S >= SHORTEST_SPEECH_S
    )


def _moved(values: npt.NDArray[np.float32], shift: int, length: int, outside: float) -> npt.NDArray[np.float32]:
    moved = np.full(length, outside, np.float32)
    start, stop = max(0, -shift), min(length, len(values) - shift)
    if stop > start:
        moved[start:stop] = values[start + shift : stop + shift]
    return moved
