"""Hearing which language is spoken: how many windows are weighed, then real people and the packaged model."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import numpy as np
import pytest
import soundfile

from speechqa.audio import Samples, open_audio
from speechqa.engines.asr import Transcript
from speechqa.engines.language import language_windows
from speechqa.engines.vad import SileroVad
from speechqa.engines.whisper import WhisperRecognizer
from speechqa.hearing import Heard, listen
from speechqa.languages import heard
from speechqa.recording import Channel, load_recording
from speechqa.settings import ListeningSettings
from speechqa.timeline import Timeline
from tests.peers import RUSSIAN, needs_russian
from tests.speechqa.sounds import RATE_HZ, noise, write


class ByLoudness:
    """Loud speech is English, quiet speech is Russian."""

    name = "by loudness"
    version = "1"
    language = None
    identifies = True

    def __init__(self) -> None:
        self.asked = 0

    def accepts(self, language: str) -> bool:
        """Both."""
        return True

    def identify(self, samples: Samples) -> Mapping[str, float]:
        """By the level."""
        self.asked += 1
        english = 0.95 if float(np.sqrt(np.mean(samples**2))) > 0.05 else 0.02
        return {"en": english, "ru": 0.97 - english}

    def recognize(self, samples: Samples, language: str | None) -> Transcript:
        """Nothing."""
        return Transcript((), language or "en")


@pytest.fixture
def changing(tmp_path: Path) -> Channel:
    """Four minutes of loud sound, then one of quiet sound."""
    sound = np.concatenate([noise(240, -20, seed=1), noise(60, -40, seed=2)])
    return Channel(open_audio(write(tmp_path / "call.wav", sound)), 0)


def spoken(*parts: tuple[float, float]) -> Timeline:
    return Timeline.of(*parts)


def test_a_change_is_found_to_a_window_and_few_windows_are_weighed(changing: Channel) -> None:
    speech = spoken(*((at, at + 5.0) for at in range(0, 300, 6)))
    by_loudness = ByLoudness()
    found = heard(language_windows(changing, speech, by_loudness))
    assert [each.language for each in found.stretches] == ["en", "ru"]
    assert found.stretches[1].start_s == pytest.approx(240, abs=8)
    assert by_loudness.asked <= 20


def test_too_little_speech_says_nothing(changing: Channel) -> None:
    by_loudness = ByLoudness()
    assert language_windows(changing, spoken((3, 4.5)), by_loudness) == ()
    assert by_loudness.asked == 0


def prompts(*names: str) -> Samples:
    gap = np.zeros(RATE_HZ // 2, np.float32)
    read = [soundfile.read(RUSSIAN / f"{name}.wav", dtype="float32")[0] for name in names]
    return np.concatenate([part for each in read for part in (each, gap)])


@pytest.fixture(scope="module")
def mixed_call(dialogue: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The agent speaks English for 40 s, then Russian; the customer says little, in Russian."""
    english, _ = soundfile.read(dialogue, frames=40 * RATE_HZ, dtype="float32")
    agent = np.concatenate([english[:, 1], prompts("conf-adminmenu-18", "vm-options")])
    customer = np.concatenate([np.zeros(RATE_HZ * 2, np.float32), prompts("vm-opts")])
    customer = np.pad(customer, (0, len(agent) - len(customer)))
    rng = np.random.default_rng(4)
    quiet = [side + rng.normal(0, 2e-4, len(side)).astype(np.float32) for side in (customer, agent)]
    return write(tmp_path_factory.mktemp("mixed") / "call.wav", *quiet, subtype="ULAW")


def cyrillic(found: Heard, party: str, since_s: float = 0.0) -> float:
    """The share of Cyrillic letters in what a party said."""
    words = (each.text for each in found.conversation.words if each.party == party and each.start_s >= since_s)
    letters = [letter for word in words for letter in word if letter.isalpha()]
    return sum("\u0400" <= letter <= "\u04ff" for letter in letters) / max(1, len(letters))


@pytest.mark.engine
@needs_russian
def test_several_languages_in_one_call(mixed_call: Path, detector: SileroVad, multilingual: WhisperRecognizer) -> None:
    found = listen(load_recording(mixed_call), ListeningSettings(), detector=detector, recognizer=multilingual)
    agent, customer = (found.conversation.languages[party] for party in ("agent", "customer"))
    assert [each.language for each in agent.stretches] == ["en", "ru"]
    assert agent.stretches[1].start_s == pytest.approx(40, abs=8)
    assert (customer.language, customer.found_by) == ("ru", "heard")
    assert customer.confidence is not None and customer.confidence > 0.8
    assert cyrillic(found, "agent", 50) > 0.9 and cyrillic(found, "customer") > 0.9
    early = [each.text for each in found.conversation.words if each.party == "agent" and each.end_s < 30]
    assert early and all(each.isascii() for each in early)


@pytest.mark.engine
@needs_russian
def test_a_party_may_be_set_and_the_model_obeys(
    mixed_call: Path, detector: SileroVad, multilingual: WhisperRecognizer
) -> None:
    settings = ListeningSettings(by_party={"customer": "uk"}, language="ru")
    found = listen(load_recording(mixed_call), settings, detector=detector, recognizer=multilingual)
    languages = found.conversation.languages
    assert [(languages[p].language, languages[p].found_by) for p in ("agent", "customer")] == [
        ("ru", "set"),
        ("uk", "set"),
    ]
    assert found.conversation.language == "ru" and cyrillic(found, "customer") > 0.9


@pytest.mark.engine
def test_an_english_call_is_heard_as_english_and_little_speech_as_unknown(
    dialogue: Path, detector: SileroVad, multilingual: WhisperRecognizer, tmp_path: Path
) -> None:
    sound, _ = soundfile.read(dialogue, frames=15 * RATE_HZ, dtype="float32")
    sound[:, 0] = 0
    recording = load_recording(write(tmp_path / "call.wav", sound[:, 0], sound[:, 1]))
    found = listen(recording, ListeningSettings(), detector=detector, recognizer=multilingual)
    agent, customer = (found.conversation.languages[party] for party in ("agent", "customer"))
    assert (agent.language, customer.language, customer.confidence) == ("en", None, None)
    assert found.conversation.language == "en" and len(found.conversation.words) > 10
