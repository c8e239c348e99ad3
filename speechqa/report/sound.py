"""The call's sound as one small file that every browser plays: stereo MP3, customer left, agent right.

A mono recording sounds the same on both sides.

MP3 because it is the one compressed format that Chromium, Firefox and Safari all play; 16 kHz because narrower rates
need MPEG-2.5, which not every decoder knows; constant bit rate because seeking is then exact.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import BinaryIO

import numpy as np
import soundfile
import soxr

from speechqa.report.waveform import ReportAudio, Samples, Track

SAMPLE_RATE_HZ = 16_000
BIT_RATE_KBPS = 48
_MPEG2_KBPS = (8, 160)  # the range that libsndfile maps its compression level on, at this sample rate
_BLOCK_S = 10


def write_mp3(audio: ReportAudio, out: BinaryIO) -> None:
    """Write the stereo MP3 of both sides; there must be a sample on one of them."""
    lowest, highest = _MPEG2_KBPS
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


def _blocks(audio: ReportAudio) -> Iterator[Samples]:
    """Both sides at the file's rate, block by block: shape ``(samples, 2)``, customer and agent."""
    resampler = soxr.ResampleStream(audio.sample_rate_hz, SAMPLE_RATE_HZ, 2, dtype="float32")
    step = _BLOCK_S * audio.sample_rate_hz
    played = (audio.mixed, audio.mixed) if audio.mixed is not None else (audio.customer, audio.agent)
    sides = [_even(side, step) for side in played]
    for start in range(0, audio.samples, step):
        stop = min(start + step, audio.samples)
        stereo = np.stack([next(side)[: stop - start] for side in sides], axis=1)
        yield resampler.resample_chunk(stereo, last=stop == audio.samples)


def _even(side: Track | None, step: int) -> Iterator[Samples]:
    """A track in blocks of ``step`` finite samples, silence without end after it."""
    rest = np.zeros(0, np.float32)
    for block in side.blocks() if side is not None else ():
        sound = np.clip(np.nan_to_num(block, nan=0.0, posinf=0.0, neginf=0.0), -1.0, 1.0)
        rest = np.concatenate([rest, sound])
        while len(rest) >= step:
            yield rest[:step]
            rest = rest[step:]
    yield np.pad(rest, (0, step - len(rest)))
    while True:
        yield np.zeros(step, np.float32)
