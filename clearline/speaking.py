"""How each language is spoken (`clearline/speaking.yaml`): its syllables and its filled pauses."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Annotated

from pydantic import BaseModel, ConfigDict, Field, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import YAMLError

from clearline.spoken import Syllables

SHIPPED = Path(__file__).with_name("speaking.yaml")


class SpeakingError(ValueError):
    """The file cannot be used; the message names it and the place in it."""


@dataclass(frozen=True, slots=True)
class Speaking:
    """One language; ``syllables`` is None where no rule is known."""

    syllables: Syllables | None = None
    fillers: frozenset[str] = frozenset()


NOTHING_KNOWN = Speaking()


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class _Syllables(_Strict):
    nucleus: str = Field(min_length=1)
    silent: list[str] = []
    extra: list[str] = []
    silent_words: list[str] = []
    per_number: Annotated[float, Field(gt=0)]


class _Speaking(_Strict):
    syllables: _Syllables
    fillers: list[str] = Field(min_length=1)


class _Languages(_Strict):
    languages: dict[str, _Speaking]


def speaking_of(language: str) -> Speaking:
    """How a language ("en", also "en-GB") is spoken; nothing is known of a language that the file does not have."""
    return read_speaking(SHIPPED).get(language.split("-")[0].split("_")[0].casefold(), NOTHING_KNOWN)


@cache
def read_speaking(path: Path) -> Mapping[str, Speaking]:
    """The languages of a file; raises SpeakingError."""
    try:
        read = _Languages.model_validate(YAML(typ="safe").load(path.read_text(encoding="utf-8")))
        return {
            code: Speaking(_counting(each.syllables), frozenset(word.casefold() for word in each.fillers))
            for code, each in read.languages.items()
        }
    except ValidationError as error:
        first = error.errors()[0]
        raise SpeakingError(f"{path}: {'.'.join(str(part) for part in first['loc'])}: {first['msg']}") from error
    except re.error as error:
        raise SpeakingError(f"{path}: {error}") from error
    except OSError as error:
        raise SpeakingError(f"{path} cannot be read: {error.strerror}") from error
    except (YAMLError, UnicodeDecodeError) as error:
        raise SpeakingError(f"{path} is not sound YAML: {' '.join(str(error).split())}") from error


def _counting(read: _Syllables) -> Syllables:
    silent = tuple(re.compile(each) for each in read.silent)
    extra = tuple(re.compile(each) for each in read.extra)
    folded = frozenset(word.casefold() for word in read.silent_words)
    return Syllables(re.compile(read.nucleus), silent, extra, folded, read.per_number)
