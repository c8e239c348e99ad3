"""A rubric tried on stored analyses before it is published: which calls would change, and by how much. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from speechqa.measures.ending import Criterion
from speechqa.rubric.model import Rubric
from speechqa.rubric.score import score, score_ending


@dataclass(frozen=True, slots=True)
class Tried:
    """One call under both rubrics; ``failed``: what newly fails it."""

    name: str
    before: int | None
    after: int | None
    failed: tuple[str, ...]

    @property
    def changes(self) -> bool:
        """Whether the call's score is another one."""
        return self.before != self.after or bool(self.failed)


def try_rubric(
    new: Rubric, documents: Sequence[tuple[str, Mapping[str, Any]]], old: Rubric | None = None
) -> tuple[list[Tried], list[str]]:
    """The calls under ``new`` against ``old`` (None: the totals that are stored), and the names of those without facts.

    ``documents`` are analyses or judgements with their names.
    """
    tried, left = [], []
    for name, document in documents:
        stored = document.get("score")
        if not isinstance(stored, Mapping) or not stored.get("facts"):
            left.append(name)
            continue
        language = str(document.get("language") or "")
        total, failed = _scored(new, document, stored["facts"], language)
        if old is None:
            before, failed_before = stored.get("total"), tuple(stored.get("failed") or ())
        else:
            before, failed_before = _scored(old, document, stored["facts"], language)
        tried.append(Tried(name, before, total, tuple(each for each in failed if each not in failed_before)))
    return tried, left


def _scored(
    rubric: Rubric, document: Mapping[str, Any], facts: Mapping[str, float | None], language: str
) -> tuple[int | None, tuple[str, ...]]:
    own = rubric.spoken(language)
    closing = document.get("ending")
    rows = closing.get("criteria", ()) if isinstance(closing, Mapping) else ()
    criteria = [Criterion(str(row["id"]), row["met"]) for row in rows]
    found = score(own, {**facts, "ending_score": score_ending(own.ending, criteria)})
    return found.total, found.failed
