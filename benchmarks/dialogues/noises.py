"""Noises of telephone calls, each of unit power: pure numpy at 8 kHz.

``line`` falls by 6 dB an octave above 500 Hz, ``babble`` is eight voices of the dialogue played backwards over each
other, ``street`` swells and falls, ``hum`` is a mains tone with its harmonics and a little hiss.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
from scipy.signal import lfilter

from benchmarks.dialogues.lay import RATE, Samples

Noise = Callable[[int, np.random.Generator, Sequence[Samples]], Samples]


def unit(noise: Samples) -> Samples:
    """The same with power 1."""
    return np.asarray(noise / max(1e-9, float(np.sqrt(np.mean(np.square(noise))))), np.float32)


def white(n: int, chance: np.random.Generator, voices: Sequence[Samples] = ()) -> Samples:
    return chance.standard_normal(n).astype(np.float32)


def line(n: int, chance: np.random.Generator, voices: Sequence[Samples] = ()) -> Samples:
    return unit(lfilter([1.0], [1.0, -0.68], chance.standard_normal(n)))


def pink(n: int, chance: np.random.Generator, voices: Sequence[Samples] = ()) -> Samples:
    spectrum = np.fft.rfft(chance.standard_normal(n))
    spectrum /= np.sqrt(np.maximum(np.fft.rfftfreq(n, 1 / RATE), 50.0))
    return unit(np.fft.irfft(spectrum, n))


def babble(n: int, chance: np.random.Generator, voices: Sequence[Samples]) -> Samples:
    total = np.zeros(n, np.float32)
    for each in range(8):
        voice = voices[each % len(voices)]
        talk = voice[np.abs(voice) > 0] if np.any(voice) else voice
        backwards = np.resize(talk[::-1], n)
        total += np.roll(backwards, int(chance.integers(n)))
    return unit(total)


def street(n: int, chance: np.random.Generator, voices: Sequence[Samples] = ()) -> Samples:
    rumble = lfilter([1.0], [1.0, -0.9], chance.standard_normal(n))
    knots = np.arange(0, n + 2 * RATE, 2 * RATE)
    swell_db = np.interp(np.arange(n), knots, chance.uniform(-7, 7, len(knots)))
    return unit(rumble * 10 ** (swell_db / 20))


def hum(n: int, chance: np.random.Generator, voices: Sequence[Samples] = ()) -> Samples:
    at_s, mains = np.arange(n) / RATE, float(chance.choice([50.0, 60.0]))
    tone = sum(np.sin(2 * np.pi * mains * k * at_s + chance.uniform(0, 6)) / k for k in range(1, 9))
    return unit(tone + 0.05 * chance.standard_normal(n))


NOISES: Mapping[str, Noise] = {
    "white": white,
    "line": line,
    "pink": pink,
    "babble": babble,
    "street": street,
    "hum": hum,
}
