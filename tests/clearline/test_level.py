"""The active speech level of P.56: known values first, then laws."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from clearline.level import active_level, active_level_dbov, long_term_level_dbov
from tests.clearline.p56 import method_b

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


def gated(seed: int, rate: int) -> Signal:
    """Talk of random length and level between pauses of random length, over faint noise."""
    random = np.random.default_rng(seed)
    pieces = []
    for _ in range(6):
        talk = bursts(float(random.uniform(-34, -18)), float(random.uniform(0.15, 0.8)), 0.0, 1, rate)
        pieces += [talk, np.zeros(round(float(random.uniform(0.02, 0.9)) * rate))]
    signal = np.concatenate(pieces)
    return np.asarray(signal + 10 ** (-65 / 20) * random.standard_normal(signal.size), np.float64)


@pytest.mark.parametrize(
    "signal",
    [
        sine(-26, 3.0),
        sine(-12, 3.0, hz=300.0),
        bursts(-28, on_s=1.3, off_s=0.9, count=3),
        bursts(-20, on_s=0.25, off_s=0.15, count=8),
        bursts(-40, on_s=0.6, off_s=0.6, count=4),
        *(gated(seed, 8000) for seed in range(4)),
    ],
    ids=["sine", "low sine", "talk", "syllables", "soft talk", *(f"gated {seed}" for seed in range(4))],
)
def test_the_recommendation_written_down_a_second_time_agrees(signal: Signal) -> None:
    level, activity = method_b(signal.tolist(), 8000)
    measured = active_level(signal, 8000)
    assert measured.level_dbov == pytest.approx(level, abs=0.05)
    assert measured.activity == pytest.approx(activity, abs=0.02)


def test_both_readings_agree_at_16_khz() -> None:
    signal = gated(9, 16000)
    assert active_level_dbov(signal, 16000) == pytest.approx(method_b(signal.tolist(), 16000)[0], abs=0.05)


@pytest.mark.parametrize("level", [-14.0, -20.0, -26.0, -32.0, -38.0])
def test_speech_like_noise_has_the_level_that_it_was_given(level: float) -> None:
    signal = bursts(level, on_s=20.0, off_s=0.0, count=1)
    assert active_level_dbov(signal, 8000) == pytest.approx(level, abs=0.1)


@pytest.mark.parametrize(("on_s", "off_s"), [(2.0, 1.0), (1.0, 3.0), (4.0, 0.5)])
def test_the_hangover_is_what_a_gate_adds(on_s: float, off_s: float) -> None:
    """Known answer: each burst counts its own time and 0.2 s, and its level falls by as much."""
    counted = (on_s + 0.2) / on_s
    measured = active_level(bursts(-24, on_s, off_s, count=12), 8000)
    assert measured.level_dbov == pytest.approx(-24 - 10 * np.log10(counted), abs=0.35)
    assert measured.activity == pytest.approx((on_s + 0.2) / (on_s + off_s), abs=0.05)


def test_two_implementations_find_silence() -> None:
    assert method_b([0.0] * 800, 8000) == (float("-inf"), 0.0)
    assert method_b([1e-6] * 8000, 8000)[0] == active_level_dbov(np.full(8000, 1e-6), 8000)


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
