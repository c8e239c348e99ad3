"""Whether a holder had finished: each piece of evidence moves the balance the way the table says."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from speechqa.conversation import Word
from speechqa.measures.completion import finished
from speechqa.rubric.load import load_lexicon

ENGLISH = load_lexicon("en")


def words(text: str, end_s: float = 4.0) -> list[Word]:
    parts = text.split()
    return [
        Word("agent", part, end_s - 0.3 * (len(parts) - n), end_s - 0.3 * (len(parts) - n - 1))
        for n, part in enumerate(parts)
    ]


def done(holder: str, incoming: str, overlap_s: float = 0.27, steepness: float | None = 0.5) -> bool:
    return finished(words(holder), 4.0, words(incoming, 5.0), overlap_s, ENGLISH, marks=True, steepness=steepness)


@pytest.mark.parametrize(
    ("holder", "incoming", "expected"),
    [
        ("It came on the third of the month.", "That was me.", True),
        ("It came on the third of the month,", "Yes, that is right.", True),  # a comma is weak: who agrees waited
        ("It came on the third of the month,", "But it did not.", False),
        ("It came on the third of the month...", "Yes, that is right.", False),
        ("It came on the third of the", "Yes, that is right.", False),
        ("And what is your customer number,", "Yes, well, that is", True),
        ("It came on the third of the month?", "But it did not.", True),
        ("It came on the third of the month.", "That makes sense to me.", True),
        ("It came on the third of the month.", "That makes no sense at all.", False),
        ("It came on the third of the month.", "Your colleague did not say so.", False),
    ],
)
def test_known_ends(holder: str, incoming: str, expected: bool) -> None:
    assert done(holder, incoming) == expected


@given(st.floats(0.1, 0.9), st.floats(0.1, 0.9), st.floats(0, 1), st.floats(0, 1))
def test_later_and_flatter_is_never_less_finished(early: float, late: float, steep: float, flat: float) -> None:
    early, late, flat, steep = min(early, late), max(early, late), min(flat, steep), max(flat, steep)
    text = "It came on the third of the month."
    assert done(text, "So which one", early, flat) >= done(text, "So which one", late, steep)
