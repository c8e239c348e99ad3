"""The call's sound as one small file that every browser plays: stereo MP3, customer left, agent right.

MP3 because it is the one compressed format that Chromium, Firefox and Safari all play; 16 kHz because narrower rates
need MPEG-2.5, which not every decoder knows; constant bit rate because seeking is then exact.
"""

from __future__ import annotations

import io
from collections.abc import Iterator

import numpy as np
import soundfile
import soxr

from speechqa.report.waveform import ReportAudio, Samples

SAMPLE_RATE_HZ = 16_000
BIT_RATE_KBPS = 48
_MPEG2_KBPS = (8, 160)  # the range that libsndfile maps its compression level on, at this sample rate
_BLOCK_S = 10


def mp3(audio: ReportAudio) -> bytes:
    """The stereo MP3 of both sides; empty when neither has a sample."""
    if not audio.samples:
        return b""
    lowest, highest = _MPEG2_KBPS
    out = io.BytesIO()
    with soundfile.SoundFile(
        out,
        "w",
        samplerate=SAMPLE_RATE_HZ,
        channels=2,
        format="MP3",
        subtype="MPEG_LAYER_III",
        bitrate_mode="CONSTANT",
        compression_level=(highest - BIT_RATE_KBPS) / (highest - lowest),
    ) as file:
        for block in _blocks(audio):
            file.write(block)
    return out.getvalue()


def _blocks(audio: ReportAudio) -> Iterator[Samples]:
    """Both sides at the file's rate, block by block: an hour of stereo floats is never held twice."""
    resampler = soxr.ResampleStream(audio.sample_rate_hz, SAMPLE_RATE_HZ, 2, dtype="float32")
    step = _BLOCK_S * audio.sample_rate_hz
    for start in range(0, audio.samples, step):
        stop = min(start + step, audio.samples)
        yield resampler.resample_chunk(_stereo(audio, start, stop), last=stop == audio.samples)


def _stereo(audio: ReportAudio, start: int, stop: int) -> Samples:
    """Shape ``(stop - start, 2)``: customer, agent; a missing or shorter side is silence."""
    block = np.zeros((stop - start, 2), np.float32)
    for column, side in enumerate((audio.customer, audio.agent)):
        if side is not None:
            part = np.nan_to_num(side[start:stop], nan=0.0, posinf=0.0, neginf=0.0)
            block[: len(part), column] = np.clip(part, -1.0, 1.0)
    return block
