"""English voices of hibari-tts (Apache-2.0): ``heart`` from the package, others when the operator has fetched them."""

from __future__ import annotations

import unicodedata
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

import numpy as np

from ivr.prompting.errors import VoiceError
from ivr.prompting.synthesize import Audio

SEED = 0
"""Fixes the noise component, so that one text always gives the same samples."""


class HibariVoice:
    """One hibari voice; nothing is downloaded on its own."""

    natural = True

    def __init__(self, voice: str, folder: Path) -> None:
        self._voice = voice
        self._model = _model_path(voice)

    @cached_property
    def version(self) -> str:
        """Package version and voice."""
        return f"hibari-tts {version('hibari-tts')} {self._voice}"

    @cached_property
    def _speech(self) -> Any:
        from hibari import Hibari

        return Hibari(self._voice, model=self._model)

    def synthesize(self, text: str, *, speed: float = 1.0) -> Audio:
        """One sentence at 24 kHz."""
        samples = self._speech(text, speed=speed, seed=SEED) if _is_latin(text) else ()
        if not len(samples):
            raise VoiceError(f"The hibari voice {self._voice} cannot say {text!r}: it speaks English only.")
        return Audio(np.asarray(samples, np.float32), self._speech.sample_rate)


def _is_latin(text: str) -> bool:
    return all(unicodedata.name(letter, "").startswith("LATIN") for letter in text if letter.isalpha())


def _model_path(voice: str) -> str:
    from hibari.voices import VOICES, voice_path

    if voice not in VOICES:
        raise VoiceError(f"hibari has no voice {voice!r}; its voices are {', '.join(VOICES)}.")
    try:
        return str(voice_path(voice, download_missing=False))
    except FileNotFoundError:
        raise VoiceError(
            f'The hibari voice {voice!r} is not on this machine; fetch it once with: hibari --voice {voice} "Hello."'
        ) from None
