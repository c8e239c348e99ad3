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
from benchmarks.dialogues.noises import NOISES, line

Lanes = dict[Party, Samples]
Change = Callable[[Lanes, np.random.Generator], Lanes]
PARTIES: tuple[Party, Party] = ("customer", "agent")


@dataclass(frozen=True, slots=True)
class Condition:
    """A named channel: what happens to the lanes, the codec of the file, and how the lanes are stored."""

    change: Change
    codec: str = "ULAW"
    layout: str = "stereo"
    agent_late_s: float = 0.0


def level_of(lane: Samples) -> float:
    """The rms of the lane's loud parts."""
    loud = np.abs(lane) > 1e-3
    return float(np.sqrt(np.mean(lane[loud] ** 2))) if loud.any() else 1.0


def with_gain(lane: Samples, dbov: float) -> Samples:
    """The lane with its loud parts at this level."""
    return (lane * (10 ** (dbov / 20) / level_of(lane))).astype(np.float32)


def levelled(lanes: Lanes, chance: np.random.Generator, low: float = -25, high: float = -17) -> Lanes:
    """Each lane at a level of its own, dB relative to full scale."""
    return {p: with_gain(lanes[p], chance.uniform(low, high)) for p in PARTIES}


def noisy(kind: str, snr_db: float) -> Change:
    """A noise so far under the voice on both sides."""

    def change(lanes: Lanes, chance: np.random.Generator) -> Lanes:
        loud = levelled(lanes, chance)
        out = {}
        for party, lane in loud.items():
            noise = NOISES[kind](len(lane), chance, list(lanes.values()))
            out[party] = (lane + noise * level_of(lane) * 10 ** (-snr_db / 20)).astype(np.float32)
        return out

    return change


def mixed(lanes: Lanes, chance: np.random.Generator) -> Lanes:
    """Any noise at any level from 10 to 40 dB on each side, and at times the other side at -40 dB."""
    loud = levelled(lanes, chance, -30, -16)
    bleed = float(chance.choice([0.0, 10 ** (-40 / 20)]))
    out = {}
    for party, across in (("agent", "customer"), ("customer", "agent")):
        kind = str(chance.choice(sorted(NOISES)))
        noise = NOISES[kind](len(loud[party]), chance, list(lanes.values()))
        share = level_of(loud[party]) * 10 ** (-chance.uniform(10, 40) / 20)
        out[party] = (loud[party] + bleed * delayed(loud[across], 0.012) + share * noise).astype(np.float32)
    return out


def delayed(lane: Samples, late_s: float) -> Samples:
    """The lane, so much later and of the same length."""
    late = int(late_s * RATE)
    return np.concatenate((np.zeros(late, np.float32), lane[: len(lane) - late]))


def bleeding(db: float, late_s: float = 0.012) -> Change:
    """Each side hears the other, so much quieter and later."""

    def change(lanes: Lanes, chance: np.random.Generator) -> Lanes:
        loud, gain = levelled(lanes, chance), np.float32(10 ** (db / 20))
        return {
            party: noise_floor(loud[party] + gain * delayed(loud[across], late_s), chance)
            for party, across in (("agent", "customer"), ("customer", "agent"))
        }

    return change


def echoing(db: float, delay_s: float, ways: tuple[Party, ...] = PARTIES) -> Change:
    """The channels of ``ways`` carry the other side's voice too: late, coloured by a path, so much quieter.

    The path is that of a handset or hybrid: 300-2600 Hz and a tail of 30 ms that rings out.
    """

    def change(lanes: Lanes, chance: np.random.Generator) -> Lanes:
        clean, out = levelled(lanes, chance), {}
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
    return (lane + line(len(lane), chance) * 10 ** (dbov / 20)).astype(np.float32)


def clean(lanes: Lanes, chance: np.random.Generator) -> Lanes:
    """Only levels and a line's own noise."""
    return {p: noise_floor(lane, chance) for p, lane in levelled(lanes, chance).items()}


def band_limited(lanes: Lanes, chance: np.random.Generator) -> Lanes:
    """The old telephone band, 300-3400 Hz."""
    band = butter(4, (300, 3400), "bandpass", fs=RATE, output="sos")
    return {p: sosfilt(band, lane).astype(np.float32) for p, lane in clean(lanes, chance).items()}


def unequal(lanes: Lanes, chance: np.random.Generator) -> Lanes:
    """One side very quiet (-40 dB), the other very loud (-15 dB)."""
    order = chance.permutation([-40.0, -15.0])
    return {p: noise_floor(with_gain(lanes[p], dbov), chance) for p, dbov in zip(PARTIES, order, strict=True)}


def clipped(lanes: Lanes, chance: np.random.Generator) -> Lanes:
    """14 dB too loud, cut flat at full scale."""
    return {p: np.clip(lane * 5, -0.98, 0.98).astype(np.float32) for p, lane in clean(lanes, chance).items()}


def lossy(share: float, *, repeat: bool = False) -> Change:
    """20 ms packets lost in bursts of one to three, heard as silence or as the last packet again, fading."""

    def change(lanes: Lanes, chance: np.random.Generator) -> Lanes:
        packet = RATE // 50
        out = {}
        for party, lane in clean(lanes, chance).items():
            holed = lane.copy()
            for start in np.flatnonzero(chance.random(len(lane) // packet) < share / 2):
                for n in range(int(chance.integers(1, 4))):
                    at = (start + n) * packet
                    room = len(holed[at : at + packet])
                    again = holed[(start - 1) * packet : start * packet][:room] * 0.5**n
                    holed[at : at + packet] = again if repeat and start and len(again) == room else 0
            out[party] = holed
        return out

    return change


CONDITIONS: Mapping[str, Condition] = {
    "clean": Condition(clean),
    "mixed": Condition(mixed),
    "alaw": Condition(clean, codec="ALAW"),
    "gsm": Condition(clean, codec="GSM610", layout="two-files"),
    "adpcm": Condition(clean, codec="G721_32", layout="two-files"),
    "band": Condition(band_limited),
    "noise-40": Condition(noisy("line", 40)),
    "noise-30": Condition(noisy("line", 30)),
    "noise-20": Condition(noisy("line", 20)),
    "noise-15": Condition(noisy("line", 15)),
    "noise-10": Condition(noisy("line", 10)),
    "white-20": Condition(noisy("white", 20)),
    "white-10": Condition(noisy("white", 10)),
    "pink-20": Condition(noisy("pink", 20)),
    "pink-10": Condition(noisy("pink", 10)),
    "babble-20": Condition(noisy("babble", 20)),
    "babble-15": Condition(noisy("babble", 15)),
    "street-15": Condition(noisy("street", 15)),
    "hum-15": Condition(noisy("hum", 15)),
    "bleed-40": Condition(bleeding(-40)),
    "bleed-30": Condition(bleeding(-30)),
    "echo-25": Condition(echoing(-25, 0.12)),
    "hybrid-20": Condition(echoing(-20, 0.03)),
    "echo-15": Condition(echoing(-15, 0.25, ("agent",))),
    "echo-40": Condition(echoing(-40, 0.45, ("customer",))),
    "bleed-late": Condition(bleeding(-35, 0.12)),
    "clipped": Condition(clipped),
    "unequal": Condition(unequal),
    "loss-1": Condition(lossy(0.01)),
    "loss-3": Condition(lossy(0.03)),
    "loss-5-repeat": Condition(lossy(0.05, repeat=True)),
    "agent-late": Condition(clean, layout="two-files", agent_late_s=2.03),
    "swapped": Condition(clean, layout="swapped"),
    "mono": Condition(clean, layout="mono"),
}
