"""What is said in a recording, by the packaged recogniser: Whisper tiny for English, base for other languages."""

from __future__ import annotations

import os
from functools import cached_property
from pathlib import Path
from typing import Any

from clearline.packaged import PackagedModelBroken, packaged_multilingual, packaged_whisper
from ivr.prompting.errors import RecordingError
from ivr.prompting.render import resampled
from ivr.prompting.synthesize import Audio

MODEL_HZ = 16000


class Transcriber:
    """Loads its model at the first recording."""

    def __init__(self, language: str, cache: Path, model: Path | None = None) -> None:
        self._language = language.split("-")[0]
        self._cache = cache
        self._folder = model

    def __call__(self, audio: Audio) -> str:
        """The words of a recording; raises ``RecordingError`` when there is nothing to recognise them with."""
        segments, _ = self._model.transcribe(
            resampled(audio, MODEL_HZ),
            language="no" if self._language == "nb" else self._language,
            beam_size=5,
            temperature=0.0,
            condition_on_previous_text=False,
        )
        return " ".join(segment.text.strip() for segment in segments if segment.no_speech_prob < 0.6)

    @cached_property
    def _model(self) -> Any:
        from faster_whisper import WhisperModel

        folder = self._folder or self._packaged()
        if folder is None:
            raise RecordingError(
                f"There is no recogniser for {self._language!r}: name the files as their prompts, or give a Whisper "
                "model folder with --model."
            )
        try:
            return WhisperModel(str(folder), device="cpu", compute_type="int8", cpu_threads=os.cpu_count() or 1)
        except (RuntimeError, ValueError, OSError):
            raise RecordingError(f"The Whisper model in {folder} does not load: give another with --model.") from None

    def _packaged(self) -> Path | str | None:
        if self._language == "en":
            return packaged_whisper()
        try:
            return packaged_multilingual(self._cache)
        except PackagedModelBroken as error:
            raise RecordingError(str(error)) from None
