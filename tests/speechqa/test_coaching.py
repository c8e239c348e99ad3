"""The coaching lines, said about known calls."""

from __future__ import annotations

import pytest

from speechqa.coaching import clock
from speechqa.conversation import Word
from speechqa.measures.standing import ReferenceCall
from speechqa.rubric.load import load_rubric
from speechqa.stages import AnalysisSettings, judge
from tests.speechqa.measures.talks import from_words, talk, words_of

RUBRIC = load_rubric()


def lines(words: list[Word], settings: AnalysisSettings | None = None) -> str:
    return "\n".join(each.text for each in judge(from_words(words), RUBRIC, settings).advice)


def test_a_fast_passage_is_named_by_its_topic() -> None:
    terms = "The terms and conditions say that the minimum term is " + " ".join(["twelve"] * 50) + "."
    said = lines([*words_of("customer", 0.0, "What does it say?"), *words_of("agent", 72.0, terms, 0.28)])
    assert "words a minute while reading the terms at 01:12; pause after each condition." in said
    plain = lines(words_of("agent", 0.0, " ".join(["word"] * 60), 0.25))
    assert "while saying “word word" in plain and "pause after each point." in plain


def test_pace_among_the_team() -> None:
    calls = tuple(ReferenceCall("north", "en", 120.0 + i) for i in range(20))
    settings = AnalysisSettings(reference=calls, team="north")
    said = lines(words_of("agent", 0.0, " ".join(["word"] * 40), 0.35), settings)
    assert (
        "At 171 words a minute you speak faster than in 100% of the 20 calls of the team; their middle is 130." in said
    )
    slow = lines(words_of("agent", 0.0, " ".join(["word"] * 40), 0.6), settings)
    assert "you speak slower than in 100% of the 20 calls" in slow
    middle = lines(words_of("agent", 0.0, " ".join(["word"] * 40), 60 / 130), settings)
    assert "you speak" not in middle


def test_speeding_up_after_a_complaint() -> None:
    text = " ".join(["word"] * 30)
    said = lines(
        [
            *words_of("agent", 0.0, text, 0.45),
            *words_of("customer", 14.0, "This is ridiculous."),
            *words_of("agent", 15.2, text, 0.36),
        ]
    )
    assert "After the complaint at 00:14 you sped up (167 instead of 133 words a minute)" in said


def test_a_question_left_open_and_a_customer_out_talked() -> None:
    call = talk(
        [
            ("agent", 0.0, "Hello and welcome to the service line of the company."),
            ("customer", 4.0, "When will it come?"),
            ("agent", 16.0, "Anything else?"),
        ]
    )
    said = "\n".join(each.text for each in judge(call, RUBRIC).advice)
    assert "The customer’s question at 00:04 got no answer: “When will it come?”" in said
    assert "In the first minute the customer had 25% of the talk" in said
    assert "Nobody spoke for 11 s at 00:05 after the customer had finished" in said


@pytest.mark.parametrize(("at_s", "shown"), [(72.4, "01:12"), (3599.9, "59:59"), (3723.0, "1:02:03")])
def test_places_in_long_calls_have_hours(at_s: float, shown: str) -> None:
    assert clock(at_s) == shown
