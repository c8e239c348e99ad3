"""Pitch and level of a voice: tones of known pitch, noise that has none, and what is read of a long call."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from speechqa.audio import Samples
from speechqa.conversation import Conversation, Voice
from speechqa.engines.prosody import MOST_PER_MINUTE_S, voices_of
from speechqa.hearing import EngineNames, Heard
from speechqa.quality import sounds_of, with_voices
from speechqa.recording import load_recording
from speechqa.timeline import Timeline
from tests.speechqa.sounds import RATE_HZ, noise, write


def buzz(duration_s: float, hz: float, *, level: float = 0.1, wobble_st: float = 0.0) -> Samples:
    """A voice-like buzz of ten harmonics, its pitch going up and down by ``wobble_st`` semitones twice a second."""
    at_s = np.arange(round(duration_s * RATE_HZ)) / RATE_HZ
    track = hz * 2 ** (wobble_st / 12 * np.sin(2 * np.pi * 2 * at_s))
    phase = 2 * np.pi * np.cumsum(track) / RATE_HZ
    return (level * sum(np.sin(k * phase) / k for k in range(1, 11))).astype(np.float32)


def heard(tmp_path: Path, sound: Samples, *spans: tuple[float, float]) -> tuple[Voice, ...]:
    quiet = noise(len(sound) / RATE_HZ, -80)[: len(sound)]
    recording = load_recording(write(tmp_path / "call.wav", sound + quiet, quiet))
    return voices_of(recording.lanes["customer"], Timeline.of(*spans))


@pytest.mark.parametrize("hz", [90.0, 150.0, 240.0, 380.0])
def test_the_pitch_of_a_known_voice(tmp_path: Path, hz: float) -> None:
    (voice,) = heard(tmp_path, buzz(3.0, hz), (0.5, 2.5))
    assert voice.pitch_st == pytest.approx(12 * np.log2(hz / 100), abs=0.1)
    assert voice.range_st is not None and voice.range_st < 0.3
    assert voice.voiced_s > 1.5


def test_a_lively_voice_has_a_range_and_a_louder_one_its_level(tmp_path: Path) -> None:
    sound = np.concatenate([buzz(2.0, 150.0, wobble_st=4.0), buzz(2.0, 150.0, level=0.2, wobble_st=4.0)])
    first, second = heard(tmp_path, sound, (0.1, 1.9), (2.1, 3.9))
    assert first.range_st == pytest.approx(7.6, abs=0.6)
    assert first.level_db is not None and second.level_db is not None
    assert second.level_db - first.level_db == pytest.approx(6.0, abs=0.2)


def test_noise_and_a_cough_have_no_pitch(tmp_path: Path) -> None:
    hiss, short = heard(tmp_path, noise(4.0, -20), (0.2, 3.0), (3.2, 3.5))
    assert hiss.pitch_st is None and hiss.level_db == pytest.approx(-20, abs=0.5)
    assert short.pitch_st is None and short.range_st is None


def test_of_a_minute_only_so_much_is_read_and_over_blocks_nothing_is_lost(tmp_path: Path) -> None:
    sound = np.concatenate([buzz(58.0, 150.0), buzz(12.0, 200.0)])
    voices = heard(tmp_path, sound, (0.0, 57.0), (61.0, 69.0))
    assert MOST_PER_MINUTE_S <= sum(v.end_s - v.start_s for v in voices if v.end_s < 60) < MOST_PER_MINUTE_S + 4
    assert voices[-1].pitch_st == pytest.approx(12, abs=0.1) and voices[0].pitch_st == pytest.approx(7.02, abs=0.1)
    assert voices[-1].end_s == pytest.approx(69.0)


def test_a_channel_that_ends_early(tmp_path: Path) -> None:
    (voice,) = heard(tmp_path, buzz(2.0, 150.0), (1.0, 3.0))
    assert voice.pitch_st == pytest.approx(7.02, abs=0.1) and voice.voiced_s < 1.1


def listened(tmp_path: Path, agent: Samples, customer: Samples) -> Heard:
    recording = load_recording(write(tmp_path / "call.wav", customer, agent))
    spoken = {"agent": Timeline.of((0.5, 2.5)), "customer": Timeline.of((3.5, 5.5))}
    talk = Conversation(6.0, "en", spoken)
    return Heard(recording, talk, EngineNames("none", "none", "0"))


def spoken_alone(start_s: float, hz: float, floor_db: float) -> Samples:
    sound = noise(6.0, floor_db)
    voice = buzz(2.0, hz)
    sound[round(start_s * RATE_HZ) :][: len(voice)] += voice
    return sound


def test_voices_are_listened_to_where_they_are_wanted_and_heard(tmp_path: Path) -> None:
    heard_ = listened(tmp_path, spoken_alone(0.5, 150.0, -70.0), spoken_alone(3.5, 200.0, -70.0))
    found = with_voices(heard_, sounds_of(heard_), {"customer": heard_.conversation.speech["customer"]})
    assert list(found.conversation.voices) == ["customer"] and found.notes == ()
    (voice,) = found.conversation.voices["customer"]
    assert voice.pitch_st == pytest.approx(12, abs=0.1)


def test_in_noise_the_voice_is_left_alone_and_a_note_says_so(tmp_path: Path) -> None:
    heard_ = listened(tmp_path, spoken_alone(0.5, 150.0, -70.0), spoken_alone(3.5, 200.0, -22.0))
    found = with_voices(heard_, sounds_of(heard_), heard_.conversation.speech)
    assert list(found.conversation.voices) == ["agent"]
    assert len(found.notes) == 1 and found.notes[0].startswith("The customer's side is too noisy to hear the pitch")


def test_two_people_on_one_channel_have_no_voice_of_their_own(tmp_path: Path) -> None:
    recording = load_recording(write(tmp_path / "mono.wav", spoken_alone(0.5, 150.0, -70.0)))
    one = Heard(recording, Conversation(6.0, "en", {"agent": Timeline.of((0.5, 2.5))}), EngineNames("", "", ""))
    assert with_voices(one, sounds_of(one), one.conversation.speech) is one
