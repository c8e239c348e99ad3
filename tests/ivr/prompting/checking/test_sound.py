"""A prompt's sound in figures: sounds with known answers; keys by the limits of Q.24."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.prompting.checking.sound import measure, outline
from ivr.prompting.checking.talkoff import HIGH_HZ, KEYS, LOW_HZ, false_keys

RATE = 8000
Signal = npt.NDArray[np.float64]


def tone(hz: float, seconds: float, dbov: float = -24.0) -> Signal:
    return np.asarray(np.sqrt(2) * 10 ** (dbov / 20) * np.sin(2 * np.pi * hz * np.arange(round(seconds * RATE)) / RATE))


def silence(seconds: float) -> Signal:
    return np.zeros(round(seconds * RATE))


def key(low: float, high: float, seconds: float = 0.04, low_dbov: float = -20.0, high_dbov: float = -20.0) -> Signal:
    return np.concatenate([silence(0.05), tone(low, seconds, low_dbov) + tone(high, seconds, high_dbov), silence(0.05)])


def test_times_of_two_words_with_a_pause() -> None:
    said = np.concatenate([silence(0.5), tone(500, 2), silence(1.5), tone(500, 2), silence(0.7)])
    sound = measure(said, RATE, "", "en")
    assert sound.duration_s == pytest.approx(6.7)
    assert sound.lead_s == pytest.approx(0.5, abs=0.02)
    assert sound.tail_s == pytest.approx(0.7, abs=0.02)
    assert sound.longest_pause_s == pytest.approx(1.5, abs=0.02)
    assert sound.speaking_s == pytest.approx(4.0, abs=0.04)
    assert sound.level_dbov == pytest.approx(-24, abs=0.7)  # the hangover of P.56 counts as talk


def test_pace_is_words_over_speaking_time() -> None:
    text = "one two three four five six"
    sound = measure(np.concatenate([tone(500, 1), silence(0.5), tone(500, 1.5), silence(3)]), RATE, text, "en")
    assert sound.words_per_minute == pytest.approx(60 * 6 / 3.0, rel=0.02)
    assert sound.articulation_sps == pytest.approx(6 / 2.5, rel=0.02)


@pytest.mark.parametrize("noise_dbov", [-60.0, -45.0])
def test_noise_between_words_is_measured(noise_dbov: float) -> None:
    talk = np.concatenate([silence(0.6), tone(500, 1), silence(0.6), tone(500, 1), silence(0.6)])
    noise = np.random.default_rng(1).standard_normal(talk.size) * 10 ** (noise_dbov / 20)
    sound = measure(talk + noise, RATE, "", "en")
    assert sound.noise_dbov == pytest.approx(noise_dbov, abs=1.0)
    assert sound.snr_db == pytest.approx(-24 - noise_dbov, abs=1.5)


def test_clipping_and_peaks() -> None:
    clean, loud = tone(500, 2, -9.0), np.clip(tone(500, 2, 3.0), -1, 1)
    assert measure(clean, RATE, "", "en").clipped_ratio == 0
    assert measure(clean, RATE, "", "en").peak_dbfs == pytest.approx(-6.0, abs=0.05)
    assert measure(loud, RATE, "", "en").clipped_ratio > 0.3


def test_what_the_telephone_keeps() -> None:
    inside, outside = measure(tone(1000, 2), RATE, "", "en"), measure(tone(150, 2), RATE, "", "en")
    assert inside.in_band_db == pytest.approx(0, abs=0.1)
    assert outside.in_band_db < -20
    assert outside.upper_hz < 400
    noise = np.random.default_rng(1).standard_normal(2 * RATE) * 0.05
    assert measure(noise, RATE, "", "en").upper_hz > 3700


def test_silence_has_no_figures_but_its_length() -> None:
    sound = measure(silence(1), RATE, "hello", "en")
    assert (sound.level_dbov, sound.words_per_minute, sound.lead_s) == (float("-inf"), None, 1.0)


@pytest.mark.parametrize("low", range(4))
@pytest.mark.parametrize("high", range(4))
def test_every_key_of_40_ms_is_one(low: int, high: int) -> None:
    found = false_keys(key(LOW_HZ[low], HIGH_HZ[high]))
    assert [each.key for each in found] == [KEYS[low][high]]
    assert found[0].start_s == pytest.approx(0.05, abs=0.013)


@pytest.mark.parametrize("off", [0.985, 1.015])
def test_a_key_within_a_per_cent_and_a_half_is_one(off: float) -> None:
    assert [each.key for each in false_keys(key(770 * off, 1336 * off, 0.06))] == ["5"]


@pytest.mark.parametrize(
    "sound",
    [
        key(770, 1336, 0.022),
        key(770 * 1.07, 1336, 0.1),
        key(770, 1336, 0.1, -50, -50),
        key(770, 1336, 0.1, -12, -24),
        key(770, 1336, 0.1, -24, -12),
        tone(770, 0.2),
        tone(1336, 0.2),
        key(770, 1336, 0.2) + np.resize(tone(350, 1, -18), 2400),
    ],
    ids=[
        "too short",
        "off pitch",
        "too soft",
        "low stronger",
        "high stronger",
        "one tone",
        "other tone",
        "with a voice",
    ],
)
def test_what_no_receiver_takes_for_a_key(sound: Signal) -> None:
    assert false_keys(sound) == ()


@given(st.integers(0, 2**31))
def test_noise_presses_no_key(seed: int) -> None:
    assert false_keys(np.random.default_rng(seed).standard_normal(4000) * 0.1) == ()


@given(st.integers(1, 120), st.integers(0, 3000))
def test_an_outline_has_as_many_bars_and_the_highest_peak(bars: int, count: int) -> None:
    samples = np.random.default_rng(count).uniform(-1, 1, count)
    drawn = outline(samples, bars)
    assert len(drawn) == bars
    assert max(drawn) == pytest.approx(np.abs(samples).max(initial=0.0))
