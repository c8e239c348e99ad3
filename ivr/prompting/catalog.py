"""A brand's prompts as data: ``brand.yaml`` (its voices) and one ``<language>.yaml`` per language (its texts).

::

    prompts/<brand>/brand.yaml       who speaks and how: see ivr.prompting.brand
    prompts/<brand>/en.yaml          id -> text, or id -> {text, note, file, pieces}
    prompts/<brand>/recorded/...     audio files named by ``file:`` and ``pieces:``, relative to the brand's folder

Both are read once and frozen; every mistake is a ``CatalogError`` that names file, line and remedy. A brand that
``extends`` another takes over its texts, with its own name where they say ``{company}``, but not its recorded files:
they are in another voice.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Any

from pydantic import Field, field_validator

from ivr.prompting.brand import Brand, Sounding, Strict, inherited, lexicon_of, pronounced
from ivr.prompting.characters import unsayable
from ivr.prompting.errors import CatalogError, PlaceholderError, UnknownPrompt
from ivr.prompting.joints import pieces
from ivr.prompting.placeholders import Placeholder, Template, parse
from ivr.prompting.source import line_of, load_mapping, plain, validated

MAX_TEXT = 2000
"""Characters of one prompt; 20 s of speech are about 300."""

COMPANY = "company"
"""The gap that is the brand's name."""

_ID = re.compile(r"[a-z][a-z0-9_]*")


class _Entry(Strict):
    text: str
    note: str = ""
    file: str | None = None
    pieces: dict[str, str] = Field(default_factory=dict)

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
    """One entry of a catalogue; ``file`` is an existing recorded file, which wins over synthesis.

    Of a text with gaps, ``pieces`` are those of what stands between them, by number (``ivr.prompting.joints``).
    """

    id: str
    language: str
    template: Template
    note: str = ""
    file: Path | None = None
    pieces: Mapping[int, Path] = field(default_factory=dict)

    @property
    def recorded(self) -> bool:
        """Whether a person says it: all of a text without gaps, or everything between the gaps."""
        if not self.template.names:
            return self.file is not None
        return 0 < len(pieces(self.template)) == len(self.pieces)


@dataclass(frozen=True, slots=True)
class Catalog:
    """A brand and all its prompts by language and id."""

    folder: Path
    brand: Brand
    prompts: Mapping[str, Mapping[str, Prompt]]

    @property
    def sounding(self) -> Sounding:
        """The brand's own sounds."""
        sounds = self.brand.sounds
        earcon, hold = (self.folder / name if name else None for name in (sounds.earcon, sounds.hold))
        return Sounding(earcon, hold, frozenset(sounds.greetings) if earcon else frozenset())

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
    """Read ``brand.yaml`` and every ``<language>.yaml`` beside it, and those of the brand that it extends."""
    folders = family(folder)
    written: dict[str, Any] = {}
    for each in reversed(folders):
        path, root = each / "brand.yaml", load_mapping(each / "brand.yaml")
        written = inherited(_anchored(plain(root), each), written)
        brand = validated(Brand, written, path, root)
        _sounds_are_there(brand, each, path, root)
    prompts: dict[str, dict[str, Prompt]] = {}
    for each in reversed(folders):
        for file in sorted(file for file in each.glob("*.yaml") if file.name != "brand.yaml"):
            texts = _language(file, brand, own=each == folder)
            prompts[file.stem] = {**prompts.get(file.stem, {}), **texts}
    if not prompts:
        raise CatalogError(f"{folder}: there is no catalogue beside brand.yaml: write one, such as en.yaml.")
    return Catalog(folder, brand, prompts)


def family(folder: Path) -> list[Path]:
    """The brand's folder, then that of the brand that it extends, and so on."""
    folders: list[Path] = []
    while folder not in folders:
        if not folder.is_dir():
            raise CatalogError(f"{folder}: there is no such brand folder: give a folder with a brand.yaml.")
        folders.append(folder)
        path = folder / "brand.yaml"
        root = load_mapping(path)
        base = root.get("extends")
        if base is None:
            return folders
        folder = Path(os.path.normpath(path.parent / str(base)))
        if not (folder / "brand.yaml").is_file():
            at = line_of(root, ["extends"])
            raise CatalogError(f"{path}:{at}: extends: there is no brand in {folder}: name its folder.")
    raise CatalogError(f"{folder / 'brand.yaml'}:1: extends: the brands extend each other in a circle: cut it.")


def _sounds_are_there(brand: Brand, folder: Path, path: Path, root: Any) -> None:
    for key, name in (("earcon", brand.sounds.earcon), ("hold", brand.sounds.hold)):
        if name is not None and not (folder / name).is_file():
            at = line_of(root, ["sounds", key])
            raise CatalogError(f"{path}:{at}: sounds.{key}: the file {name} is not in {folder}: add it.")


def _anchored(written: dict[str, Any], folder: Path) -> dict[str, Any]:
    """The brand as written, voices that are files of its folder named in full, so that another brand can use them."""
    voices = written.get("voices")
    for voice in voices.values() if isinstance(voices, dict) else ():
        name = voice.get("voice") if isinstance(voice, dict) else None
        if isinstance(name, str) and (folder / name).exists():
            voice["voice"] = str((folder / name).resolve())
    return written


def _language(path: Path, brand: Brand, *, own: bool) -> dict[str, Prompt]:
    if path.stem not in brand.voices:
        raise CatalogError(f"{path}:1: brand.yaml names no voice for {path.stem!r}: add one under voices.")
    root = load_mapping(path)
    prompts = (_prompt(str(key), node, path, root) for key, node in root.items())
    named = [replace(each, template=_named(each.template, brand)) for each in prompts]
    for prompt in named:
        _pieces_fit(prompt, path, root)
    named = named if own else [replace(each, file=None, pieces={}) for each in named]
    for prompt in named:
        _sayable(prompt, brand, path, root)
    return {each.id: each for each in named}


def _sayable(prompt: Prompt, brand: Brand, path: Path, root: Any) -> None:
    """Refuse letters of another script and pictures, unless the brand's pronunciation says how they are spoken."""
    if prompt.recorded or unsayable(prompt.template.written, prompt.language) is None:
        return
    odd = unsayable(pronounced(prompt.template.written, lexicon_of(brand, prompt.language)), prompt.language)
    if odd is not None:
        at = line_of(root, [prompt.id, "text"])
        raise CatalogError(
            f"{path}:{at}: {prompt.id}: no voice of {prompt.language!r} can say {odd!r} (U+{ord(odd):04X}): write it "
            "in letters of the language, or write under pronunciation in brand.yaml how it is said."
        )


def _named(template: Template, brand: Brand) -> Template:
    """The text with the company's name in its gap, its pieces of text joined."""
    parts: list[str | Placeholder] = []
    for part in template.parts:
        said = brand.name if isinstance(part, Placeholder) and part.name == COMPANY else part
        if isinstance(said, str) and parts and isinstance(parts[-1], str):
            parts[-1] += said
        else:
            parts.append(said)
    return Template(tuple(parts))


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
    file = _recorded(entry.file, prompt, ["file"], path, root) if entry.file is not None else None
    recorded = {
        _number(number, prompt, path, root): _recorded(name, prompt, ["pieces"], path, root)
        for number, name in entry.pieces.items()
    }
    return Prompt(prompt, path.stem, template, entry.note, file, recorded)


def _number(written: str, prompt: str, path: Path, root: Any) -> int:
    if not written.isdecimal():
        at = line_of(root, [prompt, "pieces"])
        raise CatalogError(f"{path}:{at}: {prompt}: pieces: {written!r} is no number: write 1 for the first piece.")
    return int(written)


def _recorded(name: str, prompt: str, steps: list[str], path: Path, root: Any) -> Path:
    file = path.parent / name
    if not file.is_file():
        at = line_of(root, [prompt, *steps])
        raise CatalogError(f"{path}:{at}: {prompt}: the recorded file {name} is not in {path.parent}: add it.")
    return file


def _pieces_fit(prompt: Prompt, path: Path, root: Any) -> None:
    """Refuse recorded pieces that the text does not have."""
    there = len(pieces(prompt.template))
    odd = next((number for number in prompt.pieces if not 1 <= number <= there), None)
    if odd is not None:
        at = line_of(root, [prompt.id, "pieces"])
        has = f"has {there} between its gaps" if prompt.template.names else "has no gaps: name its recording as file"
        raise CatalogError(f"{path}:{at}: {prompt.id}: pieces: there is no piece {odd}: the text {has}.")
