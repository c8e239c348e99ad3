from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from speechqa.report.waveform import Envelope, ReportAudio, Track, display_gain, envelope, only_within, outline
from speechqa.timeline import Timeline

samples = arrays(np.float32, st.integers(1, 400), elements=st.floats(-1, 1, width=32))


def test_known_values() -> None:
    shape = envelope(Track.of(np.array([0.1, -0.2, 0.3, 0.4, -0.5, 0.0], np.float32)), 3)
    assert shape.high.tolist() == pytest.approx([0.1, 0.4, 0.0])
    assert shape.low.tolist() == pytest.approx([-0.2, 0.3, -0.5])
    assert shape.peak == pytest.approx(0.5)


def test_a_shorter_side_ends_in_silence() -> None:
    shape = envelope(Track.of(np.ones(50, np.float32)), 10, total=100)
    assert shape.high.tolist() == [1.0] * 5 + [0.0] * 5


def test_outline_closes_along_the_middle() -> None:
    shape = Envelope(np.array([-1, 0], np.float32), np.array([1, 0.5], np.float32))
    assert outline(shape, height=200) == "M0 0L1 50L1 100L0 200Z"


def test_not_finite_is_silence() -> None:
    shape = envelope(Track.of(np.array([np.nan, np.inf, 0.5, -np.inf], np.float32)), 2)
    assert shape.high.tolist() == [0.0, 0.5]
    assert np.isfinite(shape.low).all()


def test_gain_lifts_quiet_sides_but_a_click_does_not_flatten_speech() -> None:
    quiet = envelope(Track.of(np.full(1000, 0.2, np.float32)), 1000)
    assert display_gain(quiet) == pytest.approx(4.5)
    clicked = np.full(1000, 0.2, np.float32)
    clicked[3] = 1.0
    assert display_gain(envelope(Track.of(clicked), 1000)) == pytest.approx(4.5)
    assert display_gain(envelope(Track.of(np.zeros(10, np.float32)), 10)) == 1.0
    assert display_gain() == 1.0


@given(samples, st.integers(1, 50))
def test_the_envelope_holds_every_sample(values: np.ndarray, columns: int) -> None:
    shape = envelope(Track.of(values), columns)
    assert len(shape) == columns
    assert shape.peak == pytest.approx(float(np.abs(values).max()))
    assert (shape.low <= shape.high).all()


@given(samples, st.integers(1, 20))
def test_louder_samples_never_shrink_the_envelope(values: np.ndarray, columns: int) -> None:
    assert envelope(Track.of(values), columns).peak >= envelope(Track.of(values / 2), columns).peak


@given(samples, st.integers(1, 50), st.integers(1, 60), st.integers(0, 500))
def test_blocks_make_no_difference(values: np.ndarray, columns: int, step: int, longer: int) -> None:
    blocks = [values[at : at + step] for at in range(0, len(values), step)]
    total = len(values) + longer
    whole = envelope(Track.of(values), columns, total=total)
    in_parts = envelope(Track(len(values), lambda: blocks), columns, total=total)
    assert in_parts.low.tolist() == whole.low.tolist()
    assert in_parts.high.tolist() == whole.high.tolist()


def test_refusals_are_clear() -> None:
    with pytest.raises(ValueError, match="at least one column"):
        envelope(Track.of(np.zeros(3, np.float32)), 0)
    with pytest.raises(ValueError, match="sample rate must be positive"):
        ReportAudio(0, None, None)


def test_audio_is_as_long_as_its_longer_side() -> None:
    audio = ReportAudio(10, Track.of(np.zeros(5, np.float32)), Track.of(np.zeros(30, np.float32)))
    assert (audio.samples, audio.duration_s) == (30, 3.0)
    assert ReportAudio(10, None, None).duration_s == 0


def test_a_track_only_within_somebodys_speech() -> None:
    whole = Track(10, lambda: (np.ones(4, np.float32), np.ones(6, np.float32)))
    kept = only_within(whole, Timeline.of((0.1, 0.2), (0.3, 0.6)), 10)
    assert np.concatenate(list(kept.blocks())).tolist() == [0, 1, 0, 1, 1, 1, 0, 0, 0, 0]
