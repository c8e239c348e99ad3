"""The words of a text in a form in which what is written and what is heard can be compared.

Small letters without punctuation; one kind of apostrophe; hyphens divide; contractions of English are spelled out;
Lithuanian and Romanian letters in one Unicode form; numbers as digits however they are written: the words for 0 to 100
in every gender and case that the language's say-as knows, ordinals too; each digit then counts as a word. So "press
one", "Press 1." and "press 1" agree, as do "двадцять одну" and "21", "four zero seven" and "407". Two words that are
one when joined ("good bye", "goodbye") agree as well.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import product

from ivr.prompting.sayas import CASES, GENDERS, LANGUAGES, SayAsError, grammar_of

HIGHEST = 100
LONGEST_NUMBER = 4
"""Words of the longest number up to a hundred."""

_PART = re.compile(r"[^\W_]+(?:'[^\W_]+)*")
_ENDED_DIGITS = re.compile(r"(\d+)(?:st|nd|rd|th|[а-яіїєґ]{1,3})")
_ENGLISH = {
    "n't": " not",
    "'re": " are",
    "'ll": " will",
    "'ve": " have",
    "'m": " am",
}
_SPELLED = {
    "en": {
        "can't": "cannot",
        "won't": "will not",
        "it's": "it is",
        "that's": "that is",
        "okay": "ok",
        "canceled": "cancelled",
    }
}
_ALIKE = {"en": {"2": {"to", "too"}, "4": {"for"}, "8": {"ate"}, "1": {"won"}}}
"""Digits, and the words that nobody can tell from them by ear."""
_PER_CENT = {"en": "percent", "uk": "відсотків", "ru": "процентов", "nb": "prosent", "ro": "la sută", "lt": "procentų"}


@dataclass(frozen=True, slots=True)
class Token:
    """One word to compare, and the written words that it stands for: from ``first`` to ``last``, counted by spaces."""

    form: str
    first: int
    last: int


def tokens_of(text: str, language: str) -> tuple[Token, ...]:
    """The tokens of a text, in order."""
    code = language.split("-")[0]
    found = [
        Token(form, index, index)
        for index, written in enumerate(text.split())
        for form in _parts(written.replace("%", f" {_PER_CENT.get(code, '')}"), code)
    ]
    return tuple(_one_by_one(_with_digits(found, _numbers(code))))


def sound_alike(said: str, heard: str, language: str) -> bool:
    """Whether a digit of the text was heard and only written as another word: "press 2" as "press to"."""
    return heard in _ALIKE.get(language.split("-")[0], {}).get(said, ())


def _parts(written: str, code: str) -> list[str]:
    plain = unicodedata.normalize("NFC", written.casefold())
    plain = re.sub("[’‘ʼ`´]", "'", plain).replace("ё", "е").replace("ş", "ș").replace("ţ", "ț")
    plain = re.sub(r"(?<=\d)[.,](?=\d{3}\b)", "", plain)
    plain = _ENDED_DIGITS.sub(r"\1", re.sub(r"(?<=\d)-(?=[^\W\d])", "", plain))  # 8-ї, 8th
    plain = re.sub(r"(?<=\d)(?=[^\W\d_])|(?<=[^\W\d_])(?=\d)", " ", plain)  # 10am, AB12
    forms: list[str] = []
    for part in _PART.findall(plain):
        said = _SPELLED.get(code, {}).get(part, part)
        if code == "en":
            for ending, meaning in _ENGLISH.items():
                said = said.removesuffix(ending) + meaning if said.endswith(ending) else said
        forms += said.replace("'", "").split()
    return forms


def _with_digits(tokens: Sequence[Token], numbers: Mapping[tuple[str, ...], str]) -> list[Token]:
    """Number words, the longest first, as one token of digits."""
    out: list[Token] = []
    at = 0
    while at < len(tokens):
        for length in range(min(LONGEST_NUMBER, len(tokens) - at), 0, -1):
            row = tokens[at : at + length]
            if (digits := numbers.get(tuple(each.form for each in row))) is not None:
                out.append(Token(digits, row[0].first, row[-1].last))
                at += length
                break
        else:
            out.append(tokens[at])
            at += 1
    return out


def _one_by_one(tokens: Sequence[Token]) -> Iterator[Token]:
    """Every number as its digits: "407" and "four zero seven" are the same keys."""
    for token in tokens:
        if token.form.isdigit():
            yield from (Token(digit, token.first, token.last) for digit in token.form)
        else:
            yield token


@cache
def _numbers(code: str) -> Mapping[tuple[str, ...], str]:
    """The words of each number up to ``HIGHEST`` -> its digits; empty for a language that values are not said in."""
    if code not in LANGUAGES:
        return {}
    grammar, known = grammar_of(code), {}
    for number, gender, case in product(range(HIGHEST + 1), GENDERS, CASES):
        for say in (grammar.ordinal, grammar.cardinal) if number else (grammar.cardinal,):
            try:
                known[tuple(_parts(say(number, gender, case), code))] = str(number)  # type: ignore[arg-type]
            except SayAsError:
                continue
    if code == "en":
        known.pop(("second",), None)  # a second is time as well
        known[("oh",)] = "0"
    return known
