"""The engines that understand callers, one small file each with a class that fits ``ivr.hearing.PhraseRecognizer``.

Errors::

    RecognizerMissing   there is no model to recognise speech with, or it does not load; one sentence with the remedy
"""

from __future__ import annotations

from pathlib import Path

from ivr.hearing import PhraseRecognizer
from ivr.recognizing.errors import RecognizerMissing

__all__ = ["RecognizerMissing", "open_recognizer"]


def open_recognizer(vosk_model: Path | None) -> PhraseRecognizer:
    """Vosk with that model folder, or the packaged Whisper model; loads nothing yet. Raises RecognizerMissing."""
    if vosk_model is not None:
        from ivr.recognizing.vosk import VoskPhrases

        return VoskPhrases(vosk_model)
    from ivr.recognizing.whisper import WhisperPhrases

    return WhisperPhrases()
