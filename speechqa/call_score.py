"""The score as it stands in the analysis document: sections, what cost points, how far it may be trusted."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from speechqa.confidence import Trust
from speechqa.rubric.model import Change, CriterionScore, Score


@dataclass(frozen=True, slots=True)
class Cost:
    """What cost points in a section of the score, with the place in the call where there is one."""

    text: str
    points: float | None = None
    start_s: float | None = None
    end_s: float | None = None


@dataclass(frozen=True, slots=True)
class ScoredSection:
    """``points`` of ``max``; None when nothing of it could be told. ``weight``: its share of the total, if any."""

    id: str
    points: float | None
    max: float
    criteria: tuple[CriterionScore, ...] = ()
    costs: tuple[Cost, ...] = ()
    weight: float | None = None


@dataclass(frozen=True, slots=True)
class CallScore:
    """``total`` 0-100 and its sections, by the rubric named; ``rubric_digest`` tells its content.

    ``failed`` are the critical criteria that fail the call, ``changes`` what would have changed the total most.
    ``confidence`` 0-1 and ``doubts`` say how far it may be trusted (`speechqa.confidence`). ``facts`` are what was
    scored, so that another rubric can be tried on a stored analysis. ``caveat`` says why a human must look first.
    """

    total: int | None
    sections: tuple[ScoredSection, ...]
    rubric: str
    rubric_version: str
    rubric_digest: str = ""
    failed: tuple[str, ...] = ()
    changes: tuple[Change, ...] = ()
    confidence: float | None = None
    human_must_look: bool = True
    doubts: tuple[str, ...] = ()
    facts: Mapping[str, float | None] = field(default_factory=dict)
    caveat: str | None = None

    @classmethod
    def of(
        cls, score: Score, trusted: Trust, facts: Mapping[str, float | None], caveat: str | None = None
    ) -> CallScore:
        """The document's form of a score: what cost points in each section is its criteria's advice."""
        sections = tuple(
            ScoredSection(each.id, each.points, each.max, each.criteria, _costs(each.criteria), each.weight)
            for each in score.sections
        )
        return cls(
            score.total,
            sections,
            score.rubric,
            score.rubric_version,
            score.rubric_digest,
            score.failed,
            score.changes,
            trusted.confidence,
            trusted.human_must_look,
            trusted.doubts,
            facts,
            caveat,
        )


def _costs(criteria: tuple[CriterionScore, ...]) -> tuple[Cost, ...]:
    return tuple(
        Cost(each.advice, each.max - each.points) for each in criteria if each.advice and each.points is not None
    )
