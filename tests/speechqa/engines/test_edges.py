"""Edges from energy: known sounds with a detector whose answer is known, in clean sound, noise and cross-talk."""

from __future__ import annotations

import numpy as np
import pytest

from speechqa.audio import Samples
from speechqa.engines.bleed import unbled
from speechqa.engines.edges import Activity, speech_of
from speechqa.engines.energy import HOP_S, energies_db
from speechqa.timeline import Span, Timeline
from tests.speechqa.sounds import RATE_HZ, bursts, noise

TALK = ((1.0, 2.0), (3.0, 3.8), (6.0, 9.0))


def activity(sound: Samples, *likely: tuple[float, float], start_s: float = 0.0) -> Activity:
    """A channel for which the detector answered late and coarsely, in windows of 32 ms."""
    levels = energies_db([sound], RATE_HZ)
    answer = np.full(len(levels), 0.02, np.float32)
    for start, end in likely:
        answer[round(start / 0.032) * 32 // 5 : round(end / 0.032) * 32 // 5] = 0.95
    return Activity(start_s, answer, levels)


def late(*spans: tuple[float, float]) -> list[tuple[float, float]]:
    return [(start + 0.06, end + 0.08) for start, end in spans]


def edges_within(found: Timeline, expected: tuple[tuple[float, float], ...], tolerance_s: float) -> None:
    assert len(found) == len(expected)
    for span, (start, end) in zip(found, expected, strict=True):
        assert span.start_s == pytest.approx(start, abs=tolerance_s)
        assert span.end_s == pytest.approx(end, abs=tolerance_s)


@pytest.mark.parametrize("gain_db", [0.0, -20.0])
@pytest.mark.parametrize("floor_db", [-100.0, -70.0, -55.0])
def test_edges_are_those_of_the_sound_not_of_the_detector(floor_db: float, gain_db: float) -> None:
    sound = bursts(10, *TALK, floor_db=floor_db) * np.float32(10 ** (gain_db / 20))
    edges_within(speech_of(activity(sound, *late(*TALK))), TALK, 0.02)


def test_a_short_silence_inside_the_detectors_stretch_is_a_pause() -> None:
    sound = bursts(5, (1.0, 2.0), (2.3, 3.0))
    edges_within(speech_of(activity(sound, (1.05, 3.1))), ((1.0, 2.0), (2.3, 3.0)), 0.02)


def test_a_closure_inside_a_word_is_no_pause() -> None:
    sound = bursts(5, (1.0, 2.0), (2.1, 3.0))
    edges_within(speech_of(activity(sound, (1.05, 3.1))), ((1.0, 3.0),), 0.02)


def test_speech_that_the_detector_misses_does_not_count_as_noise() -> None:
    sound = bursts(20, (1.0, 2.0), (4.0, 9.0), (12.0, 14.0))
    edges_within(speech_of(activity(sound, (1.05, 2.05), (12.05, 14.05))), ((1.0, 2.0), (12.0, 14.0)), 0.02)


def test_noise_that_the_detector_does_not_take_for_speech_is_none() -> None:
    sound = bursts(10, (1.0, 2.0), (4.0, 4.3), (6.0, 9.0))
    edges_within(speech_of(activity(sound, (1.05, 2.05), (6.05, 9.05))), ((1.0, 2.0), (6.0, 9.0)), 0.02)


def test_cross_talk_is_not_speech_even_when_the_detector_hears_it() -> None:
    theirs = bursts(60, (2.3, 4), (13.3, 15), floor_db=-75)
    own = bursts(60, (9, 11), (22, 25), floor_db=-75) + theirs * np.float32(0.02)
    heard = activity(own, *late((3, 4), (9, 11), (14, 15), (22, 25)))
    other = activity(theirs, (2.3, 4), (13.3, 15))
    (cleaned, bleed), _ = unbled(heard, other)
    assert bleed is not None
    edges_within(speech_of(cleaned, other), ((9, 11), (22, 25)), 0.02)
    assert len(speech_of(heard, other)) > 2


def test_both_may_speak_at_once() -> None:
    theirs = bursts(60, (1, 3), (7, 8), (22, 24), (25, 26), floor_db=-75)
    own = bursts(60, (7.3, 8), (40, 42), floor_db=-75) + theirs * np.float32(0.01)
    other = activity(theirs, (1, 3), (7, 8), (22, 24), (25, 26))
    (cleaned, bleed), _ = unbled(activity(own, *late((7.3, 8), (22, 24), (40, 42))), other)
    assert bleed is not None
    edges_within(speech_of(cleaned, other), ((7.3, 8), (40, 42)), 0.02)


def test_a_channel_that_starts_later_keeps_recording_time() -> None:
    sound = bursts(5, (1.0, 2.0))
    found = speech_of(activity(sound, (1.05, 2.05), start_s=2.0), activity(noise(8, -70), start_s=0.0))
    edges_within(found, ((3.0, 4.0),), 0.02)


def test_silence_and_nothing_are_no_speech() -> None:
    assert speech_of(activity(noise(3, -60))) == Timeline()
    assert speech_of(activity(np.zeros(0, np.float32))) == Timeline()


def test_moving_to_another_grid_keeps_what_happened_when() -> None:
    one = activity(bursts(4, (1, 2)), (1, 2), start_s=0.5)
    moved = one.on_grid_of(activity(noise(6, -60)))
    assert len(moved.levels) == round(6 / HOP_S)
    assert moved.levels[round(2.0 / HOP_S)] == one.levels[round(1.5 / HOP_S)]
    assert Span(1.5, 2.5).start_s in speech_of(moved) or speech_of(moved).start_s == pytest.approx(1.5, abs=0.02)
