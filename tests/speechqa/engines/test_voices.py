"""Grouping prints into voices: made-up prints with a known speaker, cuts in silences, and the real encoder."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from hypothesis import given, settings
from hypothesis import strategies as st

from speechqa.conversation import Word
from speechqa.engines.diarize import Division, VoiceDiarizer, by_voice, division_of, sureness
from speechqa.engines.voiceprint import Voiceprints
from speechqa.engines.voices import MOST_FITTED, Grouping, group
from speechqa.mono import by_speech, notes_of
from speechqa.recording import load_recording
from speechqa.timeline import Span, Timeline
from tests.speechqa.sounds import noise, write

TURN, HOP_S = 10, 0.2


def prints(speakers: list[int], *, apart: float, seed: int = 0) -> Voiceprints:
    """Turns of ``TURN`` windows, each said by the speaker of that number; what is said wanders within a turn."""
    chance = np.random.default_rng(seed)
    voices = np.linalg.qr(chance.normal(size=(256, 4)))[0].T * apart
    common = chance.normal(size=256) * 0.06
    said = chance.normal(size=(256, 8)) * 0.03
    who = np.repeat(speakers, TURN)
    vectors = common + voices[who] + chance.normal(size=(len(who), 8)) @ said.T
    vectors += chance.normal(size=vectors.shape) * 0.01
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    starts = np.arange(len(who)) * HOP_S + np.repeat(np.arange(len(speakers)), TURN) * 1.5
    return Voiceprints(vectors.astype(np.float32), starts, starts + 0.8)


def test_two_unlike_voices_are_told_apart_and_the_first_is_number_nought() -> None:
    order = [1, 0, 1, 1, 0, 1, 0, 0, 1, 0]
    found = group(prints(order, apart=0.8))
    assert found.labels.tolist() == np.repeat([1 - each for each in order], TURN).tolist()
    assert found.two > 0.9 and found.third == 0.0


def test_one_voice_is_not_taken_for_two() -> None:
    found = [group(prints([0] * 12, apart=0.8, seed=seed)) for seed in range(5)]
    assert all(each.two < 0.5 for each in found)


def test_a_third_unlike_voice_is_told_of() -> None:
    speakers = [0, 1, 2, 0, 1, 2] * 4
    found = prints(speakers, apart=1.5)
    grouping = group(found)
    assert grouping.third > 0.9 and grouping.third_windows == 8 * TURN
    division = division_of(found, grouping, Timeline([Span(found.starts_s[0], found.ends_s[-1])]))
    assert division.found == 3 and division.confidence > 0.8
    assert any("More than two voices" in note for note in notes_of(division))


def test_a_third_voice_is_told_of_even_where_two_of_them_look_like_one() -> None:
    """Two of three voices may lie so near that the first grouping says one: the third still shows."""
    found = prints([0, 1] * 10, apart=0.8)
    grouping = replace(group(found), two=0.05, third=0.98, third_windows=90)
    assert division_of(found, grouping, Timeline([Span(0, found.ends_s[-1])])).found == 3


@pytest.mark.parametrize("apart", [0.6, 0.8, 1.5])
def test_two_voices_are_never_three(apart: float) -> None:
    assert all(group(prints([0, 1] * 12, apart=apart, seed=seed)).third == 0.0 for seed in range(5))


def test_too_little_speech_is_one_voice() -> None:
    found = group(prints([0], apart=0.8))
    assert found.two == 0.0 and not found.labels.any()


def shared_out(lesser_s: float, two: float, *, greater_s: float = 40.0) -> Division:
    """The division of speech whose second voice has ``lesser_s``, grouped with the probability ``two``."""
    speech = Timeline.of((0.0, greater_s), (greater_s + 1.0, greater_s + 1.0 + lesser_s))
    starts = np.array([0.0, greater_s + 1.0])
    made = Voiceprints(np.zeros((2, 256), np.float32), starts, starts + np.array([greater_s, lesser_s]))
    return division_of(made, Grouping(np.array([0, 1]), two), speech)


def test_little_speech_needs_a_wide_margin_between_the_voices() -> None:
    """Log-odds lose 3 times the share that the lesser voice lacks of 20 s."""
    assert sureness(0.8, 20.0) == pytest.approx(0.8) == sureness(0.8, 600.0)
    assert sureness(0.8, 10.0) == pytest.approx(1 / (1 + np.exp(1.5) / 4))
    enough, little, wide = shared_out(30.0, 0.8), shared_out(5.0, 0.8), shared_out(5.0, 0.99)
    assert (enough.found, enough.confidence, enough.very_doubtful) == (2, pytest.approx(0.8), False)
    assert little.found == 1 and not little.voices[1] and little.confidence is None
    assert wide.found == 2 and 0.8 < (wide.confidence or 0.0) < 0.95 and not wide.very_doubtful
    doubted = shared_out(8.0, 0.93)
    assert doubted.found == 2 and doubted.very_doubtful
    assert any("Little speech: very doubtful" in note for note in notes_of(doubted))
    assert not any("Little speech" in note for note in notes_of(enough))


def test_two_seconds_of_a_voice_are_not_divided_however_unlike_it_is() -> None:
    assert shared_out(1.9, 0.999).found == 1 and shared_out(2.1, 0.999).found == 2


@given(st.floats(0, 1), st.floats(0, 60), st.floats(0, 60))
def test_more_speech_never_makes_less_sure(probability: float, less_s: float, more_s: float) -> None:
    less_s, more_s = sorted((less_s, more_s))
    assert 0.0 < sureness(probability, less_s) <= sureness(probability, more_s) < 1.0
    assert sureness(probability, more_s) <= max(probability, 0.001) + 1e-9


def test_one_person_is_surer_the_more_is_said() -> None:
    """A voicemail of 40 s is one person's; of 8 s it is not said."""
    assert shared_out(20.0, 0.1, greater_s=20.0).one_person
    assert not shared_out(4.0, 0.1, greater_s=4.0).one_person and not shared_out(20.0, 0.4, greater_s=20.0).one_person


def test_of_a_long_call_all_windows_get_a_voice() -> None:
    order = [0, 1] * (MOST_FITTED // TURN)
    found = group(prints(order, apart=0.8))
    assert len(found.labels) == 2 * MOST_FITTED
    assert np.mean(found.labels == np.repeat(order, TURN)) > 0.99


@settings(max_examples=30, deadline=None)
@given(labels=st.lists(st.integers(0, 1), min_size=1, max_size=40), gap=st.sampled_from([0.0, 1.5]))
def test_every_moment_of_speech_gets_exactly_one_voice(labels: list[int], gap: float) -> None:
    starts = np.arange(len(labels)) * (HOP_S + gap)
    made = Voiceprints(np.zeros((len(labels), 256), np.float32), starts, starts + 0.8)
    speech = Timeline(Span(float(start), float(start) + 0.8) for start in starts)
    first, second = by_voice(made, np.array(labels), speech)
    assert not first & second
    assert (first | second).covered_s == pytest.approx(speech.covered_s)


def test_a_change_inside_a_stretch_is_cut_in_the_silence_close_by() -> None:
    starts = np.arange(10) * HOP_S
    made = Voiceprints(np.zeros((10, 256), np.float32), starts, starts + 0.8)
    speech = Timeline.of((0.0, 1.1), (1.3, 2.6))
    first, second = by_voice(made, np.array([0] * 5 + [1] * 5), speech)
    assert (first, second) == (Timeline.of((0.0, 1.1)), Timeline.of((1.3, 2.6)))


def test_words_go_to_the_voice_under_them_or_nearest() -> None:
    speech = {"agent": Timeline.of((0.0, 1.0)), "customer": Timeline.of((1.2, 3.0))}
    words = [Word("agent", "one", 0.1, 0.4), Word("agent", "two", 0.9, 1.6), Word("agent", "three", 3.4, 3.6)]
    assert [each.party for each in by_speech(words, speech)] == ["agent", "customer", "customer"]


@pytest.fixture(scope="module")
def diarizer() -> VoiceDiarizer:
    return VoiceDiarizer()


@pytest.fixture(scope="module")
def mixed(dialogue: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    samples, rate = soundfile.read(dialogue, dtype="float32")
    return write(tmp_path_factory.mktemp("mono") / "mono.wav", samples.sum(axis=1) * np.float32(0.7), rate_hz=rate)


def truth(dialogue: Path, party: str) -> Timeline:
    known = json.loads(dialogue.with_suffix("").with_suffix(".truth.json").read_text())
    return Timeline(Span(each["start_s"], each["end_s"]) for each in known["speech"] if each["party"] == party)


def divided(diarizer: VoiceDiarizer, path: Path, speech: Timeline) -> Division:
    return diarizer.divide(load_recording(path).lanes["agent"], speech, lambda share: None)


@pytest.mark.engine
def test_a_dialogue_is_divided_by_voice(diarizer: VoiceDiarizer, mixed: Path, dialogue: Path) -> None:
    agent, customer = truth(dialogue, "agent"), truth(dialogue, "customer")
    found = divided(diarizer, mixed, agent | customer)
    assert found.found == 2 and found.confidence and found.confidence > 0.9
    both = agent & customer
    wrong_s = ((found.voices[0] - agent) | (found.voices[1] - customer)) - both
    assert wrong_s.covered_s < 0.03 * (agent | customer).covered_s


@pytest.mark.engine
def test_one_side_alone_is_one_voice(diarizer: VoiceDiarizer, dialogue: Path, tmp_path: Path) -> None:
    samples, rate = soundfile.read(dialogue, dtype="float32")
    path = write(tmp_path / "agent.wav", samples[:, 1], rate_hz=rate)
    found = divided(diarizer, path, truth(dialogue, "agent"))
    assert found.found == 1 and not found.voices[1]


@pytest.mark.engine
def test_a_second_of_sound_and_silence_are_answered(diarizer: VoiceDiarizer, tmp_path: Path) -> None:
    path = write(tmp_path / "short.wav", noise(1, -30))
    assert divided(diarizer, path, Timeline()) == Division((Timeline(), Timeline()), 0)
    assert divided(diarizer, path, Timeline.of((0.0, 0.05))).found == 1
    assert divided(diarizer, path, Timeline.of((0.2, 0.9))).found == 1
