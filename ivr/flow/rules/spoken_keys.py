"""Which keys a text tells the caller to press, in the languages whose words for it are known here.

A language is one row of `LANGUAGES`: how it says "press", the names of the digits and of star and pound, and the words
that follow a key that is said too early ("press 1 **for** bills"). A language without a row is not checked.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType


@dataclass(frozen=True, slots=True)
class KeyWords:
    """How one language speaks of keys; ``press``, ``between`` and ``after`` are regular expressions without groups.

    ``digits`` are the names of 0 … 9 as they stand after the verb, alternatives divided by ``|``.
    """

    press: str
    between: str
    digits: str
    star: str
    pound: str
    either: str
    after: str

    @property
    def names(self) -> Mapping[str, str]:
        """Every word that names a key, with its key."""
        words = {word: str(number) for number, each in enumerate(self.digits.split()) for word in each.split("|")}
        words |= dict.fromkeys(self.star.split("|"), "*") | dict.fromkeys(self.pound.split("|"), "#")
        return MappingProxyType(words)


LANGUAGES: Mapping[str, KeyWords] = MappingProxyType(
    {
        "en": KeyWords(
            press="press(?:ing)?",
            between="(?:the )?",
            digits="zero one two three four five six seven eight nine",
            star="star",
            pound="pound|hash",
            either="or",
            after="for|to|if",
        ),
        "uk": KeyWords(
            press="натисніть|натискайте|натиснувши",
            between="(?:клавішу |цифру )?",
            digits="нуль один два три чотири п’ять|п'ять шість сім вісім дев’ять|дев'ять",
            star="зірочку|зірку",
            pound="решітку",
            either="або|чи",
            after="щоб|якщо|для",
        ),
        "ru": KeyWords(
            press="нажмите|нажимайте|нажав",
            between="(?:клавишу |цифру )?",
            digits="ноль|нуль один два три четыре пять шесть семь восемь девять",
            star="звёздочку|звездочку",
            pound="решётку|решетку",
            either="или",
            after="чтобы|если|для",
        ),
        "nb": KeyWords(
            press="trykk(?:er|e)?",
            between="(?:tasten |tast |på )?",
            digits="null én|en|ett to tre fire fem seks sju|syv åtte ni",
            star="stjerne",
            pound="firkant",
            either="eller",
            after="for|hvis|når",
        ),
        "ro": KeyWords(
            press="apăsați|apăsând",
            between="(?:tasta |cifra )?",
            digits="zero unu doi trei patru cinci șase șapte opt nouă",
            star="steluță|asterisc",
            pound="diez",
            either="sau",
            after="pentru|dacă|ca",
        ),
        "lt": KeyWords(
            press="spauskite|paspauskite|paspaudę",
            between="(?:klavišą |skaičių )?",
            digits="nulį|nulis vieną|vienas du tris|trys keturis|keturi penkis|penki šešis|šeši septynis|septyni"
            " aštuonis|aštuoni devynis|devyni",
            star="žvaigždutę",
            pound="groteles",
            either="arba|ar",
            after="jei|jeigu|kad|norėdami",
        ),
    }
)


def known(language: str) -> bool:
    """Whether the words of this language are known here; ``language`` is a tag such as ``nb`` or ``en-GB``."""
    return _base(language) in LANGUAGES


def said_keys(text: str, language: str = "en") -> list[str]:
    """The keys that a text tells to press, in order."""
    names = LANGUAGES[_base(language)].names
    found = [key for match in _press(_base(language)).finditer(text) for key in match.groups() if key]
    return [names.get(key.lower(), key) for key in found]


def key_first(text: str, language: str = "en") -> str | None:
    """The first place where a key is said before what it is for ("press 1 for"), None where there is none."""
    match = _early(_base(language)).search(text)
    return match[0] if match else None


def _base(language: str) -> str:
    return language.split("-")[0].lower()


def _key(words: KeyWords) -> str:
    names = "|".join(sorted(words.names, key=len, reverse=True))
    return rf"{words.between}(\d+|{names})\b(?: key)?"


@cache
def _press(language: str) -> re.Pattern[str]:
    words = LANGUAGES[language]
    return re.compile(rf"\b(?:{words.press}) {_key(words)}(?: (?:{words.either}) {_key(words)})?", re.IGNORECASE)


@cache
def _early(language: str) -> re.Pattern[str]:
    words = LANGUAGES[language]
    return re.compile(rf"\b(?:{words.press}) {_key(words)},? (?:{words.after})\b", re.IGNORECASE)
