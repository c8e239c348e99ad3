"""Level: how loud, how noisy, how clipped a party's channel is.

Definition. *Active level* = ITU-T P.56 method B in dBov; blocks of a long call are joined by the power over their
active time. *Noise floor* = median power of the 20 ms frames in which nobody speaks, at least -80 dBov. *SNR* =
active level - noise floor, in dB; both without the constant part. *DC offset* = mean of all samples, of full scale 1.
*Clipped ratio* = share of samples at 0.975 of full scale and more with a neighbour as loud. *One-way*: one party speaks
less than 1 % of a call of 20 s and more while the other speaks at least 20 %.
Default. Nominal level -26 dBov; SNR below 15 dB, more than 0.1 % clipped samples and a DC offset above 0.01 are
flagged.
Source. ITU-T P.56 (12/2011); the flags and one-way are own definitions.
Limits. Noise between words only: noise that a gate removes there is not heard.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt

from clearline.level import active_level
from speechqa.conversation import PARTIES, Conversation
from speechqa.measures.inputs import validate
from speechqa.timeline import Span, Timeline

FRAME_S = 0.02
JOIN_S = 120.0
NOISE_MIN_DBOV = -80.0
NOISE_MIN_S = 0.5
CLIPPED_FROM = 0.975
EDGE_S = 0.15
ONE_WAY_MIN_S = 20.0
ONE_WAY_SILENT = 0.01
ONE_WAY_TALKING = 0.20

Samples = npt.NDArray[np.floating[Any]]


@dataclass(frozen=True, slots=True)
class Level:
    """One channel; None where there was no speech, or no quiet to hear the noise in."""

    active_level_dbov: float | None
    noise_dbov: float | None
    snr_db: float | None
    clipped_ratio: float | None
    dc_offset: float | None = None


def measure(blocks: Iterable[Samples], rate_hz: int, quiet: Timeline, *, offset_s: float = 0.0) -> Level:
    """The level of one channel, given in blocks of samples in [-1, 1] of which the first begins at ``offset_s``."""
    power_time = active_s = constant = 0.0
    clipped = total = 0
    noise: list[npt.NDArray[np.float64]] = []
    at_s = offset_s
    for block in _joined(blocks, rate_hz):
        clipped += _clipped(block)
        mean = float(np.mean(block, dtype=np.float64))
        block = block - mean
        level = active_level(block, rate_hz)
        if math.isfinite(level.level_dbov):
            here_s = level.activity * block.size / rate_hz
            power_time += here_s * 10 ** (level.level_dbov / 10)
            active_s += here_s
        constant += mean * block.size
        total += block.size
        noise.append(_quiet_power(block, rate_hz, at_s, quiet))
        at_s += block.size / rate_hz
    active = 10 * math.log10(power_time / active_s) if active_s and power_time else None
    floor = _floor(noise)
    snr = active - floor if active is not None and floor is not None else None
    if not total:
        return Level(active, floor, snr, None)
    return Level(active, floor, snr, clipped / total, constant / total)


def quiet_of(conversation: Conversation) -> Timeline:
    """When nothing sounds on either side, 0.15 s away from any speech."""
    sounding = conversation.announcements | conversation.hold
    for speech in conversation.speech.values():
        sounding |= speech
    near = Timeline(Span(each.start_s - EDGE_S, each.end_s + EDGE_S) for each in sounding)
    return near.gaps(Span(0.0, conversation.duration_s))


def one_way(conversation: Conversation) -> bool:
    """Whether only one side of the line was heard."""
    validate(conversation)
    if conversation.duration_s < ONE_WAY_MIN_S:
        return False
    shares = sorted(conversation.speech.get(party, Timeline()).covered_s / conversation.duration_s for party in PARTIES)
    return shares[0] < ONE_WAY_SILENT and shares[1] >= ONE_WAY_TALKING


def _joined(blocks: Iterable[Samples], rate_hz: int) -> Iterator[Samples]:
    """Blocks of about two minutes, so that the level's filter starts seldom."""
    held: list[Samples] = []
    for block in blocks:
        held.append(block)
        if sum(each.size for each in held) >= JOIN_S * rate_hz:
            yield np.concatenate(held)
            held = []
    if any(each.size for each in held):
        yield np.concatenate(held)


def _clipped(block: Samples) -> int:
    loud = np.abs(block) >= CLIPPED_FROM
    neighbour = np.zeros_like(loud)
    neighbour[1:] |= loud[:-1]
    neighbour[:-1] |= loud[1:]
    return int(np.count_nonzero(loud & neighbour))


def _quiet_power(block: Samples, rate_hz: int, at_s: float, quiet: Timeline) -> npt.NDArray[np.float64]:
    """Mean power of each 20 ms frame of the block that lies in the quiet."""
    size = max(1, round(FRAME_S * rate_hz))
    count = block.size // size
    power = np.square(block[: count * size].astype(np.float64)).reshape(count, size).mean(axis=1)
    chosen = np.zeros(count, dtype=bool)
    for span in quiet.cropped(Span(at_s, at_s + count * size / rate_hz)):
        first = math.ceil((span.start_s - at_s) * rate_hz / size)
        chosen[first : math.floor((span.end_s - at_s) * rate_hz / size)] = True
    chosen_power: npt.NDArray[np.float64] = power[chosen]
    return chosen_power


def _floor(noise: list[npt.NDArray[np.float64]]) -> float | None:
    frames = np.concatenate(noise) if noise else np.zeros(0)
    if frames.size * FRAME_S < NOISE_MIN_S:
        return None
    median = float(np.median(frames))
    return max(NOISE_MIN_DBOV, 10 * math.log10(median)) if median > 0 else NOISE_MIN_DBOV
