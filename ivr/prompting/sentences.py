"""Where a text pauses: cutting it into paragraphs and sentences, the same for every voice."""

from __future__ import annotations

import re

ABBREVIATIONS = frozenset("mr mrs ms dr prof st no nr ca vs etc e.g i.e a.m p.m".split())
"""Words after which a full stop ends no sentence."""

_PARAGRAPH = re.compile(r"\n\s*\n")
_END = re.compile(r"[.!?…]+[\"”’»)\]]*\s+")


def paragraphs(text: str) -> list[list[str]]:
    """The sentences of each paragraph, in order; blank lines divide paragraphs; nothing empty is returned."""
    cut = [sentences(" ".join(paragraph.split())) for paragraph in _PARAGRAPH.split(text)]
    return [paragraph for paragraph in cut if paragraph]


def sentences(text: str) -> list[str]:
    """The sentences of one paragraph."""
    found, begin = [], 0
    for match in _END.finditer(text):
        if _ends(text, begin, match):
            found.append(text[begin : match.end()].strip())
            begin = match.end()
    found.append(text[begin:].strip())
    return [sentence for sentence in found if sentence]


def _ends(text: str, begin: int, match: re.Match[str]) -> bool:
    """A full stop after an abbreviation or an initial, or before a small letter, goes on."""
    if match.end() < len(text) and text[match.end()].islower():
        return False
    if match[0].rstrip() != ".":
        return True
    word = text[begin : match.start()].rsplit(" ", 1)[-1].lstrip("(\"“'‘«")
    return word.lower() not in ABBREVIATIONS and not (len(word) == 1 and word.isupper())
