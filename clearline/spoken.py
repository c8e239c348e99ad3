"""Words as they were spoken: writers and recognisers put "NW3 5TG" for six words and "20" for one.

A written word counts one; one that holds digits counts what is said: a whole number up to 20 or a full ten one, other
numbers below 100 two, hundreds and thousands by their parts, a number of five digits and more without separators one
per digit, a mixture of letters and digits (postcode, order number) one per character, a currency or percent sign one
more. Syllables are an estimate from spelling, by the language's rule (`clearline/speaking.yaml`).
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

_SIGNS = "£$€%₴₽"
_ORDINAL = re.compile(r"^(\d{1,2})(st|nd|rd|th)$")
_CODE = re.compile(r"^(?=.*[a-z])(?=.*\d)[a-z0-9]{2,}$")
_SEPARATED = re.compile(r"^\d{1,3}(,\d{3})+$")


@dataclass(frozen=True, slots=True)
class Syllables:
    """How syllables are counted in a language: matches of ``nucleus``, less the ``silent`` and more the ``extra`` ones.

    ``silent_words`` have none (a preposition of one consonant). ``per_number`` is the mean for one spoken word of a
    number written in digits.
    """

    nucleus: re.Pattern[str]
    silent: tuple[re.Pattern[str], ...] = ()
    extra: tuple[re.Pattern[str], ...] = ()
    silent_words: frozenset[str] = frozenset()
    per_number: float = 1.4

    def count(self, word: str) -> int:
        """Syllables of one written word, at least 1; 0 for an empty or silent word."""
        letters = "".join(each for each in word.casefold() if each.isalpha())
        if not letters or letters in self.silent_words:
            return 0
        sounded = len(self.nucleus.findall(letters))
        sounded -= sum(bool(each.search(letters)) for each in self.silent)
        sounded += sum(len(each.findall(letters)) for each in self.extra)
        return max(1, sounded)


@lru_cache(maxsize=20_000)
def spoken_words(written: str) -> int:
    """How many words were said for one written word; 0 for a dash or other mark."""
    signs = sum(written.count(sign) for sign in _SIGNS)
    bare = re.sub(r"^[^\w]+|[^\w]+$", "", written.casefold())
    if not any(each.isalnum() for each in bare):
        return 0
    if not any(each.isdigit() for each in bare):
        return 1
    return signs + _spoken_number(bare)


def count_words(written: Iterable[str]) -> int:
    """Spoken words in all."""
    return sum(spoken_words(word) for word in written)


def count_syllables(written: Iterable[str], rule: Syllables | None) -> float | None:
    """Spoken syllables in all, an estimate; None for a language without a rule."""
    if rule is None:
        return None
    total = 0.0
    for word in written:
        if any(each.isdigit() for each in word):
            total += spoken_words(word) * rule.per_number
        else:
            total += sum(rule.count(part) for part in re.split(r"[-–—]", word))
    return total


def _spoken_number(bare: str) -> int:
    if found := _ORDINAL.match(bare):
        return _number(found.group(1))
    if _CODE.match(bare):
        return len(bare)
    if _SEPARATED.match(bare):
        return _number(bare.replace(",", ""), year=False)
    parts = re.findall(r"\d+|[^\W\d]+", bare)
    point = 1 if re.fullmatch(r"\d+\.\d+", bare) else 0
    return point + sum(_number(part) if part.isdigit() else 1 for part in parts)


def _number(digits: str, *, year: bool = True) -> int:
    value = int(digits)
    if digits.startswith("0") and len(digits) > 1:
        return len(digits)
    if value <= 20 or (value < 100 and value % 10 == 0):
        return 1
    if value < 100:
        return 2
    if value < 1000:
        return 2 + (_number(str(value % 100)) + 1 if value % 100 else 0)
    if year and 1100 <= value < 2100 and len(digits) == 4:
        return _number(digits[:2]) + (_number(str(int(digits[2:]))) if digits[2:] != "00" else 1)
    if value < 10000 or (value < 1_000_000 and value % 1000 == 0):
        return _number(str(value // 1000)) + 1 + (_number(str(value % 1000)) if value % 1000 else 0)
    return len(digits)
