"""Counting where the judgement and the people agree."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from benchmarks.judgement.examples import Examples, WordingExample, conversation_of, whole_call
from speechqa.judgement import judge
from speechqa.measures.ending import CRITERIA
from speechqa.rubric.load import load_rubric

TAIL_S = 1.0
"""How long the line of a wording example goes on after its last word."""


@dataclass(frozen=True, slots=True)
class Difference:
    """One example and rule or criterion that were judged otherwise than by people."""

    id: str
    of: str
    truth: bool | None
    found: bool | None


@dataclass(frozen=True, slots=True)
class Agreement:
    """Counts of one file, or of several added up.

    ``same`` and ``asked`` count endings per criterion; ``hit`` counts rules rightly found, ``missed`` and ``invented``
    those that only people, or only the judgement, found.
    """

    same: Counter[str] = field(default_factory=Counter)
    asked: Counter[str] = field(default_factory=Counter)
    hit: Counter[str] = field(default_factory=Counter)
    missed: Counter[str] = field(default_factory=Counter)
    invented: Counter[str] = field(default_factory=Counter)
    differences: tuple[Difference, ...] = ()

    def __add__(self, other: Agreement) -> Agreement:
        return Agreement(
            self.same + other.same,
            self.asked + other.asked,
            self.hit + other.hit,
            self.missed + other.missed,
            self.invented + other.invented,
            (*self.differences, *other.differences),
        )

    def ending(self, criteria: Iterable[str] = CRITERIA) -> float | None:
        """The share of endings judged as people did, over these criteria."""
        wanted = tuple(criteria)
        return _share(sum(self.same[each] for each in wanted), sum(self.asked[each] for each in wanted))

    def precision(self, rules: Iterable[str]) -> float | None:
        """The share of what was found that people found too; None when nothing was found."""
        wanted = tuple(rules)
        right = sum(self.hit[each] for each in wanted)
        return _share(right, right + sum(self.invented[each] for each in wanted))

    def recall(self, rules: Iterable[str]) -> float | None:
        """The share of what people found that was found; None when there was nothing to find."""
        wanted = tuple(rules)
        right = sum(self.hit[each] for each in wanted)
        return _share(right, right + sum(self.missed[each] for each in wanted))


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


def agreement(examples: Examples) -> Agreement:
    """Judge every example of a file as a call of its own and compare."""
    total, rubric = Agreement(), load_rubric()
    for each in examples.endings:
        talk = whole_call(each, examples.language)
        found = {criterion.id: criterion.met for criterion in judge(talk, rubric).ending.criteria}
        total += _of_ending(each.id, each.truth, found)
    for said in examples.wording:
        talk = conversation_of(said.turns, examples.language, said.turns[-1].end_s + TAIL_S)
        total += _of_wording(said, {finding.rule for finding in judge(talk, rubric).findings or ()})
    return total


def _of_ending(name: str, truth: Mapping[str, bool | None], found: Mapping[str, bool | None]) -> Agreement:
    other = tuple(Difference(name, key, met, found.get(key)) for key, met in truth.items() if found.get(key) is not met)
    differing = {each.of for each in other}
    return Agreement(
        same=Counter(dict.fromkeys(truth.keys() - differing, 1)),
        asked=Counter(dict.fromkeys(truth, 1)),
        differences=other,
    )


def _of_wording(said: WordingExample, found: set[str]) -> Agreement:
    truth, counted = set(said.hits), found - set(said.open)
    missed, invented = truth - counted, counted - truth
    return Agreement(
        hit=Counter(truth & counted),
        missed=Counter(missed),
        invented=Counter(invented),
        differences=(
            *(Difference(said.id, rule, True, False) for rule in sorted(missed)),
            *(Difference(said.id, rule, False, True) for rule in sorted(invented)),
        ),
    )
