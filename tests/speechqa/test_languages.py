"""Which language is spoken when: known cases of the rule, then laws."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from speechqa.conversation import Conversation, Word
from speechqa.languages import SURE, PartyLanguage, Stretch, Window, heard, known, main_language
from speechqa.rubric.load import load_rubric
from speechqa.stages import judge
from speechqa.timeline import Span, Timeline


def windows(*found: tuple[str, float]) -> list[Window]:
    """Windows of 7 s with 3 s between them, each with its best language; the rest is English's or German's."""
    return [
        Window(Span(10.0 * i, 10.0 * i + 7), {language: p, ("de" if language == "en" else "en"): 1 - p})
        for i, (language, p) in enumerate(found)
    ]


def test_one_language() -> None:
    found = heard(windows(("ru", 0.9), ("ru", 0.97)))
    assert (found.language, found.confidence) == ("ru", pytest.approx(0.935))
    assert found.stretches == (Stretch(0.0, 17.0, "ru"),)


def test_an_unsure_window_changes_nothing_and_a_sure_one_does() -> None:
    found = heard(windows(("en", 0.5), ("ru", 0.95), ("th", 0.7), ("ru", 0.9), ("en", 0.95), ("en", 0.55)))
    assert [(each.start_s, each.end_s, each.language) for each in found.stretches] == [
        (0, 38.5, "ru"),
        (38.5, 57, "en"),
    ]
    assert found.language == "ru"
    assert (found.at(3), found.at(38.4), found.at(38.5), found.at(900)) == ("ru", "ru", "en", "en")


def test_without_a_sure_window_the_language_is_unknown_however_good_the_guess() -> None:
    found = heard(windows(("th", 0.79), ("th", 0.75)))
    assert (found.language, found.confidence, found.stretches) == (None, pytest.approx(0.77), ())
    assert found.at(3) is None


def test_only_some_languages_can_be_spoken_and_variants_are_one() -> None:
    assert known({"th": 0.9, "uk": 0.06, "ru": 0.02}, ("uk", "ru")) == {
        "ru": pytest.approx(0.25),
        "uk": pytest.approx(0.75),
    }
    assert known({"no": 0.5, "nn": 0.4, "da": 0.1}) == {"nb": pytest.approx(0.9), "da": 0.1}
    assert known({"th": 1.0}, ("uk", "ru")) == {"ru": 0.5, "uk": 0.5}


def test_the_calls_language_is_the_one_spoken_longest() -> None:
    spoken = {"agent": PartyLanguage("uk", None, "set"), "customer": PartyLanguage("ru", 0.9, "heard")}
    assert main_language(spoken, {"agent": 10, "customer": 20}) == "ru"
    assert main_language({"agent": PartyLanguage(None, 0.3, "heard")}, {"agent": 5}) is None


chances = st.lists(st.tuples(st.sampled_from(["en", "ru", "uk"]), st.floats(0.4, 1.0)), min_size=1, max_size=30)


@given(chances)
def test_stretches_follow_each_other_and_every_change_has_a_sure_window(found: list[tuple[str, float]]) -> None:
    given_windows = windows(*found)
    own = heard(given_windows)
    sure = [window for window in given_windows if window.best[1] >= SURE]
    assert (own.language is None) == (not sure)
    for before, after in pairwise(own.stretches):
        assert before.end_s == after.start_s and before.language != after.language
        assert any(after.start_s <= w.span.start_s < after.end_s and w.best[0] == after.language for w in sure)
    for window in sure:
        assert own.at(window.span.start_s) == window.best[0]


def test_each_party_is_judged_in_its_own_language() -> None:
    """Vowels, filled pauses and phrases are those of who speaks, not those of the call."""
    said = {"agent": "I am sorry about that.", "customer": "Дякую вам, до побачення."}
    words = [
        Word(party, text, start + 0.4 * i, start + 0.4 * i + 0.3)
        for party, start in (("agent", 1.0), ("customer", 5.0))
        for i, text in enumerate(said[party].split())
    ]
    talk = Conversation(
        12.0,
        "uk",
        {"agent": Timeline.of((1, 3)), "customer": Timeline.of((5, 6.6))},
        tuple(words),
        languages={"agent": PartyLanguage("en", 0.99, "heard"), "customer": PartyLanguage("uk", None, "set")},
    )
    judged = judge(talk, load_rubric())
    assert judged.findings is not None
    assert judged.pace["customer"] is not None and judged.pace["customer"].syllables == 9
    assert any("another language (uk)" in note for note in judged.notes)
    assert judged.conversation.language_at(judged.conversation.turns[0]) == "en"
