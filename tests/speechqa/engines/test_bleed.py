"""Bleed: made echoes of known delay and level, one way and both, and channels that have none."""

from __future__ import annotations

import numpy as np
import pytest

from speechqa.audio import Samples
from speechqa.engines.bleed import Bleed, Path, unbled
from speechqa.engines.edges import Activity, speech_of
from speechqa.engines.energy import HOP_S, SILENCE_DB, energies_db
from tests.speechqa.sounds import RATE_HZ, noise

TURN_S = 4.0


def talker(duration_s: float, first: int, *, seed: int) -> Samples:
    """Every second turn of four seconds, in syllables that vary over 20 dB as those of speech do."""
    chance = np.random.default_rng(seed)
    sound = noise(duration_s, -66, seed=seed)
    at = first * TURN_S
    while at < duration_s - 0.1:
        syllable_s = chance.uniform(0.12, 0.3)
        if (at // TURN_S) % 2 == first and chance.random() > 0.1:
            part = noise(syllable_s, chance.uniform(-40, -18), seed=round(1000 * at))
            stop = min(len(sound), round(at * RATE_HZ) + len(part))
            sound[round(at * RATE_HZ) : stop] += part[: stop - round(at * RATE_HZ)]
        at += syllable_s
    return sound


def echoed(own: Samples, theirs: Samples, delay_s: float, gain_db: float) -> Samples:
    late = round(delay_s * RATE_HZ)
    return own + np.concatenate([np.zeros(late, np.float32), theirs[: len(theirs) - late]]) * np.float32(
        10 ** (gain_db / 20)
    )


def activity(sound: Samples, over_db: float = -62.0) -> Activity:
    """A detector that takes everything over the line's noise for speech, echoes as well."""
    levels = energies_db([sound], RATE_HZ)
    loud = np.convolve(levels > over_db, np.ones(31), "same") > 4
    return Activity(0.0, np.where(loud, np.float32(0.95), np.float32(0.02)), levels)


@pytest.mark.parametrize(
    ("delay_s", "gain_db"), [(0.0, -30.0), (0.03, -20.0), (0.12, -25.0), (0.5, -15.0), (0.25, -32.0)]
)
def test_delay_and_level_are_found_both_ways(delay_s: float, gain_db: float) -> None:
    one, two = talker(90, 0, seed=1), talker(90, 1, seed=2)
    first = activity(echoed(one, two, delay_s, gain_db))
    second = activity(echoed(two, one, delay_s, gain_db))
    for (cleaned, bleed), other, clean in zip(unbled(first, second), (second, first), (one, two), strict=True):
        assert bleed is not None
        assert bleed.delay_s == pytest.approx(delay_s, abs=0.015)
        assert bleed.gain_db == pytest.approx(gain_db, abs=2.5)
        truth = speech_of(activity(clean))
        assert (speech_of(cleaned, other) - truth).covered_s < 0.03 * truth.covered_s
        assert (truth - speech_of(cleaned, other)).covered_s < 0.05 * truth.covered_s


def test_one_way_bleed_is_found_one_way() -> None:
    one, two = talker(60, 0, seed=3), talker(60, 1, seed=4)
    own, other = activity(echoed(one, two, 0.08, -24.0)), activity(two)
    (_, into_own), (same, into_other) = unbled(own, other)
    assert into_own is not None and into_other is None and same is other


@pytest.mark.parametrize("floor_db", [-66, -45])
def test_two_people_who_only_take_turns_have_none(floor_db: float) -> None:
    for seed in range(4):
        one = talker(120, 0, seed=seed) + noise(120, floor_db, seed=50 + seed)
        two = talker(120, 1, seed=20 + seed) + noise(120, floor_db, seed=70 + seed)
        own, other = activity(one, floor_db + 6), activity(two, floor_db + 6)
        assert unbled(own, other) == ((own, None), (other, None))


def test_a_path_that_changes_is_followed() -> None:
    one, two = talker(240, 0, seed=5), talker(240, 1, seed=6)
    half = 120 * RATE_HZ
    mixed = np.concatenate([echoed(one, two, 0.05, -20)[:half], echoed(one, two, 0.3, -28)[half:]])
    (_, bleed), _ = unbled(activity(mixed), activity(two))
    assert bleed is not None and len(bleed.paths) == 4
    assert [path.delay_s for path in bleed.paths] == pytest.approx([0.05, 0.05, 0.3, 0.3], abs=0.015)
    assert [path.gain_db for path in bleed.paths] == pytest.approx([-20, -20, -28, -28], abs=2.5)


def test_what_is_explained_is_the_other_moved_and_lowered() -> None:
    theirs = np.full(1000, SILENCE_DB, np.float32)
    theirs[200:300] = -20.0
    explained = Bleed((Path(0.0, 0.5, -30.0),), 0.9).explained(theirs)
    loud = np.flatnonzero(explained > -60)
    assert explained[350] == pytest.approx(-42.0)
    assert loud[0] * HOP_S == pytest.approx(1.5, abs=0.04) and loud[-1] * HOP_S == pytest.approx(2.0, abs=0.04)


def test_silence_has_no_bleed() -> None:
    nothing = activity(np.zeros(8000, np.float32))
    assert unbled(nothing, nothing) == ((nothing, None), (nothing, None))
    empty = Activity(0.0, np.zeros(0, np.float32), np.zeros(0, np.float32))
    assert unbled(empty, empty) == ((empty, None), (empty, None))
