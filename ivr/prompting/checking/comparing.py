"""What a text says against what was heard: word error rate, and which words differ."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from rapidfuzz.distance import Levenshtein

from ivr.prompting.checking.words import Token, sound_alike, tokens_of


@dataclass(frozen=True, slots=True)
class Marked:
    """One written word, and whether it differs from the other side."""

    word: str
    differs: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """``errors`` are substitutions, deletions and insertions against the ``words`` of the text."""

    text: tuple[Marked, ...]
    heard: tuple[Marked, ...]
    errors: int
    words: int

    @property
    def word_error_rate(self) -> float:
        """Errors over words, 0 for an empty text; may be above 1."""
        return self.errors / self.words if self.words else 0.0

    @property
    def otherwise(self) -> tuple[str, str]:
        """The differing words of the text, and those heard in their place."""
        return _differing(self.text), _differing(self.heard)


def compare(text: str, heard: str, language: str) -> Comparison:
    """Word by word; see ``words`` for what counts as the same."""
    said, understood = list(tokens_of(text, language)), list(tokens_of(heard, language))
    said, understood = _joined(said, understood), _joined(understood, said)
    edits = Levenshtein.opcodes([each.form for each in said], [each.form for each in understood])
    wrong_said: set[int] = set()
    wrong_heard: set[int] = set()
    errors = 0
    for edit in edits:
        if edit.tag == "equal":
            continue
        one, other = said[edit.src_start : edit.src_end], understood[edit.dest_start : edit.dest_end]
        if edit.tag == "replace":  # of equally many words on both sides
            differing = [pair for pair in zip(one, other, strict=True) if not _alike(*pair, language)]
            one, other = [said for said, _ in differing], [heard for _, heard in differing]
        errors += max(len(one), len(other))
        wrong_said |= _written(one)
        wrong_heard |= _written(other)
    return Comparison(_marked(text, wrong_said), _marked(heard, wrong_heard), errors, len(said))


def closest(texts: Sequence[str], heard: str, language: str) -> Comparison:
    """The comparison with the text that comes nearest (as written, or as the lexicon has it said)."""
    return min((compare(text, heard, language) for text in texts), key=lambda each: each.errors)


def _joined(tokens: list[Token], other: list[Token]) -> list[Token]:
    """Neighbours joined where the other side writes them as one."""
    known = {each.form for each in other}
    out: list[Token] = []
    for token in tokens:
        if (
            out
            and (both := out[-1].form + token.form) in known
            and not (both.isdigit() or both in (t.form for t in tokens))
        ):
            out[-1] = Token(both, out[-1].first, token.last)
        else:
            out.append(token)
    return out


def _alike(said: Token, heard: Token, language: str) -> bool:
    return sound_alike(said.form, heard.form, language)


def _written(tokens: Sequence[Token]) -> set[int]:
    return {index for token in tokens for index in range(token.first, token.last + 1)}


def _marked(text: str, wrong: set[int]) -> tuple[Marked, ...]:
    return tuple(Marked(word, index in wrong) for index, word in enumerate(text.split()))


def _differing(words: Sequence[Marked]) -> str:
    return " ".join(each.word for each in words if each.differs)
