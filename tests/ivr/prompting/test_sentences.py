"""Where a text pauses."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.prompting.sentences import paragraphs, sentences


@pytest.mark.parametrize(
    ("text", "cut"),
    [
        ("Hello. Press 1.", ["Hello.", "Press 1."]),
        ("Really? Yes! Go… On.", ["Really?", "Yes!", "Go…", "On."]),
        ("Dear Mr. Brown, wait.", ["Dear Mr. Brown, wait."]),
        ("Ask J. K. Rowling. Now.", ["Ask J. K. Rowling.", "Now."]),
        ("It costs 3.50 a day. Thanks.", ["It costs 3.50 a day.", "Thanks."]),
        ("We open at 8 a.m. on Mondays.", ["We open at 8 a.m. on Mondays."]),
        ("“Stop.” He said.", ["“Stop.”", "He said."]),
        ("Вітаємо. Натисніть 1.", ["Вітаємо.", "Натисніть 1."]),
        ("no full stop", ["no full stop"]),
        ("   ", []),
    ],
)
def test_sentences(text: str, cut: list[str]) -> None:
    assert sentences(text) == cut


def test_blank_lines_divide_paragraphs_and_line_ends_do_not() -> None:
    assert paragraphs("One\ntwo. Three.\n\n Four.\n\n\n") == [["One two.", "Three."], ["Four."]]


@given(st.text(alphabet='aB. !?\n"', max_size=60))
def test_nothing_is_lost_and_nothing_is_empty(text: str) -> None:
    cut = [sentence for paragraph in paragraphs(text) for sentence in paragraph]
    assert all(cut)
    assert "".join("".join(cut).split()) == "".join(text.split())
