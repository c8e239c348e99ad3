"""Typed stand-ins for voices."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from ivr.prompting.synthesize import Audio

BRAND = """\
name: Acme
level_dbov: -24
pauses:
  sentence: 350ms
voices:
  en:
    engine: espeak
    voice: en-us
    speed: 1
"""


@dataclass
class ToneVoice:
    """Fits ``Synthesizer``: hums between silences, 60 ms per character, and remembers what it was asked."""

    rate: int = 22050
    gain: float = 0.2
    natural: bool = False
    version: str = "tone 1"
    asked: list[tuple[str, float]] = field(default_factory=list)

    def synthesize(self, text: str, *, speed: float = 1.0) -> Audio:
        self.asked.append((text, speed))
        time = np.arange(round(0.06 * len(text) / speed * self.rate)) / self.rate
        hum = self.gain * np.sin(2 * np.pi * 220 * time) * (1 + 0.5 * np.sin(2 * np.pi * 4 * time))
        quiet = np.zeros(round(0.3 * self.rate))
        return Audio(np.concatenate([quiet, hum, quiet]).astype(np.float32), self.rate)
