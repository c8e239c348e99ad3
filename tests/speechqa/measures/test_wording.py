from __future__ import annotations

import pytest

from speechqa.measures import wording
from speechqa.measures.names import calls_by_name, customer_names
from tests.speechqa.measures.talks import ENGLISH, Line, talk

RULES = {
    "dont_know",
    "dont_care",
    "not_my_problem",
    "dislike",
    "know_it_all",
    "dont_come_back",
    "i_am_right",
    "hurry_up",
    "reproach",
    "over_promise",
    "gushing_apology",
    "blame_management",
    "flat_no",
    "acknowledgement",
    "asks_wish",
    "offers_choice",
    "explains_benefit",
    "uses_name",
    "offers_solution",
    "recap",
    "dated_next_step",
}


def rules(*lines: Line) -> list[str]:
    return [each.rule for each in wording.measure(talk(lines), ENGLISH)]


def test_the_rules_are_those_of_every_language() -> None:
    assert {rule.id for rule in ENGLISH.of_kind("avoid", "credit")} == RULES
    assert all(rule.say_instead and rule.why for rule in ENGLISH.of_kind("avoid"))


def test_a_finding_is_the_sentence_with_its_time_and_the_better_wording() -> None:
    (found,) = wording.measure(talk([("agent", 10.0, "Right. Well, I don't care about that. Next.")]), ENGLISH)
    assert (found.rule, found.kind, found.party) == ("dont_care", "avoid", "agent")
    assert (found.start_s, found.end_s) == (pytest.approx(10.3), pytest.approx(12.1))
    assert found.quote == "Well, I don't care about that."
    assert found.say_instead == "I am sorry that I kept you waiting. How can I help you?"


def test_what_the_customer_says_is_no_finding() -> None:
    assert rules(("customer", 0.0, "I don't care. As I said, that is not my problem.")) == []


@pytest.mark.parametrize(
    "text", ["You said you don't care.", "It is not that I don't care.", "She told me that it is not my problem."]
)
def test_quoted_and_negated_phrases_are_no_hits(text: str) -> None:
    assert rules(("agent", 0.0, text)) == []


def test_a_phrase_does_not_reach_over_a_sentence_end() -> None:
    assert rules(("agent", 0.0, "I do. Not care about it.")) == []


def test_the_third_apology_gushes() -> None:
    lines: list[Line] = [("agent", 5.0 * i, "I am sorry about that delay.") for i in range(3)]
    assert rules(*lines).count("gushing_apology") == 1


@pytest.mark.parametrize(
    "intro",
    [
        "Hello, my name is Jana Novak.",
        "Good morning, Jana Novak speaking.",
        "Hi, this is Jana Novak.",
        "Hi, I'm Jana Novak.",
    ],
)
def test_the_customers_name_is_learned_and_heard(intro: str) -> None:
    conversation = talk([("customer", 0.0, intro), ("agent", 3.0, "One question, Novac, when was it?")])
    assert "novak" in customer_names(conversation, ENGLISH)
    assert [each.rule for each in wording.measure(conversation, ENGLISH)] == ["uses_name"]


@pytest.mark.parametrize("text", ["now the line is fine", "i can see it", "the knob is loose", ""])
def test_common_words_are_no_names(text: str) -> None:
    assert not calls_by_name(text.split(), frozenset({"novak", "lindqvist"}), ENGLISH)


def test_a_language_without_rules_finds_nothing() -> None:
    from speechqa.lexicon import Lexicon

    assert wording.measure(talk([("agent", 0.0, "I don't care.")]), Lexicon("xx")) == ()
