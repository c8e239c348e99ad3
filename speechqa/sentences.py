"""Sentences of a turn, with the times of their words.

A sentence ends where the recogniser wrote a full stop, question or exclamation mark. A recogniser that writes no
punctuation at all leaves pauses: then a gap of 0.5 s between two words ends a sentence.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from speechqa.conversation import Party, Word
from speechqa.lexicon import Lexicon

PAUSE_ENDS_SENTENCE_S = 0.5


@dataclass(frozen=True, slots=True)
class Sentence:
    """One party's sentence: its words, and their normal form (`Lexicon.tokens`)."""

    party: Party
    words: tuple[Word, ...]
    tokens: tuple[str, ...]

    @property
    def start_s(self) -> float:
        """Start of the first word."""
        return self.words[0].start_s

    @property
    def end_s(self) -> float:
        """End of the last word."""
        return max(word.end_s for word in self.words)

    @property
    def quote(self) -> str:
        """The sentence as recognised."""
        return " ".join(word.text for word in self.words)

    @property
    def asks(self) -> bool:
        """Whether the recogniser wrote a question mark."""
        return self.words[-1].text.rstrip("\"'”’)").endswith("?")


def punctuated(words: Sequence[Word], lexicon: Lexicon) -> bool:
    """Whether the recogniser writes punctuation."""
    return any(lexicon.ends_sentence(word.text) for word in words)


def sentence_ends(words: Sequence[Word], lexicon: Lexicon, *, marks: bool | None = None) -> tuple[int, ...]:
    """Indices of the words that end a sentence; the last word always does. ``marks``: words are punctuated."""
    marks = punctuated(words, lexicon) if marks is None else marks
    ends = []
    for i, word in enumerate(words):
        last = i == len(words) - 1
        pause = not last and not marks and words[i + 1].start_s - word.end_s >= PAUSE_ENDS_SENTENCE_S
        if last or pause or lexicon.ends_sentence(word.text):
            ends.append(i)
    return tuple(ends)


def sentences(words: Sequence[Word], lexicon: Lexicon, *, marks: bool | None = None) -> tuple[Sentence, ...]:
    """The words of one party's turn as sentences, those without any letter or digit left out."""
    out, begin = [], 0
    for end in sentence_ends(words, lexicon, marks=marks):
        part = tuple(words[begin : end + 1])
        tokens = tuple(token for word in part for token in lexicon.tokens(word.text))
        if tokens:
            out.append(Sentence(part[0].party, part, tokens))
        begin = end + 1
    return tuple(out)
