"""Music that fades: its gain, where it goes on, and that nothing in it clicks."""

from __future__ import annotations

from array import array

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.fading import FADE_S, RATE_HZ, STEPS, FadingLoop
from ivr.tones import tone

FRAME = 160


def heard(loop: FadingLoop, frames: int) -> np.ndarray:
    return np.concatenate([np.frombuffer(loop.frame(FRAME), np.int16).astype(int) for _ in range(frames)])


def test_it_is_silent_until_it_swells_and_then_plays_what_it_was_given() -> None:
    samples = tone(200, 1.0, peak=10000)
    loop = FadingLoop(samples)
    assert loop.silent and not heard(loop, 3).any()
    loop.swell()
    played = heard(loop, 50)
    assert not loop.silent
    assert np.array_equal(played[STEPS:], np.array(samples)[STEPS : len(played)])
    assert abs(played[: STEPS // 4]).max() < 0.2 * 10000


def test_it_goes_on_where_it_was_left() -> None:
    loop = FadingLoop(array("h", range(1, 8001)))
    loop.swell()
    heard(loop, 20)
    loop.fade()
    heard(loop, STEPS // FRAME)
    assert loop.silent
    heard(loop, 30)
    loop.swell()
    heard(loop, STEPS // FRAME)
    assert heard(loop, 1)[0] == (20 + 2 * STEPS // FRAME) * FRAME + 1


def test_the_fade_takes_its_time_and_has_no_step() -> None:
    loop = FadingLoop(tone(200, 2.0, peak=20000)[100:-100])
    loop.swell()
    heard(loop, 10)
    loop.fade()
    going = heard(loop, 10)
    loudest = 20000 * 2 * np.pi * 200 / RATE_HZ  # the steepest that the tone itself is
    assert abs(np.diff(going)).max() <= 1.05 * loudest
    assert going[STEPS:].any() == 0 and going[: STEPS // 2].any()
    assert STEPS == round(FADE_S * RATE_HZ) and 0.08 <= FADE_S <= 0.15


def test_a_hard_cut_is_what_this_measure_finds() -> None:
    cut = np.array(tone(200, 1.0, peak=20000))[:1010]
    assert abs(np.diff(np.append(cut, 0))).max() > 3 * 20000 * 2 * np.pi * 200 / RATE_HZ


@given(st.lists(st.tuples(st.booleans(), st.integers(1, 4)), max_size=30), st.integers(1, 700))
def test_whatever_it_is_told_the_gain_never_jumps(orders: list[tuple[bool, int]], length: int) -> None:
    loop = FadingLoop(array("h", [16000] * length))
    levels = [0]
    for swell, frames in orders:
        loop.swell() if swell else loop.fade()
        levels += heard(loop, frames).tolist()
    assert abs(np.diff(levels)).max(initial=0) <= 16000 * 1.6 / STEPS + 1
    assert 0 <= min(levels) and max(levels) <= 16000


def test_no_sound_is_refused() -> None:
    with pytest.raises(ValueError, match="no sound to loop"):
        FadingLoop(array("h"))
