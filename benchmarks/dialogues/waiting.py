"""What a line sounds like while nobody speaks: music of several kinds, tones of several countries, keys.

Made from sines, noise and a vowel filter at 8 kHz, band-limited and through G.711; everything follows from the seed.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import partial
from typing import Any

import numpy as np
import numpy.typing as npt
from scipy.signal import butter, lfilter, sosfilt

from benchmarks.dialogues.lay import RATE, Samples
from benchmarks.hearing import through_g711

Sound = npt.NDArray[np.float64]
Chance = np.random.Generator
CHORDS = ((60, 64, 67), (57, 60, 64), (65, 69, 72), (55, 59, 62))
TUNE = (72, 71, 69, 67, 69, 71, 72, 74, 76, 74, 72, 71)
VOWELS = ((730, 1090, 2440), (270, 2290, 3010), (570, 840, 2410), (530, 1840, 2480), (300, 870, 2240))
KEYS = [(low, high) for low in (697, 770, 852, 941) for high in (1209, 1336, 1477, 1633)]


def made(name: str, duration_s: float, seed: int = 0, *, level_db: float = -20.0, noise_db: float = -66.0) -> Samples:
    """The named sound as a telephone line carries it, its loud parts at ``level_db`` (dB of full scale)."""
    chance = np.random.default_rng([seed, sum(map(ord, name))])
    raw = ({**MUSIC, **TONES})[name](duration_s, chance)
    band = sosfilt(butter(4, (250, 3500), "bandpass", fs=RATE, output="sos"), raw)
    band *= 10 ** (level_db / 20) / np.sqrt(np.mean(band[np.abs(band) > 1e-4] ** 2))
    return through_g711((band + 10 ** (noise_db / 20) * chance.standard_normal(len(band))).astype(np.float32))


def _hz(note: float) -> float:
    return float(440.0 * 2 ** ((note - 69) / 12))


def _times(duration_s: float) -> Sound:
    return np.arange(round(duration_s * RATE)) / RATE


def _empty(duration_s: float) -> Sound:
    return np.zeros(round(duration_s * RATE))


def _add(sound: Sound, at_s: float, part: Sound) -> None:
    start = round(at_s * RATE)
    part = part[: max(0, len(sound) - start)]
    sound[start : start + len(part)] += part


def _note(note: float, duration_s: float, harmonics: Sequence[float], attack: float, decay: float) -> Sound:
    t, hz = _times(duration_s), _hz(note)
    waves = sum(w * np.sin(2 * np.pi * k * hz * t) for k, w in enumerate(harmonics, 1) if k * hz < 3900)
    return np.asarray(waves * np.minimum(1, t / attack) * np.exp(-t / decay))


def _pad(duration_s: float, chance: Chance) -> Sound:
    sound = _empty(duration_s)
    for bar in range(int(duration_s / 4) + 1):
        for note in CHORDS[bar % 4]:
            _add(sound, bar * 4.0, _note(note, 4.2, (1, 0.5, 0.3, 0.2), 0.4, 6))
    return sound


def _piano(duration_s: float, chance: Chance) -> Sound:
    sound = _empty(duration_s)
    for i in range(int(duration_s / 0.28)):
        chord = CHORDS[(i // 8) % 4]
        note = chord[(0, 1, 2, 1)[i % 4]] + 12 * (i % 8 > 3)
        touch = chance.uniform(0.6, 1)
        _add(
            sound,
            abs(i * 0.28 + chance.normal(0, 0.008)),
            touch * _note(note, 1.2, (1, 0.6, 0.35, 0.2, 0.12), 0.004, 0.35),
        )
        if i % 8 == 0:
            _add(sound, i * 0.28, _note(chord[0] - 24, 2.2, (1, 0.7, 0.4, 0.2), 0.005, 0.8))
    return sound


def _drums(duration_s: float, chance: Chance) -> Sound:
    sound, half_beat = _empty(duration_s), 60 / 112 / 2
    for i in range(int(duration_s / half_beat)):
        hat = _times(0.05)
        _add(sound, i * half_beat, 0.25 * chance.standard_normal(len(hat)) * np.exp(-hat / 0.012))
        if i % 4 == 0:
            t = _times(0.18)
            _add(
                sound,
                i * half_beat,
                1.2 * np.sin(2 * np.pi * (60 + 90 * np.exp(-t / 0.03)) * t) * np.exp(-t / 0.07),
            )
        if i % 4 == 2:
            t = _times(0.15)
            _add(sound, i * half_beat, 0.7 * chance.standard_normal(len(t)) * np.exp(-t / 0.04))
    return sound


def _pop(duration_s: float, chance: Chance) -> Sound:
    sound, beat = 0.8 * _drums(duration_s, chance) + 0.5 * _pad(duration_s, chance), 60 / 112
    for i in range(int(duration_s / beat)):
        root = CHORDS[int(i * beat / 4) % 4][0]
        _add(sound, i * beat, 0.9 * _note(root - 24, beat * 0.9, (1, 0.6, 0.3), 0.005, 0.5))
    return sound


def _sung(duration_s: float, chance: Chance) -> Sound:
    """A lead that sings: pulses with vibrato, slides and consonant gaps, through changing vowels."""
    sound, at_s, step, before = _empty(duration_s), 0.2, 3, None
    while at_s < duration_s - 0.1:
        step = int(np.clip(step + chance.integers(-2, 3), 0, 7))
        length_s, hz = float(chance.choice([0.3, 0.45, 0.6, 0.9])), _hz((60, 62, 64, 65, 67, 69, 71, 72)[step] - 5)
        _add(sound, at_s, _sung_note(hz, before, length_s, chance))
        before = hz
        at_s += length_s + (float(chance.uniform(0.03, 0.12)) if chance.random() < 0.6 else 0)
        if chance.random() < 0.12:
            at_s, before = at_s + float(chance.uniform(0.4, 0.9)), None
    return sound


def _sung_note(hz: float, before_hz: float | None, length_s: float, chance: Chance) -> Sound:
    t = _times(length_s)
    pitch = hz * (1 + 0.018 * np.sin(2 * np.pi * 5.6 * t) * np.minimum(1, t / 0.15))
    pitch = pitch + ((before_hz or hz) - hz) * np.exp(-t / 0.03)
    pulses = np.diff(np.concatenate([[0], np.floor(np.cumsum(pitch) / RATE)])) + 0.01 * chance.standard_normal(len(t))
    voice = lfilter([1], [1, -0.9], pulses)
    for formant_hz, width_hz in zip(VOWELS[chance.integers(5)], (80, 100, 140), strict=True):
        r = np.exp(-np.pi * width_hz / RATE)
        voice = lfilter([1], [1, -2 * r * np.cos(2 * np.pi * formant_hz / RATE), r * r], voice)
    shape = np.minimum(1, np.minimum(t / 0.04, (length_s - t) / 0.06)).clip(0)
    return np.asarray(voice / (np.abs(voice).max() + 1e-9) * shape)


def _song(duration_s: float, chance: Chance) -> Sound:
    return 1.1 * _sung(duration_s, chance) + 0.55 * _pop(duration_s, chance)


def _strings(duration_s: float, chance: Chance) -> Sound:
    sound, at_s, i = 0.4 * _pad(duration_s, chance), 0.0, 0
    while at_s < duration_s:
        length_s = (0.8, 0.4, 0.4, 1.2)[i % 4]
        _add(sound, at_s, _note(TUNE[i % 12], length_s, (1, 0.8, 0.6, 0.5, 0.3, 0.2), 0.06, 3))
        at_s, i = at_s + length_s, i + 1
    return sound


def _waltz(duration_s: float, chance: Chance) -> Sound:
    sound = _empty(duration_s)
    for i in range(int(duration_s / 0.42)):
        chord = CHORDS[(i // 6) % 4]
        if i % 3 == 0:
            _add(sound, i * 0.42, _note(chord[0] - 12, 0.5, (1, 0.8, 0.6, 0.4, 0.3), 0.01, 0.25))
        else:
            for note in chord:
                _add(sound, i * 0.42, 0.5 * _note(note, 0.25, (1, 0.7, 0.5, 0.3), 0.01, 0.15))
        lead = chord[i % 3] + 12 + 2 * int(chance.integers(0, 2))
        _add(sound, i * 0.42, 0.6 * _note(lead, 0.4, (1, 0.3, 0.5, 0.2, 0.3), 0.02, 0.5))
    return sound


def _cadence(duration_s: float, chance: Chance, *, lines: Sequence[float], on_off: Sequence[float]) -> Sound:
    sound, at_s, i = _empty(duration_s), 0.0, 0
    while at_s < duration_s:
        length_s = on_off[i % len(on_off)]
        if i % 2 == 0:
            _add(sound, at_s, _lines(lines, length_s))
        at_s, i = at_s + length_s, i + 1
    return sound


def _lines(lines: Sequence[float], duration_s: float) -> Sound:
    t = _times(duration_s)
    return np.asarray(sum(np.sin(2 * np.pi * hz * t) for hz in lines) / len(lines))


def _keys(duration_s: float, chance: Chance, *, on_s: float) -> Sound:
    sound, at_s = _empty(duration_s), 0.1
    while at_s < duration_s - on_s:
        _add(sound, at_s, _lines(KEYS[chance.integers(16)], on_s))
        at_s += 2 * on_s
    return sound


def _information(duration_s: float, chance: Chance) -> Sound:
    sound, at_s = _empty(duration_s), 0.3
    while at_s < duration_s - 1.2:
        for hz in (950, 1400, 1800):
            _add(sound, at_s, _lines([hz], 0.33))
            at_s += 0.33
        at_s += 1.0
    return sound


def _tone(lines: Sequence[float], *on_off: float) -> Callable[[float, Chance], Sound]:
    return partial(_cadence, lines=lines, on_off=on_off)


MUSIC: Mapping[str, Callable[[float, Chance], Sound]] = {
    "pad": _pad,
    "piano": _piano,
    "pop with drums": _pop,
    "song with a lead voice": _song,
    "strings": _strings,
    "waltz": _waltz,
    "lead voice alone": _sung,
    "drums alone": _drums,
}
TONES: Mapping[str, Any] = {
    "ringing, US": _tone((440, 480), 2, 4),
    "ringing, UK": _tone((400, 450), 0.4, 0.2, 0.4, 2),
    "ringing, Europe": _tone((425,), 1, 4),
    "ringing, France": _tone((440,), 1.5, 3.5),
    "ringing, Japan": _tone((392, 408), 1, 2),
    "busy, US": _tone((480, 620), 0.5, 0.5),
    "busy, Europe": _tone((425,), 0.5, 0.5),
    "busy, UK": _tone((400,), 0.375, 0.375),
    "reorder, US": _tone((480, 620), 0.25, 0.25),
    "dial, US": _tone((350, 440), 30, 1),
    "beeps": _tone((1400,), 0.4, 4.6),
    "special information": _information,
    "keys, 90 ms": partial(_keys, on_s=0.09),
    "keys, 50 ms": partial(_keys, on_s=0.05),
}
