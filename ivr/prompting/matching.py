"""Which prompt a recording is of: by the name of its file, else by what is said in it. Pure."""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

AT_LEAST = 0.85
"""How alike the words heard and a text must be (0 to 1) before a recording is taken for it."""
AHEAD = 0.08
"""By how much it must be more like this text than like any other."""
_TAKE = re.compile(r"(_(?:take|tk|v|ver|version|final|edit|mix|master|copy)_?\d*|_\d+)+$")
_PART = re.compile(r"_(?:part|piece)_?(\d+)")
_NUMBER = re.compile(r"^(\d+_)+")


@dataclass(frozen=True, slots=True)
class Match:
    """The prompt that a recording is most likely of, how sure that is, and the runner-up."""

    prompt: str
    confidence: float
    next_best: float = 0.0

    @property
    def sure(self) -> bool:
        """Whether it may be taken without asking anybody."""
        return self.confidence >= AT_LEAST and self.confidence - self.next_best >= AHEAD


def by_name(stem: str, ids: Collection[str], language: str) -> str | None:
    """The prompt that a file name means: ``welcome``, ``03 Welcome``, ``en-welcome_take2``, ``main menu (final)``.

    Of a text with gaps, the piece: ``balance_part2``, ``Balance part 2 (final)``.
    """
    plain = _PART.sub(r"_part\1", re.sub(r"[^a-z0-9]+", "_", stem.casefold()).strip("_"))
    tag = language.split("-")[0].casefold()
    for name in (plain, _NUMBER.sub("", plain)):
        for bare in (name, name.removeprefix(f"{tag}_"), name.removesuffix(f"_{tag}")):
            for guess in (bare, _TAKE.sub("", bare)):
                if guess in ids:
                    return guess
    return None


def by_words(heard: str, texts: Mapping[str, str]) -> Match | None:
    """The text that is most like what was heard; None when nothing was heard or there are no texts."""
    from rapidfuzz import fuzz

    words = _words(heard)
    if not words or not texts:
        return None
    scores = sorted(((fuzz.ratio(words, _words(text)) / 100, prompt) for prompt, text in texts.items()), reverse=True)
    (best, prompt), others = scores[0], scores[1:]
    return Match(prompt, round(best, 3), round(others[0][0], 3) if others else 0.0)


def _words(text: str) -> str:
    return " ".join(re.findall(r"\w+", text.casefold()))
