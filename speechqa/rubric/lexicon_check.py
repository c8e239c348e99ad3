"""What is wrong with a lexicon: examples that fail, rules without examples, phrases that can never be found."""

from __future__ import annotations

import re
from collections.abc import Iterator

from speechqa.conversation import Word
from speechqa.lexicon import Lexicon, PhraseRule
from speechqa.measures.wording import says
from speechqa.phrases import spellings_of
from speechqa.rubric.document import Document
from speechqa.rubric.load import read_lexicon
from speechqa.rubric.problems import Problem, RubricError
from speechqa.sentences import sentences

_WORD = re.compile(r"[^\s\[\]()|<>&^$/]+")
_CLASS = re.compile(r"<[\w-]+>")


def check_lexicon(document: Document) -> Iterator[Problem]:
    """Everything wrong with a lexicon file, in the order of the file."""
    try:
        lexicon = read_lexicon(document.path)
    except RubricError as error:
        what = str(error).removeprefix(f"{document.path}: ")
        yield Problem(document.place(()), "", "error", what, "", "write it as the shipped lexicons are")
        return
    for rule in lexicon.rules.values():
        yield from _examples(rule, lexicon, document)
        for key in ("find", "unless"):
            yield from _dead(rule.id, key, lexicon, document)


def _examples(rule: PhraseRule, lexicon: Lexicon, document: Document) -> Iterator[Problem]:
    for key, texts, wanted in (("match", rule.match, True), ("no_match", rule.no_match, False)):
        if not texts:
            place = document.place(("phrases", rule.id))
            why, remedy = "nobody has said what it must (not) find", f"write `{key}:` with sentences"
            yield Problem(place, rule.id, "warning", f"the rule has no `{key}` examples", why, remedy)
        for number, text in enumerate(texts):
            if _found(rule, text, lexicon) is not wanted:
                what = f"“{text}” is {'not found' if wanted else 'found'}"
                why = f"it is an example that must{'' if wanted else ' not'} match"
                place = document.place(("phrases", rule.id, key, number))
                yield Problem(place, rule.id, "error", what, why, "change the phrases, or the example")


def _found(rule: PhraseRule, text: str, lexicon: Lexicon) -> bool:
    words = [Word("agent", each, i, i + 1) for i, each in enumerate(text.split())]
    found = sentences(words, lexicon, marks=True)
    if rule.kind == "sign":
        return any(rule.found_in(each.tokens) for each in found)
    return any(says(rule, each, lexicon) for each in found)


def _dead(rule: str, key: str, lexicon: Lexicon, document: Document) -> Iterator[Problem]:
    """Words of phrases in a form that no sentence has after normalisation (``don't`` is ``do not`` there)."""
    for number, phrase in enumerate(each.written for each in getattr(lexicon.rules[rule], key)):
        for word in (each for written in _WORD.findall(_CLASS.sub(" ", phrase)) for each in spellings_of(written)):
            if "*" in word or word in ("#", "_", "...") or not any(letter.isalpha() for letter in word):
                continue
            normal = lexicon.tokens(word)
            if normal != (word.casefold(),):
                place = document.place(("phrases", rule, key, number))
                what = f"the word “{word}” of the phrase “{phrase}” is never found"
                remedy = f"write “{' '.join(normal)}”" if normal else "leave it out"
                yield Problem(place, rule, "warning", what, "sentences are compared in their normal form", remedy)
