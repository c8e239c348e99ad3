"""What is said in a recording, by the packaged recogniser: Whisper tiny for English, base for other languages."""

from __future__ import annotations

from functools import cached_property
from pathlib import Path

from clearline.packaged import PackagedModelBroken
from ivr.prompting.errors import RecordingError
from ivr.prompting.render import resampled
from ivr.prompting.synthesize import Audio
from ivr.prompting.whisper import MODEL_HZ, Whisper, packaged_folder

NO_SPEECH = 0.6


class Transcriber:
    """Loads its model at the first recording."""

    def __init__(self, language: str, cache: Path, model: Path | None = None) -> None:
        self._language = language
        self._cache = cache
        self._folder = model

    def __call__(self, audio: Audio) -> str:
        """The words of a recording; raises ``RecordingError`` when there is nothing to recognise them with."""
        folder = self._found
        try:
            return self._whisper.words(resampled(audio, MODEL_HZ), self._language, NO_SPEECH)
        except (RuntimeError, ValueError, OSError):
            raise RecordingError(f"The Whisper model in {folder} does not load: give another with --model.") from None

    @cached_property
    def _whisper(self) -> Whisper:
        return Whisper(self._found)

    @cached_property
    def _found(self) -> str:
        try:
            folder = str(self._folder) if self._folder else packaged_folder(self._language, self._cache)
        except PackagedModelBroken as error:
            raise RecordingError(str(error)) from None
        if folder is None:
            raise RecordingError(
                f"There is no recogniser for {self._language!r}: name the files as their prompts, or give a Whisper "
                "model folder with --model."
            )
        return folder
