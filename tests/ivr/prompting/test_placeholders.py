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


def test_values_take_their_places_as_they_are_given() -> None:
    filled = parse("{name}: {balance:money} {{net}}").fill({"name": "Ann {x}", "balance": "12.50", "unused": "-"})
    assert filled == "Ann {x}: 12.50 {net}"


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("Hello {name", "single { stands alone"),
        ("Hello name}", "single } stands alone"),
        ("Hello {}", r"\{\} is not a placeholder"),
        ("Hello {First Name}", r"\{First Name\} is not a placeholder"),
        ("Pay {sum:dollars}", r"\{sum:dollars\} has an unknown kind; the kinds are text, digits"),
        ("Pay {sum:}", "unknown kind"),
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
    assert parse(text.replace("{", "{{").replace("}", "}}")).fill({}) == text


@given(st.sampled_from(KINDS), st.text(max_size=30))
def test_a_value_is_never_read_as_a_placeholder(kind: str, value: str) -> None:
    assert parse(f"a {{x:{kind}}} b").fill({"x": value}) == f"a {value} b"
