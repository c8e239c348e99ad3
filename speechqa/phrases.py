"""Phrases: the small notation in which lexicons say what to look for, compiled to regular expressions.

A phrase is matched against the normal form of one sentence: lower case, no punctuation, contractions spelled out, so
that "I don't care." is ``i do not care``.

========================  =====================================================================
``say/said``              one of these words
``apolog*`` ``*ing``      any word that starts, or ends, so; ``un*ed`` both
``send{s,ing,}``          one of these endings (any part of a word; an empty one stands for nothing)
``#``                     a number in digits
``[really]``              perhaps
``(my fault|our fault)``  one of these phrases
``<when>``                any phrase of that class of the lexicon
``...``                   up to four words of any kind
``_``                     exactly one word of any kind
``^`` and ``$``           the sentence's start and end
``a & b``                 both are in the sentence, in any order
========================  =====================================================================
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import product

from speechqa.errors import SpeechqaError

Anchors = frozenset[str] | None
"""Words of which a sentence must have one for a phrase to be found in it; None where any sentence may do.

``apolog*`` and ``*ing`` stand for words that start and end so, ``#`` for a number.
"""

_PIECE = re.compile(r"\s*(\.\.\.|&|[\[\]()|^$]|<[\w-]+>|[^\s\[\]()|<>&^$]+)")
_CHOICES = re.compile(r"\{([^{}]*)\}")
_ANY_WORDS = r"(?: [^ ]+){0,4}?"
_MAX_DEPTH = 8


class PhraseError(SpeechqaError):
    """A phrase is not written in the notation, or names a class that the lexicon does not have."""


@dataclass(frozen=True, slots=True)
class Phrase:
    """A compiled phrase: every part must be found in the sentence, which then has one of ``anchors``."""

    written: str
    parts: tuple[re.Pattern[str], ...]
    anchors: Anchors = None

    def find(self, tokens: Sequence[str], begin: int = 0) -> tuple[int, int] | None:
        """First and one-past-last token of the first match at or after token ``begin``, or None."""
        return self.find_in(" " + " ".join(tokens), begin)

    def find_in(self, text: str, begin: int = 0) -> tuple[int, int] | None:
        """As `find`, in tokens already joined with a space before each."""
        offset = 0
        for _ in range(begin):
            offset = text.find(" ", offset + 1)
            if offset < 0:
                return None
        spans = []
        for part in self.parts:
            found = part.search(text, offset)
            if found is None:
                return None
            spans.append((text.count(" ", 0, found.start()), text.count(" ", 0, found.end())))
        return min(start for start, _ in spans), max(end for _, end in spans)


def compile_phrase(written: str, classes: Mapping[str, Sequence[str]]) -> Phrase:
    """The phrase in the notation of this module; raises `PhraseError` with what is wrong in it."""
    read = [_Reader(part.strip(), written, classes).alternatives() for part in written.split(" & ")]
    return Phrase(written, tuple(_pattern(each.regex, written) for each in read), _rarest(read))


def _pattern(regex: str, written: str) -> re.Pattern[str]:
    pattern = re.compile(regex + r"(?= |\Z)")
    if pattern.fullmatch(""):
        raise PhraseError(f"the phrase {written!r} matches nothing in particular: name at least one word")
    return pattern


@dataclass(frozen=True, slots=True)
class _Read:
    """A piece of a phrase as a regular expression, with its anchors."""

    regex: str
    anchors: Anchors = None


def _rarest(read: Sequence[_Read]) -> Anchors:
    """Of the anchors of pieces that are all needed, those that fewest sentences have: long words, few of them."""
    known = [each.anchors for each in read if each.anchors]
    return max(known, key=lambda anchors: (min(len(each) for each in anchors), -len(anchors)), default=None)


def _any_of(read: Sequence[_Read]) -> Anchors:
    """The anchors of pieces of which one is needed."""
    anchors = [each.anchors for each in read]
    return frozenset().union(*(each for each in anchors if each)) if all(anchors) else None


class _Reader:
    """Reads one phrase from left to right (recursive descent)."""

    def __init__(self, part: str, written: str, classes: Mapping[str, Sequence[str]], depth: int = 0) -> None:
        if depth > _MAX_DEPTH:
            raise PhraseError(f"classes refer to each other in a circle, seen in the phrase {written!r}")
        self._pieces = [found.group(1) for found in _PIECE.finditer(part)]
        self._at, self._written, self._classes, self._depth = 0, written, classes, depth

    def alternatives(self) -> _Read:
        choices = self._choices()
        if self._at < len(self._pieces):
            raise PhraseError(f"unexpected {self._pieces[self._at]!r} in the phrase {self._written!r}")
        return choices

    def _choices(self) -> _Read:
        choices = [self._sequence()]
        while self._peek() == "|":
            self._at += 1
            choices.append(self._sequence())
        return choices[0] if len(choices) == 1 else _one_of(choices)

    def _peek(self) -> str | None:
        return self._pieces[self._at] if self._at < len(self._pieces) else None

    def _sequence(self) -> _Read:
        out = []
        while (piece := self._peek()) is not None and piece not in ("|", "]", ")"):
            self._at += 1
            out.append(self._one(piece))
        return _Read("".join(each.regex for each in out), _rarest(out))

    def _one(self, piece: str) -> _Read:
        if piece in ("[", "("):
            return self._group(piece)
        if piece in _SIGNS:
            return _SIGNS[piece]
        if piece.startswith("<"):
            return self._class(piece[1:-1])
        if piece == "*" or "" in piece.split("/") or _CHOICES.sub("", piece).strip("{}") != _CHOICES.sub("", piece):
            raise PhraseError(
                f"{piece!r} is no word in the phrase {self._written!r}: write end{{ing,s}} or end* in one"
            )
        return _word(piece)

    def _group(self, opening: str) -> _Read:
        inside, closing = self._choices(), "]" if opening == "[" else ")"
        if self._peek() != closing:
            raise PhraseError(f"{opening!r} is not closed in the phrase {self._written!r}")
        self._at += 1
        return _Read(f"(?:{inside.regex})?") if opening == "[" else _Read(f"(?:{inside.regex})", inside.anchors)

    def _class(self, name: str) -> _Read:
        if name not in self._classes:
            raise PhraseError(f"the phrase {self._written!r} names the class <{name}>, which the lexicon does not have")
        return _one_of(
            [_Reader(each, each, self._classes, self._depth + 1).alternatives() for each in self._classes[name]]
        )


_SIGNS = {
    "...": _Read(_ANY_WORDS),
    "_": _Read(r" [^ ]+"),
    "#": _Read(r" \d[^ ]*", frozenset("#")),
    "^": _Read(r"\A"),
    "$": _Read(r"\Z"),
}


def _one_of(choices: Sequence[_Read]) -> _Read:
    return _Read(f"(?:{'|'.join(each.regex for each in choices)})", _any_of(choices))


def spellings_of(word: str) -> tuple[str, ...]:
    """The words that one word of a phrase stands for, choices in braces written out: ``say{s,}`` is says and say."""
    parts = [part.split(",") if i % 2 else [part] for i, part in enumerate(_CHOICES.split(word))]
    return tuple("".join(each) for each in product(*parts))


def _word(piece: str) -> _Read:
    words = piece.casefold().split("/")
    choices = [_spelled(each) for each in words]
    anchors = frozenset(_anchor(each) for word in words for each in spellings_of(word))
    return _Read(" " + (choices[0] if len(choices) == 1 else f"(?:{'|'.join(choices)})"), anchors)


def _anchor(word: str) -> str:
    """A word with at most one star, at an end: ``un*ed`` is ``un*``."""
    begin, star, _ = word.partition("*")
    return begin + star if begin or not star else "*" + word.rpartition("*")[2]


def _spelled(word: str) -> str:
    if word.endswith("*"):
        return _parts(word[:-1]) + "[^ ]*"
    return "[^ ]+" + _parts(word[1:]) if word.startswith("*") else _parts(word)


def _parts(word: str) -> str:
    """The parts of a word in order, those in braces with their choices."""
    parts = _CHOICES.split(word)
    return "".join(
        f"(?:{'|'.join(re.escape(each) for each in part.split(','))})" if i % 2 else _starred(part)
        for i, part in enumerate(parts)
    )


def _starred(part: str) -> str:
    return "[^ ]*".join(re.escape(each) for each in part.split("*"))
