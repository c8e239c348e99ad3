"""Texts with placeholders."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.prompting.errors import PlaceholderError
from ivr.prompting.placeholders import KINDS, Placeholder, parse


def test_a_text_is_cut_at_its_placeholders() -> None:
    template = parse("Hello {name}, you owe {balance:money}.")
    assert template.parts == ("Hello ", Placeholder("name"), ", you owe ", Placeholder("balance", "money"), ".")
    assert template.names == {"name", "balance"}
    assert parse("{due:date/nom}").parts == (Placeholder("due", "date", "nom"),)


def test_values_take_their_places_in_words() -> None:
    values = {"name": "Ann {x}", "balance": 12.5, "unused": "-"}
    filled = parse("{name}: {balance:money} {{net}}").fill(values, "en", "EUR")
    assert filled.text == "Ann {x}: twelve euros and fifty cents {net}"
    assert [text for text, is_value in filled.parts if is_value] == ["Ann {x}", "twelve euros and fifty cents"]
    assert filled.unfit == ()


def test_the_language_and_the_form_choose_the_words() -> None:
    template = parse("{due:date} / {due:date/nom} / {place:ordinal/f}")
    values = {"due": "2026-12-03", "place": 3}
    assert template.fill(values, "uk").text == (
        "третього грудня дві тисячі двадцять шостого року / третє грудня дві тисячі двадцять шостого року / третя"
    )
    assert template.written == "{due:date} / {due:date/nom} / {place:ordinal/f}"


@pytest.mark.parametrize(
    ("value", "plainly"), [("soon", "soon"), ("2026-02-30", "2026-02-30"), (12, "12"), (True, "true")]
)
def test_a_value_of_another_kind_is_said_as_it_is_written_and_told_of(value: str | int, plainly: str) -> None:
    filled = parse("Due on {due:date}.").fill({"due": value})
    assert filled.text == f"Due on {plainly}."
    ((placeholder, reason),) = filled.unfit
    assert placeholder == "due:date"
    assert reason
    assert plainly not in reason.replace("2026-12-24", "")


def test_a_language_without_words_for_values_says_them_as_they_are_written() -> None:
    filled = parse("{n:number}").fill({"n": 5}, "ko")
    assert filled.text == "5"
    assert "not said in 'ko'" in filled.unfit[0][1]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Hello {name", "single { stands alone"),
        ("Hello name}", "single } stands alone"),
        ("Hello {}", r"\{\} is not a placeholder"),
        ("Hello {First Name}", r"\{First Name\} is not a placeholder"),
        ("Pay {sum:dollars}", r"\{sum:dollars\} has an unknown kind; the kinds are text, digits"),
        ("Pay {sum:}", "unknown kind"),
        ("Pay {sum:money/f}", r"\{sum:money/f\} has an unknown form; money has no forms"),
        ("On {due:date/dat}", "unknown form; the forms of date are nom, gen, acc"),
        ("On {due:date/}", "unknown form"),
        ("Pay {a{b}}", "single { stands alone"),
    ],
)
def test_a_malformed_placeholder_is_named(text: str, message: str) -> None:
    with pytest.raises(PlaceholderError, match=message):
        parse(text)


def test_a_missing_value_is_named() -> None:
    with pytest.raises(PlaceholderError, match=r"No value was given for \{b\}, \{c\}"):
        parse("{a} {c} {b}").fill({"a": "1"})


@given(st.text(max_size=60))
def test_any_text_survives_when_its_braces_are_doubled(text: str) -> None:
    assert parse(text.replace("{", "{{").replace("}", "}}")).fill({}).text == text


@given(st.text(max_size=30))
def test_a_value_is_never_read_as_a_placeholder(value: str) -> None:
    assert parse("a {x:text} b").fill({"x": value}).text == f"a {value} b"


@given(st.sampled_from(KINDS), st.one_of(st.text(max_size=30), st.integers(), st.floats(), st.booleans()))
def test_any_value_in_any_placeholder_is_said_somehow(kind: str, value: str | int | float) -> None:
    filled = parse(f"a {{x:{kind}}} b").fill({"x": value}, "lt", "EUR")
    assert filled.text.startswith("a ")
    assert filled.text.endswith(" b")
