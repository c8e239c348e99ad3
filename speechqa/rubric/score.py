"""The score: points for facts, as a rubric says. Pure; the same facts and rubric give the same score.

What was not measured leaves the maximum; a total stands only where at least half of the rubric's points could be told.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from speechqa.measures.ending import Criterion
from speechqa.rubric.model import CriterionScore, Rubric, RubricCriterion, RubricSection, Score, SectionScore

LEAST_TOLD = 0.5
"""Share of the rubric's points that must have been measured for a total."""


def score(rubric: Rubric, facts: Mapping[str, float | None]) -> Score:
    """The rubric applied to the facts; the total is None where less than ``LEAST_TOLD`` of it was measured."""
    sections = tuple(_section(section, facts) for section in rubric.sections)
    told = [each for each in sections if each.points is not None]
    most = sum(each.max for each in told)
    whole = sum(criterion.points for section in rubric.sections for criterion in section.criteria)
    enough = most > 0 and most >= LEAST_TOLD * whole
    total = round(100 * sum(each.points or 0.0 for each in told) / most) if enough else None
    return Score(total, sections, rubric.id, rubric.version)


def share(criterion: RubricCriterion, value: float) -> float:
    """0-1: how much of the criterion's points a value earns."""
    low, high = criterion.full
    if low is not None and value < low:
        return _between(value, criterion.none[0], low)
    if high is not None and value > high:
        return _between(value, criterion.none[1], high)
    return 1.0


def _between(value: float, nothing: float | None, everything: float) -> float:
    if nothing is None or nothing == everything:
        return 0.0
    return max(0.0, min(1.0, (value - nothing) / (everything - nothing)))


def _section(section: RubricSection, facts: Mapping[str, float | None]) -> SectionScore:
    criteria = tuple(_criterion(each, facts.get(each.fact)) for each in section.criteria)
    told = [each for each in criteria if each.points is not None]
    points = sum(each.points or 0.0 for each in told) if told else None
    return SectionScore(section.id, points, sum(each.max for each in told), criteria)


def _criterion(criterion: RubricCriterion, value: float | None) -> CriterionScore:
    points = None if value is None else criterion.points * share(criterion, value)
    advice = criterion.advice if points is not None and points < criterion.points else ""
    return CriterionScore(criterion.id, points, criterion.points, value, advice)


def score_ending(points: Mapping[str, float], criteria: Sequence[Criterion]) -> int | None:
    """0-100 over the criteria of the ending that could be told; None when none could."""
    told = [each for each in criteria if each.met is not None and points.get(each.id, 0) > 0]
    most = sum(points[each.id] for each in told)
    return round(100 * sum(points[each.id] for each in told if each.met) / most) if most else None
