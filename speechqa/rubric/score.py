"""The score: points for facts, as a rubric says. Pure; the same facts and rubric give the same score.

What was not measured or does not apply leaves the maximum; a total stands only where at least half of the rubric's
points could be told. A critical criterion that earned nothing makes the total 0.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from speechqa.measures.ending import Criterion, Evidence
from speechqa.rubric.model import Change, CriterionScore, Rubric, RubricCriterion, RubricSection, Score, SectionScore

LEAST_TOLD = 0.5
"""Share of the rubric's points that must have been measured for a total."""
MOST_CHANGES = 3

Facts = Mapping[str, float | None]
Places = Mapping[str, tuple[Evidence, ...]]


def score(rubric: Rubric, facts: Facts, evidence: Places | None = None) -> Score:
    """The rubric applied to the facts; the total is None where less than ``LEAST_TOLD`` of it was measured."""
    sections = tuple(_section(section, facts, evidence or {}) for section in rubric.sections)
    whole = sum(criterion.points for section in rubric.sections for criterion in section.criteria)
    most = sum(each.max for each in sections if each.points is not None)
    enough = most > 0 and most >= LEAST_TOLD * whole
    failed = tuple(each.id for section in sections for each in section.criteria if _fails(each))
    return Score(
        total=_total(sections, failed) if enough else None,
        sections=sections,
        rubric=rubric.id,
        rubric_version=rubric.version,
        rubric_digest=rubric.digest,
        failed=failed if enough else (),
        changes=_changes(sections, failed) if enough else (),
        told=most / whole if whole else 0.0,
    )


def _fails(criterion: CriterionScore) -> bool:
    return criterion.critical and criterion.points == 0 and criterion.max > 0


def _total(sections: Sequence[SectionScore], failed: Sequence[str]) -> int:
    told = [each for each in sections if each.points is not None and each.max > 0]
    if failed or not told:
        return 0
    weights = [each.max if each.weight is None else each.weight for each in told]
    earned = sum(weight * (each.points or 0.0) / each.max for weight, each in zip(weights, told, strict=True))
    return round(100 * earned / sum(weights)) if sum(weights) else 0


def _changes(sections: Sequence[SectionScore], failed: Sequence[str]) -> tuple[Change, ...]:
    """The criteria that cost the total most, dearest first: each alone put in full."""
    now = _total(sections, failed)
    found = []
    for i, section in enumerate(sections):
        for each in section.criteria:
            if each.points is None or each.points >= each.max:
                continue
            better = replace(section, points=(section.points or 0.0) + each.max - each.points)
            left = [fault for fault in failed if fault != each.id]
            total = _total([*sections[:i], better, *sections[i + 1 :]], left)
            found.append(Change(each.id, section.id, total, total - now))
    dearest = sorted(found, key=lambda change: -change.gain)
    return tuple(change for change in dearest[:MOST_CHANGES] if change.gain > 0)


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


def _section(section: RubricSection, facts: Facts, evidence: Places) -> SectionScore:
    criteria = tuple(_criterion(each, facts, evidence) for each in section.criteria)
    told = [each for each in criteria if each.points is not None]
    points = sum(each.points or 0.0 for each in told) if told else None
    return SectionScore(section.id, points, sum(each.max for each in told), criteria, section.weight)


def _criterion(criterion: RubricCriterion, facts: Facts, evidence: Places) -> CriterionScore:
    value = facts.get(criterion.fact)
    exempt = next((each for each in criterion.not_applicable if each.holds(facts.get(each.fact))), None)
    points = None if value is None or exempt else criterion.points * share(criterion, value)
    reason = exempt.reason if exempt else "It was not measured." if value is None else ""
    advice = criterion.advice if points is not None and points < criterion.points else ""
    shown = tuple(place for name in criterion.shows for place in evidence.get(name, ()))
    places = tuple(sorted(set(shown), key=lambda each: (each.start_s, each.end_s, each.quote)))
    return CriterionScore(criterion.id, points, criterion.points, value, advice, criterion.critical, reason, places)


def score_ending(points: Mapping[str, float], criteria: Sequence[Criterion]) -> int | None:
    """0-100 over the criteria of the ending that could be told; None when none could."""
    told = [each for each in criteria if each.met is not None and points.get(each.id, 0) > 0]
    most = sum(points[each.id] for each in told)
    return round(100 * sum(points[each.id] for each in told if each.met) / most) if most else None
