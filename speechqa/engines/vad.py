"""Voice activity: how likely each moment of a channel is speech.

``SileroVad`` runs the Silero weights that ship with faster-whisper on onnxruntime, in sequence form: many windows per
call, the recurrent state carried from block to block. Its decisions are good and its edges are not (a window is 32 ms
and the network reacts late), so ``edges.py`` takes only the decision from here and the edges from the energy. At
8 kHz input is resampled to 16 kHz: the native 8 kHz form places offsets four times worse.
"""

from __future__ import annotations

from collections.abc import Iterable
from functools import cached_property
from pathlib import Path
from typing import Any, Protocol

import numpy as np
import numpy.typing as npt

from speechqa.audio import Samples
from speechqa.errors import ModelMissing

Probabilities = npt.NDArray[np.float32]


class VoiceActivity(Protocol):
    """What listening needs of a voice activity detector."""

    @property
    def name(self) -> str:
        """Name and version, for the record."""

    @property
    def rate_hz(self) -> int:
        """The sample rate that it wants."""

    @property
    def hop_s(self) -> float:
        """Seconds per probability."""

    def probabilities(self, blocks: Iterable[Samples]) -> Probabilities:
        """One probability of speech (0-1) per hop of one continuous stretch of sound given in blocks."""


class SileroVad:
    """Silero VAD 6 (MIT) through onnxruntime, one thread."""

    name = "silero-vad 6 + energy edges"
    rate_hz = 16_000
    window = 512
    context = 64
    hop_s = window / rate_hz

    @cached_property
    def _session(self) -> Any:
        import onnxruntime

        weights = _weights()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 4
        return onnxruntime.InferenceSession(str(weights), sess_options=options, providers=["CPUExecutionProvider"])

    def probabilities(self, blocks: Iterable[Samples]) -> Probabilities:
        """See ``VoiceActivity``; a last incomplete window is filled with silence."""
        state = np.zeros((2, 1, 1, 128), np.float32)
        before = np.zeros(self.context, np.float32)
        rest = np.zeros(0, np.float32)
        out: list[Probabilities] = []
        for block in blocks:
            joined = np.concatenate([rest, block])
            whole = len(joined) // self.window * self.window
            rest = joined[whole:]
            if whole:
                likely, state, before = self._run(joined[:whole], state, before)
                out.append(likely)
        if len(rest):
            out.append(self._run(np.pad(rest, (0, self.window - len(rest))), state, before)[0])
        return np.concatenate(out) if out else np.zeros(0, np.float32)

    def _run(
        self, samples: Samples, state: npt.NDArray[np.float32], before: Samples
    ) -> tuple[Probabilities, npt.NDArray[np.float32], Samples]:
        windows = samples.reshape(-1, self.window)
        contexts = np.concatenate([before[None], windows[:-1, -self.context :]])
        likely, hidden, cell = self._session.run(
            None, {"input": np.concatenate([contexts, windows], axis=1), "h": state[0], "c": state[1]}
        )
        return likely.reshape(-1), np.stack([hidden, cell]), samples[-self.context :]


def _weights() -> Path:
    from importlib.util import find_spec

    found = find_spec("faster_whisper")
    for folder in (found.submodule_search_locations or []) if found else []:
        for weights in sorted(Path(folder, "assets").glob("silero_vad*.onnx"), reverse=True):
            return weights
    raise ModelMissing("The Silero VAD weights are missing; reinstall the package faster-whisper, which carries them.")
