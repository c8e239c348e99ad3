"""The words of a language as values: what counts as an acknowledgement, an apology, a promise with a date …

A `Lexicon` is data (YAML beside the rubrics, read by `speechqa.rubric.load`); measures are handed one and never know
which language it is. Ids of phrases are the same in every language.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from clearline.spoken import Syllables
from speechqa.phrase_set import PhraseSet
from speechqa.phrases import Phrase

RuleKind = Literal["avoid", "credit", "sign", "topic"]

_EDGES = re.compile(r"^[^\w]+|[^\w]+$")
_INNER = re.compile(r"[-–—/_.,:]+")
_NUMBER = re.compile(r"^\d[\d.,:]*$")
REMEMBERED_WORDS = 20_000


@dataclass(frozen=True, slots=True)
class PhraseRule:
    """Phrases that mean the same. ``avoid`` and ``credit`` rules become findings, a ``sign`` serves the measures, a
    ``topic`` names what is being spoken of.

    ``unless`` phrases in the same sentence cancel a hit. ``match`` and ``no_match`` are the rule's own examples.
    """

    id: str
    kind: RuleKind
    find: tuple[Phrase, ...]
    unless: tuple[Phrase, ...] = ()
    why: str = ""
    say_instead: str = ""
    match: tuple[str, ...] = ()
    no_match: tuple[str, ...] = ()
    _find: PhraseSet = field(init=False, repr=False, compare=False)
    _unless: PhraseSet = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_find", PhraseSet(self.find))
        object.__setattr__(self, "_unless", PhraseSet(self.unless))

    def found_in(self, tokens: Sequence[str]) -> tuple[int, int] | None:
        """First and one-past-last token of the first phrase found, or None."""
        hit = self._find.find(tokens)
        return None if hit is None or self._unless.find(tokens) else hit


@dataclass(frozen=True, slots=True)
class Lexicon:
    """One language's words and phrases; see the module docstring. ``syllables`` is None where no rule is known.

    ``letters`` are taken for others, so that words are found with and without their diacritics.
    """

    language: str
    letters: Mapping[str, str] = field(default_factory=dict)
    spellings: Mapping[str, str] = field(default_factory=dict)
    endings: Mapping[str, str] = field(default_factory=dict)
    abbreviations: frozenset[str] = frozenset()
    acknowledgements: frozenset[str] = frozenset()
    light_words: frozenset[str] = frozenset()
    unfinished_words: frozenset[str] = frozenset()
    titles: frozenset[str] = frozenset()
    common_words: frozenset[str] = frozenset()
    rules: Mapping[str, PhraseRule] = field(default_factory=dict)
    syllables: Syllables | None = None
    fillers: frozenset[str] = frozenset()
    _seen: dict[str, tuple[str, ...]] = field(default_factory=dict, init=False, repr=False, compare=False)

    def tokens(self, written: str) -> tuple[str, ...]:
        """The normal form of one written word: ``"Don't,"`` is ``("do", "not")``, a dash alone is nothing."""
        known = self._seen.get(written)
        if known is None:
            if len(self._seen) >= REMEMBERED_WORDS:
                self._seen.clear()
            known = self._seen[written] = self._normalised(written)
        return known

    def _normalised(self, written: str) -> tuple[str, ...]:
        word = _EDGES.sub("", folded(written, self.letters).replace("’", "'").replace("‘", "'"))
        if not word:
            return ()
        if word in self.spellings:
            return tuple(self.spellings[word].split())
        for ending, meaning in self.endings.items():
            if word.endswith(ending) and len(word) > len(ending):
                return (*self.tokens(word.removesuffix(ending)), *meaning.split())
        if _NUMBER.match(word):
            return (word,)
        parts = [part for part in _INNER.split(word) if part]
        if len(parts) == 1:
            return (self.spellings.get(parts[0], parts[0]),)
        return tuple(token for part in parts for token in self.tokens(part))

    def normal(self, text: str) -> tuple[str, ...]:
        """The tokens of a text."""
        return tuple(token for word in text.split() for token in self.tokens(word))

    def ends_sentence(self, written: str) -> bool:
        """Whether a written word closes a sentence: full stop, question or exclamation mark, but no abbreviation."""
        bare = written.rstrip("\"'”’)»")
        if not bare.endswith((".", "?", "!", "…", "。", "？", "！")):
            return False
        return not bare.endswith(".") or _EDGES.sub("", bare.casefold()) not in self.abbreviations

    def has(self, rule: str, tokens: Sequence[str]) -> bool:
        """Whether a phrase of that rule is in the tokens; False for a rule that the language does not have."""
        known = self.rules.get(rule)
        return known is not None and known.found_in(tokens) is not None

    def of_kind(self, *kinds: RuleKind) -> Iterator[PhraseRule]:
        """The rules of these kinds in the order written."""
        return (rule for rule in self.rules.values() if rule.kind in kinds)


def folded(text: str, letters: Mapping[str, str]) -> str:
    """Lower case, composed (NFC), and each of ``letters`` replaced by what it stands for: ``"Ștergeți"`` "stergeti"."""
    text = unicodedata.normalize("NFC", text.casefold())
    for letter, plain in letters.items():
        text = text.replace(letter, plain)
    return text


def strings(values: Iterable[str], letters: Mapping[str, str] | None = None) -> frozenset[str]:
    """Folded for comparison with tokens."""
    return frozenset(folded(value, letters or {}) for value in values)
