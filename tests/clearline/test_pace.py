"""The pace that agents and prompts share: known values, and the same speaking time as the analysis takes."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearline.pace import articulation_rate_sps, covered_s, speech_rate_wpm
from clearline.speaking import NOTHING_KNOWN, SpeakingError, read_speaking, speaking_of
from clearline.spoken import count_syllables, count_words
from speechqa.timeline import Span, Timeline


def test_rates_of_known_counts() -> None:
    assert speech_rate_wpm(150, 60.0) == 150
    assert articulation_rate_sps(9.0, 2.0) == 4.5
    assert speech_rate_wpm(0, 3.0) is speech_rate_wpm(3, 0.0) is articulation_rate_sps(None, 3.0) is None


def test_gaps_up_to_the_limit_are_speaking_time() -> None:
    assert covered_s([(0, 1), (1.5, 2), (4, 5)], 1.0) == pytest.approx(3.0)
    assert covered_s([], 1.0) == 0


@given(st.lists(st.floats(0, 50), max_size=12), st.floats(0, 3))
def test_speaking_time_is_that_of_the_analysis(edges: list[float], gap_s: float) -> None:
    ordered = sorted(edges)
    timeline = Timeline(Span(a, b) for a, b in zip(ordered[::2], ordered[1::2], strict=False))
    spans = [(span.start_s, span.end_s) for span in timeline]
    assert covered_s(spans, gap_s) == pytest.approx(timeline.closed(gap_s).covered_s, abs=1e-9)


def test_a_text_is_counted_as_it_is_said() -> None:
    text = "To report a fault, press 25."
    assert count_words(text.split()) == 7
    assert count_syllables(text.split(), speaking_of("en-GB").syllables) == pytest.approx(8.8, abs=1)
    assert speaking_of("tlh") is NOTHING_KNOWN


def test_broken_syllables_name_the_file(tmp_path: Path) -> None:
    path = tmp_path / "speaking.yaml"
    path.write_text("languages: {zz: {syllables: {nucleus: '(', per_number: 1}, fillers: [eh]}}", encoding="utf-8")
    with pytest.raises(SpeakingError, match=r"speaking\.yaml: missing"):
        read_speaking(path)
