"""Which engines listen, and how: the part of the settings that listening needs."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from clearline.settings import SettingsError, load_settings
from speechqa.errors import EngineError


@dataclass(frozen=True, slots=True)
class ListeningSettings:
    """What an operator can set for listening.

    ``model``: a Whisper model folder (CTranslate2) or a name that faster-whisper downloads, None for the packaged
    English one. ``vosk_model``: a Vosk model folder; when set and ``model`` is not, Vosk recognises. ``language``:
    two-letter code, None for what the call record or the model says. ``threads`` 0 lets the engine take every core.
    """

    model: str | None = None
    vosk_model: Path | None = None
    language: str | None = None
    beam_size: int = 1
    threads: int = 0

    @classmethod
    def read(cls, *, model: str | None = None, language: str | None = None) -> ListeningSettings:
        """From the installation's settings (file, environment); what is given here wins. Raises EngineError."""
        try:
            settings = load_settings()
        except SettingsError as error:
            raise EngineError(f"{str(error).rstrip('.')}.") from None
        return cls(
            model=model or settings.listening.model,
            vosk_model=settings.vosk_model,
            language=language or settings.listening.language,
        )
