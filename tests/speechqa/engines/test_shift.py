"""Channels that start apart, shown by their cross-talk; and those that do not."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from speechqa.engines.bleed import unbled
from speechqa.engines.edges import Activity
from speechqa.engines.shift import find_shift
from speechqa.recording import load_recording
from tests.speechqa.engines.test_bleed import activity, echoed, talker
from tests.speechqa.sounds import RATE_HZ, noise, write

ONE, TWO = talker(120, 0, seed=11), talker(120, 1, seed=12)


def late(sound: Activity, by_s: float) -> Activity:
    """The channel as it looks when its first ``by_s`` seconds are missing."""
    hops = round(by_s * 200)
    return Activity(0.0, sound.likely[hops:], sound.levels[hops:])


@pytest.mark.parametrize("by_s", [0.9, 2.03, 6.5])
@pytest.mark.parametrize("delay_s", [0.01, 0.12])
def test_cross_talk_both_ways_shows_the_shift(by_s: float, delay_s: float) -> None:
    one, two = activity(echoed(ONE, TWO, delay_s, -25)), activity(echoed(TWO, ONE, delay_s, -25))
    first = find_shift(late(one, by_s), two)
    assert first is not None and first.later_s == pytest.approx(by_s, abs=0.02) and first.confidence > 0.9
    second = find_shift(one, late(two, by_s))
    assert second is not None and second.later_s == pytest.approx(-by_s, abs=0.02)


def test_cross_talk_one_way_shows_it_less_surely() -> None:
    one = activity(echoed(ONE, TWO, 0.05, -22))
    found = find_shift(late(one, 3.0), activity(TWO))
    assert found is not None and found.later_s == pytest.approx(3.0, abs=0.1) and found.confidence < 0.9


def test_channels_that_begin_together_or_show_nothing_stay() -> None:
    assert find_shift(activity(echoed(ONE, TWO, 0.3, -25)), activity(echoed(TWO, ONE, 0.3, -25))) is None
    assert find_shift(activity(ONE), activity(TWO)) is None
    for seed in range(4):
        assert find_shift(activity(talker(90, 0, seed=seed)), activity(talker(90, 1, seed=30 + seed))) is None
    empty = Activity(0.0, np.zeros(0, np.float32), np.zeros(0, np.float32))
    assert find_shift(empty, empty) is None


def test_moved_channels_bleed_as_ever() -> None:
    one, two = activity(echoed(ONE, TWO, 0.1, -25)), activity(echoed(TWO, ONE, 0.1, -25))
    cut = late(one, 2.0)
    assert unbled(cut, two)[0][1] is None
    moved = Activity(2.0, cut.likely, cut.levels)
    (_, bleed), _ = unbled(moved, two)
    assert bleed is not None and bleed.delay_s == pytest.approx(0.1, abs=0.02)


def test_a_stereo_file_can_be_realigned_and_says_so(tmp_path: Path) -> None:
    path = write(tmp_path / "call.wav", noise(4, -30, seed=1), noise(4, -30, seed=2), subtype="FLOAT")
    recording = load_recording(path)
    assert recording.offset.confidence < 1.0
    moved = recording.realigned(1.5, 0.95, "cross-talk")
    assert (moved.offset.agent_s, moved.offset.customer_s, moved.duration_s) == (1.5, 0.0, 5.5)
    assert "1.50 s after" in moved.notes[0] and "--offset" in moved.notes[0]
    back = moved.realigned(-1.5, 0.9, "one file")
    assert (back.offset, back.lanes, back.notes) == (recording.offset, recording.lanes, recording.notes)
    given = load_recording(path, offset_s=-0.5)
    assert (given.lanes["customer"].offset_s, given.offset.found_by) == (0.5, "given")
    assert len(given.lanes["agent"].samples()) == 4 * RATE_HZ
