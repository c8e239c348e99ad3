"""Sounds that tests make: speech-like noise with exact edges, files of every kind."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import soundfile

from speechqa.audio import Samples

RATE_HZ = 8000


def noise(duration_s: float, level_db: float, *, rate_hz: int = RATE_HZ, seed: int = 1) -> Samples:
    """White noise of ``level_db`` relative to full scale."""
    count = round(duration_s * rate_hz)
    return (np.random.default_rng(seed).normal(size=count) * 10 ** (level_db / 20)).astype(np.float32)


def bursts(duration_s: float, *spans: tuple[float, float], level_db: float = -20.0, floor_db: float = -65.0) -> Samples:
    """A noise floor with loud stretches."""
    sound = noise(duration_s, floor_db)
    for number, (start, end) in enumerate(spans):
        loud = noise(end - start, level_db, seed=10 + number)
        sound[round(start * RATE_HZ) :][: len(loud)] += loud
    return sound


def write(path: Path, *channels: Samples, rate_hz: int = RATE_HZ, subtype: str = "PCM_16") -> Path:
    """Write channels to a sound file, whose kind is that of its name."""
    soundfile.write(path, np.stack(channels, axis=1), rate_hz, subtype=subtype)
    return path
