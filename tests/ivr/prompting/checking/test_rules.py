"""From figures to problems: each limit from both sides."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from clearline.tone import ToneRules
from ivr.prompting.checking import rules
from ivr.prompting.checking.comparing import compare
from ivr.prompting.checking.sound import Sound
from ivr.prompting.checking.talkoff import FalseKey

GOOD = Sound(
    duration_s=8.0,
    level_dbov=-24.0,
    peak_dbfs=-3.0,
    clipped_ratio=0.0,
    noise_dbov=-80.0,
    lead_s=0.05,
    tail_s=0.15,
    longest_pause_s=0.4,
    in_band_db=-1.5,
    upper_hz=3600.0,
    words=20,
    words_per_minute=155.0,
    syllables_per_second=3.8,
    articulation_sps=4.4,
    speaking_s=7.7,
)


def found(language: str = "en", **changed: Any) -> list[tuple[str, str]]:
    problems = rules.of_sound(replace(GOOD, **changed), "welcome", language, -24.0)
    return [(each.severity, each.rule) for each in problems]


def test_a_good_prompt_has_no_problem() -> None:
    assert found() == []


@pytest.mark.parametrize(
    ("wrong", "right", "told"),
    [
        ({"level_dbov": -25.1}, {"level_dbov": -24.9}, ("error", "level")),
        ({"level_dbov": -22.9}, {"level_dbov": -23.1}, ("error", "level")),
        ({"peak_dbfs": -1.0}, {"peak_dbfs": -2.95}, ("warning", "peak")),
        ({"noise_dbov": -35.0}, {"noise_dbov": -60.0}, ("error", "noise")),
        ({"noise_dbov": -50.0}, {"noise_dbov": None}, ("warning", "noise")),
        ({"noise_dbov": -54.5}, {"noise_dbov": -56.0}, ("warning", "noise_floor")),
        ({"lead_s": 0.31}, {"lead_s": 0.29}, ("warning", "leading_silence")),
        ({"tail_s": 0.61}, {"tail_s": 0.59}, ("warning", "trailing_silence")),
        ({"longest_pause_s": 2.1}, {"longest_pause_s": 1.9}, ("warning", "long_pause")),
        ({"duration_s": 20.1}, {"duration_s": 19.9}, ("warning", "length")),
        ({"words_per_minute": 181.0}, {"words_per_minute": 180.0}, ("warning", "too_fast")),
        ({"words_per_minute": 109.0}, {"words_per_minute": 110.0}, ("warning", "too_slow")),
        ({"keys": (FalseKey("5", 1.0, 1.05),)}, {"keys": ()}, ("error", "talk_off")),
        ({"in_band_db": -6.1}, {"in_band_db": -5.9}, ("warning", "outside_band")),
        ({"upper_hz": 2400.0}, {"upper_hz": 2600.0}, ("warning", "muffled")),
        ({"level_dbov": float("-inf")}, {}, ("error", "silent")),
    ],
)
def test_each_limit(wrong: dict[str, Any], right: dict[str, Any], told: tuple[str, str]) -> None:
    assert found(**wrong) == [told]
    assert found(**right) == []


def test_pace_is_not_judged_on_a_few_words_and_by_syllables_in_other_languages() -> None:
    assert found(words=2, words_per_minute=300.0) == []
    assert found(speaking_s=3.0, words_per_minute=300.0) == []
    assert found("lt", words_per_minute=300.0) == []
    assert found("lt", syllables_per_second=6.1) == [("warning", "too_fast")]
    assert found("lt", syllables_per_second=2.5) == [("warning", "too_slow")]
    assert found("lt", syllables_per_second=None) == []


def test_a_clipped_take_is_an_error() -> None:
    taken = rules.of_take(replace(GOOD, clipped_ratio=0.002), "welcome", "en")
    assert [(each.severity, each.rule) for each in taken] == [("error", "clipped")]


@pytest.mark.parametrize(
    ("heard", "sure", "recorded", "severity"),
    [
        ("thank you for calling our line today", True, False, None),
        ("thank you for calling our lime", True, False, "warning"),
        ("thank you for calling our lime", False, False, None),
        ("sank ewe four falling hour lime today", True, False, "error"),
        ("sank ewe four falling hour lime today", False, False, "note"),
        ("sank ewe four falling hour lime today", False, True, "error"),
    ],
)
def test_words_heard_otherwise(heard: str, sure: bool, recorded: bool, severity: str | None) -> None:
    comparison = compare("thank you for calling our line today", heard, "en")
    told = list(rules.of_comparison(comparison, "welcome", "en", sure=sure, recorded=recorded))
    assert [each.severity for each in told] == ([severity] if severity else [])
    assert all("line" in each.what for each in told)


def test_a_key_that_is_not_heard_is_an_error() -> None:
    comparison = compare("For bills, press 5.", "For bills, press nine", "en")
    assert [each.rule for each in rules.of_keys(comparison, "menu", "en", sure=True)] == ["key_unheard"]
    assert list(rules.of_keys(compare("Press 5.", "press five", "en"), "menu", "en", sure=True)) == []


def test_tone() -> None:
    tone = ToneRules("en", "formal", 4, ("welcome",), {"no problem": "you are welcome", "sir": ""})
    told = list(rules.of_text("No problem, sir, that is all very well.", "menu", tone))
    assert [(each.severity, each.rule) for each in told] == [
        ("error", "tone_avoid"),
        ("error", "tone_avoid"),
        ("warning", "tone_long_sentence"),
    ]
    assert "you are welcome" in told[0].remedy
    assert [each.what for each in rules.of_language(["Hello."], tone)] == ["no prompt says “welcome”"]


def test_what_is_missing() -> None:
    told = list(rules.of_catalogue({"en": ["a", "b"], "uk": ["a"]}, ["en", "uk", "lt"]))
    assert [(each.rule, each.prompt, each.language) for each in told] == [
        ("no_catalogue", "", "lt"),
        ("missing", "b", "uk"),
    ]


def test_languages_that_name_other_keys() -> None:
    keys = {
        "menu": {"en": "12", "uk": "12", "lt": "13"},
        "hello": {"en": "", "uk": ""},
        "words": {"en": "15", "uk": ""},
    }
    assert [(each.prompt, each.language) for each in rules.of_keys_named(keys)] == [("menu", "lt")]


def test_levels_too_far_apart_name_both() -> None:
    levels = {("a", "en"): -24.9, ("b", "en"): -24.0, ("c", "uk"): -22.8}
    told = list(rules.of_levels(levels))
    assert [(each.prompt, each.language) for each in told] == [("c", "uk")]
    assert "a (en)" in told[0].what
    assert list(rules.of_levels({("a", "en"): -24.9, ("b", "en"): -23.0})) == []
    assert list(rules.of_levels({})) == []
