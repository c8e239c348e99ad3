"""Vosk (Kaldi): any model folder that the operator supplies; word times and confidences, no punctuation."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from speechqa.audio import Samples
from speechqa.engines.asr import RATE_HZ, Spoken, Transcript
from speechqa.errors import ModelBroken, ModelMissing
from speechqa.languages import UNDETERMINED

NAMED_LANGUAGE = re.compile(r"vosk[-_]model(?:[-_](?:small|big|spk))?[-_]([a-z]{2})(?![a-z])")
STEP = RATE_HZ // 4


class VoskRecognizer:
    """A Vosk model folder; its language is what the folder's name says, or what the operator says it is.

    The model is loaded at its first use; a missing folder raises ModelMissing at once.
    """

    def __init__(self, folder: Path, language: str | None = None) -> None:
        if not folder.is_dir():
            raise ModelMissing(
                f"There is no Vosk model folder {folder}; download one from alphacephei.com/vosk/models and name it in"
                " VOSK_MODEL."
            )
        self._folder = folder
        named = NAMED_LANGUAGE.findall(str(folder))
        self._language: str | None = named[-1] if named else language

    @property
    def name(self) -> str:
        """The engine and its model, for the record."""
        named = NAMED_LANGUAGE.search(str(self._folder))
        return f"vosk, {self._folder.name if self._folder.name != 'model' or not named else named.group(0)}"

    @property
    def version(self) -> str:
        """The engine's version."""
        from importlib.metadata import version

        return version("vosk")

    @property
    def language(self) -> str | None:
        """The language of the folder's name, or the operator's word for it."""
        return self._language

    @property
    def identifies(self) -> bool:
        """A Vosk model knows one language."""
        return False

    def identify(self, samples: Samples) -> Mapping[str, float]:
        """See ``Recognizer``; there is nothing to tell apart."""
        return {}

    def accepts(self, language: str) -> bool:
        """Whether the model knows this language; a folder whose name says nothing is taken at the operator's word."""
        return self._language is None or language == self._language

    def recognize(self, samples: Samples, language: str | None) -> Transcript:
        """See ``Recognizer``."""
        from vosk import KaldiRecognizer

        decoder = KaldiRecognizer(self._model, RATE_HZ)
        decoder.SetWords(True)
        pcm = (np.clip(samples, -1.0, 1.0) * 32767).astype("<i2")
        results: list[dict[str, Any]] = []
        for start in range(0, len(pcm), STEP):
            if decoder.AcceptWaveform(pcm[start : start + STEP].tobytes()):
                results.append(json.loads(decoder.Result()))
        results.append(json.loads(decoder.FinalResult()))
        words = [word for result in results for word in result.get("result", ())]
        return Transcript(
            tuple(Spoken(w["word"], float(w["start"]), float(w["end"]), float(w["conf"])) for w in words),
            self._language or language or UNDETERMINED,
        )

    @cached_property
    def _model(self) -> Any:
        import vosk

        vosk.SetLogLevel(-1)
        try:
            return vosk.Model(str(self._folder))
        except Exception:  # vosk raises the bare class
            raise ModelBroken(
                f"The folder {self._folder} holds no Vosk model that loads (am/, conf/ and graph/ belong inside);"
                " unpack it again."
            ) from None
