"""What telephone channels do to a voice: codecs, noise, bleed, clipping, loss, late files, swapped sides, mono.

Pure numpy on float32 lanes at 8 kHz; every condition is a function of the lanes and a random generator.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.signal import butter, lfilter, sosfilt

from benchmarks.dialogues.compose import Party
from benchmarks.dialogues.lay import RATE, Samples

Lanes = dict[Party, Samples]
PARTIES: tuple[Party, Party] = ("customer", "agent")


@dataclass(frozen=True, slots=True)
class Condition:
    """A named channel: what happens to the lanes, the codec of the file, and how the lanes are stored."""

    change: Callable[[Lanes, np.random.Generator], Lanes]
    codec: str = "ULAW"
    layout: str = "stereo"
    agent_late_s: float = 0.0


def with_gain(lane: Samples, dbov: float) -> Samples:
    """The lane with its loud parts at this level."""
    loud = np.abs(lane) > 1e-3
    level = np.sqrt(np.mean(lane[loud] ** 2)) if loud.any() else 1.0
    return (lane * (10 ** (dbov / 20) / level)).astype(np.float32)


def _levels(lanes: Lanes, chance: np.random.Generator) -> Lanes:
    return {p: with_gain(lanes[p], chance.uniform(-25, -17)) for p in PARTIES}


def _coloured_noise(n: int, chance: np.random.Generator) -> Samples:
    """Noise with the fall of a room: 6 dB per octave above 500 Hz."""
    noise: Samples = lfilter([1.0], [1.0, -0.68], chance.standard_normal(n)).astype(np.float32)
    return noise / np.float32(np.std(noise))


def noisy(snr_db: float) -> Callable[[Lanes, np.random.Generator], Lanes]:
    """Steady noise so far under the voice on both sides."""

    def change(lanes: Lanes, chance: np.random.Generator) -> Lanes:
        out = {}
        for party, lane in _levels(lanes, chance).items():
            loud = np.abs(lane) > 1e-3
            rms = np.sqrt(np.mean(lane[loud] ** 2)) * 10 ** (-snr_db / 20)
            out[party] = (lane + _coloured_noise(len(lane), chance) * rms).astype(np.float32)
        return out

    return change


def bleeding(db: float) -> Callable[[Lanes, np.random.Generator], Lanes]:
    """Each side hears the other, so much quieter and 12 ms late."""

    def change(lanes: Lanes, chance: np.random.Generator) -> Lanes:
        clean, late, gain = _levels(lanes, chance), int(0.012 * RATE), np.float32(10 ** (db / 20))
        out = {}
        for party, across in (("agent", "customer"), ("customer", "agent")):
            echo = np.concatenate((np.zeros(late, np.float32), clean[across][:-late]))
            out[party] = noise_floor(clean[party] + gain * echo, chance)
        return out

    return change


def echoing(
    db: float, delay_s: float, ways: tuple[Party, ...] = PARTIES
) -> Callable[[Lanes, np.random.Generator], Lanes]:
    """The channels of ``ways`` carry the other side's voice too: late, coloured by a path, so much quieter.

    The path is that of a handset or hybrid: 300-2600 Hz and a tail of 30 ms that rings out.
    """

    def change(lanes: Lanes, chance: np.random.Generator) -> Lanes:
        clean, out = _levels(lanes, chance), {}
        for party in PARTIES:
            across = clean["agent" if party == "customer" else "customer"]
            leak = _through_path(across, db, round(delay_s * RATE), chance) if party in ways else np.float32(0)
            out[party] = noise_floor(clean[party] + leak, chance)
        return out

    return change


def _through_path(lane: Samples, db: float, late: int, chance: np.random.Generator) -> Samples:
    tail = np.exp(-np.arange(round(0.03 * RATE)) / (0.006 * RATE)) * chance.standard_normal(round(0.03 * RATE))
    tail[0] = 3.0
    coloured = sosfilt(butter(2, (300, 2600), "bandpass", fs=RATE, output="sos"), lfilter(tail, [1.0], lane))
    loud = np.abs(lane) > 1e-3
    level = np.sqrt(np.mean(lane[loud] ** 2) / np.mean(coloured[loud] ** 2)) if loud.any() else 1.0
    leak = coloured * level * 10 ** (db / 20)
    return np.concatenate((np.zeros(late), leak))[: len(lane)].astype(np.float32)


def noise_floor(lane: Samples, chance: np.random.Generator, dbov: float = -66) -> Samples:
    """A little line noise, as every real line has."""
    return (lane + _coloured_noise(len(lane), chance) * 10 ** (dbov / 20)).astype(np.float32)


def clean(lanes: Lanes, chance: np.random.Generator) -> Lanes:
    """Only levels and a line's own noise."""
    return {p: noise_floor(lane, chance) for p, lane in _levels(lanes, chance).items()}


def clipped(lanes: Lanes, chance: np.random.Generator) -> Lanes:
    """14 dB too loud, cut flat at full scale."""
    return {p: np.clip(lane * 5, -0.98, 0.98).astype(np.float32) for p, lane in clean(lanes, chance).items()}


def lossy(share: float) -> Callable[[Lanes, np.random.Generator], Lanes]:
    """20 ms packets lost in bursts of one to three, heard as silence."""

    def change(lanes: Lanes, chance: np.random.Generator) -> Lanes:
        out = {}
        for party, lane in clean(lanes, chance).items():
            holed, packet = lane.copy(), RATE // 50
            for start in np.flatnonzero(chance.random(len(lane) // packet) < share / 2):
                holed[start * packet : (start + int(chance.integers(1, 4))) * packet] = 0
            out[party] = holed
        return out

    return change


CONDITIONS: Mapping[str, Condition] = {
    "clean": Condition(clean),
    "alaw": Condition(clean, codec="ALAW"),
    "gsm": Condition(clean, codec="GSM610", layout="two-files"),
    "noise-40": Condition(noisy(40)),
    "noise-20": Condition(noisy(20)),
    "noise-10": Condition(noisy(10)),
    "bleed-30": Condition(bleeding(-30)),
    "echo-25": Condition(echoing(-25, 0.12)),
    "hybrid-20": Condition(echoing(-20, 0.03)),
    "echo-15": Condition(echoing(-15, 0.25, ("agent",))),
    "echo-40": Condition(echoing(-40, 0.45, ("customer",))),
    "clipped": Condition(clipped),
    "loss-3": Condition(lossy(0.03)),
    "agent-late": Condition(clean, layout="two-files", agent_late_s=2.03),
    "swapped": Condition(clean, layout="swapped"),
    "mono": Condition(clean, layout="mono"),
}
