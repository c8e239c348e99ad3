"""Edges in noise: known tones and floors in bands; edges of real sounds in noise, found within what the ear needs."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
import soxr
from hypothesis import given
from hypothesis import strategies as st

from ivr.prompting.synthesize import open_voice
from speechqa.audio import Samples
from speechqa.engines.activity import activity_of
from speechqa.engines.bands import BANDS, RATE_HZ, STEP_S, band_levels
from speechqa.engines.boundaries import floor_of, network, views_of
from speechqa.engines.edges import Activity, is_noisy, speech_of
from speechqa.engines.energy import energies_db
from speechqa.engines.vad import SileroVad
from speechqa.recording import load_recording
from tests.speechqa.sounds import noise, write


def tone(hz: float, duration_s: float, level_db: float = 0.0) -> Samples:
    at = np.arange(round(duration_s * RATE_HZ)) / RATE_HZ
    return (np.sin(2 * np.pi * hz * at) * 10 ** (level_db / 20)).astype(np.float32)


def test_a_tone_is_loudest_in_its_own_band_and_at_its_level() -> None:
    low, high = (band_levels([tone(hz, 1.0)])[20:80] for hz in (200.0, 3000.0))
    assert set(low.argmax(axis=1)) == {0} or set(low.argmax(axis=1)) == {1}
    assert set(high.argmax(axis=1)) == {BANDS - 2}
    assert low.max() == pytest.approx(0.0, abs=4.0)
    quieter = band_levels([tone(3000.0, 1.0, -20.0)])[20:80]
    assert high.max() - quieter.max() == pytest.approx(20.0, abs=0.1)


@given(st.lists(st.integers(1, 5000), min_size=1, max_size=6))
def test_blocks_of_any_size_give_the_same_levels(sizes: list[int]) -> None:
    sound = noise(sum(sizes) / RATE_HZ, -30.0)
    cuts = np.cumsum(sizes)[:-1]
    whole, parts = band_levels([sound]), band_levels(np.split(sound, cuts))
    assert whole.shape == parts.shape
    np.testing.assert_allclose(whole, parts, atol=1e-3)


def test_the_floor_is_that_of_the_silence_and_follows_it() -> None:
    levels = np.full((12_000, BANDS), -60.0, np.float32)
    levels[6_000:] = -40.0
    levels[::4] = -10.0
    silent = np.ones(len(levels), bool)
    silent[::4] = False
    floor = floor_of(levels, silent, 30.0)
    assert floor[100, 0] == pytest.approx(-60.0)
    assert floor[11_900, 5] == pytest.approx(-40.0)


def words_in_noise(snr_db: float) -> tuple[Samples, list[tuple[float, float]]]:
    """Vowel-like bursts that fade out over 80 ms, in white noise."""
    spans = [(1.0, 1.9), (2.6, 3.4), (4.3, 5.6), (7.0, 8.2)]
    sound = noise(10.0, -20.0 - snr_db)
    for start, end in spans:
        voice = sum(tone(130.0 * k, end - start, -20.0 - 2 * k) for k in range(1, 12))
        fall = np.minimum(1.0, (len(voice) - np.arange(len(voice))) / (0.08 * RATE_HZ)) ** 2
        sound[round(start * RATE_HZ) :][: len(voice)] += np.asarray(voice * fall, np.float32)
    return sound, spans


def heard(sound: Samples, spans: list[tuple[float, float]]) -> Activity:
    levels = energies_db([sound], RATE_HZ)
    likely = np.full(len(levels), 0.02, np.float32)
    for start, end in spans:
        likely[round((start + 0.03) / 0.032) * 32 // 5 : round((end + 0.06) / 0.032) * 32 // 5] = 0.95
    return Activity(0.0, likely, levels, bands=band_levels([sound]) if is_noisy(likely, levels) else None)


@pytest.mark.parametrize("snr_db", [20.0, 30.0])
def test_edges_in_noise_are_near_those_of_the_clean_sound(snr_db: float) -> None:
    activity = heard(*words_in_noise(snr_db))
    assert activity.bands is not None
    found = speech_of(activity).spans
    assert len(found) == 4
    for span, (start, end) in zip(found, words_in_noise(snr_db)[1], strict=True):
        assert span.start_s == pytest.approx(start, abs=0.05)
        assert span.end_s == pytest.approx(end, abs=0.2)  # a buzz is no voice: the network expects a longer tail


@pytest.mark.engine
@pytest.mark.parametrize("snr_db", [10.0, 20.0])
def test_a_voice_in_noise_has_the_edges_of_the_clean_voice(tmp_path: Path, snr_db: float) -> None:
    said = open_voice("hibari", "heart", Path()).synthesize("I will call you back on Monday, and then we see.")
    voice = soxr.resample(said.samples, said.rate, RATE_HZ)
    clean = np.concatenate([np.zeros(RATE_HZ), voice / np.abs(voice).max() * 0.4, np.zeros(RATE_HZ)]).astype(np.float32)
    level_db = 10 * np.log10(np.mean(voice**2) / np.abs(voice).max() ** 2 * 0.16) - snr_db
    found = {}
    for name, sound in (("clean", clean), ("noisy", clean + noise(len(clean) / RATE_HZ, level_db))):
        write(tmp_path / f"{name}.wav", sound)
        recording = load_recording(tmp_path / f"{name}.wav")
        found[name] = speech_of(activity_of(next(iter(recording.lanes.values())), SileroVad()))
    assert found["noisy"].start_s == pytest.approx(found["clean"].start_s, abs=0.06)
    assert found["noisy"].end_s == pytest.approx(found["clean"].end_s, abs=0.12)


def test_clean_sound_needs_no_bands() -> None:
    assert heard(*words_in_noise(50.0)).bands is None


def test_the_network_says_silence_in_silence() -> None:
    activity = heard(*words_in_noise(20.0))
    assert activity.bands is not None
    silent = activity.likely[::2] < 0.15
    floor = floor_of(activity.bands, np.pad(silent, (0, len(activity.bands) - len(silent))), 30.0)
    likely = network().likelihood(views_of(activity.bands, floor, activity.levels, activity.likely))
    assert 0.0 <= likely.min() and likely.max() <= 1.0
    assert likely[round(9.0 / STEP_S) :].max() < 0.1
    assert likely[round(4.6 / STEP_S) : round(5.3 / STEP_S)].min() > 0.9
