"""The customer's emotion: what words and voice stand for, the norm, and what loudness alone must never do."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from speechqa.conversation import Conversation, Voice
from speechqa.lexicon import Lexicon
from speechqa.measures import emotion, feelings
from speechqa.measures.emotion import NO_NORM, NO_SOUND, RAISED, VOICE_ADDS, Emotion
from tests.speechqa.measures.talks import ENGLISH, Line, talk
from tests.speechqa.measures.test_laws import conversations

ASKED: tuple[Line, ...] = (
    ("agent", 0.0, "Plum Street Bakery, good morning."),
    ("customer", 3.0, "Hello, I ordered a cake for today at eleven."),
    ("agent", 7.0, "We do not have it."),
)


def curve(*lines: Line, voices: tuple[Voice, ...] = ()) -> Emotion:
    found = emotion.measure(replace(talk(lines), voices={"customer": voices}), ENGLISH)
    assert found is not None
    return found


def said(text: str) -> emotion.Point:
    return curve(*ASKED, ("customer", 10.0, text)).points[-1]


@pytest.mark.parametrize(
    ("text", "value", "feelings_found"),
    [
        ("The order number is seven four.", 0.2, []),
        ("The cake came late.", 0.4, ["complaint"]),
        ("I am really disappointed.", 0.6, ["annoyance"]),
        ("This is absolutely ridiculous.", 0.8, ["anger"]),
        ("You people are useless.", 0.95, ["rage"]),
        ("This is ridiculous. I am fed up with it.", 0.9, ["anger", "anger"]),
        ("It is not that I am furious.", 0.2, []),
        ("Great, thank you so much.", 0.05, ["relief"]),
        ("This is ridiculous. All right, that sounds fair.", 0.5, ["anger", "accepting"]),
        ("All right, that sounds fair. But this is ridiculous.", 0.8, ["accepting", "anger"]),
    ],
)
def test_what_words_stand_for(text: str, value: float, feelings_found: list[str]) -> None:
    point = said(text)
    assert point.value == pytest.approx(value)
    assert [cue.feeling for cue in point.cues] == feelings_found


def test_each_point_says_which_words_it_rests_on() -> None:
    (cue,) = said("Well, this is absolutely ridiculous, I think.").cues
    assert cue.quote == "is absolutely ridiculous,"


def test_the_norm_is_the_first_neutral_turn_and_the_curve_comes_back_to_it() -> None:
    found = curve(
        ("customer", 0.0, "I am furious."),
        ("agent", 2.0, "What happened?"),
        ("customer", 4.0, "My order number is seven four nine two."),
        ("agent", 8.0, "I will send it now."),
        ("customer", 11.0, "Great, thank you so much."),
    )
    assert found.norm is not None and found.norm.quote == "My order number is seven four nine two."
    assert [point.smoothed >= RAISED for point in found.points] == [True, False, False]
    assert found.points[-1].smoothed < found.norm_value
    assert (found.basis, found.reason, found.peak) == ("words", NO_SOUND, found.points[0])
    assert [(span.start_s, round(span.end_s, 6)) for span in found.raised] == [(0.0, 0.9)]


def voice(start_s: float, pitch_st: float, level_db: float) -> Voice:
    return Voice(start_s, start_s + 1.5, 1.2, pitch_st, 5.12, level_db)


NEUTRAL_LINES: tuple[Line, ...] = (*ASKED, ("customer", 10.0, "I see it on the counter over there."))


def heard(pitch_st: float, level_db: float, text: str | None = None) -> emotion.Point:
    lines = NEUTRAL_LINES if text is None else (*ASKED, ("customer", 10.0, text))
    return curve(*lines, voices=(voice(3.2, 8.0, -20.0), voice(10.2, pitch_st, level_db))).points[-1]


def test_a_raised_voice_adds_to_the_words_and_never_makes_a_point_high_alone() -> None:
    point = heard(12.0, -14.0)
    assert (point.pitch_z, point.level_db) == (pytest.approx(2.0), pytest.approx(6.0))
    assert 0.2 + 0.5 * VOICE_ADDS < point.value <= 0.2 + VOICE_ADDS < RAISED


def test_loudness_alone_changes_nothing() -> None:
    assert [heard(8.0, level).value for level in (-40.0, -20.0, -2.0)] == [0.2] * 3


def test_a_high_voice_that_thanks_is_not_upset() -> None:
    assert heard(16.0, -10.0, "Great, thank you so much.").value == pytest.approx(0.05)


def test_without_a_neutral_turn_the_voice_has_nothing_to_be_compared_with() -> None:
    found = curve(("customer", 0.0, "This is ridiculous."), voices=(voice(0.0, 20.0, -5.0),))
    assert (found.norm, found.basis, found.reason) == (None, "words", NO_NORM)
    assert found.points[0].pitch_z is None and found.points[0].value == pytest.approx(0.8)


def test_a_long_turn_is_cut_at_sentence_ends() -> None:
    long = " ".join(["We waited there for the whole of that long morning."] * 6)
    found = curve(("customer", 0.0, f"{long} This is ridiculous."))
    assert len(found.points) > 1
    assert all(point.end_s - point.start_s <= emotion.LONGEST_POINT_S for point in found.points)
    assert found.points[-1].cues and not found.points[0].cues


def test_a_language_without_rules_for_feelings_and_a_silent_customer_have_no_curve() -> None:
    assert emotion.measure(talk(NEUTRAL_LINES), Lexicon("xx")) is None
    assert emotion.measure(talk(ASKED[:1]), ENGLISH) is None


VOICES = st.lists(st.builds(voice, st.floats(0, 60), st.floats(-5, 30), st.floats(-60, 0)), max_size=6)


@given(conversations(), VOICES)
@settings(max_examples=60, deadline=None)
def test_the_curve_stays_between_0_and_1_and_the_voice_only_adds(call: Conversation, voices: list[Voice]) -> None:
    ordered = tuple(sorted(voices, key=lambda each: each.start_s))
    bare, full = emotion.measure(call, ENGLISH), emotion.measure(replace(call, voices={"customer": ordered}), ENGLISH)
    if bare is None or full is None:
        assert bare is full
        return
    for without, given_voice in zip(bare.points, full.points, strict=True):
        assert 0 <= without.value <= given_voice.value <= min(1.0, without.value + VOICE_ADDS) + 1e-9
        assert 0 <= given_voice.smoothed <= 1 and without.cues == given_voice.cues
    assert feelings.height(()) == feelings.NEUTRAL
