"""A whole channel through the voice activity detector, spending its time only where something can be heard."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np
import numpy.typing as npt
from scipy.ndimage import uniform_filter1d

from speechqa.audio import BLOCK_S, Samples
from speechqa.engines.bands import RATE_HZ as BANDS_RATE_HZ
from speechqa.engines.bands import band_levels
from speechqa.engines.edges import Activity, Mask, is_noisy
from speechqa.engines.energy import HOP_S, Levels, energies_db
from speechqa.engines.vad import VoiceActivity
from speechqa.recording import Channel
from speechqa.timeline import Span

TOO_LOUD_DB, DETECTOR_DB = -10.0, -28.0  # of clipped voices the detector misses a third, turned down a tenth
OVER_QUIET_DB = 4.0
WARM_UP_S = 0.3
AFTER_S = 0.3
GATE_SMOOTH_S = 0.05
QUIET_WINDOW_S = 30.0


def activity_of(
    channel: Channel, detector: VoiceActivity, done: Callable[[float], None] = lambda share: None
) -> Activity:
    """Levels and probabilities of one channel; ``done`` is told the share that is finished.

    Stretches that stay at the channel's quietest level hold no speech that could be told from noise; the detector is
    not run on them. It gets ``WARM_UP_S`` of sound before each stretch that it does hear, turned down where
    the channel is too loud for the detector.
    """
    levels = channel_levels(channel)
    likely = np.zeros(len(levels), np.float32)
    heard_at = audible(levels)
    gain = detector_gain(levels[heard_at])
    for start, end in _stretches(heard_at):
        sound = _sound(channel, start * HOP_S, end * HOP_S, detector.rate_hz)
        heard = detector.probabilities(block * gain for block in sound)
        likely[start:end] = _on_hops(heard, detector.hop_s, end - start)
        done(end / len(levels))
    bands = band_levels(channel.blocks(BANDS_RATE_HZ)) if is_noisy(likely, levels) else None
    return Activity(channel.offset_s, likely, levels, bands=bands)


def detector_gain(levels: Levels) -> np.float32:
    """1, or what brings loud parts (95th percentile) over ``TOO_LOUD_DB``, mostly clipped, down to ``DETECTOR_DB``."""
    loud_db = float(np.percentile(levels, 95)) if len(levels) else DETECTOR_DB
    return np.float32(10 ** ((DETECTOR_DB - loud_db) / 20) if loud_db > TOO_LOUD_DB else 1)


def channel_levels(channel: Channel) -> Levels:
    """The channel's short-time levels without its DC, dB relative to full scale per ``HOP_S``."""
    rate_hz = channel.sample_rate_hz if round(channel.sample_rate_hz * HOP_S, 6).is_integer() else 16_000
    return energies_db((block - np.mean(block) for block in channel.blocks(rate_hz)), rate_hz)


def audible(levels: Levels) -> Mask:
    """Where a channel rises over its quietest tenth, from ``WARM_UP_S`` before until ``AFTER_S`` after."""
    smooth = uniform_filter1d(levels, round(GATE_SMOOTH_S / HOP_S))
    window = round(QUIET_WINDOW_S / HOP_S)
    loud = np.zeros(len(levels), bool)
    for start in range(0, len(levels), window):
        around = smooth[max(0, start - window) : start + 2 * window]
        loud[start : start + window] = smooth[start : start + window] > np.percentile(around, 10) + OVER_QUIET_DB
    at, so_far = np.arange(len(loud)), np.cumsum(np.concatenate([[0], loud]))
    first = np.maximum(0, at - round(AFTER_S / HOP_S))
    last = np.minimum(len(loud), at + round(WARM_UP_S / HOP_S) + 1)
    around_loud: Mask = so_far[last] > so_far[first]
    return around_loud


def _stretches(mask: Mask) -> Iterator[tuple[int, int]]:
    change = np.diff(np.concatenate([[0], mask.astype(np.int8), [0]]))
    yield from zip(np.flatnonzero(change == 1).tolist(), np.flatnonzero(change == -1).tolist(), strict=True)


def _sound(channel: Channel, start_s: float, end_s: float, rate_hz: int) -> Iterator[Samples]:
    at_s = start_s
    while at_s < end_s:
        until_s = min(end_s, at_s + BLOCK_S)
        yield channel.read(Span(channel.offset_s + at_s, channel.offset_s + until_s), rate_hz)
        at_s = until_s


def _on_hops(likely: npt.NDArray[np.float32], hop_s: float, hops: int) -> npt.NDArray[np.float32]:
    if not len(likely):
        return np.zeros(hops, np.float32)
    at = np.minimum((np.arange(hops) * (HOP_S / hop_s)).astype(int), len(likely) - 1)
    spread: npt.NDArray[np.float32] = likely[at]
    return spread
