"""The shipped lexicons: every rule's own examples, and the notation they are written in."""

from __future__ import annotations

from pathlib import Path

import pytest

from speechqa.conversation import Word
from speechqa.lexicon import Lexicon, PhraseRule
from speechqa.measures import wording
from speechqa.measures.wording import says
from speechqa.phrases import PhraseError, compile_phrase, spellings_of
from speechqa.rubric.load import RubricError, languages, load_lexicon
from speechqa.sentences import sentences
from tests.speechqa.measures.talks import ENGLISH, talk

LEXICONS = [load_lexicon(language) for language in languages()]
RULES = [
    pytest.param(lexicon, rule, id=f"{lexicon.language}-{rule.id}")
    for lexicon in LEXICONS
    for rule in lexicon.rules.values()
]
FEWEST_EXAMPLES = 10


@pytest.mark.parametrize(("lexicon", "rule"), RULES)
def test_examples_of_every_rule(lexicon: Lexicon, rule: PhraseRule) -> None:
    missed = [text for text in rule.match if not _said(rule, text, lexicon)]
    invented = [text for text in rule.no_match if _said(rule, text, lexicon)]
    assert (missed, invented) == ([], [])


def _said(rule: PhraseRule, text: str, lexicon: Lexicon) -> bool:
    words = [Word("agent", each, i, i + 1) for i, each in enumerate(text.split())]
    found = sentences(words, lexicon, marks=True)
    if rule.kind == "sign":
        return any(rule.found_in(each.tokens) for each in found)
    return any(says(rule, each, lexicon) for each in found)


@pytest.mark.parametrize("lexicon", LEXICONS, ids=lambda lexicon: lexicon.language)
def test_every_rule_has_examples_of_both_sorts(lexicon: Lexicon) -> None:
    bare = [rule.id for rule in lexicon.rules.values() if not rule.match or not rule.no_match]
    assert bare == []
    wording = list(lexicon.of_kind("avoid", "credit"))
    assert [rule.id for rule in wording if len(set(rule.match)) < FEWEST_EXAMPLES] == []
    assert [rule.id for rule in wording if len(set(rule.no_match)) < FEWEST_EXAMPLES] == []


@pytest.mark.parametrize("lexicon", LEXICONS, ids=lambda lexicon: lexicon.language)
def test_every_language_has_every_rule_with_its_advice(lexicon: Lexicon) -> None:
    kinds = {rule.id: rule.kind for rule in ENGLISH.rules.values()}
    assert {rule.id: rule.kind for rule in lexicon.rules.values()} == kinds
    assert [rule.id for rule in lexicon.of_kind("avoid") if not rule.why or not rule.say_instead] == []
    assert [rule.id for rule in lexicon.of_kind("credit") if not rule.why] == []


@pytest.mark.parametrize(
    ("phrase", "text", "span"),
    [
        ("do not care", "i do not care much", (1, 4)),
        ("really/truly sorry", "we are truly sorry", (2, 4)),
        ("apolog*", "our apologies then", (1, 2)),
        ("*ing it", "i am sending it", (2, 4)),
        ("un*ed", "it is unsolved and undoing solved", (2, 3)),
        ("send{s,ing,} it", "send it", (0, 2)),
        ("{re,un}send{s,ing}", "he unsends", (1, 2)),
        ("{re,un}send{s,ing}", "he sends", None),
        ("send{s,er}* it/that", "the senders that", (1, 3)),
        ("very [very] good", "very very good", (0, 3)),
        ("(a b|c)", "x c", (1, 2)),
        ("one ... two", "one a b c d two", (0, 6)),
        ("one ... two", "one a b c d e two", None),
        ("_ will", "somebody will", (0, 2)),
        ("# days", "in 14 days", (1, 3)),
        ("^ wait $", "wait", (0, 1)),
        ("^ wait", "please wait", None),
        ("<colour> car", "the red car", (1, 3)),
        ("will & <colour>", "red it will be", (0, 3)),
        ("care", "careful", None),
    ],
)
def test_notation(phrase: str, text: str, span: tuple[int, int] | None) -> None:
    assert compile_phrase(phrase, {"colour": ("red", "dark blue")}).find(text.split()) == span


@pytest.mark.parametrize(
    ("word", "spellings"),
    [("say", ("say",)), ("say{s,}", ("says", "say")), ("{a,b}c{d,e}*", ("acd*", "ace*", "bcd*", "bce*"))],
)
def test_choices_written_out(word: str, spellings: tuple[str, ...]) -> None:
    assert spellings_of(word) == spellings


@pytest.mark.parametrize(
    ("phrase", "message"),
    [
        ("<nothing> here", "names the class <nothing>"),
        ("(open", "is not closed"),
        ("close)", "unexpected"),
        ("[perhaps]", "matches nothing in particular"),
        ("<loop>", "in a circle"),
        ("(a|b)* c", "is no word"),
        ("{a b,c} d", "is no word"),
        ("a} d", "is no word"),
        ("[<loop>/b] d", "in a circle"),
        ("[c/] d", "is no word"),
    ],
)
def test_a_mistake_in_a_phrase_is_said_plainly(phrase: str, message: str) -> None:
    with pytest.raises(PhraseError, match=message):
        compile_phrase(phrase, {"loop": ("<loop>",)})


@pytest.mark.parametrize(
    ("written", "tokens"),
    [
        ("Don't,", ("do", "not")),
        ("can’t", ("can", "not")),
        ("I'll", ("i", "will")),
        ("Mm-hmm.", ("mm", "hmm")),
        ("9:30", ("9:30",)),
        ("twenty-four", ("twenty", "four")),
        ("-", ()),
        ("...", ()),
        ("Mister", ("mr",)),
        ("Anna's", ("anna's",)),
    ],
)
def test_normal_form(written: str, tokens: tuple[str, ...]) -> None:
    assert load_lexicon("en").tokens(written) == tokens


@pytest.mark.parametrize("written", ["Îmi pare rău", "Imi pare rau", "ÎMI PARE RĂU!", "I\u0302mi pare ra\u0306u"])
def test_diacritics_make_no_difference_where_the_lexicon_says_so(tmp_path: Path, written: str) -> None:
    head = "language: zz\nletters: {î: i, ă: a}\nclasses: {bad: [rău]}\n"
    text = head + "phrases: {sorry: {kind: sign, find: ['îmi pare <bad>']}}"
    (tmp_path / "zz.yaml").write_text(text, encoding="utf-8")
    lexicon = load_lexicon("zz", folder=tmp_path)
    assert lexicon.normal(written) == ("imi", "pare", "rau")
    assert lexicon.has("sorry", lexicon.normal(written))


@pytest.mark.parametrize(
    ("text", "hit"),
    [
        ("I don't care, you said.", False),
        ("Nothing I can do, said the letter.", False),
        ("I don't care what you said.", True),
    ],
)
def test_a_quotation_may_be_named_after_it(text: str, hit: bool) -> None:
    found = wording.measure(talk([("agent", 0.0, text)]), ENGLISH)
    assert any(each.kind == "avoid" for each in found) is hit


@pytest.mark.parametrize(
    ("word", "ends"),
    [("now.", True), ("Mrs.", False), ("why?", True), ("no!”", True), ("No.", True), ("so", False), ("well,", False)],
)
def test_sentence_ends(word: str, ends: bool) -> None:
    assert load_lexicon("en").ends_sentence(word) is ends


def test_a_region_uses_its_language() -> None:
    assert load_lexicon("en-GB") is load_lexicon("en")


@pytest.mark.parametrize("language", ["xx", "", "../en", "english"])
def test_a_language_without_a_lexicon_is_said_plainly(language: str) -> None:
    with pytest.raises(RubricError, match="there is no lexicon for the language"):
        load_lexicon(language)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("language: [", "not sound YAML"),
        ("language: zz\nphrases: {}\nextra: 1", "extra"),
        ("language: zz\nphrases: {a: {kind: avoid, find: ['<b>']}}", "rule a: .*<b>"),
        ("language: zz\nphrases: {a: {kind: bad, find: [b]}}", "phrases.a.kind"),
    ],
)
def test_a_broken_lexicon_names_file_and_place(tmp_path: Path, text: str, message: str) -> None:
    (tmp_path / "zz.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(RubricError, match=message):
        load_lexicon("zz", folder=tmp_path)
