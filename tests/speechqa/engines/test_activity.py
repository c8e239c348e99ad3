"""A whole channel through a detector: only where something can be heard, and everything in its place."""

from __future__ import annotations

from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from speechqa.audio import Samples, open_audio
from speechqa.engines.activity import DETECTOR_DB, TOO_LOUD_DB, activity_of, audible, channel_levels, detector_gain
from speechqa.engines.energy import HOP_S
from speechqa.engines.vad import Probabilities, SileroVad
from speechqa.recording import Channel
from tests.speechqa.sounds import bursts, noise, write


class LoudIsSpeech:
    """A detector that takes every loud window for speech."""

    name = "loud"
    rate_hz = 16_000
    hop_s = 0.032

    def __init__(self) -> None:
        self.heard_s = 0.0

    def probabilities(self, blocks: Iterable[Samples]) -> Probabilities:
        """1 for each window above -40 dB."""
        sound = np.concatenate(list(blocks))
        self.heard_s += len(sound) / self.rate_hz
        whole = np.pad(sound, (0, -len(sound) % 512)).reshape(-1, 512)
        return (np.sqrt(np.mean(whole**2, axis=1)) > 0.01).astype(np.float32)


def channel(tmp_path: Path, sound: Samples, offset_s: float = 0.0) -> Channel:
    return Channel(open_audio(write(tmp_path / "c.wav", sound)), 0, offset_s)


def test_the_detector_hears_only_what_can_be_heard(tmp_path: Path) -> None:
    detector = LoudIsSpeech()
    found = activity_of(channel(tmp_path, bursts(60, (10, 12), (40, 43))), detector)
    assert detector.heard_s < 7
    likely = {round(at * HOP_S, 2) for at in np.flatnonzero(found.likely > 0.5)}
    assert {10.5, 11.5, 40.5, 42.5} <= likely
    assert not likely & {5.0, 9.5, 13.0, 39.0, 45.0}


def test_the_channels_own_start_does_not_move_what_is_heard(tmp_path: Path) -> None:
    sound = bursts(20, (10, 12))
    here = activity_of(channel(tmp_path, sound), LoudIsSpeech())
    later = activity_of(channel(tmp_path, sound, 3.5), LoudIsSpeech())
    assert later.start_s == 3.5 and (later.likely == here.likely).all()


def test_a_constant_voltage_is_no_sound(tmp_path: Path) -> None:
    quiet = channel(tmp_path, noise(5, -70) + np.float32(0.1))
    assert float(np.median(channel_levels(quiet))) == pytest.approx(-70, abs=1.5)


def test_silence_is_not_audible_and_a_change_of_level_is() -> None:
    assert not audible(np.full(1000, -100, np.float32)).any()
    assert audible(np.concatenate([np.full(1000, -70), np.full(200, -40)]).astype(np.float32))[1100]


@given(st.floats(-90, 0))
def test_too_loud_channels_reach_the_detector_at_one_level_and_others_as_they_are(loud_db: float) -> None:
    levels = np.concatenate([np.full(100, loud_db - 20), np.full(100, loud_db)]).astype(np.float32)
    reached_db = loud_db + 20 * float(np.log10(detector_gain(levels)))
    assert reached_db == pytest.approx(DETECTOR_DB if levels.max() > TOO_LOUD_DB else loud_db, abs=0.01)
    assert detector_gain(np.zeros(0, np.float32)) == 1.0


def test_the_detector_hears_a_voice_that_is_too_loud_turned_down(tmp_path: Path) -> None:
    heard: list[float] = []

    class Listening(LoudIsSpeech):
        def probabilities(self, blocks: Iterable[Samples]) -> Probabilities:
            sound = np.concatenate(list(blocks))
            heard.append(float(np.sqrt(np.mean(sound**2))))
            return super().probabilities([sound])

    for name, level_db in (("loud", -8.0), ("quiet", -34.0)):
        (tmp_path / name).mkdir()
        activity_of(channel(tmp_path / name, bursts(20, (5, 12), level_db=level_db)), Listening())
    assert heard[0] == pytest.approx(heard[1] * 10 ** ((34 + DETECTOR_DB) / 20), rel=0.2)


@pytest.mark.engine
def test_blocks_do_not_change_what_the_detector_says(detector: SileroVad) -> None:
    sound = np.concatenate([noise(1, -60, rate_hz=16000), noise(1.01, -20, rate_hz=16000)])
    whole = detector.probabilities([sound])
    pieces = detector.probabilities([sound[:7000], sound[7000:7300], sound[7300:]])
    assert len(whole) == -(-len(sound) // 512)
    assert pieces == pytest.approx(whole, abs=1e-4)
