"""Reviews compared: people with people, the machine with people, criterion by criterion, and what the machine may do.

The machine should not score a criterion alone unless its alpha with people is firm (0.800), the interval's lower end
is at least tentative (0.667), there are enough calls (20) and no group is scored with a bias.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from speechqa.agreement.bias import GroupBias, bias
from speechqa.agreement.measures import FIRM, TENTATIVE, Agreement, among, between
from speechqa.agreement.reviews import GROUPS, Review

ENOUGH_CALLS = 20


@dataclass(frozen=True, slots=True)
class ComparedCriterion:
    """``reasons`` say why the machine should not score it alone; empty where it may."""

    criterion: str
    people: Agreement
    machine: Agreement
    bias: tuple[GroupBias, ...]
    reasons: tuple[str, ...]

    @property
    def machine_alone(self) -> bool:
        """Whether the machine may score it without a person."""
        return not self.reasons


def compare(reviews: Sequence[Review]) -> tuple[ComparedCriterion, ...]:
    """Every criterion of the reviews, in the order of their first mention."""
    by: dict[str, list[Review]] = defaultdict(list)
    for each in reviews:
        by[each.criterion].append(each)
    return tuple(_compared(name, own) for name, own in by.items())


def _compared(criterion: str, reviews: Sequence[Review]) -> ComparedCriterion:
    people: dict[str, dict[str, float]] = {}
    machine: dict[str, list[float]] = {}
    groups: dict[str, dict[str, str]] = defaultdict(dict)
    for each in reviews:
        groups[each.call].update(each.groups)
        if each.machine:
            machine.setdefault(each.call, []).append(each.score)
        else:
            people.setdefault(each.call, {})[each.reviewer] = each.score
    both = [call for call in people if call in machine]
    own = {call: sum(machine[call]) / len(machine[call]) for call in both}
    with_people = between([own[call] for call in both], [people[call] for call in both])
    leaning = tuple(_bias(own, people, groups))
    return ComparedCriterion(
        criterion,
        among([each for each in people.values() if len(each) > 1]),
        with_people,
        leaning,
        tuple(_reasons(with_people, leaning)),
    )


def _bias(
    own: dict[str, float], people: dict[str, dict[str, float]], groups: dict[str, dict[str, str]]
) -> Iterator[GroupBias]:
    off = {call: score - sum(people[call].values()) / len(people[call]) for call, score in own.items()}
    for what in GROUPS:
        yield from bias(what, [(groups[call][what], each) for call, each in off.items() if what in groups[call]])


def _reasons(found: Agreement, leaning: Sequence[GroupBias]) -> Iterator[str]:
    if not found.pairs:
        yield "the machine and people have no call in common"
        return
    if found.calls < ENOUGH_CALLS:
        yield f"only {found.calls} calls were scored by both, fewer than {ENOUGH_CALLS}"
    if found.alpha is None:
        yield "the scores do not vary, so agreement cannot be told from chance"
    elif found.alpha < FIRM:
        yield f"alpha with people is {found.alpha:.3f}, below {FIRM:.3f}"
    elif found.alpha_interval and found.alpha_interval.low < TENTATIVE:
        yield f"alpha may be as low as {found.alpha_interval.low:.3f}, below {TENTATIVE:.3f}"
    for each in leaning:
        if each.shown:
            yield f"{each.what} {each.group} is scored {each.bias:+.2f} against the other calls"
