"""Bleed: one channel heard again in the other, quieter and later (echo of a handset or hybrid, cross-talk of a line).

Definition. While the other side is loud and this side is not, this channel's short-time level follows the other's at
one lag when there is bleed, and at none when there is not. Per minute of call the correlation of the two levels (dB,
5 ms) is taken over lags of -0.1 to 0.65 s. *Delay* is the lag of the peak, *bleed* the median of this channel's level
over the other's at that lag, in dB. Sound that this explains, with a margin of 8 dB, is not this side's speech.
Default. A peak is clear from a correlation of 0.3 that stands 0.15 over all lags further than 0.1 s away; minutes
without a clear one take what the whole call shows. Bleed over -8 dB is not told from the same sound twice.
Source. Own definition; echo delays up to 0.5 s are those of long-distance and mobile calls (ITU-T G.131).
Limits. Speech of this side that is quieter than the bleed under it is lost. What an echo canceller lets through in
bursts follows no fixed gain.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import numpy as np
import numpy.typing as npt
from scipy.fft import irfft, next_fast_len, rfft
from scipy.ndimage import maximum_filter1d, uniform_filter1d

from speechqa.engines.edges import Activity, smoothed
from speechqa.engines.energy import HOP_S, SILENCE_DB, Levels

EARLIEST_S, LATEST_S = -0.1, 0.65
WINDOW_S = 60.0
CLEAR_R = 0.3
CLEAR_OVER_REST = 0.15
PEAK_WIDTH_S = 0.1
FEWEST_S = 3.0
LOUD_BELOW_TOP_DB = 16.0
QUIET_BELOW_TOP_DB = 12.0
STRONGEST_DB = -8.0
MARGIN_DB = 8.0
SPREAD_S = 0.06
EXPLAINED_WITHIN_S = 0.15
EXPLAINED_SHARE = 0.6
TOP_PERCENTILE = 95

Sums = npt.NDArray[np.float64]
"""Per lag: how many hops, and the sums of x, y, xx, yy, xy; shape ``(6, lags)``."""

LAGS = np.arange(round(EARLIEST_S / HOP_S), round(LATEST_S / HOP_S) + 1)


@dataclass(frozen=True, slots=True)
class Path:
    """How the other channel comes into this one from ``start_s`` of this channel on: seconds and dB."""

    start_s: float
    delay_s: float
    gain_db: float


@dataclass(frozen=True, slots=True)
class Bleed:
    """Bleed of the other channel into one, followed over the call; ``delay_s`` and ``gain_db`` are its medians."""

    paths: tuple[Path, ...]
    correlation: float

    @property
    def delay_s(self) -> float:
        """How much later the other side is heard again."""
        return float(np.median([path.delay_s for path in self.paths]))

    @property
    def gain_db(self) -> float:
        """How loud it is, against the other side's own channel."""
        return float(np.median([path.gain_db for path in self.paths]))

    def explained(self, theirs: Levels) -> Levels:
        """Up to which level this channel is explained by the other's levels (same grid), dB per hop."""
        out = np.full(len(theirs), SILENCE_DB, np.float32)
        spread = maximum_filter1d(theirs, round(SPREAD_S / HOP_S))
        for path, start, end in self._stretches(len(theirs)):
            lag = round(path.delay_s / HOP_S)
            first, last = max(start, lag), min(end, len(theirs) + lag)
            if last > first:
                out[first:last] = spread[first - lag : last - lag] + np.float32(path.gain_db + MARGIN_DB)
        return out

    def _stretches(self, length: int) -> Iterator[tuple[Path, int, int]]:
        starts = [round(path.start_s / HOP_S) for path in self.paths]
        yield from zip(self.paths, starts, [*starts[1:], length], strict=True)


def unbled(one: Activity, two: Activity) -> tuple[tuple[Activity, Bleed | None], tuple[Activity, Bleed | None]]:
    """Both channels without each other's sound: it stays in the levels, but counts as nobody's speech."""
    first, second = (replace(each, levels=smoothed(each.levels)) for each in (one, two))
    into_first, into_second = find_bleed(first, second.on_grid_of(first)), find_bleed(second, first.on_grid_of(second))
    if into_first is None and into_second is not None:
        into_first = find_bleed(first, _alone(second, first, into_second).on_grid_of(first))
    elif into_second is None and into_first is not None:
        into_second = find_bleed(second, _alone(first, second, into_first).on_grid_of(second))
    return (
        (_cleaned(one, first, into_first, _itself(second, first, into_second)), into_first),
        (_cleaned(two, second, into_second, _itself(first, second, into_first)), into_second),
    )


def _itself(own: Activity, other: Activity, bleed: Bleed | None) -> Activity:
    """A channel's levels without what it carries of the other's: an echo of an echo explains nothing."""
    if bleed is None:
        return own
    echoed = own.levels <= bleed.explained(other.on_grid_of(own).levels)
    return replace(own, levels=np.where(echoed, np.float32(SILENCE_DB), own.levels))


def _alone(own: Activity, other: Activity, bleed: Bleed) -> Activity:
    """A channel in which the detector no longer hears the other: a clearer source for the bleed the other way."""
    return replace(own, likely=without_bleed(own, bleed.explained(other.on_grid_of(own).levels)))


def _cleaned(own: Activity, smooth: Activity, bleed: Bleed | None, theirs: Activity) -> Activity:
    if bleed is None:
        return own
    explained = bleed.explained(theirs.on_grid_of(own).levels)
    return replace(own, likely=without_bleed(smooth, explained), explained=explained)


def find_bleed(own: Activity, theirs: Activity) -> Bleed | None:
    """The bleed of ``theirs`` into ``own`` (both on the grid of ``own``, levels smoothed), None when there is none."""
    if not len(own.levels):
        return None
    quiet, loud = quiet_moments(own), loud_moments(theirs)
    if not loud.any() or not quiet.any():
        return None
    size = round(WINDOW_S / HOP_S)
    windows = [slice(at, at + size) for at in range(0, len(own.levels), size)]
    sums = [level_sums(own.levels[each], quiet[each], theirs.levels[each], loud[each]) for each in windows]
    peaks = [clear_peak(each) for each in sums]
    overall = clear_peak(np.sum(sums, axis=0)) or _most(peaks)
    if overall is None:
        return None
    lags = [(each or overall)[0] for each in peaks]
    paths = _paths(own, theirs, quiet, loud, windows, lags)
    return Bleed(paths, overall[1]) if paths else None


def without_bleed(own: Activity, explained: Levels) -> npt.NDArray[np.float32]:
    """The detector's probabilities of ``own`` (levels smoothed) with the bleed set to nobody."""
    share = uniform_filter1d((own.levels <= explained).astype(np.float32), round(EXPLAINED_WITHIN_S / HOP_S))
    return np.where((share >= EXPLAINED_SHARE) & (own.levels <= explained), np.float32(0), own.likely)


def loud_moments(theirs: Activity) -> npt.NDArray[np.bool_]:
    """Where the other side surely speaks itself: far over what could be bleed into it."""
    speaks = theirs.likely > 0.5
    if not speaks.any():
        return speaks
    loud: npt.NDArray[np.bool_] = speaks & (
        theirs.levels > np.percentile(theirs.levels[speaks], TOP_PERCENTILE) - LOUD_BELOW_TOP_DB
    )
    return loud


def quiet_moments(own: Activity) -> npt.NDArray[np.bool_]:
    """Where this side surely does not speak loudly itself."""
    speaks = own.levels[own.likely > 0.5]
    top = np.percentile(speaks, TOP_PERCENTILE) if len(speaks) else own.levels.max(initial=SILENCE_DB)
    quiet: npt.NDArray[np.bool_] = (own.levels < top - QUIET_BELOW_TOP_DB) & (own.levels > SILENCE_DB + 1)
    return quiet


def level_sums(
    own: Levels,
    quiet: npt.NDArray[np.bool_],
    theirs: Levels,
    loud: npt.NDArray[np.bool_],
    lags: npt.NDArray[np.int_] = LAGS,
) -> Sums:
    """What correlation needs, for all lags at once, over the hops that are quiet here and were loud there."""
    length = next_fast_len(len(own) + len(lags), real=True)
    x, y = np.where(quiet, own + 50.0, 0.0), np.where(loud, theirs + 30.0, 0.0)
    here = [rfft(each, length) for each in (quiet.astype(np.float64), x, x * x)]
    there = [np.conj(rfft(each, length)) for each in (loud.astype(np.float64), y, y * y)]
    pairs = ((0, 0), (1, 0), (0, 1), (2, 0), (0, 2), (1, 1))
    return np.stack([irfft(here[i] * there[j], length)[lags] for i, j in pairs])


def _most(peaks: list[tuple[int, float] | None]) -> tuple[int, float] | None:
    """A path that changes shows in most minutes but not in the whole call."""
    clear = sorted(each for each in peaks if each is not None)
    return clear[len(clear) // 2] if len(clear) >= max(2, len(peaks) / 2) else None


def clear_peak(sums: Sums, lags: npt.NDArray[np.int_] = LAGS, *, clear_r: float = CLEAR_R) -> tuple[int, float] | None:
    """The lag in hops where the levels clearly go together, and their correlation there."""
    count, x, y, xx, yy, xy = sums
    enough = count >= FEWEST_S / HOP_S
    if not enough.any():
        return None
    safe = np.where(enough, count, 1.0)
    spread = np.maximum(xx / safe - (x / safe) ** 2, 1e-3) * np.maximum(yy / safe - (y / safe) ** 2, 1e-3)
    correlation = np.where(enough, (xy / safe - x * y / safe**2) / np.sqrt(spread), -1.0)
    best = int(correlation.argmax())
    apart = np.abs(lags - lags[best]) > PEAK_WIDTH_S / HOP_S
    if correlation[best] < max(clear_r, correlation[apart].max(initial=-1.0) + CLEAR_OVER_REST):
        return None
    return int(lags[best]), float(correlation[best])


def _paths(
    own: Activity,
    theirs: Activity,
    quiet: npt.NDArray[np.bool_],
    loud: npt.NDArray[np.bool_],
    windows: list[slice],
    lags: list[int],
) -> tuple[Path, ...]:
    """Per window the gain at its lag; a window with too little to tell takes the call's median."""
    found = [_over_theirs(own, theirs, quiet, loud, each, lag) for each, lag in zip(windows, lags, strict=True)]
    known = [float(np.median(each)) for each in found if len(each) >= FEWEST_S / HOP_S]
    if not known or np.median(known) > STRONGEST_DB:
        return ()
    return tuple(
        Path(
            each.start * HOP_S,
            lag * HOP_S,
            float(np.median(over)) if len(over) >= FEWEST_S / HOP_S else float(np.median(known)),
        )
        for each, lag, over in zip(windows, lags, found, strict=True)
    )


def _over_theirs(
    own: Activity, theirs: Activity, quiet: npt.NDArray[np.bool_], loud: npt.NDArray[np.bool_], window: slice, lag: int
) -> Levels:
    first, last = max(window.start, lag), min(window.stop, len(own.levels), len(own.levels) + lag)
    if last <= first:
        return np.zeros(0, np.float32)
    both = quiet[first:last] & loud[first - lag : last - lag]
    return (own.levels[first:last] - theirs.levels[first - lag : last - lag])[both]
