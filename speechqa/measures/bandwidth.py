"""Bandwidth: how much of the voice the codec let through.

Definition. The long-term spectrum of the speech, in bands of 31 Hz smoothed over 250 Hz; the bandwidth is the highest
frequency at which it is at most 55 dB below its peak and at least 3 dB above the channel's noise. *Narrow* up to
4.4 kHz (telephone: G.711, G.729, AMR), *wide* up to 8.2 kHz (G.722, AMR-WB), *super-wide* above (Opus, EVS).
Default. At least 2 s of speech, otherwise None. Frames of 32 ms.
Source. The classes are ITU-T's (G.711 300-3400 Hz, G.722 50-7000 Hz); the method is an own definition.
Limits. The coarse steps of an 8-bit codec are noise that speaks along: G.711 reads up to 4 kHz, though its filter ends
at 3.4. A narrow call in a 16 kHz file reads narrow, as it should. Noise added behind a narrow codec hides nothing, but
a poor conversion of the sample rate leaves images above 4 kHz that read wide.
"""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt

from speechqa.timeline import Span, Timeline

FRAME_S = 0.032
SMOOTH_HZ = 250.0
BELOW_PEAK_DB = 55.0
ABOVE_NOISE_DB = 3.0
SPEECH_MIN_S = 2.0
NARROW_HZ, WIDE_HZ = 4400.0, 8200.0

Samples = npt.NDArray[np.floating[Any]]
Power = npt.NDArray[np.float64]
Band = Literal["narrow", "wide", "super-wide"]


@dataclass(frozen=True, slots=True)
class Bandwidth:
    """The upper edge in Hz and its class; None with too little speech."""

    upper_hz: float | None
    band: Band | None


def measure(
    blocks: Iterable[Samples], rate_hz: int, speech: Timeline, quiet: Timeline, *, offset_s: float = 0.0
) -> Bandwidth:
    """The bandwidth of one channel, in blocks of samples of which the first begins at ``offset_s``."""
    size = round(FRAME_S * rate_hz)
    window = np.hanning(size)
    voice, noise = np.zeros(size // 2 + 1), np.zeros(size // 2 + 1)
    voiced = quiet_frames = 0
    at_s = offset_s
    for block in blocks:
        frames = block[: block.size // size * size].reshape(-1, size)
        for total, timeline, spoken in ((voice, speech, True), (noise, quiet, False)):
            chosen = frames[_inside(timeline, at_s, len(frames))]
            total += np.square(np.abs(np.fft.rfft(chosen * window, axis=1))).sum(axis=0)
            voiced, quiet_frames = voiced + spoken * len(chosen), quiet_frames + (not spoken) * len(chosen)
        at_s += block.size / rate_hz
    if voiced * FRAME_S < SPEECH_MIN_S:
        return Bandwidth(None, None)
    upper_hz = _upper_hz(voice / voiced, noise / max(1, quiet_frames), rate_hz / size)
    return Bandwidth(upper_hz, None if upper_hz is None else band_of(upper_hz))


def band_of(upper_hz: float) -> Band:
    """The class of an upper edge."""
    return "narrow" if upper_hz <= NARROW_HZ else "wide" if upper_hz <= WIDE_HZ else "super-wide"


def _inside(timeline: Timeline, at_s: float, count: int) -> npt.NDArray[np.bool_]:
    """Which of ``count`` frames from ``at_s`` on lie wholly inside the timeline."""
    chosen = np.zeros(count, dtype=bool)
    for span in timeline.cropped(Span(at_s, at_s + count * FRAME_S)):
        chosen[math.ceil((span.start_s - at_s) / FRAME_S) : math.floor((span.end_s - at_s) / FRAME_S)] = True
    return chosen


def _upper_hz(voice: Power, noise: Power, step_hz: float) -> float | None:
    width = max(1, round(SMOOTH_HZ / step_hz))
    even = np.ones(width) / width
    heard, floor = np.convolve(voice, even, "same"), np.convolve(noise, even, "same")
    peak = float(heard.max())
    if peak <= 0:
        return None
    through = (heard >= peak * 10 ** (-BELOW_PEAK_DB / 10)) & (heard >= floor * 10 ** (ABOVE_NOISE_DB / 10))
    last = np.flatnonzero(through)
    return float(last[-1] * step_hz) if last.size else None
