"""Many phrases looked for at once: only those whose words are in the sentence are tried.

A lexicon has some two thousand phrases, a sentence of ten words can hold a few dozen of them. Each word leads to the
phrases that it is an anchor of (`speechqa.phrases`).
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence

from speechqa.phrases import Phrase

REMEMBERED_WORDS = 2000


class PhraseSet:
    """Phrases in an order that stands: the first one that is found counts."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._phrases = tuple(phrases)
        self._anywhere = tuple(i for i, phrase in enumerate(self._phrases) if phrase.anchors is None)
        self._words: dict[str, list[int]] = defaultdict(list)
        self._starts: list[tuple[str, int]] = []
        self._ends: list[tuple[str, int]] = []
        for i, phrase in enumerate(self._phrases):
            for anchor in phrase.anchors or ():
                self._enter(anchor, i)
        self._seen: dict[str, tuple[int, ...]] = {}

    def _enter(self, anchor: str, number: int) -> None:
        if anchor.endswith("*"):
            self._starts.append((anchor[:-1], number))
        elif anchor.startswith("*"):
            self._ends.append((anchor[1:], number))
        else:
            self._words[anchor].append(number)

    def find(self, tokens: Sequence[str]) -> tuple[int, int] | None:
        """First and one-past-last token of the first phrase found, or None."""
        likely = set(self._anywhere)
        for token in tokens:
            anchored = self._seen.get(token)
            likely.update(self._anchored(token) if anchored is None else anchored)
        if not likely:
            return None
        text = " " + " ".join(tokens)
        return next((hit for i in sorted(likely) if (hit := self._phrases[i].find_in(text))), None)

    def _anchored(self, token: str) -> tuple[int, ...]:
        found = set(self._words.get(token, ()))
        found.update(i for start, i in self._starts if token.startswith(start))
        found.update(i for end, i in self._ends if token.endswith(end))
        if token[:1].isdigit():
            found.update(self._words.get("#", ()))
        if len(self._seen) >= REMEMBERED_WORDS:
            self._seen.clear()
        self._seen[token] = tuple(found)
        return self._seen[token]
