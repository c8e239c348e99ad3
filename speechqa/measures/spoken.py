"""Words as they were spoken: recognisers write "NW3 5TG" for six words and "20" for one.

Definition. A written word counts one; one that holds digits counts what is said: a whole number up to 20 or a full
ten one, other numbers below 100 two, hundreds and thousands by their parts, a number of five digits and more without
separators one per digit, a mixture of letters and digits (postcode, order number) one per character, a currency or
percent sign one more. Syllables follow the language's rule in `speechqa/rubric/speaking.yaml` (matches of its nucleus,
less the silent and more the separate vowels); a spoken word of a number counts `Syllables.per_number`.
Default. Rules for English, Ukrainian, Russian, Norwegian, Romanian and Lithuanian; for any other language syllables and
articulation rate are None.
Source. Own rules, held against words of the trade counted by hand, more than 40 per language, and against sentences
that the rules were not made on. Hyphenation (pyphen) was tried instead and counts 10-70 % of the same words wrong,
since not every syllable may be divided in print.
Limits. "Double six" written as "66" counts two; years are counted as two pairs. Numbers are counted as in English.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from speechqa.conversation import Word
from speechqa.lexicon import Lexicon

_SIGNS = "£$€%₴₽"
_ORDINAL = re.compile(r"^(\d{1,2})(st|nd|rd|th)$")
_CODE = re.compile(r"^(?=.*[a-z])(?=.*\d)[a-z0-9]{2,}$")
_SEPARATED = re.compile(r"^\d{1,3}(,\d{3})+$")


def spoken_words(written: str) -> int:
    """How many words were said for one written word; 0 for a dash or other mark."""
    signs = sum(written.count(sign) for sign in _SIGNS)
    bare = re.sub(r"^[^\w]+|[^\w]+$", "", written.casefold())
    if not any(each.isalnum() for each in bare):
        return 0
    if not any(each.isdigit() for each in bare):
        return 1
    return signs + _spoken_number(bare)


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


def count_words(words: Iterable[Word]) -> int:
    """Spoken words in all."""
    return sum(spoken_words(word.text) for word in words)


def count_syllables(words: Iterable[Word], lexicon: Lexicon) -> float | None:
    """Spoken syllables in all, an estimate; None for a language without a rule."""
    rule, total = lexicon.syllables, 0.0
    if rule is None:
        return None
    for word in words:
        if any(each.isdigit() for each in word.text):
            total += spoken_words(word.text) * rule.per_number
        else:
            total += sum(rule.count(part) for part in re.split(r"[-–—]", word.text))
    return total
