"""What an operator can set for listening, read once at the edge (environment, prefix ``SPEECHQA_``)."""

from __future__ import annotations

from pathlib import Path

from pydantic import AliasChoices, Field
from pydantic_settings import BaseSettings, SettingsConfigDict


class ListeningSettings(BaseSettings):
    """Which engines listen, and how.

    ``model``: a Whisper model folder (CTranslate2) or a name that faster-whisper downloads, None for the packaged
    English one. ``vosk_model``: a Vosk model folder; when set, Vosk recognises instead. ``language``: two-letter code,
    None for what the call record or the model says. ``threads`` 0 lets the engine take every core.
    """

    model_config = SettingsConfigDict(env_prefix="SPEECHQA_", frozen=True, extra="ignore", populate_by_name=True)

    model: str | None = None
    vosk_model: Path | None = Field(default=None, validation_alias=AliasChoices("VOSK_MODEL", "SPEECHQA_VOSK_MODEL"))
    language: str | None = None
    beam_size: int = Field(default=1, ge=1, le=10)
    threads: int = Field(default=0, ge=0)
