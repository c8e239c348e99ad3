"""What counts as the same word, and how errors are counted and marked."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.prompting.checking.comparing import closest, compare
from ivr.prompting.checking.words import tokens_of
from ivr.prompting.sayas import LANGUAGES, say_as


@pytest.mark.parametrize(
    ("text", "heard", "language"),
    [
        ("To report a fault, press one.", "To report a fault press 1", "en"),
        ("four zero seven, one eight", "407, 18", "en"),
        ("nine zero, two six", "9-0, 2-6.", "en"),
        ("at ten thirty AM", "at 10:30 a.m.", "en"),
        ("at ten thirty AM", "at 10.30am", "en"),
        ("Thank you, goodbye.", "Thank you. Good bye!", "en"),
        ("We don't know, it’s late.", "we do not know it is late", "en"),
        ("the twelfth place", "the 12th place", "en"),
        ("Натисніть двадцять одну.", "натисніть 21", "uk"),
        ("Об’єднання о восьмій", "об'єднання о восьмій", "uk"),
        ("Всё готово, нажмите 2", "все готово нажмите два", "ru"),
        ("trykk tjueen", "Trykk 21.", "nb"),
        ("apăsaţi două", "Apăsați 2.", "ro"),
        ("spauskite vieną", "Spauskite 1", "lt"),
    ],
)
def test_different_spellings_of_the_same_words_agree(text: str, heard: str, language: str) -> None:
    assert compare(text, heard, language).errors == 0


@pytest.mark.parametrize(
    ("text", "heard", "errors", "otherwise"),
    [
        ("press one", "press two", 1, ("one", "two")),
        ("please press one", "press one", 1, ("please", "")),
        ("press one", "please press one", 1, ("", "please")),
        ("press one now", "", 3, ("press one now", "")),
        ("a billing fault", "a filling vault", 2, ("billing fault", "filling vault")),
        ("press 15", "press 50", 2, ("15", "50")),
    ],
)
def test_errors_are_counted_and_marked(text: str, heard: str, errors: int, otherwise: tuple[str, str]) -> None:
    found = compare(text, heard, "en")
    assert (found.errors, found.otherwise) == (errors, otherwise)


def test_the_nearer_of_text_and_pronunciation_counts() -> None:
    assert closest(("Blue Harbor", "Блу Харбор"), "блу харбор", "uk").errors == 0


@given(st.integers(0, 100), st.sampled_from(sorted(LANGUAGES)))
def test_a_number_in_words_is_its_digits(number: int, language: str) -> None:
    words = [token.form for token in tokens_of(say_as("number", number, language), language)]
    assert "".join(words) == str(number)


@given(st.text(max_size=60), st.sampled_from(["en", "uk", "lt", "ko"]))
def test_any_text_agrees_with_itself(text: str, language: str) -> None:
    found = compare(text, text, language)
    assert found.errors == 0
    assert [each.word for each in found.text] == text.split()


@given(st.lists(st.sampled_from("press one for a bill please".split()), max_size=8), st.integers(0, 7))
def test_one_word_less_is_at_most_one_error(words: list[str], at: int) -> None:
    fewer = words[:at] + words[at + 1 :]
    assert compare(" ".join(words), " ".join(fewer), "en").errors == len(words) - len(fewer)


def test_a_digit_that_is_heard_and_written_as_its_homophone_is_heard() -> None:
    assert compare("To keep it, press 2.", "to keep it press to", "en").errors == 0
    assert compare("Four of them.", "for of them", "en").errors == 0
    pressed = compare("To keep it, press 2.", "to keep it pressed to.", "en")
    assert (pressed.errors, pressed.otherwise) == (1, ("press", "pressed"))
    assert compare("Listen to it.", "listen 2 it", "en").errors == 1, "the text says the word, not the digit"
    assert compare("To keep it, press 2.", "to keep it press three", "en").errors == 1
    assert compare("Натисніть 2.", "натисніть to", "uk").errors == 1
