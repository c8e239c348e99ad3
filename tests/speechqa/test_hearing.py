"""Listening with the real engines: to a dialogue with known truth, to noise, and to a call folder."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from speechqa.conversation import PARTIES
from speechqa.engines.vad import SileroVad
from speechqa.engines.whisper import WhisperRecognizer
from speechqa.hearing import Heard, find_speech, find_words, listen
from speechqa.recording import load_recording
from speechqa.settings import ListeningSettings
from speechqa.timeline import Span, Timeline
from tests.speechqa.sounds import noise, write
from tests.speechqa.test_call_record import call_folder

pytestmark = pytest.mark.engine


@pytest.fixture(scope="module")
def truth(dialogue: Path) -> Any:
    return json.loads(dialogue.with_suffix("").with_suffix(".truth.json").read_text())


def true_speech(truth: Any, party: str) -> Timeline:
    return Timeline(Span(each["start_s"], each["end_s"]) for each in truth["speech"] if each["party"] == party)


def test_speech_is_found_where_it_is(heard: Heard, truth: Any) -> None:
    for party in PARTIES:
        found, known = heard.conversation.speech[party], true_speech(truth, party)
        wrong_s = (found - known).covered_s + (known - found).covered_s
        assert wrong_s < 0.08 * known.covered_s


def test_edges_are_within_50_ms_in_the_middle(heard: Heard, truth: Any) -> None:
    errors = [
        min(abs(edge - at) for found in heard.conversation.speech[party] for at in (found.start_s, found.end_s))
        for party in PARTIES
        for span in true_speech(truth, party)
        for edge in (span.start_s, span.end_s)
    ]
    assert np.median(errors) <= 0.02
    assert np.mean(np.array(errors) <= 0.05) >= 0.85


def test_words_are_those_that_were_said(heard: Heard, truth: Any) -> None:
    for party in PARTIES:
        said = " ".join(piece["text"] for piece in truth["pieces"] if piece["party"] == party)
        known = set(re.findall(r"[a-z']+", said.lower()))
        found = re.findall(r"[a-z']+", " ".join(word.text for word in heard.conversation.words_of(party)).lower())
        assert sum(word in known for word in found) >= 0.85 * len(found)
        assert len(found) >= 0.8 * len(said.split())


def test_no_word_without_speech_under_it(heard: Heard) -> None:
    talk = heard.conversation
    for word in talk.words:
        assert any(s.start_s - 0.002 <= word.start_s <= word.end_s <= s.end_s + 0.002 for s in talk.speech[word.party])
    assert list(talk.words) == sorted(talk.words, key=lambda word: word.start_s)


def test_the_engines_are_named(heard: Heard) -> None:
    assert "silero" in heard.engines.vad and "tiny.en" in heard.engines.asr and heard.engines.version
    assert heard.conversation.language == "en" and heard.conversation.turns == ()


def test_the_channels_can_be_had_for_levels(heard: Heard) -> None:
    assert len(heard.samples("agent")) / 8000 == pytest.approx(heard.recording.duration_s)
    assert heard.offset_of("agent") == 0.0


@pytest.mark.parametrize("snr_db", [20.0, 10.0])
def test_noise_moves_edges_but_loses_no_speech(
    dialogue: Path, truth: Any, detector: SileroVad, tmp_path: Path, snr_db: float
) -> None:
    sound, rate_hz = soundfile.read(dialogue, dtype="float32")
    level_db = 10 * np.log10(np.mean(sound**2) / 0.4) - snr_db
    noisy = [sound[:, each] + noise(len(sound) / rate_hz, level_db, seed=each) for each in (0, 1)]
    speech = find_speech(load_recording(write(tmp_path / "noisy.wav", *noisy, subtype="ULAW")), detector).speech
    for party in PARTIES:
        known = true_speech(truth, party)
        assert (known & speech[party]).covered_s >= 0.88 * known.covered_s
        assert (speech[party] - known).covered_s <= 0.06 * known.covered_s


@pytest.mark.parametrize("sound", [noise(12, -30), np.zeros(96000, np.float32), noise(0.02, -20)])
def test_noise_and_silence_hold_no_speech_and_no_words(
    sound: np.ndarray[tuple[int], np.dtype[np.float32]],
    detector: SileroVad,
    whisper: WhisperRecognizer,
    tmp_path: Path,
) -> None:
    recording = load_recording(write(tmp_path / "call.wav", sound, sound))
    found = listen(recording, ListeningSettings(), detector=detector, recognizer=whisper)
    assert not found.conversation.words and not any(found.conversation.speech.values())


def test_the_lines_prompts_are_announcements_not_the_agents_speech(
    dialogue: Path, detector: SileroVad, tmp_path: Path
) -> None:
    folder = call_folder(tmp_path)
    sound, rate_hz = soundfile.read(dialogue, frames=80000)
    record = json.loads((folder / "call.vcon.json").read_text())
    for name, channel, dialog in (("caller.wav", 0, 1), ("agent.wav", 1, 2)):
        soundfile.write(folder / name, sound[:, channel], rate_hz)
        record["dialog"][dialog]["content_hash"] = []
    (folder / "call.vcon.json").write_text(json.dumps(record))
    recording = load_recording(folder)
    found = find_speech(recording, detector)
    assert found.announcements and found.announcements.end_s <= 3.0
    assert found.speech["agent"] and found.speech["agent"].start_s >= 3.0
    assert not found.speech["agent"] & found.announcements


def test_a_call_in_a_language_that_the_model_does_not_know_keeps_its_timing(
    dialogue: Path, whisper: WhisperRecognizer
) -> None:
    speech = {party: Timeline.of((1, 2)) for party in PARTIES}
    found = find_words(load_recording(dialogue), speech, whisper, ListeningSettings(language="uk"))
    assert (found.words, found.language) == ((), "uk")
    assert "does not know" in found.notes[0]
