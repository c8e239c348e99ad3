from __future__ import annotations

import pytest

from speechqa.conversation import Word
from speechqa.measures.spoken import count_syllables, count_words, spoken_words
from tests.speechqa.measures.talks import ENGLISH, words_of


@pytest.mark.parametrize(
    ("written", "count"),
    [
        ("hello,", 1),
        ("-", 0),
        ("...", 0),
        ("", 0),
        ("7", 1),
        ("12th", 1),
        ("21st", 2),
        ("20", 1),
        ("25", 2),
        ("100", 2),
        ("345", 5),
        ("1,250", 6),
        ("2026", 3),
        ("1999", 3),
        ("NW3", 3),
        ("5TG", 3),
        ("471923", 6),
        ("£20", 2),
        ("15%", 2),
        ("9:30", 2),
        ("3.5", 3),
        ("don't", 1),
        ("007", 3),
    ],
)
def test_words_as_spoken(written: str, count: int) -> None:
    assert spoken_words(written) == count


def test_a_text_of_plain_words_counts_its_words() -> None:
    assert count_words(words_of("agent", 0, "The line is fine now.")) == 5


@pytest.mark.parametrize(
    ("word", "count"),
    [
        ("a", 1),
        ("the", 1),
        ("cat", 1),
        ("phone", 1),
        ("customer", 3),
        ("account", 2),
        ("table", 2),
        ("walked", 1),
        ("wanted", 2),
        ("telephone", 3),
        ("reading", 2),
        ("boxes", 2),
        ("times", 1),
        ("Lindqvist", 2),
        ("information", 4),
        ("being", 2),
        ("email", 2),
        ("service", 2),
        ("actually", 4),
        ("please", 1),
    ],
)
def test_english_syllables(word: str, count: int) -> None:
    assert ENGLISH.syllables.count(word) == count


def test_syllables_of_numbers_are_an_average() -> None:
    assert count_syllables([Word("agent", "25", 0, 1)], ENGLISH) == pytest.approx(2 * ENGLISH.syllables.per_number)


def test_no_words_no_syllables() -> None:
    assert count_syllables([], ENGLISH) == 0
    assert ENGLISH.syllables.count("--") == 0
