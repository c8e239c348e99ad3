"""Vosk (Kaldi), streaming: it listens while the caller speaks, and to the expected phrases alone when there are any.

A phrase with a word that the model does not know cannot be heard; everything outside the phrases becomes ``[unk]``.
"""

from __future__ import annotations

import json
import re
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from ivr.hearing import NOTHING, Understood
from ivr.recognizing.errors import RecognizerMissing

LINE_HZ, MODEL_HZ = 8000, 16000
UNKNOWN = "[unk]"
_NAMED_LANGUAGE = re.compile(r"vosk[-_]model(?:[-_](?:small|big))?[-_]([a-z]{2})(?![a-z])")


class VoskPhrases:
    """A Vosk model folder; its language is what the folder's name says, any language when it says nothing."""

    def __init__(self, folder: Path) -> None:
        if not folder.is_dir():
            raise RecognizerMissing(
                f"There is no Vosk model folder {folder}; name one in VOSK_MODEL, or leave it out for the packaged"
                " English recogniser."
            )
        self._folder = folder
        named = _NAMED_LANGUAGE.findall(str(folder))
        self._language = named[-1] if named else None

    def accepts(self, language: str) -> bool:
        """See ``PhraseRecognizer``."""
        return self._language in (None, language.partition("-")[0])

    def load(self) -> None:
        """See ``PhraseRecognizer``."""
        _ = self._model

    def begin(self, phrases: tuple[str, ...], language: str) -> VoskUtterance:
        """See ``PhraseRecognizer``."""
        from vosk import KaldiRecognizer

        grammar = [json.dumps([*(phrase.lower() for phrase in phrases), UNKNOWN], ensure_ascii=False)]
        return VoskUtterance(KaldiRecognizer(self._model, MODEL_HZ, *(grammar if phrases else [])))

    @cached_property
    def _model(self) -> Any:
        import vosk

        vosk.SetLogLevel(-1)
        try:
            return vosk.Model(str(self._folder))
        except Exception:  # vosk raises the bare class
            raise RecognizerMissing(
                f"The folder {self._folder} holds no Vosk model that loads (am/, conf/ and graph/ belong inside);"
                " unpack it again."
            ) from None


class VoskUtterance:
    """One utterance in one decoder."""

    def __init__(self, decoder: Any) -> None:
        from soxr import ResampleStream

        decoder.SetWords(True)
        self._decoder = decoder
        self._resampler = ResampleStream(LINE_HZ, MODEL_HZ, 1, dtype="int16")
        self._words: list[dict[str, Any]] = []

    def feed(self, pcm: bytes) -> None:
        """See ``Utterance``."""
        self._accept(self._resampler.resample_chunk(np.frombuffer(pcm, "<i2")))

    def words(self) -> Understood:
        """See ``Utterance``; as sure as its words are on average."""
        self._accept(self._resampler.resample_chunk(np.zeros(0, np.int16), last=True))
        self._take(self._decoder.FinalResult())
        known = [word for word in self._words if word["word"] != UNKNOWN]
        if not known:
            return NOTHING
        return Understood(" ".join(word["word"] for word in known), sum(word["conf"] for word in known) / len(known))

    def _accept(self, samples: Any) -> None:
        if len(samples) and self._decoder.AcceptWaveform(samples.astype("<i2").tobytes()):
            self._take(self._decoder.Result())

    def _take(self, result: str) -> None:
        self._words += json.loads(result).get("result", [])
