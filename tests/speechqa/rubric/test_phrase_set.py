"""Phrases found through their anchors are those found by trying every one."""

from __future__ import annotations

from hypothesis import given, settings
from hypothesis import strategies as st

from speechqa.lexicon import Lexicon
from speechqa.phrase_set import REMEMBERED_WORDS, PhraseSet
from speechqa.phrases import Phrase, compile_phrase
from speechqa.rubric.load import languages, load_lexicon

LEXICONS = {language: load_lexicon(language) for language in languages()}
EXAMPLES = {
    language: [text for rule in lexicon.rules.values() for text in (*rule.match, *rule.no_match)]
    for language, lexicon in LEXICONS.items()
}
WORDS = st.lists(st.sampled_from(["so", "i", "send", "sends", "sending", "unsent", "7", "7:30", "x"]), max_size=6)
PHRASES = (
    "send*",
    "*ing",
    "un*t",
    "#",
    "so ... x",
    "i [send] x",
    "(send|x)",
    "_ x",
    "so/i send{s,ing}",
    "^ so $",
    "x & i",
)


def tried_one_by_one(phrases: tuple[Phrase, ...], tokens: list[str]) -> tuple[int, int] | None:
    return next((hit for phrase in phrases if (hit := phrase.find(tokens))), None)


@given(WORDS, st.permutations(PHRASES))
def test_anchors_lose_no_phrase(tokens: list[str], written: list[str]) -> None:
    phrases = tuple(compile_phrase(each, {}) for each in written)
    assert PhraseSet(phrases).find(tokens) == tried_one_by_one(phrases, tokens)


@settings(max_examples=30, deadline=None)
@given(st.data())
def test_anchors_lose_no_phrase_of_a_shipped_lexicon(data: st.DataObject) -> None:
    language = data.draw(st.sampled_from(sorted(LEXICONS)))
    lexicon: Lexicon = LEXICONS[language]
    texts = data.draw(st.lists(st.sampled_from(EXAMPLES[language]), min_size=1, max_size=2))
    tokens = list(lexicon.normal(" ".join(texts)))
    for rule in lexicon.rules.values():
        found = tried_one_by_one(rule.find, tokens)
        expected = None if tried_one_by_one(rule.unless, tokens) else found
        assert rule.found_in(tokens) == expected


def test_more_words_than_are_remembered() -> None:
    phrases = PhraseSet([compile_phrase("w1*", {}), compile_phrase("w7", {})])
    found = [i for i in range(REMEMBERED_WORDS + 10) if phrases.find([f"w{i}"])]
    assert found == [i for i in range(REMEMBERED_WORDS + 10) if f"w{i}".startswith("w1") or i == 7]
    assert phrases.find(["w7"]) == (0, 1)
