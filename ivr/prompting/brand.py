"""A brand as data: ``brand.yaml``, who speaks, how words are said, what it sounds like, and the rules of its tone.

::

    name: Blue Harbor Energy        # the company, as it is written; {company} in a text
    currency: EUR                   # of sums that name none
    extends: ../other               # texts of another brand, where this one has none of its own
    voices: {en: {engine: hibari, voice: heart, speed: 0.76, pitch: 0}}
    pronunciation: {en: {Nguyen: win}}
    sounds: {earcon: sounds/earcon.ogg, hold: sounds/hold.ogg, greetings: [welcome]}
    tone: {en: {longest_sentence: 30, avoid: {no problem: you are welcome}}}

Every mistake is told with its place by `ivr.prompting.catalog`, which reads the file.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from types import MappingProxyType
from typing import Annotated, Any

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, field_validator

from clearline.tone_file import Tone
from ivr.prompting.engines import engines

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
    """Who speaks. ``speed`` 1 is the voice's own pace; ``pitch`` in semitones moves the whole voice up or down.

    ``bass`` and ``presence`` in dB colour it (``ivr.prompting.colour``). ``variation`` below 1 makes a voice steadier
    that speaks a little otherwise each time.
    """

    engine: str
    voice: str = Field(min_length=1, max_length=500)
    speed: float = Field(default=1.0, ge=0.5, le=2.0)
    pitch: float = Field(default=0.0, ge=-8, le=8)
    bass: float = Field(default=0.0, ge=-12, le=12)
    presence: float = Field(default=0.0, ge=-12, le=12)
    variation: float = Field(default=1.0, ge=0, le=2)

    @field_validator("engine")
    @classmethod
    def _installed(cls, engine: str) -> str:
        if engine not in engines():
            raise ValueError(f"there is no engine {engine!r}: use {', '.join(engines())}, or install its package")
        return engine


class Pauses(Strict):
    """Silence between sentences and between paragraphs (a blank line in the text)."""

    sentence: Seconds = 0.35
    paragraph: Seconds = 0.7


class Sounds(Strict):
    """What is heard beside words: files relative to the brand's folder.

    ``earcon`` is the sonic logo, heard before each prompt of ``greetings``; ``hold`` plays while a caller waits.
    """

    earcon: str | None = None
    hold: str | None = None
    greetings: tuple[str, ...] = Field(default=("welcome",), strict=False)


@dataclass(frozen=True, slots=True)
class Sounding:
    """The sounds of a brand that are there: their files, and the prompts that the logo is heard before."""

    earcon: Path | None = None
    hold: Path | None = None
    greetings: frozenset[str] = frozenset()


class Brand(Strict):
    """One company's voice. ``name`` is the company as it is written, and what ``{company}`` stands for in a text.

    ``currency`` (ISO 4217) is that of sums of money that name none.
    """

    name: str = Field(min_length=1, max_length=200)
    extends: str | None = None
    voices: dict[str, Voice] = Field(min_length=1)
    level_dbov: float = Field(default=-24.0, ge=-40, le=-15)
    currency: str = ""
    pauses: Pauses = Pauses()
    pronunciation: dict[str, dict[str, str]] = Field(default_factory=dict)
    sounds: Sounds = Sounds()
    tone: dict[str, Tone] = Field(default_factory=dict)

    @field_validator("currency")
    @classmethod
    def _currency(cls, currency: str) -> str:
        if not re.fullmatch(r"([A-Z]{3})?", currency):
            raise ValueError(f"{currency!r} is not a currency: use a code of ISO 4217 such as EUR or UAH")
        return currency

    @field_validator("voices", "pronunciation", "tone")
    @classmethod
    def _languages(cls, by_language: dict[str, Any]) -> dict[str, Any]:
        for language in by_language:
            if not _LANGUAGE.fullmatch(language):
                raise ValueError(f"{language!r} is not a language: use a code such as en, uk or pt-BR")
        return by_language


def inherited(own: Mapping[str, Any], base: Mapping[str, Any]) -> dict[str, Any]:
    """A brand's keys over those of the brand that it extends, both as written; mappings are joined key by key.

    The sounds of the other brand are its own, and so are its files; they are not taken over.
    """
    joined = {key: value for key, value in base.items() if key not in ("extends", "sounds")}
    for key, value in own.items():
        there = joined.get(key)
        joined[key] = inherited(value, there) if isinstance(value, Mapping) and isinstance(there, Mapping) else value
    return joined


def pronounced(text: str, lexicon: Mapping[str, str]) -> str:
    """The text with every word of the lexicon written as it is said; longer entries go first, case does not matter."""
    if not lexicon:
        return text
    said = {word.casefold(): spelling for word, spelling in lexicon.items()}
    words = "|".join(re.escape(word) for word in sorted(lexicon, key=len, reverse=True))
    return re.sub(
        rf"(?<!\w)(?:{words})(?!\w)", lambda match: said.get(match[0].casefold(), match[0]), text, flags=re.IGNORECASE
    )


NO_LEXICON: Mapping[str, str] = MappingProxyType({})


def lexicon_of(brand: Brand, language: str) -> Mapping[str, str]:
    """How the brand has words of this language said; ``nb-NO`` falls back on ``nb``."""
    found = brand.pronunciation.get(language) or brand.pronunciation.get(language.split("-")[0])
    return found or NO_LEXICON
