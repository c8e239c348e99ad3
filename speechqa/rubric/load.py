"""Reading lexicons (YAML 1.2) into values; rubrics are read beside this (`rubrics`)."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from clearline.speaking import NOTHING_KNOWN, speaking_of
from speechqa.lexicon import Lexicon, PhraseRule, RuleKind, folded, strings
from speechqa.phrases import PhraseError, compile_phrase
from speechqa.rubric.problems import RubricError
from speechqa.rubric.rubrics import STANDARD, load_rubric

SHIPPED = Path(__file__).parent
CLOSINGS = SHIPPED / "closings.yaml"
EMOTION = "emotion"
"""The folder beside a lexicon with its rules for feelings, read together with it."""
DEFAULT_LANGUAGE = "en"

__all__ = [
    "STANDARD",
    "Closing",
    "RubricError",
    "known_lexicon",
    "languages",
    "load_closing",
    "load_lexicon",
    "load_rubric",
    "load_speaking",
]

Model = TypeVar("Model", bound=BaseModel)


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Rule(_Strict):
    kind: RuleKind
    why: str = ""
    say_instead: str = ""
    find: list[str] = Field(min_length=1)
    unless: list[str] = []
    match: list[str] = []
    no_match: list[str] = []


class _Lexicon(_Strict):
    language: str
    extends: str | None = None
    letters: dict[str, str] = {}
    spellings: dict[str, str] = {}
    endings: dict[str, str] = {}
    abbreviations: list[str] = []
    titles: list[str] = []
    acknowledgements: list[str] = []
    light_words: list[str] = []
    unfinished_words: list[str] = []
    common_words: list[str] = []
    classes: dict[str, list[str]] = {}
    phrases: dict[str, _Rule]


class Closing(_Strict):
    """How an ending may be worded; ``{step}`` in ``sum_up`` is what was agreed, without ``openers`` ("Right, …")."""

    sum_up: str
    more_help: str
    farewell: str
    openers: tuple[str, ...] = ()


class _Closings(_Strict):
    languages: dict[str, Closing]


def languages() -> tuple[str, ...]:
    """Languages that a lexicon is shipped for."""
    return tuple(sorted(path.stem for path in SHIPPED.glob("??.yaml")))


def load_lexicon(language: str = DEFAULT_LANGUAGE, *, folder: Path = SHIPPED) -> Lexicon:
    """The lexicon of a language ("en", also "en-GB"); raises `RubricError` when there is none or it is not sound."""
    code = language.split("-")[0].split("_")[0].casefold()
    path = folder / f"{code}.yaml"
    if not re.fullmatch("[a-z]{2,3}", code) or not path.is_file():
        known = ", ".join(languages())
        raise RubricError(f"there is no lexicon for the language {language!r}; there is one for: {known}")
    return _lexicon(path)


def read_lexicon(path: Path) -> Lexicon:
    """The lexicon in a file of one's own, read anew; raises `RubricError`."""
    return _lexicon.__wrapped__(path)


@cache
def _lexicon(path: Path) -> Lexicon:
    read = _extended(path)
    spoken, letters = load_speaking(read.language), read.letters
    rules = _rules(path, read)
    feelings = path.parent / EMOTION / path.name
    if feelings.is_file():
        rules |= _rules(feelings, _extended(feelings, read))
    return Lexicon(
        language=read.language,
        letters=letters,
        spellings={folded(key, letters): folded(value, letters) for key, value in read.spellings.items()},
        endings={folded(key, letters): folded(value, letters) for key, value in read.endings.items()},
        abbreviations=strings(read.abbreviations),
        titles=strings(read.titles, letters),
        acknowledgements=strings(read.acknowledgements, letters),
        light_words=strings(read.light_words, letters),
        unfinished_words=strings(read.unfinished_words, letters),
        common_words=strings(read.common_words, letters),
        rules=rules,
        syllables=spoken.syllables,
        fillers=spoken.fillers,
    )


def _extended(path: Path, base: _Lexicon | None = None) -> _Lexicon:
    """The file, with the words and classes of the one that it extends for those it has not; rules are its own."""
    read = _validated(_Lexicon, path)
    if read.extends is None:
        return read
    base = base or _validated(_Lexicon, path.parent / read.extends)
    if base.extends is not None or base.language != read.language:
        raise RubricError(f"{path}: extends: {read.extends} is no lexicon of the language {read.language!r} by itself")
    given = {name: getattr(read, name) for name in read.model_fields_set}
    return base.model_copy(update={**given, "classes": base.classes | read.classes})


def _rules(path: Path, read: _Lexicon) -> dict[str, PhraseRule]:
    classes = {name: _folded(phrases, read.letters) for name, phrases in read.classes.items()}
    try:
        return {name: _rule(name, rule, classes, read.letters) for name, rule in read.phrases.items()}
    except (PhraseError, re.error) as error:
        raise RubricError(f"{path}: {error}") from error


def _folded(phrases: list[str], letters: dict[str, str]) -> list[str]:
    return [folded(each, letters) for each in phrases]


def _rule(name: str, rule: _Rule, classes: dict[str, list[str]], letters: dict[str, str]) -> PhraseRule:
    try:
        find = tuple(compile_phrase(each, classes) for each in _folded(rule.find, letters))
        unless = tuple(compile_phrase(each, classes) for each in _folded(rule.unless, letters))
    except PhraseError as error:
        raise PhraseError(f"rule {name}: {error}") from error
    return PhraseRule(
        name, rule.kind, find, unless, rule.why, rule.say_instead, tuple(rule.match), tuple(rule.no_match)
    )


def load_speaking(language: str) -> Lexicon:
    """How a language is spoken (syllables, filled pauses) and nothing more; an empty lexicon for an unknown one."""
    code = language.split("-")[0].split("_")[0].casefold()
    return _spoken(code if speaking_of(code) is not NOTHING_KNOWN else language)


@cache
def _spoken(language: str) -> Lexicon:
    found = speaking_of(language)
    return Lexicon(language, syllables=found.syllables, fillers=found.fillers)


def known_lexicon(language: str) -> Lexicon:
    """All that is known of a language: its lexicon where one is shipped, else how it is spoken."""
    code = language.split("-")[0].split("_")[0].casefold()
    return load_lexicon(code) if code in languages() else load_speaking(language)


def load_closing(language: str) -> Closing | None:
    """How an ending may be worded in a language; None for one that is not known."""
    return _closings().get(language.split("-")[0].split("_")[0].casefold())


@cache
def _closings() -> dict[str, Closing]:
    return _validated(_Closings, CLOSINGS).languages


def _validated(model: type[Model], path: Path) -> Model:
    try:
        return model.model_validate(_yaml(path))
    except ValidationError as error:
        first = error.errors()[0]
        place = ".".join(str(part) for part in first["loc"])
        raise RubricError(f"{path}: {place}: {first['msg']}") from error


def _yaml(path: Path) -> Any:
    try:
        return YAML(typ="safe").load(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise RubricError(f"{path} cannot be read: {error.strerror}") from error
    except (YAMLError, UnicodeDecodeError) as error:
        raise RubricError(f"{path} is not sound YAML: {' '.join(str(error).split())}") from error
