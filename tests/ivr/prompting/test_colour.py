"""Bass and presence: how much of which tone is left."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.prompting.colour import coloured

RATES = (8000, 22050, 24000)


def gain_db(hz: float, rate: int, bass_db: float, presence_db: float) -> float:
    tone = np.sin(2 * np.pi * hz * np.arange(rate) / rate).astype(np.float32)
    heard = coloured(tone, rate, bass_db, presence_db)[rate // 4 :]
    return float(20 * np.log10(np.std(heard) / np.std(tone[rate // 4 :])))


@pytest.mark.parametrize("rate", RATES)
def test_presence_lifts_2800_hz_and_leaves_the_bass(rate: int) -> None:
    assert gain_db(2800, rate, 0, 6) == pytest.approx(6, abs=0.1)
    assert gain_db(100, rate, 0, 6) == pytest.approx(0, abs=0.2)


@pytest.mark.parametrize("rate", RATES)
def test_bass_lifts_what_is_low_half_at_its_corner(rate: int) -> None:
    assert gain_db(40, rate, 4, 0) == pytest.approx(4, abs=0.2)
    assert gain_db(250, rate, 4, 0) == pytest.approx(2, abs=0.1)
    assert gain_db(2800, rate, 4, 0) == pytest.approx(0, abs=0.2)


@given(st.floats(-12, 12), st.floats(-12, 12))
def test_what_is_lifted_and_lowered_again_is_what_it_was(bass_db: float, presence_db: float) -> None:
    sound = np.random.default_rng(1).normal(0, 0.1, 4000).astype(np.float32)
    back = coloured(coloured(sound, 22050, bass_db, presence_db), 22050, -bass_db, -presence_db)
    assert back == pytest.approx(sound, abs=1e-4)


def test_nothing_asked_for_changes_nothing() -> None:
    sound = np.ones(10, np.float32)
    assert coloured(sound, 8000, 0, 0) is sound
    assert coloured(sound[:0], 8000, 3, 3).size == 0
