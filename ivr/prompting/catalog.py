"""A brand's prompts as data: ``brand.yaml`` (its voices) and one ``<language>.yaml`` per language (its texts).

::

    prompts/<brand>/brand.yaml       voices, level, pauses
    prompts/<brand>/en.yaml          id -> text, or id -> {text, note, file}
    prompts/<brand>/recorded/...     audio files named by ``file:``, relative to the brand's folder

Both are read once and frozen; every mistake is a ``CatalogError`` that names file, line and remedy.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from ivr.prompting.errors import CatalogError, PlaceholderError, UnknownPrompt
from ivr.prompting.placeholders import Template, parse
from ivr.prompting.source import line_of, load_mapping, plain, validated

MAX_TEXT = 2000
"""Characters of one prompt; 20 s of speech are about 300."""

_ID = re.compile(r"[a-z][a-z0-9_]*")
_LANGUAGE = re.compile(r"[a-z]{2,3}(-[A-Za-z0-9]{2,8})*")
_DURATION = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|s)")


def seconds(value: Any) -> Any:
    """``350ms`` or ``0.4s`` as seconds; anything else is left to the type check."""
    if isinstance(value, str):
        match = _DURATION.fullmatch(value)
        if not match:
            raise ValueError(f"{value!r} is not a length of time: write 350ms or 0.4s")
        return float(match[1]) / (1000 if match[2] == "ms" else 1)
    return value


Seconds = Annotated[float, BeforeValidator(seconds), Field(ge=0, le=10)]


class Strict(BaseModel):
    """What a person wrote: unknown keys and wrong types are mistakes."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)


class Voice(Strict):
    """Who speaks. ``speed`` 1 is the voice's own pace; ``pitch`` in semitones moves the whole voice up or down."""

    engine: Literal["hibari", "piper", "espeak"]
    voice: str = Field(min_length=1, max_length=500)
    speed: float = Field(default=1.0, ge=0.5, le=2.0)
    pitch: float = Field(default=0.0, ge=-8, le=8)


class Pauses(Strict):
    """Silence between sentences and between paragraphs (a blank line in the text)."""

    sentence: Seconds = 0.35
    paragraph: Seconds = 0.7


class Brand(Strict):
    """One company's voice. ``name`` is the company as it is spoken."""

    name: str = Field(min_length=1, max_length=200)
    voices: dict[str, Voice] = Field(min_length=1)
    level_dbov: float = Field(default=-24.0, ge=-40, le=-15)
    pauses: Pauses = Pauses()

    @field_validator("voices")
    @classmethod
    def _languages(cls, voices: dict[str, Voice]) -> dict[str, Voice]:
        for language in voices:
            if not _LANGUAGE.fullmatch(language):
                raise ValueError(f"{language!r} is not a language: use a code such as en, uk or pt-BR")
        return voices


class _Entry(Strict):
    text: str
    note: str = ""
    file: str | None = None

    @field_validator("text")
    @classmethod
    def _speakable(cls, text: str) -> str:
        return speakable(text)


def speakable(text: str) -> str:
    """The text itself when a voice can say it; raises ``ValueError``."""
    if not any(character.isalnum() for character in text):
        raise ValueError("the text has no words: write what is to be said")
    if len(text) > MAX_TEXT:
        raise ValueError(f"the text has {len(text)} characters, more than {MAX_TEXT}: split it into several prompts")
    odd = next((c for c in text if not (c.isprintable() or c == "\n")), None)
    if odd is not None:
        raise ValueError(f"the text holds the unspeakable character U+{ord(odd):04X}: remove it")
    return text


@dataclass(frozen=True, slots=True)
class Prompt:
    """One entry of a catalogue; ``file`` is an existing recorded file, which wins over synthesis."""

    id: str
    language: str
    template: Template
    note: str = ""
    file: Path | None = None


@dataclass(frozen=True, slots=True)
class Catalog:
    """A brand and all its prompts by language and id."""

    folder: Path
    brand: Brand
    prompts: Mapping[str, Mapping[str, Prompt]]

    def prompt(self, prompt: str, language: str) -> Prompt:
        """The entry, or ``UnknownPrompt``."""
        if language not in self.prompts:
            known = ", ".join(sorted(self.prompts))
            raise UnknownPrompt(f"{self.folder} has no prompts in {language!r}, only in {known}: add {language}.yaml.")
        if prompt not in self.prompts[language]:
            file = self.folder / f"{language}.yaml"
            raise UnknownPrompt(f"{file} has no prompt {prompt!r}: add it with its text.")
        return self.prompts[language][prompt]


def load_catalog(folder: Path) -> Catalog:
    """Read ``brand.yaml`` and every ``<language>.yaml`` beside it."""
    if not folder.is_dir():
        raise CatalogError(f"{folder}: there is no such brand folder: give a folder with a brand.yaml.")
    path = folder / "brand.yaml"
    root = load_mapping(path)
    brand = validated(Brand, root, path, root)
    files = sorted(file for file in folder.glob("*.yaml") if file.name != "brand.yaml")
    if not files:
        raise CatalogError(f"{folder}: there is no catalogue beside brand.yaml: write one, such as en.yaml.")
    return Catalog(folder, brand, {file.stem: _language(file, brand) for file in files})


def _language(path: Path, brand: Brand) -> Mapping[str, Prompt]:
    if path.stem not in brand.voices:
        raise CatalogError(f"{path}:1: brand.yaml names no voice for {path.stem!r}: add one under voices.")
    root = load_mapping(path)
    return {str(key): _prompt(str(key), node, path, root) for key, node in root.items()}


def _prompt(prompt: str, node: Any, path: Path, root: Any) -> Prompt:
    line = line_of(root, [prompt])
    if not _ID.fullmatch(prompt):
        raise CatalogError(f"{path}:{line}: {prompt!r} is not a prompt id: use small letters, digits and _.")
    short = isinstance(node, str)
    entry = validated(_Entry, {"text": plain(node)} if short else node, path, root, [prompt])
    try:
        template = parse(entry.text)
    except PlaceholderError as error:
        at = line_of(root, [prompt] if short else [prompt, "text"])
        raise CatalogError(f"{path}:{at}: {prompt}: {error}") from None
    return Prompt(prompt, path.stem, template, entry.note, _recorded(entry.file, prompt, path, root))


def _recorded(name: str | None, prompt: str, path: Path, root: Any) -> Path | None:
    if name is None:
        return None
    file = path.parent / name
    if not file.is_file():
        at = line_of(root, [prompt, "file"])
        raise CatalogError(f"{path}:{at}: {prompt}: the recorded file {name} is not in {path.parent}: add it.")
    return file
