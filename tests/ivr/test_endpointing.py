"""Where utterances begin and end, in made audio."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.endpointing import LEAD_S, LONGEST_S, ONSET_S, PAUSE_S, Began, Ended, Endpointer, Went

FRAME = 160


def sound(seconds: float, dbfs: float) -> bytes:
    """Noise of this level."""
    noise = np.random.default_rng(1).standard_normal(round(seconds * 8000)) * 32768 * 10 ** (dbfs / 20)
    return np.clip(noise, -32768, 32767).astype("<i2").tobytes()


def course(pcm: bytes) -> list[tuple[float, str]]:
    """When something began or ended, in seconds."""
    ears, told = Endpointer(), []
    for at in range(0, len(pcm) - 2 * FRAME + 1, 2 * FRAME):
        found = ears.hear(pcm[at : at + 2 * FRAME])
        if isinstance(found, Began | Ended):
            told.append((at / 16000 + 0.02, type(found).__name__))
    return told


@pytest.mark.parametrize("line_dbfs", [-90, -60, -48])
def test_an_utterance_begins_soon_and_ends_with_a_pause(line_dbfs: float) -> None:
    quiet, talk = sound(2.0, line_dbfs), sound(1.0, -22)
    began, ended = course(quiet + talk + quiet)
    assert (began[1], ended[1]) == ("Began", "Ended")
    assert began[0] == pytest.approx(2.0 + ONSET_S, abs=0.03)
    assert ended[0] == pytest.approx(3.0 + PAUSE_S, abs=0.03)


def test_gaps_between_words_are_part_of_it_and_clicks_are_nothing() -> None:
    quiet, talk = sound(1.0, -80), sound(0.4, -22)
    assert [what for _, what in course(quiet + talk + sound(0.4, -80) + talk + quiet)] == ["Began", "Ended"]
    assert course(quiet + sound(0.06, -10) + quiet) == []


def test_noise_that_stays_becomes_the_lines_own() -> None:
    told = course(sound(1.0, -80) + sound(14.0, -38))
    assert [what for _, what in told] == ["Began", "Ended"]
    assert told[1][0] < 6.0
    street = sound(6.0, -38)
    assert [what for _, what in course(street + sound(1.0, -20) + street)][-2:] == ["Began", "Ended"]


def test_nobody_talks_for_ever() -> None:
    word, gap = sound(0.3, -20), sound(0.1, -80)
    told = course((word + gap) * 50)
    assert told[1][0] - told[0][0] == pytest.approx(LONGEST_S, abs=0.05)


def test_the_first_sounds_are_kept() -> None:
    ears, pcm = Endpointer(), sound(1.0, -80) + sound(0.5, -20)
    found = [ears.hear(pcm[at : at + 320]) for at in range(0, len(pcm), 320)]
    began = next(told for told in found if isinstance(told, Began))
    assert len(began.pcm) == round((LEAD_S + ONSET_S) * 16000)
    went = b"".join(told.pcm for told in found if isinstance(told, Went))
    assert pcm.endswith(began.pcm + went)


@settings(max_examples=30)
@given(st.lists(st.sampled_from([-90.0, -50.0, -40.0, -20.0]), max_size=60))
def test_beginnings_and_ends_take_turns(levels: list[float]) -> None:
    told = [what for _, what in course(b"".join(sound(0.1, level) for level in levels))]
    assert told == ["Began", "Ended"] * (len(told) // 2) + ["Began"] * (len(told) % 2)
