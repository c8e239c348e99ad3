"""Where an utterance begins and ends, live, by energy over the line's own noise; 20 ms at a time, cheap for every call.

The level to beat is ``OVER_NOISE_DB`` above a noise floor that follows the quietest frames at once and rises slowly, so
that a noisy street ends an utterance as a quiet room does, and never below ``SPEECH_DBFS``.
"""

from __future__ import annotations

from array import array
from collections import deque
from dataclasses import dataclass

from ivr.listening import SPEECH_DBFS, level_dbfs

FRAME_S = 0.02
ONSET_S = 0.12
"""This much speech is the beginning of an utterance; less is a click."""
GAP_S = 0.1
PAUSE_S = 0.6
LONGEST_S = 12.0
LEAD_S = 0.3
"""Audio from before the beginning that belongs to the utterance: soft first sounds."""
OVER_NOISE_DB = 9.0
FLOOR_DBFS = (-62.0, -32.0)
RISE_DB_PER_FRAME = 0.1


@dataclass(frozen=True, slots=True)
class Began:
    """An utterance began; ``pcm`` is its audio so far (8 kHz PCM16)."""

    pcm: bytes


@dataclass(frozen=True, slots=True)
class Went:
    """One more frame of the utterance."""

    pcm: bytes


@dataclass(frozen=True, slots=True)
class Ended:
    """A pause, or the greatest length: the utterance is over."""


class Endpointer:
    """Feed it frames of 20 ms in order; one thread."""

    def __init__(self) -> None:
        self._floor = FLOOR_DBFS[0]
        self._lead: deque[bytes] = deque(maxlen=round((LEAD_S + ONSET_S) / FRAME_S))
        self._run = self._quiet = self._length = 0
        self._within = False

    def hear(self, pcm: bytes) -> Began | Went | Ended | None:
        """One more frame of 8 kHz PCM16; what it means."""
        speech = self._is_speech(level_dbfs(array("h", pcm)))
        self._quiet = 0 if speech else self._quiet + 1
        return self._go_on(pcm) if self._within else self._wait(pcm, speech)

    def _is_speech(self, dbfs: float) -> bool:
        low, high = FLOOR_DBFS
        speech = dbfs >= max(SPEECH_DBFS, self._floor + OVER_NOISE_DB)
        self._floor = min(max(low, min(dbfs, self._floor + RISE_DB_PER_FRAME)), high)
        return speech

    def _wait(self, pcm: bytes, speech: bool) -> Began | None:
        self._lead.append(pcm)
        if speech:
            self._run += 1
        elif self._quiet * FRAME_S > GAP_S:
            self._run = 0
        if self._run * FRAME_S < ONSET_S:
            return None
        begun = b"".join(self._lead)
        self._lead.clear()
        self._run, self._length, self._within = 0, 0, True
        return Began(begun)

    def _go_on(self, pcm: bytes) -> Went | Ended:
        self._length += 1
        if self._quiet * FRAME_S < PAUSE_S and self._length * FRAME_S < LONGEST_S:
            return Went(pcm)
        self._within = False
        return Ended()
