"""Sound as a small file that every browser plays: MP3, the one compressed format of Chromium, Firefox and Safari.

16 kHz is the least: narrower rates need MPEG-2.5, which not every decoder knows. The bit rate is constant, so that
seeking is exact.
"""

from __future__ import annotations

from typing import Any, BinaryIO

_MPEG2_KBPS = (8, 160)
"""The range that libsndfile maps its compression level on, at 16 to 24 kHz."""


def mp3_file(out: BinaryIO, rate_hz: int, channels: int, kbps: int) -> Any:
    """A ``soundfile.SoundFile`` to write samples of shape (n,) or (n, channels) to; to be used in a ``with``."""
    import soundfile

    lowest, highest = _MPEG2_KBPS
    return soundfile.SoundFile(
        out,
        "w",
        samplerate=rate_hz,
        channels=channels,
        format="MP3",
        subtype="MPEG_LAYER_III",
        bitrate_mode="CONSTANT",
        compression_level=(highest - kbps) / (highest - lowest),
    )
