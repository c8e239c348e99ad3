"""Natural voices that can be installed for languages which come with a robot's voice alone."""

from __future__ import annotations

PIPER = {
    "uk": "uk_UA-ukrainian_tts-medium",
    "ru": "ru_RU-irina-medium",
    "nb": "no_NO-talesyntese-medium",
    "ro": "ro_RO-mihai-medium",
    "de": "de_DE-thorsten-medium",
    "fr": "fr_FR-siwis-medium",
    "es": "es_ES-davefx-medium",
    "pl": "pl_PL-gosia-medium",
    "en": "en_US-lessac-medium",
}
"""A published Piper voice of each; Lithuanian has none."""


def how_to_get(language: str, folder: str) -> str:
    """The command that installs a voice into a brand's folder and the line to write; what to do where none exists."""
    code = language.split("-")[0]
    if code not in PIPER:
        return (
            "Piper has no voice for it that we know: record the prompts"
            f" (ivr prompts script --brand {folder} --language {language} prints what to read)."
        )
    where = f"{folder}/voices/{language}"
    return (
        f"Install one: python -m piper.download_voices {PIPER[code]} --download-dir {where};"
        f" then write {language}: {{engine: piper, voice: voices/{language}}} under voices: in brand.yaml."
    )
