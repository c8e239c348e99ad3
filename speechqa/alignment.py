"""Alignment: how far apart the two sides of a recording begin.

Definition. Two files of one call either end together (the shorter one started late) or start together. Two kinds of
evidence choose between these readings: people rarely speak at once, so the right reading has less simultaneous speech;
and where one side's voice leaks into the other's file, the leak follows its source by at most 1.5 s. A leak that fits
neither reading shows the offset by itself. A call record's own times come before all of it.
Default. Files whose lengths differ by up to 0.1 s are aligned; delays up to 10 s are looked for.
Source. Measured on real bank calls kept as one file per party: half of the pairs differ in length by about 2.0 s, both
files end together and the shorter one starts late; the other half are equally long and aligned.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
import numpy.typing as npt

from speechqa.audio import AudioFile, Samples
from speechqa.engines.energy import HOP_S, energies_db

FoundBy = Literal["one file", "equal lengths", "common end", "common start", "cross-talk", "call record", "given"]
"""What decided; "one file" when nothing spoke against channels that begin together."""

EQUAL_WITHIN_S = 0.1
LONGEST_DELAY_S = 10.0
LONGEST_ECHO_S = 1.5
CLEAR_PEAK = 25.0
LISTENED_S = 120.0
TALK_BELOW_PEAK_DB = 25.0


@dataclass(frozen=True, slots=True)
class Offset:
    """When each party's file begins in the recording (the earlier one at 0), and how sure that is (0-1)."""

    agent_s: float
    customer_s: float
    confidence: float
    found_by: FoundBy

    @classmethod
    def of(cls, agent_later_s: float, confidence: float, found_by: FoundBy) -> Offset:
        """The offset when the agent's file starts ``agent_later_s`` after the customer's (negative: before)."""
        return cls(max(0.0, agent_later_s), max(0.0, -agent_later_s), confidence, found_by)


ALIGNED = Offset(0.0, 0.0, 1.0, "one file")
UNPROVEN = 0.9
"""How sure it is that the channels of one file begin together, when no cross-talk shows it."""


def find_offset(agent: AudioFile, customer: AudioFile) -> Offset:
    """How far apart two files begin, from their lengths, their speech and their cross-talk."""
    longer_s = customer.duration_s - agent.duration_s
    if abs(longer_s) <= EQUAL_WITHIN_S:
        return Offset.of(0.0, 0.95, "equal lengths")
    leak = leak_lag_s(_beginning(agent), _beginning(customer), 8000)
    return weigh(longer_s, leak, _talk(agent), _talk(customer))


def weigh(
    longer_s: float, leak_s: float | None, agent: npt.NDArray[np.bool_], customer: npt.NDArray[np.bool_]
) -> Offset:
    """Choose a reading: ``longer_s`` is how much longer the customer's file is, ``leak_s`` where cross-talk points.

    ``agent`` and ``customer`` say per ``HOP_S`` whether there is talk in that file.
    """
    if leak_s is not None:
        near = [reading for reading in (longer_s, 0.0) if abs(leak_s - reading) <= LONGEST_ECHO_S]
        if len(near) == 1:
            return Offset.of(near[0], 0.95, "common end" if near[0] else "common start")
        if not near:
            return Offset.of(leak_s, 0.8, "cross-talk")
    together_if_end = _talking_at_once_s(agent, customer, longer_s)
    together_if_start = _talking_at_once_s(agent, customer, 0.0)
    lean = (together_if_start - together_if_end) / (together_if_start + together_if_end + 0.5)
    prior = 0.3 if abs(longer_s) <= LONGEST_DELAY_S else -0.3
    vote = prior + lean
    confidence = min(0.95, 0.5 + abs(vote) / 2)
    return Offset.of(longer_s, confidence, "common end") if vote > 0 else Offset.of(0.0, confidence, "common start")


def leak_lag_s(agent: Samples, customer: Samples, rate_hz: int) -> float | None:
    """How much later the same sound stands in the customer's file than in the agent's; None without clear cross-talk.

    Generalised cross-correlation with phase transform (Knapp & Carter 1976) over lags of ±``LONGEST_DELAY_S``.
    """
    if len(agent) < rate_hz or len(customer) < rate_hz:
        return None
    length = 1 << (len(agent) + len(customer)).bit_length()
    cross = np.fft.rfft(customer, length) * np.conj(np.fft.rfft(agent, length))
    magnitude = np.abs(cross)
    correlation = np.fft.irfft(cross / (magnitude + 1e-6 * magnitude.max() + 1e-20), length)
    reach = round(LONGEST_DELAY_S * rate_hz)
    lags = np.abs(np.concatenate([correlation[-reach:], correlation[:reach]]))
    spread = float(lags.std())
    peak = int(lags.argmax())
    if spread == 0 or lags[peak] < CLEAR_PEAK * spread:
        return None
    return (peak - reach) / rate_hz


def _beginning(audio: AudioFile) -> Samples:
    blocks, seconds = [], 0.0
    for block in audio.blocks(0, 8000):
        blocks.append(block)
        seconds += len(block) / 8000
        if seconds >= LISTENED_S:
            break
    return np.concatenate(blocks)


def _talk(audio: AudioFile) -> npt.NDArray[np.bool_]:
    levels = energies_db(audio.blocks(0, 8000), 8000)
    loud: npt.NDArray[np.bool_] = levels > np.percentile(levels, 95) - TALK_BELOW_PEAK_DB
    return loud


def _talking_at_once_s(agent: npt.NDArray[np.bool_], customer: npt.NDArray[np.bool_], agent_later_s: float) -> float:
    shift = round(agent_later_s / HOP_S)
    one, two = (agent, customer[shift:]) if shift >= 0 else (agent[-shift:], customer)
    both = min(len(one), len(two))
    return float(np.count_nonzero(one[:both] & two[:both]) * HOP_S)
