"""Rendered prompts under names that other systems can use: ``8000/en/welcome.wav``, ``16000/en/welcome.wav``."""

from __future__ import annotations

import shutil
from collections.abc import Sequence
from pathlib import Path
from typing import Any

RATES = ("8000", "16000")


def export(pieces: Sequence[Sequence[Any]], cache: Path, out: Path) -> int:
    """Copy each piece ``(language, prompt, number, of, files)``; how many files. Raises OSError.

    A prompt with values has no file of its own: its fixed sentences are ``ID.1.wav``, ``ID.2.wav`` and so on.
    """
    count = 0
    for language, prompt, number, of, files in pieces:
        name = f"{prompt}.wav" if of == 1 else f"{prompt}.{number + 1}.wav"
        for rate, file in zip(RATES, files, strict=True):
            place = out / rate / language
            place.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(cache / file, place / name)
            count += 1
    return count
