"""The active speech level of P.56: known values first, then laws."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearline.level import active_level, active_level_dbov, long_term_level_dbov

Signal = npt.NDArray[np.float64]
RATES = (8000, 16000, 44100)


def sine(level_dbov: float, seconds: float, rate: int = 8000, hz: float = 1000.0) -> Signal:
    amplitude = np.sqrt(2) * 10 ** (level_dbov / 20)
    return np.asarray(amplitude * np.sin(2 * np.pi * hz * np.arange(round(seconds * rate)) / rate), np.float64)


def bursts(level_dbov: float, on_s: float, off_s: float, count: int, rate: int = 8000) -> Signal:
    """Noise with the slow swell of syllables, switched on and off like talk and pauses."""
    noise = np.random.default_rng(1).standard_normal(round(on_s * rate))
    swell = 0.6 + 0.4 * np.sin(2 * np.pi * 4 * np.arange(noise.size) / rate)
    talk = noise * swell
    talk *= 10 ** (level_dbov / 20) / np.sqrt(np.mean(talk**2))
    return np.tile(np.concatenate([talk, np.zeros(round(off_s * rate))]), count)


@pytest.mark.parametrize("rate", RATES)
@pytest.mark.parametrize("level", [-10.0, -26.0, -40.0])
def test_a_steady_sine_has_its_own_level_and_full_activity(level: float, rate: int) -> None:
    measured = active_level(sine(level, 20, rate), rate)
    assert measured.level_dbov == pytest.approx(level, abs=0.1)
    assert measured.activity > 0.98


def test_a_full_scale_sine_is_3_db_under_overload() -> None:
    assert active_level_dbov(sine(-3.0103, 20), 8000) == pytest.approx(-3.01, abs=0.1)


@pytest.mark.parametrize("rate", RATES)
def test_pauses_do_not_make_a_talker_quieter(rate: int) -> None:
    signal = bursts(-24, on_s=4.0, off_s=4.0, count=5, rate=rate)
    measured = active_level(signal, rate)
    assert long_term_level_dbov(signal) == pytest.approx(-27.0, abs=0.1)
    assert measured.level_dbov == pytest.approx(-24.0, abs=0.5)
    assert measured.activity == pytest.approx(0.5, abs=0.04)  # the hangover adds 0.2 s to every burst


def test_pauses_shorter_than_the_hangover_count_as_talk() -> None:
    measured = active_level(bursts(-24, on_s=0.3, off_s=0.1, count=60), 8000)
    assert measured.activity > 0.95
    assert measured.level_dbov == pytest.approx(-24 + 10 * np.log10(0.75), abs=0.3)


def test_a_sample_by_sample_reading_of_the_recommendation_agrees() -> None:
    signal = bursts(-28, on_s=1.3, off_s=0.9, count=5)
    assert active_level_dbov(signal, 8000) == pytest.approx(method_b_by_the_letter(signal, 8000), abs=0.05)


def method_b_by_the_letter(signal: Signal, rate: int) -> float:
    """P.56 as it is written: two recursions, fifteen counters with a hangover, one sample at a time."""
    g, hold, thresholds = np.exp(-1 / (rate * 0.03)), int(np.ceil(rate * 0.2)), [2.0**j for j in range(-15, 0)]
    active, hang, p, q = [0] * 15, [hold] * 15, 0.0, 0.0
    for x in np.abs(signal):
        p = g * p + (1 - g) * x
        q = g * q + (1 - g) * p
        for j, threshold in enumerate(thresholds):
            hang[j] = 0 if q >= threshold else hang[j] + 1
            active[j] += hang[j] <= hold
    energy = float(np.sum(signal**2))
    levels = [10 * np.log10(energy / a) for a in active if a]
    margins = [level - 20 * np.log10(c) for level, c in zip(levels, thresholds, strict=False)]
    upper = next(j for j, margin in enumerate(margins) if margin <= 15.9)
    return float(np.interp(-15.9, [-margins[upper - 1], -margins[upper]], [levels[upper - 1], levels[upper]]))


def test_int16_and_float_samples_agree() -> None:
    signal = bursts(-24, 1.0, 0.5, 6)
    assert active_level_dbov((signal * 32767).astype(np.int16), 8000) == pytest.approx(
        active_level_dbov(signal, 8000), abs=0.02
    )


@pytest.mark.parametrize("samples", [np.zeros(0), np.zeros(8000), np.full(8000, 1e-6)])
def test_silence_has_no_level(samples: Signal) -> None:
    assert active_level(samples, 8000).activity == 0.0
    assert active_level_dbov(samples, 8000) == float("-inf")


def test_two_channels_are_refused() -> None:
    with pytest.raises(ValueError, match="one channel"):
        active_level(np.zeros((8, 2)), 8000)


@settings(deadline=None, max_examples=40)
@given(gain_db=st.floats(-25, 15))
def test_a_gain_shifts_the_level_by_as_much(gain_db: float) -> None:
    signal = bursts(-26, 1.2, 0.8, 5)
    louder = active_level_dbov(signal * 10 ** (gain_db / 20), 8000)
    assert louder - active_level_dbov(signal, 8000) == pytest.approx(gain_db, abs=0.4)


@settings(deadline=None, max_examples=40)
@given(silence_s=st.floats(0, 30))
def test_silence_at_the_end_hardly_changes_the_level(silence_s: float) -> None:
    signal = bursts(-26, 1.2, 0.8, 5)
    longer = np.concatenate([signal, np.zeros(round(silence_s * 8000))])
    assert active_level_dbov(longer, 8000) == pytest.approx(active_level_dbov(signal, 8000), abs=0.1)
