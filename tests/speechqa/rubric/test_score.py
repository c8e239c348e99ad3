from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from speechqa import facts
from speechqa.measures.ending import CRITERIA, Criterion
from speechqa.rubric.load import RubricError, load_rubric
from speechqa.rubric.model import Rubric, RubricCriterion, RubricSection
from speechqa.rubric.score import score, score_ending, share

BAND = RubricCriterion("pace", "rate", 10, (110, 180), (60, 260), "Slow down.")
COUNT = RubricCriterion("cuts", "cuts", 5, (None, 0), (None, 4))
RUBRIC = Rubric("test", "1", (RubricSection("talk", (BAND, COUNT)),), {"recap": 60, "no_reproach": 40})


@pytest.mark.parametrize(
    ("value", "part"), [(60, 0), (85, 0.5), (110, 1), (150, 1), (180, 1), (220, 0.5), (260, 0), (400, 0), (0, 0)]
)
def test_a_band_earns_in_proportion(value: float, part: float) -> None:
    assert share(BAND, value) == pytest.approx(part)


@pytest.mark.parametrize(("value", "part"), [(0, 1), (1, 0.75), (4, 0), (9, 0)])
def test_a_count_with_an_open_end(value: float, part: float) -> None:
    assert share(COUNT, value) == pytest.approx(part)


def test_points_sections_and_total() -> None:
    found = score(RUBRIC, {"rate": 220, "cuts": 0})
    assert (found.sections[0].points, found.sections[0].max, found.total) == (10, 15, 67)
    assert [each.advice for each in found.sections[0].criteria] == ["Slow down.", ""]
    assert (found.rubric, found.rubric_version) == ("test", "1")


def test_what_was_not_measured_leaves_the_maximum() -> None:
    found = score(RUBRIC, {"rate": 150})
    assert (found.sections[0].points, found.sections[0].max, found.total) == (10, 10, 100)


def test_a_total_needs_half_of_the_rubric() -> None:
    found = score(RUBRIC, {"cuts": 2})
    assert (found.sections[0].points, found.sections[0].max, found.total) == (2.5, 5, None)


def test_nothing_measured_nothing_scored() -> None:
    found = score(RUBRIC, {})
    assert (found.total, found.sections[0].points) == (None, None)


def test_ending_points() -> None:
    def ending(recap: bool | None, clean: bool | None) -> int | None:
        return score_ending(RUBRIC.ending, (Criterion("recap", recap), Criterion("no_reproach", clean)))

    assert ending(True, True) == 100
    assert ending(False, True) == 40
    assert ending(None, True) == 100
    assert ending(None, None) is None


@given(st.floats(-1e6, 1e6), st.floats(0, 1e4))
def test_more_distance_from_the_band_never_earns_more(value: float, further: float) -> None:
    away = value + further if value > 145 else value - further
    assert 0 <= share(BAND, away) <= share(BAND, value) <= 1


def test_the_shipped_rubric_scores_known_facts_and_criteria() -> None:
    rubric = load_rubric()
    criteria = [each for section in rubric.sections for each in section.criteria]
    assert {each.fact for each in criteria} <= set(facts.NAMES)
    assert set(rubric.ending) == set(CRITERIA)
    assert sum(rubric.ending.values()) == 100
    assert sum(each.points for each in criteria) == 100
    assert all(each.advice for each in criteria)


def test_the_same_facts_give_the_same_score() -> None:
    assert score(RUBRIC, {"rate": 200.0, "cuts": 1}) == score(replace(RUBRIC), {"rate": 200.0, "cuts": 1})


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("rubric: x\nversion: '1'\nsections: []\nending: {}", "rubric.yaml:1:1: error: the rubric has no criteria"),
        ("rubric: x\nending: {}", "version: Field required"),
        (
            "rubric: x\nversion: '1'\nsections: [{id: a, criteria: [{id: b, fact: c, points: -1,"
            " full: [0, 1], none: [0, 1]}]}]\nending: {}",
            "points",
        ),
        ("- 1", "rubric.yaml"),
    ],
)
def test_a_broken_rubric_names_file_and_place(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "rubric.yaml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(RubricError, match=message):
        load_rubric(path)


def test_a_missing_rubric_is_said_plainly(tmp_path: Path) -> None:
    with pytest.raises(RubricError, match="cannot be read: No such file"):
        load_rubric(tmp_path / "none.yaml")
