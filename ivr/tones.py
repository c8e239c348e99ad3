"""Sounds that the line makes itself: silence, the beep before a message, the ringing a caller hears during a transfer.

All files are 8 kHz mono PCM16 WAV.
"""

from __future__ import annotations

import math
import wave
from array import array
from pathlib import Path

RATE_HZ = 8000
PEAK = 3200  # -20 dBFS, below the level of the prompts


def tone(hz: float, seconds: float, peak: int = PEAK) -> array[int]:
    """A sine with 10 ms fades, as PCM16 samples."""
    count = round(seconds * RATE_HZ)
    fade = RATE_HZ // 100
    step = 2 * math.pi * hz / RATE_HZ
    return array(
        "h",
        (round(peak * min(1.0, i / fade, (count - 1 - i) / fade) * math.sin(step * i)) for i in range(count)),
    )


def silence(seconds: float) -> array[int]:
    """Digital silence as PCM16 samples."""
    return array("h", bytes(2 * round(seconds * RATE_HZ)))


def write_wav(path: Path, samples: array[int]) -> None:
    """Write PCM16 samples as a WAV file."""
    with wave.open(str(path), "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(RATE_HZ)
        file.writeframes(samples.tobytes())


def read_wav(path: Path) -> array[int]:
    """The samples of such a file; raises OSError, or ``wave.Error`` for another kind of file."""
    with wave.open(str(path), "rb") as file:
        if (file.getframerate(), file.getnchannels(), file.getsampwidth()) != (RATE_HZ, 1, 2):
            raise wave.Error(f"{path} is not 8 kHz mono PCM16")
        samples = array("h")
        samples.frombytes(file.readframes(file.getnframes()))
        return samples


def write_silence(path: Path, seconds: float) -> None:
    """A file of silence."""
    write_wav(path, silence(seconds))


def write_beep(path: Path) -> None:
    """The beep before a message: 1000 Hz for 0.25 s."""
    write_wav(path, tone(1000, 0.25))


def write_ringing(path: Path) -> None:
    """Ringing in Europe's pitch and length, 425 Hz for 1 s; made to be looped.

    The pause is 2.7 s, a little less than telephone exchanges make: who waits is never left in silence for 3 s.
    """
    write_wav(path, silence(0.1) + tone(425, 1.0) + silence(2.6))
