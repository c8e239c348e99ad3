"""Fake stereo: what is one sound twice, and what only nearly is."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soxr
from hypothesis import given
from hypothesis import strategies as st
from scipy.signal import lfilter

from benchmarks.hearing import through_g711
from speechqa.audio import Samples
from speechqa.errors import RecordingUnreadable
from speechqa.recording import load_recording
from speechqa.twins import alternating, common_delay, same_sound, stretches
from tests.speechqa.sounds import RATE_HZ, bursts, noise, write

AGENT = bursts(12, (1, 4), (6, 7), (9.5, 11))
CUSTOMER = bursts(12, (4.2, 5.8), (7.3, 9.2), floor_db=-64)
MIXED = (AGENT + CUSTOMER).astype(np.float32)


def same(one: Samples, two: Samples) -> bool:
    return same_sound([(one.astype(np.float32), two.astype(np.float32))], RATE_HZ)


@pytest.mark.parametrize(
    "copy",
    [
        MIXED,
        MIXED * 0.5,
        MIXED * 2.0,
        -MIXED,
        -0.8 * MIXED,
        through_g711(MIXED * np.float32(0.9)),
        MIXED + noise(12, -60, seed=77),
        MIXED + 0.01,
    ],
    ids=["equal", "quieter", "louder", "flipped", "flipped and quieter", "another codec pass", "noise", "DC"],
)
def test_one_sound_twice(copy: Samples) -> None:
    assert same(through_g711(MIXED), copy)
    assert same(copy, MIXED)


@pytest.mark.parametrize("bleed", [0.0, 0.1, 0.3, 0.5, 0.7, 0.9])
def test_two_people_however_much_they_bleed_are_not_one(bleed: float) -> None:
    assert not same(AGENT + bleed * CUSTOMER, CUSTOMER + bleed * AGENT)


def test_one_word_on_one_side_only_makes_two() -> None:
    almost = MIXED.copy()
    almost[5 * RATE_HZ : 6 * RATE_HZ] += bursts(1, (0.2, 0.9), level_db=-24)
    assert not same(MIXED, almost)


def test_silence_and_one_silent_side_are_no_evidence() -> None:
    nothing = np.zeros(RATE_HZ, np.float32)
    assert not same(nothing, nothing)
    assert not same(AGENT, np.zeros(len(AGENT), np.float32))
    assert not same_sound([], RATE_HZ)


@given(st.floats(0.1, 1e5))
def test_the_first_look_stays_inside_the_recording(duration_s: float) -> None:
    looked_at = list(stretches(duration_s))
    assert all(0 <= start < end <= duration_s + 1e-6 for start, end in looked_at)
    assert sum(end - start for start, end in looked_at) <= 61


def test_a_file_of_one_sound_is_mono_and_says_so(tmp_path: Path) -> None:
    fake = load_recording(write(tmp_path / "fake.wav", MIXED, -0.9 * MIXED, subtype="ULAW"))
    assert (fake.layout, fake.roles, set(fake.lanes)) == ("mono", None, {"agent"})
    assert "same sound" in fake.notes[0]
    assert load_recording(write(tmp_path / "real.wav", CUSTOMER, AGENT, subtype="ULAW")).layout == "stereo"


@pytest.mark.parametrize("late", [1, 8, 160, -961, 4000])
def test_one_sound_twice_with_a_delay_is_mono(tmp_path: Path, late: int) -> None:
    rest = np.zeros(abs(late), np.float32)
    long = np.tile(MIXED, 4)
    sides = (np.concatenate([long, rest]), np.concatenate([rest, long]))
    one, two = sides if late > 0 else sides[::-1]
    assert common_delay([(one, two)], RATE_HZ) == late
    assert load_recording(write(tmp_path / "fake.wav", one, 0.7 * two, subtype="ULAW")).layout == "mono"
    elsewhere = two.copy()
    elsewhere[30 * RATE_HZ : 31 * RATE_HZ] += bursts(1, (0.1, 0.9))
    assert load_recording(write(tmp_path / "two.wav", one, elsewhere)).layout == "stereo"


@pytest.mark.parametrize("gain", [0.1, 0.5, 0.9])
def test_two_people_with_an_echo_of_each_other_have_no_common_delay(tmp_path: Path, gain: float) -> None:
    late = np.zeros(320, np.float32)
    agent = AGENT + gain * np.concatenate([late, CUSTOMER[:-320]])
    customer = CUSTOMER + gain * np.concatenate([late, AGENT[:-320]])
    assert load_recording(write(tmp_path / "call.wav", customer, agent)).layout == "stereo"


def test_a_long_file_that_differs_once_is_stereo(tmp_path: Path) -> None:
    long = np.tile(MIXED, 10)
    other = long.copy()
    other[51 * RATE_HZ : 53 * RATE_HZ] += bursts(2, (0.1, 1.9))
    assert load_recording(write(tmp_path / "once.wav", long, other)).layout == "stereo"
    assert load_recording(write(tmp_path / "never.wav", long, long)).layout == "mono"


def test_two_files_of_one_sound_are_one_mono_recording(tmp_path: Path) -> None:
    one = write(tmp_path / "one.wav", MIXED)
    for other in (one, write(tmp_path / "quieter.wav", 0.5 * MIXED, subtype="ULAW")):
        twins = load_recording(agent=one, customer=other)
        assert (twins.layout, twins.roles, set(twins.lanes)) == ("mono", None, {"agent"})
        assert any("Both files carry the same sound" in note for note in twins.notes)
    apart = load_recording(agent=one, customer=write(tmp_path / "other.wav", CUSTOMER))
    assert apart.layout == "two-files"


def test_two_files_of_one_sound_at_two_rates_are_mono(tmp_path: Path) -> None:
    sound = smooth(12, seed=5)
    at_16k = write(tmp_path / "wide.wav", soxr.resample(sound, RATE_HZ, 16_000, quality="HQ"), rate_hz=16_000)
    assert load_recording(agent=at_16k, customer=write(tmp_path / "narrow.wav", sound)).layout == "mono"


def smooth(seconds: float, seed: int) -> Samples:
    """Noise with the tilt of speech: 12 dB an octave above 500 Hz."""
    sound = noise(seconds, 0, seed=seed)
    filtered = lfilter([0.1], [1, -1.3, 0.42], sound)
    return (0.1 * filtered / np.std(filtered)).astype(np.float32)


@given(st.integers(0, 50))
def test_every_other_sample_of_one_sound_is_alternating_and_two_sounds_are_not(seed: int) -> None:
    sound, second = smooth(3, seed), smooth(3, seed + 100)
    one, two = sound[::2], sound[1::2]
    assert alternating([(one, two)], RATE_HZ)
    assert not alternating([(one, two), (sound, second)], RATE_HZ)
    assert not alternating([(sound, 0.9 * sound + 0.2 * second)], RATE_HZ)
    assert not alternating([(sound, np.zeros_like(sound))], RATE_HZ)


def test_a_mono_file_that_is_called_stereo_is_refused(tmp_path: Path) -> None:
    sound = smooth(10, seed=3)
    with pytest.raises(RecordingUnreadable, match="the header is wrong"):
        load_recording(write(tmp_path / "call.wav", sound[::2], sound[1::2]))


def test_a_side_that_ends_long_before_the_other_is_told(tmp_path: Path) -> None:
    agent, customer = write(tmp_path / "a.wav", AGENT), write(tmp_path / "c.wav", CUSTOMER[: 5 * RATE_HZ])
    notes = load_recording(agent=agent, customer=customer, offset_s=0.0).notes
    assert notes == (
        "The customer's file ends 7.0 s before the agent's: what the customer said after that is not known,"
        " and a silence there may be none.",
    )
