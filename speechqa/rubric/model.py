"""A rubric as values: sections of criteria, each a share of the points for a measured fact.

A criterion names a *fact* (a number measured on the call, see `speechqa.facts`) and two ranges: inside ``full`` it
earns all its points, at the outer bounds of ``none`` and beyond nothing, in between a share in proportion. A fact
that was not measured makes the criterion not applicable, and so does a rule of its own; its points leave the maximum. A
*critical* criterion that earns nothing fails the call: the total is 0.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from speechqa.measures.ending import Evidence

Range = tuple[float | None, float | None]


@dataclass(frozen=True, slots=True)
class Exemption:
    """The criterion does not apply where ``fact`` is below or above a bound; ``reason`` is shown."""

    fact: str
    below: float | None = None
    above: float | None = None
    reason: str = ""

    def holds(self, value: float | None) -> bool:
        """Whether a value exempts; a fact that was not measured does not."""
        if value is None:
            return False
        return (self.below is not None and value < self.below) or (self.above is not None and value > self.above)


@dataclass(frozen=True, slots=True)
class RubricCriterion:
    """``points`` for ``fact`` inside ``full``; nothing from ``none`` outwards; an open end is None.

    ``shows`` names the places of the call shown beside it (see `speechqa.evidence`), ``earns`` are its own examples:
    values of the fact and the points they must earn.
    """

    id: str
    fact: str
    points: float
    full: Range
    none: Range
    advice: str = ""
    critical: bool = False
    not_applicable: tuple[Exemption, ...] = ()
    shows: tuple[str, ...] = ()
    earns: tuple[tuple[float, float], ...] = ()


@dataclass(frozen=True, slots=True)
class RubricSection:
    """Criteria that are shown together; ``weight`` is the section's share of the total, None: by its points."""

    id: str
    criteria: tuple[RubricCriterion, ...]
    weight: float | None = None


@dataclass(frozen=True, slots=True)
class Rubric:
    """``ending`` are the points of each criterion of the ending (100 in all); ``digest`` tells changed content apart.

    ``languages`` are whole rubrics for calls in those languages.
    """

    id: str
    version: str
    sections: tuple[RubricSection, ...]
    ending: Mapping[str, float] = field(default_factory=dict)
    digest: str = ""
    languages: Mapping[str, Rubric] = field(default_factory=dict)

    def spoken(self, language: str) -> Rubric:
        """The rubric for calls in that language."""
        return self.languages.get(language.split("-")[0].casefold(), self)


@dataclass(frozen=True, slots=True)
class CriterionScore:
    """``points`` of ``max`` for the fact ``value``; None when it was not measured or does not apply (``reason``)."""

    id: str
    points: float | None
    max: float
    value: float | None
    advice: str = ""
    critical: bool = False
    reason: str = ""
    evidence: tuple[Evidence, ...] = ()


@dataclass(frozen=True, slots=True)
class SectionScore:
    """The sum over the criteria that could be told; ``points`` None when none could."""

    id: str
    points: float | None
    max: float
    criteria: tuple[CriterionScore, ...]
    weight: float | None = None


@dataclass(frozen=True, slots=True)
class Change:
    """What would have changed the score: this criterion in full, and the total that would have come of it."""

    criterion: str
    section: str
    total: int
    gain: int


@dataclass(frozen=True, slots=True)
class Score:
    """``total`` 0-100, rounded; None when too little could be told. ``failed``: critical criteria that fail the call.

    ``told`` is the share of the rubric's points that could be told.
    """

    total: int | None
    sections: tuple[SectionScore, ...]
    rubric: str
    rubric_version: str
    rubric_digest: str = ""
    failed: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    told: float = 0.0
