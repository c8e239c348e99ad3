"""A voice activity detector for made sounds: everything above a level is speech."""

from __future__ import annotations

from collections.abc import Iterable

import numpy as np

from speechqa.audio import Samples
from speechqa.engines.vad import Probabilities


class Threshold:
    """Frames of 32 ms whose level is above -40 dB of full scale."""

    name = "threshold"
    rate_hz = 16_000
    window = 512
    hop_s = window / rate_hz

    def probabilities(self, blocks: Iterable[Samples]) -> Probabilities:
        sound = np.concatenate([*blocks, np.zeros(0, np.float32)])
        frames = np.pad(sound, (0, -len(sound) % self.window)).reshape(-1, self.window)
        return (np.sqrt((frames**2).mean(axis=1)) > 0.01).astype(np.float32)
