"""The packaged recogniser as prompts need it: what is said in a short, clean recording, and where its models are."""

from __future__ import annotations

import os
import zlib
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from clearline.packaged import packaged_multilingual, packaged_whisper

MODEL_HZ = 16_000
BEAM = 5
LOOP_TOKENS = 3
"""Text that shrinks to less than a third when compressed is a loop; then no three tokens may come twice."""
_CODES = {"nb": "no", "nn": "no"}


def is_english(language: str) -> bool:
    """Whether the English model hears it: also ``en-GB``."""
    return language.split("-")[0] == "en"


def packaged_folder(language: str, models: Path) -> str | None:
    """The folder of the packaged model for a language, put together below ``models``; None where there is none.

    Raises ``PackagedModelBroken``.
    """
    if is_english(language):
        return packaged_whisper()
    folder = packaged_multilingual(models)
    return str(folder) if folder else None


def loops(heard: str) -> bool:
    """Whether a recogniser fell into repeating itself, as Whisper does on sound that it does not understand."""
    text = heard.encode()
    return len(text) > LOOP_TOKENS * len(zlib.compress(text))


class Whisper:
    """A model in a folder; loaded when it first listens, which raises RuntimeError, ValueError or OSError."""

    def __init__(self, folder: str) -> None:
        self._folder = folder

    def words(self, samples: npt.NDArray[np.float32], language: str, no_speech: float = 1.0) -> str:
        """The words in mono samples at ``MODEL_HZ``, without what is no speech by more than ``no_speech``.

        Where it repeats itself it listens once more with that forbidden.
        """
        heard = self._words(samples, language, no_speech)
        return self._words(samples, language, no_speech, no_repeat_ngram_size=LOOP_TOKENS) if loops(heard) else heard

    def _words(self, samples: npt.NDArray[np.float32], language: str, no_speech: float, **options: int) -> str:
        code = language.split("-")[0]
        segments, _ = self._model.transcribe(
            samples,
            language=_CODES.get(code, code),
            beam_size=BEAM,
            temperature=0.0,
            condition_on_previous_text=False,
            **options,
        )
        return " ".join(segment.text.strip() for segment in segments if segment.no_speech_prob <= no_speech)

    @cached_property
    def _model(self) -> Any:
        from faster_whisper import WhisperModel

        return WhisperModel(self._folder, device="cpu", compute_type="int8", cpu_threads=os.cpu_count() or 1)
