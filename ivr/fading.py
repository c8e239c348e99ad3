"""Music that is looped, and fades instead of stopping: frames of PCM16 whose gain moves a little with every sample.

Pure: no clock, no port. The gain follows a quarter of a sine squared, which has no corner at either end.
"""

from __future__ import annotations

import math
from array import array

RATE_HZ = 8000
FADE_S = 0.12
"""Long enough to be heard as a fade and not as a cut, short enough to be over before the first word is."""
STEPS = round(FADE_S * RATE_HZ)
GAINS = tuple(math.sin(math.pi / 2 * step / STEPS) ** 2 for step in range(STEPS + 1))


class FadingLoop:
    """Samples (8 kHz mono PCM16, at least one) for ever, from where they were left; silent until ``swell``."""

    def __init__(self, samples: array[int]) -> None:
        if not samples:
            raise ValueError("there is no sound to loop: give at least one sample")
        self._samples = samples
        self._at = 0
        self._step = 0
        self._swelling = False

    @property
    def silent(self) -> bool:
        """Faded out, and not told to come back."""
        return self._step == 0 and not self._swelling

    def swell(self) -> None:
        """Come back from whatever loudness it has now."""
        self._swelling = True

    def fade(self) -> None:
        """Go, from whatever loudness it has now."""
        self._swelling = False

    def frame(self, count: int) -> bytes:
        """The next so many samples; silence does not move it on."""
        if self.silent:
            return bytes(2 * count)
        if self._swelling and self._step == STEPS:
            return self._next(count).tobytes()
        return self._ramp(count)

    def _next(self, count: int) -> array[int]:
        taken = self._samples[self._at : self._at + count]
        while len(taken) < count:
            taken += self._samples[: count - len(taken)]
        self._at = (self._at + count) % len(self._samples)
        return taken

    def _ramp(self, count: int) -> bytes:
        towards = 1 if self._swelling else -1
        samples = self._next(count)
        for index, sample in enumerate(samples):
            self._step = min(STEPS, max(0, self._step + towards))
            samples[index] = round(sample * GAINS[self._step])
        return samples.tobytes()
