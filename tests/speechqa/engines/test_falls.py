"""How steeply voices fall silent: sounds whose ends are known, clean and in noise, quiet and loud."""

from __future__ import annotations

import numpy as np
import pytest

from speechqa.audio import Samples
from speechqa.engines.edges import Activity
from speechqa.engines.energy import energies_db
from speechqa.engines.falls import falls_of
from speechqa.timeline import Timeline
from tests.speechqa.sounds import RATE_HZ, bursts, noise

TALK = ((1.0, 2.0), (3.0, 4.5))
SPEECH = Timeline.of(*TALK)


def activity(sound: Samples) -> Activity:
    likely = np.full(round(len(sound) / RATE_HZ / 0.005), 0.02, np.float32)
    for start, end in TALK:
        likely[round(start / 0.005) : round(end / 0.005)] = 0.95
    return Activity(0.0, likely, energies_db([sound], RATE_HZ))


def fading(over_s: float, floor_db: float = -65.0) -> Samples:
    """The second burst dies away to -40 dB over its last ``over_s``."""
    sound = bursts(6.0, *TALK, floor_db=-100.0)
    fade = np.linspace(0.0, -40.0, round(over_s * RATE_HZ))
    end = round(TALK[1][1] * RATE_HZ)
    sound[end - len(fade) : end] *= (10 ** (fade / 20)).astype(np.float32)
    return sound + noise(6.0, floor_db)


@pytest.mark.parametrize("floor_db", [-65.0, -45.0, -35.0])
def test_a_cut_is_steeper_than_an_end_that_dies_away(floor_db: float) -> None:
    cut, faded = falls_of(activity(fading(0.2, floor_db)), SPEECH)
    assert (cut.at_s, faded.at_s) == (2.0, 4.5)
    assert cut.steepness > 0.8
    assert faded.steepness < 0.6


def test_the_level_of_the_call_does_not_matter() -> None:
    sound = fading(0.15)
    loud, quiet = falls_of(activity(sound), SPEECH), falls_of(activity(sound * np.float32(0.1)), SPEECH)
    assert [fall.steepness for fall in quiet] == pytest.approx([fall.steepness for fall in loud], abs=0.02)


def test_without_speech_nothing_falls() -> None:
    assert falls_of(activity(noise(6.0, -60.0)), Timeline()) == ()
