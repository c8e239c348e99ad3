"""A text with gaps as a row of segments: what a person records between the values, the values, and the pauses. Pure.

``Hello {name}, you owe {sum:money}. Please pay soon.`` is *Hello* | name, | *you owe* | sum. | *Please pay soon.* The
pause between two segments is what the punctuation there asks for; a value is spoken with the melody of what follows it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from ivr.prompting.placeholders import Filled, Placeholder, Template
from ivr.prompting.sentences import ABBREVIATIONS

Joint = Literal["word", "phrase", "sentence", "paragraph", ""]
"""What lies between two segments; empty after the last."""

_EDGES = re.compile(r"(?P<before>[\W_]*)(?P<core>.*?)(?P<after>[\W_]*)", re.DOTALL)
_MARKS = " \n.,;:!?…–—"
_PARAGRAPH = re.compile(r"\n\s*\n")


@dataclass(frozen=True, slots=True)
class Segment:
    """Words that are heard in one go: a value, or the piece of this number (from 1) that is recorded."""

    text: str
    piece: int
    joint: Joint = ""

    @property
    def is_value(self) -> bool:
        """Whether the voice says it."""
        return self.piece == 0


def pieces(template: Template) -> tuple[str, ...]:
    """What a person records of a text with gaps, without the punctuation of the value before; empty without gaps."""
    if not template.names:
        return ()
    return tuple(part.lstrip(_MARKS).strip() for part in template.parts if isinstance(part, str) and _has_words(part))


def segments(template: Template, filled: Filled | None = None) -> tuple[Segment, ...]:
    """The segments in order; without ``filled``, values are their names."""
    texts = filled.parts if filled else tuple((p if isinstance(p, str) else p.name, False) for p in template.parts)
    kinds = [isinstance(part, Placeholder) for part in template.parts]
    return tuple(_joined([(text, value) for (text, _), value in zip(texts, kinds, strict=True)]))


def _joined(parts: Sequence[tuple[str, bool]]) -> Iterator[Segment]:
    """Punctuation belongs to the joint between the words before it and those after it."""
    waiting: Segment | None = None
    between, number = "", 0
    for text, value in parts:
        if not _has_words(text):
            between += text
            continue
        found = _EDGES.fullmatch(text)
        assert found is not None
        if waiting is not None:
            yield _closed(waiting, between + found["before"])
        number += not value
        waiting, between = Segment(found["core"], 0 if value else number), found["after"]
    if waiting is not None:
        yield _closed(waiting, between, last=True)


def _closed(segment: Segment, between: str, last: bool = False) -> Segment:
    joint = _joint(segment.text, between)
    mark = next((mark for mark in between if mark in "?!"), "." if last or joint in ("sentence", "paragraph") else ",")
    text = segment.text + mark if segment.is_value else segment.text
    return Segment(text, segment.piece, "" if last else joint)


def _joint(before: str, between: str) -> Joint:
    if _PARAGRAPH.search(between):
        return "paragraph"
    if any(mark in between for mark in "!?…") or ("." in between and not _abbreviated(before)):
        return "sentence"
    return "phrase" if any(mark in between for mark in ",;:–—") else "word"


def _abbreviated(text: str) -> bool:
    return text.rsplit(" ", 1)[-1].lower() in ABBREVIATIONS


def _has_words(text: str) -> bool:
    return any(character.isalnum() for character in text)
