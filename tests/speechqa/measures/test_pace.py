from __future__ import annotations

import pytest

from speechqa.measures import pace
from tests.speechqa.measures.talks import ENGLISH, from_words, talk, words_of

TEXT = "one two three four five six seven eight nine ten"


def test_rate_over_speech_alone() -> None:
    found = pace.measure(talk([("agent", 0.0, TEXT)]), "agent", ENGLISH)
    assert found.speech_rate_wpm == pytest.approx(200)  # 10 words in 3 s
    assert (found.words, found.speaking_s, found.phonation_s) == (10, pytest.approx(3), pytest.approx(3))


def test_pauses_up_to_a_second_are_speaking_time_and_longer_ones_are_not() -> None:
    short = talk([("agent", 0.0, TEXT), ("agent", 3.8, TEXT)])
    long = talk([("agent", 0.0, TEXT), ("agent", 4.5, TEXT)])
    assert pace.measure(short, "agent", ENGLISH).speech_rate_wpm == pytest.approx(60 * 20 / 6.8)
    assert pace.measure(long, "agent", ENGLISH).speech_rate_wpm == pytest.approx(200)


def test_articulation_rate_leaves_pauses_out() -> None:
    found = pace.measure(talk([("agent", 0.0, "Hello."), ("agent", 0.8, "Ann Lee.")]), "agent", ENGLISH)
    assert found.articulation_rate_sps == pytest.approx(4 / 0.9)


def test_a_fast_passage_is_found_where_it_is() -> None:
    slow = " ".join(["word"] * 40)
    fast = " ".join(["quick"] * 60)
    words = [
        *words_of("agent", 0.0, slow, 0.5),
        *words_of("agent", 20.0, fast, 0.25),
        *words_of("agent", 35.0, slow, 0.5),
    ]
    (burst,) = pace.measure(from_words(words), "agent", ENGLISH).bursts
    assert burst.wpm == pytest.approx(240, abs=5)
    assert 13 <= burst.start_s <= 20 and 35 <= burst.end_s <= 42
    assert "quick" in burst.quote


def test_a_calm_talk_has_no_burst() -> None:
    words = words_of("agent", 0.0, " ".join(["word"] * 60), 0.5)
    assert pace.measure(from_words(words), "agent", ENGLISH).bursts == ()


def test_acceleration_compares_the_halves() -> None:
    text = " ".join(["word"] * 30)
    words = [
        *words_of("agent", 0.0, text, 0.4),
        *words_of("customer", 12.2, "And now?"),
        *words_of("agent", 14.0, text, 0.2),
    ]
    assert pace.measure(from_words(words), "agent", ENGLISH).acceleration == pytest.approx(2, rel=0.01)


def test_who_says_nothing_has_no_rate() -> None:
    found = pace.measure(talk([("agent", 0.0, TEXT)]), "customer", ENGLISH)
    assert found.speech_rate_wpm is None and found.articulation_rate_sps is None
    assert (found.words, found.speaking_s, found.bursts) == (0, 0, ())


def test_a_threshold_of_zero_is_refused() -> None:
    with pytest.raises(ValueError, match="limit_wpm must be above 0"):
        pace.measure(talk([]), "agent", ENGLISH, pace.PaceSettings(limit_wpm=0))
