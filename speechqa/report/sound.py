"""The call's sound as one small file that every browser plays: stereo MP3, customer left, agent right.

A mono recording sounds the same on both sides.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import BinaryIO

import numpy as np
import soxr

from clearline.mp3 import mp3_file
from speechqa.report.waveform import ReportAudio, Samples, Track

SAMPLE_RATE_HZ = 16_000
BIT_RATE_KBPS = 48
_BLOCK_S = 10


def write_mp3(audio: ReportAudio, out: BinaryIO, done: Callable[[float], None] = lambda share: None) -> None:
    """Write the stereo MP3 of both sides; there must be a sample on one of them. ``done`` is told the share."""
    blocks = -(-audio.samples // (_BLOCK_S * audio.sample_rate_hz))
    with mp3_file(out, SAMPLE_RATE_HZ, 2, BIT_RATE_KBPS) as file:
        for number, block in enumerate(_blocks(audio), start=1):
            file.write(block)
            done(number / blocks)


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
