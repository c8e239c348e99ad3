"""Calls with nothing or next to nothing on them: a whole analysis with honest nulls, nothing invented."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
import soundfile

from benchmarks.dialogues.waiting import made
from speechqa.analysis import json_schema
from speechqa.audio import Samples
from speechqa.engines.vad import SileroVad
from speechqa.engines.whisper import WhisperRecognizer
from speechqa.hearing import listen
from speechqa.recording import load_recording
from speechqa.rubric.load import load_rubric
from speechqa.settings import ListeningSettings
from speechqa.stages import analyze_heard
from tests.speechqa.sounds import RATE_HZ, noise, write

pytestmark = pytest.mark.engine


def numbers_in(value: Any, at: str = "") -> Iterator[str]:
    """Where a document holds a measured number other than nought (not the edges of a distribution's classes)."""
    if isinstance(value, dict):
        for key, each in value.items():
            if key == "distribution":
                each = [[part["broken"], part["left"]] for part in each]
            yield from numbers_in(each, f"{at}.{key}")
    elif isinstance(value, list):
        for each in value:
            yield from numbers_in(each, at)
    elif isinstance(value, int | float) and not isinstance(value, bool) and value != 0:
        yield at


@pytest.fixture
def analysed(detector: SileroVad, whisper: WhisperRecognizer) -> Any:
    def analyse(path: Path) -> dict[str, Any]:
        heard = listen(load_recording(path), ListeningSettings(), detector=detector, recognizer=whisper)
        document = analyze_heard(heard, load_rubric()).to_json()
        jsonschema.validate(document, json_schema())
        return document

    return analyse


def silence(seconds: float) -> Samples:
    return np.zeros(round(seconds * RATE_HZ), np.float32)


SOUNDS = {
    "five minutes of silence": (silence(300), silence(300)),
    "five minutes of noise": (noise(300, -50), noise(300, -60, seed=2)),
    "music": (made("piano", 60), noise(60, -70)),
    "thirty seconds of keys": (made("keys, 90 ms", 30), noise(30, -70)),
    "full scale": (silence(20) + 1, silence(20) - 1),
    "one sample": (silence(1)[:1], silence(1)[:1]),
}


@pytest.mark.parametrize("sides", [2, 1])
@pytest.mark.parametrize("name", SOUNDS)
def test_where_nobody_speaks_nothing_is_measured_of_a_speaker(
    tmp_path: Path, analysed: Any, name: str, sides: int
) -> None:
    found = analysed(write(tmp_path / "call.wav", *SOUNDS[name][:sides]))
    assert (found["speech"], found["words"], found["turns"]) == ([], [], [])
    assert (found["score"]["total"], found["ending"]["score"]) == (None, None)
    measured = ("pace", "pauses", "overlaps", "latency", "listening", "findings", "patience", "fillers", "pressure")
    assert not [where for each in measured for where in numbers_in(found[each], each)]
    told = ("The agent was never heard.", "The customer was never heard.", "No speech was heard on this recording.")
    assert [note for note in found["notes"] if note in told] == list(told[:2] if sides == 2 else told[2:])


def test_where_one_party_never_speaks_only_the_other_is_measured(shared: Path, tmp_path: Path, analysed: Any) -> None:
    two, _ = soundfile.read(shared / "data" / "dialogues" / "call-11-00.wav", dtype="float32")
    found = analysed(write(tmp_path / "call.wav", np.zeros(len(two), np.float32), two[:, 1]))
    assert {word["party"] for word in found["words"]} == {"agent"}
    assert found["pace"]["agent"]["speech_rate_wpm"] > 100
    assert not list(numbers_in(found["pace"]["customer"])) and found["overlaps"] == []
    assert not list(numbers_in(found["latency"]))
    assert found["quality"]["one_way"] is True
    assert "The customer was never heard." in found["notes"]
    assert found["score"]["human_must_look"] is True
