"""Telling speech from silence by energy, live: enough to notice that somebody talks, stops, or has left.

Not a measure of anybody's speech (that is ``speechqa``): a fixed level, 20 ms at a time, cheap enough for every call.
"""

from __future__ import annotations

import math
from array import array

SPEECH_DBFS = -45.0
GAP_S = 0.2  # a gap inside a word or between two words is still talk


def level_dbfs(samples: array[int]) -> float:
    """RMS level of PCM16 samples in dB below full scale; -100 for silence or nothing."""
    if not samples:
        return -100.0
    power = sum(sample * sample for sample in samples) / len(samples)
    return 10 * math.log10(power) - 90.309 if power > 0.11 else -100.0


class SpeechMeter:
    """Counts speech and silence frame by frame; one thread feeds it, others may read.

    ``heard_s`` is all time heard, ``spoken_s`` the speech in it, ``silent_s`` the silence since the last speech (or
    since the start), ``run_s`` the length of the present stretch of talk with gaps of up to 0.2 s.
    """

    def __init__(self, frame_s: float, threshold_dbfs: float = SPEECH_DBFS) -> None:
        self._frame_s = frame_s
        self._threshold_dbfs = threshold_dbfs
        self.restart()

    def restart(self) -> None:
        """Count from zero again."""
        self._heard = self._spoken = self._silent = self._run = 0

    def hear(self, dbfs: float) -> None:
        """One more frame of this level."""
        self._heard += 1
        if dbfs >= self._threshold_dbfs:
            self._spoken += 1
            self._run += 1 + (self._silent if self._run else 0)
            self._silent = 0
            return
        self._silent += 1
        if self._silent * self._frame_s > GAP_S:
            self._run = 0

    @property
    def heard_s(self) -> float:
        """Seconds heard."""
        return self._heard * self._frame_s

    @property
    def spoken_s(self) -> float:
        """Seconds of speech heard."""
        return self._spoken * self._frame_s

    @property
    def silent_s(self) -> float:
        """Seconds of silence since the last speech, or since the start."""
        return self._silent * self._frame_s

    @property
    def run_s(self) -> float:
        """Seconds of the present stretch of talk, 0 when nobody talks."""
        return self._run * self._frame_s
