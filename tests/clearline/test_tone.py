"""The rules of a brand's tone, against sentences that keep and break them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearline.tone import Breach, ToneRules, breaches, unused

AVOID = ToneRules("en", avoid={"no problem": "you are welcome", "cheap": ""})


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("You are welcome.", ()),
        ("No problem at all.", (Breach("avoid", "No problem", "you are welcome"),)),
        ("The cheapest plan has no problems.", ()),
        ("A cheap plan. Cheap!", (Breach("avoid", "cheap"), Breach("avoid", "Cheap"))),
    ],
)
def test_words_to_avoid(text: str, found: tuple[Breach, ...]) -> None:
    assert breaches(text, AVOID) == found


@pytest.mark.parametrize(
    ("language", "formality", "text", "quotes"),
    [
        ("uk", "formal", "Дякуємо, що ви зателефонували. Твій рахунок готовий.", ["Твій"]),
        ("uk", "informal", "Дякуємо, що ти зателефонував. Ваш рахунок готовий.", ["Ваш"]),
        ("ru", "formal", "Мы перезвоним тебе завтра, когда вы будете дома.", ["тебе"]),
        ("nb", "informal", "Da ringer vi Dem. De er opptatt. Vi ringer dem.", ["Dem"]),
        ("nb", "formal", "Vi ringer deg i morgen.", ["deg"]),
        ("ro", "informal", "Vă mulțumim, tu ești important.", ["Vă"]),
        ("lt", "formal", "Ačiū, kad skambinate. Mes tau perskambinsime.", ["tau"]),
        ("en", "formal", "You and your bill.", []),
        ("nb", None, "Vi ringer deg i morgen.", []),
    ],
)
def test_how_people_are_addressed(language: str, formality: str, text: str, quotes: list[str]) -> None:
    found = breaches(text, ToneRules(language, formality=formality))  # type: ignore[arg-type]
    assert [breach.quote for breach in found] == quotes
    assert {breach.rule for breach in found} <= {"formality"}


def test_a_long_sentence_is_quoted_with_its_words() -> None:
    text = "Short. This one has exactly seven words inside! And this is the one that is far too long."
    (found,) = breaches(text, ToneRules("en", longest_sentence=7))
    assert found == Breach("long_sentence", "And this is the one that … (10 words)")


def test_words_to_use_are_missed_only_when_no_text_says_them() -> None:
    rules = ToneRules("en", use=("colleague", "thank you"))
    assert unused(["Our colleagues are busy.", "THANK YOU for calling."], rules) == ("colleague",)
    assert unused(["A colleague will call. Thank you."], rules) == ()


@given(st.text("ab .", max_size=60), st.text("ab .", max_size=60))
def test_breaches_of_two_sentences_are_those_of_both(one: str, two: str) -> None:
    rules = ToneRules("en", longest_sentence=3, avoid={"aa": ""})
    joined = breaches(f"{one}. {two}", rules)
    apart = (*breaches(one, rules), *breaches(two, rules))
    assert sorted(map(repr, joined)) == sorted(map(repr, apart))
