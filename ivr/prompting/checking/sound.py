"""A prompt's sound in figures. Samples are mono, floats in [-1, 1], at any rate; times in seconds, levels in dBov.

*Speech* is what lies less than ``UNDER_SPEECH_DB`` under the active level (ITU-T P.56), and above the noise. *Noise* is
the median power of the 20 ms frames between words, at least -80 dBov; None where there is no such quiet. *In the band*
is how much of the level is left of it within the telephone's 300-3400 Hz (ITU-T G.712), in dB; the *upper edge* is the
highest frequency that is at most 45 dB under the strongest.
"""

from __future__ import annotations

import itertools
import math
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt

from clearline.level import active_level_dbov
from clearline.pace import MAX_PAUSE_S, PHONATION_GAP_S, articulation_rate_sps, covered_s, speech_rate_wpm
from clearline.speaking import speaking_of
from clearline.spoken import count_syllables, count_words
from ivr.prompting.checking.talkoff import RATE_HZ, FalseKey, false_keys

FRAME_S = 0.01
UNDER_SPEECH_DB = 32.0
OVER_NOISE_DB = 9.0
CLIPPED_FROM = 0.975
QUIET_DBOV = -80.0
QUIET_MIN_S = 0.1
EDGE_S = 0.05
BAND_HZ = (300.0, 3400.0)
EDGE_BELOW_PEAK_DB = 45.0

Samples = npt.NDArray[np.floating[Any]]
Span = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Sound:
    """See the module's docstring; ``level_dbov`` is -inf for silence, rates are None where no word was said."""

    duration_s: float
    level_dbov: float
    peak_dbfs: float
    clipped_ratio: float
    noise_dbov: float | None
    lead_s: float
    tail_s: float
    longest_pause_s: float
    in_band_db: float
    upper_hz: float
    words: int = 0
    words_per_minute: float | None = None
    syllables_per_second: float | None = None
    articulation_sps: float | None = None
    speaking_s: float = 0.0
    keys: tuple[FalseKey, ...] = field(default=())

    @property
    def snr_db(self) -> float | None:
        """The active level over the noise."""
        return (
            None if self.noise_dbov is None or not math.isfinite(self.level_dbov) else self.level_dbov - self.noise_dbov
        )


def measure(samples: Samples, rate: int, text: str, language: str) -> Sound:
    """One prompt that says ``text``; raises ValueError for more than one channel."""
    level, levels = active_level_dbov(samples, rate), _levels(samples, rate)
    speech = speech_in(levels, level)
    duration_s, peak = len(samples) / rate, float(np.abs(samples).max(initial=0.0))
    words = count_words(text.split())
    syllables = count_syllables(text.split(), speaking_of(language).syllables)
    speaking_s = covered_s(speech, MAX_PAUSE_S)
    in_band_db, upper_hz = _band(samples, rate)
    return Sound(
        duration_s=duration_s,
        level_dbov=level,
        peak_dbfs=20 * math.log10(peak) if peak else float("-inf"),
        clipped_ratio=_clipped(samples),
        noise_dbov=_noise(levels, speech),
        lead_s=speech[0][0] if speech else duration_s,
        tail_s=max(0.0, duration_s - speech[-1][1]) if speech else duration_s,
        longest_pause_s=max((b[0] - a[1] for a, b in itertools.pairwise(speech)), default=0.0),
        in_band_db=in_band_db,
        upper_hz=upper_hz,
        words=words,
        words_per_minute=speech_rate_wpm(words, speaking_s),
        syllables_per_second=articulation_rate_sps(syllables, speaking_s),
        articulation_sps=articulation_rate_sps(syllables, covered_s(speech, PHONATION_GAP_S)),
        speaking_s=speaking_s,
        keys=false_keys(samples) if rate == RATE_HZ else (),
    )


def speech_in(levels: npt.NDArray[np.float64], level_dbov: float) -> list[Span]:
    """Starts and ends of the speech, from the level of each 10 ms."""
    if not math.isfinite(level_dbov):
        return []
    sounding = levels[levels > QUIET_DBOV]
    floor = float(np.percentile(sounding, 5)) if sounding.size else QUIET_DBOV
    least = max(level_dbov - UNDER_SPEECH_DB, min(floor + OVER_NOISE_DB, level_dbov - 12))
    change = np.diff(np.concatenate([[0], (levels > least).astype(np.int8), [0]]))
    starts, ends = np.flatnonzero(change == 1), np.flatnonzero(change == -1)
    return [(a * FRAME_S, b * FRAME_S) for a, b in zip(starts.tolist(), ends.tolist(), strict=True)]


def outline(samples: Samples, bars: int) -> tuple[float, ...]:
    """The largest absolute sample of each of so many equal parts: a small picture of the sound."""
    parts = np.array_split(np.abs(samples), bars)
    return tuple(float(part.max(initial=0.0)) for part in parts)


def _levels(samples: Samples, rate: int) -> npt.NDArray[np.float64]:
    """DBov of each 10 ms."""
    size = round(FRAME_S * rate)
    count = len(samples) // size
    power = np.square(samples[: count * size].astype(np.float64)).reshape(count, size).mean(axis=1)
    levels: npt.NDArray[np.float64] = 10 * np.log10(np.maximum(power, 1e-12))
    return levels


def _noise(levels: npt.NDArray[np.float64], speech: list[Span]) -> float | None:
    quiet = np.ones(len(levels), bool)
    for start_s, end_s in speech:
        quiet[max(0, round((start_s - EDGE_S) / FRAME_S)) : round((end_s + EDGE_S) / FRAME_S)] = False
    if np.count_nonzero(quiet) * FRAME_S < QUIET_MIN_S:
        return None
    return max(QUIET_DBOV, float(np.median(levels[quiet])))


def _clipped(samples: Samples) -> float:
    """The share of samples near full scale with a neighbour as loud, as the analysis of calls counts them."""
    loud = np.abs(samples) >= CLIPPED_FROM
    beside = np.zeros_like(loud)
    beside[1:] |= loud[:-1]
    beside[:-1] |= loud[1:]
    return float(np.count_nonzero(loud & beside) / len(samples)) if len(samples) else 0.0


def _band(samples: Samples, rate: int) -> tuple[float, float]:
    """Level within the telephone's band against all of it in dB, and the upper edge in Hz."""
    size = 512 * max(1, rate // 8000)
    count = len(samples) // size
    if not count or not np.any(samples):
        return 0.0, 0.0
    pieces = samples[: count * size].reshape(count, size) * np.hanning(size)
    power = np.square(np.abs(np.fft.rfft(pieces, axis=1))).sum(axis=0)
    hertz = np.fft.rfftfreq(size, 1 / rate)
    inside = power[(hertz >= BAND_HZ[0]) & (hertz <= BAND_HZ[1])].sum()
    even = np.convolve(power, np.ones(16) / 16, "same")
    upper = hertz[np.flatnonzero(even >= even.max() * 10 ** (-EDGE_BELOW_PEAK_DB / 10))[-1]]
    return 10 * math.log10(max(float(inside), 1e-12) / float(power.sum())), float(upper)
