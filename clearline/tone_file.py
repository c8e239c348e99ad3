"""The tone rules of a brand's folder, for whoever holds talk against them without needing the prompts.

``tone:`` of ``brand.yaml``, over that of the brand that it ``extends``, word by word.

Errors::

    ToneError   the folder is no brand, or its tone cannot be read; one sentence with the place
"""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from clearline.tone import ToneRules


class ToneError(ValueError):
    """The folder is no brand, or its tone cannot be read."""


class Tone(BaseModel):
    """How the company speaks in one language; the same rules hold for prompts and for agents.

    ``avoid`` are words with what to say instead ("" where they are just left out), ``use`` words that some prompt is
    expected to say, ``formality`` how callers are addressed, ``longest_sentence`` in words.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    formality: Literal["formal", "informal"] | None = None
    longest_sentence: int = Field(default=30, ge=3, le=100)
    use: tuple[str, ...] = Field(default=(), strict=False)
    avoid: dict[str, str] = Field(default_factory=dict)

    def rules(self, language: str) -> ToneRules:
        """As the rules of a language."""
        return ToneRules(language, self.formality, self.longest_sentence, self.use, self.avoid)


def read_tone(brand: Path) -> Mapping[str, ToneRules]:
    """The rules of each language that the brand in this folder has some for; raises ToneError."""
    tone: dict[str, Any] = {}
    seen: list[Path] = []
    folder = brand.resolve()
    while folder not in seen:
        seen.append(folder)
        root = _read(folder / "brand.yaml")
        tone = _over(tone, root.get("tone") or {}, folder)
        if root.get("extends") is None:
            break
        folder = (folder / str(root["extends"])).resolve()
    return {language: _validated(each, language, brand).rules(language) for language, each in tone.items()}


def _validated(written: Any, language: str, brand: Path) -> Tone:
    try:
        return Tone.model_validate(written)
    except ValidationError as error:
        first = error.errors()[0]
        where = ".".join(str(part) for part in ("tone", language, *first["loc"]))
        raise ToneError(f"{brand / 'brand.yaml'}: {where}: {first['msg']}; see docs/prompts.md.") from None


def rules_for(tone: Mapping[str, ToneRules], language: str) -> ToneRules | None:
    """The rules of a language; ``nb-NO`` falls back on ``nb``."""
    return tone.get(language) or tone.get(language.split("-")[0])


def _read(path: Path) -> Mapping[str, Any]:
    try:
        root = YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    except OSError:
        raise ToneError(f"{path.parent}: there is no brand here: give a folder with a brand.yaml.") from None
    except (YAMLError, UnicodeDecodeError) as error:
        raise ToneError(f"{path} is not sound YAML: {' '.join(str(error).split())}") from None
    if not isinstance(root, dict):
        raise ToneError(f"{path} holds no brand: begin it with name: and the company's name.")
    return root


def _over(own: dict[str, Any], base: Any, folder: Path) -> dict[str, Any]:
    """The nearer brand's keys over those of the other; mappings are joined key by key."""
    if not isinstance(base, dict):
        raise ToneError(f"{folder / 'brand.yaml'}: tone: this is no mapping of languages; see docs/prompts.md.")
    joined = dict(base)
    for key, value in own.items():
        there = joined.get(key)
        joined[key] = _over(value, there, folder) if isinstance(value, dict) and isinstance(there, dict) else value
    return joined
