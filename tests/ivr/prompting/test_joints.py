"""A text with gaps as segments: known texts first, then laws."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.prompting.joints import pieces, segments
from ivr.prompting.placeholders import parse


def row(text: str, **values: str | int | float) -> list[tuple[str, int, str]]:
    template = parse(text)
    return [(one.text, one.piece, one.joint) for one in segments(template, template.fill(values, "en", "EUR"))]


def test_what_is_recorded_stands_between_the_values() -> None:
    assert row("Hello {name}, you owe {sum:money}. Please pay soon.", name="Ann", sum=5) == [
        ("Hello", 1, "word"),
        ("Ann,", 0, "phrase"),
        ("you owe", 2, "word"),
        ("five euros.", 0, "sentence"),
        ("Please pay soon", 3, ""),
    ]
    assert pieces(parse("Hello {name}, you owe {sum:money}. Please pay soon.")) == (
        "Hello",
        "you owe",
        "Please pay soon.",
    )


def test_a_value_has_the_melody_of_what_follows_it() -> None:
    assert [text for text, piece, _ in row("{a}? {b}! {c} and {d}", a="A", b="B", c="C", d="D") if not piece] == [
        "A?",
        "B!",
        "C,",
        "D.",
    ]


@pytest.mark.parametrize(
    ("between", "joint"),
    [(" and ", "word"), (", and ", "phrase"), (": ", "phrase"), (". And ", "sentence"), ("\n\nAnd ", "paragraph")],
)
def test_punctuation_asks_for_the_pause(between: str, joint: str) -> None:
    first, *_ = row(f"{{a}}{between}{{b}}", a="one", b="two")
    assert first[2] == joint


def test_a_full_stop_after_an_abbreviation_is_none() -> None:
    assert row("Ask Mr. {name}.", name="Fox")[0] == ("Ask Mr", 1, "word")


def test_values_side_by_side_and_alone() -> None:
    assert row("{a} {b}.", a="one", b="two") == [("one,", 0, "word"), ("two.", 0, "")]
    assert pieces(parse("{a} {b}.")) == () and pieces(parse("No gap.")) == ()


def test_an_empty_value_leaves_no_hole() -> None:
    assert row("Hello {name}, welcome.", name="") == [("Hello", 1, "phrase"), ("welcome", 2, "")]


@given(
    st.lists(
        st.sampled_from(["{x}", "{y:number}", "Please wait. ", "you owe ", ", then ", "? ", "\n\n", "Dr. "]),
        min_size=1,
        max_size=8,
    )
)
def test_no_word_is_lost_and_pieces_are_numbered_in_order(parts: list[str]) -> None:
    template = parse("".join(parts))
    filled = template.fill({"x": "hm", "y": 12})
    found = segments(template, filled)
    said = "".join(c for each in found for c in each.text if c.isalnum())
    assert said == "".join(c for c in filled.text if c.isalnum())
    numbers = [each.piece for each in found if each.piece]
    assert numbers == list(range(1, len(numbers) + 1))
    assert not template.names or len(numbers) == len(pieces(template))
    assert [each.joint for each in found[-1:]] in ([], [""]) and all(each.joint for each in found[:-1])
