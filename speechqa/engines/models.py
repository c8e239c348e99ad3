"""Which recogniser listens, from the settings."""

from __future__ import annotations

from speechqa.engines.asr import Recognizer
from speechqa.engines.vosk import VoskRecognizer
from speechqa.engines.whisper import MULTILINGUAL_HINT, WhisperRecognizer
from speechqa.errors import LanguageUnsupported
from speechqa.settings import ListeningSettings


def find_recognizer(settings: ListeningSettings) -> Recognizer:
    """Vosk when a Vosk model is set, Whisper otherwise; ``model`` given along with it wins.

    Raises an EngineError with one sentence when the model cannot serve the language that was asked for.
    """
    recognizer: Recognizer
    if settings.vosk_model is not None and settings.model is None:
        recognizer = VoskRecognizer(settings.vosk_model, settings.language)
    else:
        recognizer = WhisperRecognizer(
            settings.model, beam_size=settings.beam_size, threads=settings.threads, cache=settings.cache
        )
    for language in settings.named_languages:
        if not recognizer.accepts(language):
            raise LanguageUnsupported(
                f"The recogniser ({recognizer.name}) does not know the language {language!r}; {MULTILINGUAL_HINT}."
            )
    return recognizer
