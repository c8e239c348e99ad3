"""What a voice can make sound of: letters of its language's script, digits and the usual marks. Pure.

A voice that is given another script's letters spells their names, leaves them out or stops; so does it with pictures.
Latin letters pass everywhere: names of companies and products stand in texts of every language.
"""

from __future__ import annotations

import unicodedata

SCRIPTS = {
    "CYRILLIC": ("uk", "ru", "be", "bg", "sr", "mk", "kk"),
    "GREEK": ("el",),
    "HEBREW": ("he",),
    "ARABIC": ("ar", "fa", "ur"),
    "DEVANAGARI": ("hi", "ne", "mr"),
    "GEORGIAN": ("ka",),
    "ARMENIAN": ("hy",),
}
"""The script of each language that is not written in Latin letters, by the first word of its letters' names."""
OPEN = ("zh", "ja", "ko", "th", "vi", "bn", "ta", "te")
"""Languages of several scripts, or of scripts not listed here: nothing is said of their letters."""
PICTURES = ("So", "Sk", "Cs", "Co", "Cn")
"""Categories of signs that nobody reads aloud: pictures, lone accents, private and unassigned places."""

SAID = "°№©®™"
"""Signs that are words."""


def unsayable(text: str, language: str) -> str | None:
    """The first character that a voice of this language cannot say, None when there is none."""
    tag = language.split("-")[0]
    own = next((script for script, tags in SCRIPTS.items() if tag in tags), "LATIN")
    for character in text:
        if character.isascii():
            continue
        if unicodedata.category(character) in PICTURES and character not in SAID:
            return character
        if tag not in OPEN and character.isalpha() and _script(character) not in (own, "LATIN"):
            return character
    return None


def _script(letter: str) -> str:
    name = unicodedata.name(letter, "")
    return "LATIN" if name.startswith(("LATIN", "FEMININE", "MASCULINE", "MODIFIER")) else name.split(" ")[0]
