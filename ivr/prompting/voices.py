"""Natural voices that can be installed for languages which come with a robot's voice alone. Pure."""

from __future__ import annotations

PIPER = {
    "uk": "uk_UA-ukrainian_tts-medium",
    "ru": "ru_RU-irina-medium",
    "nb": "no_NO-talesyntese-medium",
    "ro": "ro_RO-mihai-medium",
    "en": "en_US-lessac-medium",
    "de": "de_DE-thorsten-medium",
    "es": "es_ES-davefx-medium",
    "fr": "fr_FR-siwis-medium",
    "pl": "pl_PL-darkman-medium",
    "sv": "sv_SE-nst-medium",
}
"""A published Piper voice of each; Piper's own list has more, and has had none for Lithuanian."""


def install(language: str, folder: str) -> str | None:
    """The command that fetches a natural voice into a brand's folder; None where we know of none."""
    name = PIPER.get(language.split("-")[0])
    return f"python -m piper.download_voices {name} --download-dir {folder}/voices/{language}" if name else None


def how_to_get(language: str, folder: str) -> str:
    """The command and the line to write; what to do where there is no such voice."""
    command = install(language, folder)
    if command is None:
        return (
            "Piper has no voice for it that we know: record the prompts"
            f" (ivr prompts script --brand {folder} --language {language} prints what to read)."
        )
    return (
        f"Install one: {command};"
        f" then write {language}: {{engine: piper, voice: voices/{language}}} under voices: in brand.yaml."
    )
