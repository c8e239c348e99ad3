"""A rubric as values: sections of criteria, each a share of the points for a measured fact.

A criterion names a *fact* (a number measured on the call, see `speechqa.facts`) and two ranges: inside ``full`` it
earns all its points, at the outer bounds of ``none`` and beyond nothing, in between a share in proportion. A fact
that was not measured makes the criterion not applicable; its points leave the maximum.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class RubricCriterion:
    """``points`` for ``fact`` inside ``full``; nothing from ``none`` outwards; an open end is None."""

    id: str
    fact: str
    points: float
    full: tuple[float | None, float | None]
    none: tuple[float | None, float | None]
    advice: str = ""


@dataclass(frozen=True, slots=True)
class RubricSection:
    """Criteria that are shown together."""

    id: str
    criteria: tuple[RubricCriterion, ...]


@dataclass(frozen=True, slots=True)
class Rubric:
    """``ending`` are the points of each criterion of the ending (100 in all)."""

    id: str
    version: str
    sections: tuple[RubricSection, ...]
    ending: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class CriterionScore:
    """``points`` of ``max`` for the fact ``value``; None when it was not measured."""

    id: str
    points: float | None
    max: float
    value: float | None
    advice: str = ""


@dataclass(frozen=True, slots=True)
class SectionScore:
    """The sum over the criteria that could be told; ``points`` None when none could."""

    id: str
    points: float | None
    max: float
    criteria: tuple[CriterionScore, ...]


@dataclass(frozen=True, slots=True)
class Score:
    """``total`` 0-100, rounded; None when nothing could be told."""

    total: int | None
    sections: tuple[SectionScore, ...]
    rubric: str
    rubric_version: str
