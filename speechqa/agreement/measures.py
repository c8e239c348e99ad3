"""Agreement: how alike reviewers score, beyond what chance would give.

Definition. *exact* and *within one*: shares of all pairs of scores of one call that are equal, or at most 1 apart.
*kappa*: Cohen's, unweighted, of each pair of reviewers over their common calls, averaged by the calls they share.
*alpha*: Krippendorff's for ordinal scores, over all reviewers at once, missing scores allowed. The interval is the
percentile bootstrap over calls. Between people and machine, each human score is paired with the machine's.
Default. 1000 resamples, 95 %, seed 0, so the same reviews give the same interval.
Source. Cohen 1960; Krippendorff 2011; alpha from 0.800 is firm, from 0.667 tentative (Krippendorff 2004).
Limits. Without any variation in the scores neither kappa nor alpha is defined: None.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import krippendorff
import numpy as np
import numpy.typing as npt

RESAMPLES, LEVEL, SEED = 1000, 0.95, 0
FIRM, TENTATIVE = 0.800, 0.667

Scores = Sequence[dict[str, float]]
"""For each call the scores by reviewer."""
Counts = npt.NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Interval:
    """A bootstrap interval."""

    low: float
    high: float


@dataclass(frozen=True, slots=True)
class Agreement:
    """``calls`` with at least two scores, ``pairs`` of scores in them; the measures as in the module docstring."""

    calls: int
    pairs: int
    exact: float | None
    within_one: float | None
    kappa: float | None
    alpha: float | None
    alpha_interval: Interval | None


def among(scores: Scores) -> Agreement:
    """The agreement of all reviewers with one another."""
    return _agreement([[list(each.values())] for each in scores], kappa(scores))


def between(machine: Sequence[float], people: Scores) -> Agreement:
    """The agreement of the machine with people; ``machine`` has one score for each call of ``people``."""
    units = [[[own, theirs] for theirs in each.values()] for own, each in zip(machine, people, strict=True)]
    both = [{"\0machine": own, **each} for own, each in zip(machine, people, strict=True)]
    names = sorted({name for each in people for name in each})
    known = [_kappa_of(both, "\0machine", name) for name in names]
    return _agreement(units, _mean(known))


def _agreement(calls: Sequence[Sequence[Sequence[float]]], agreed: float | None) -> Agreement:
    """``calls`` hold units: scores that are compared with one another."""
    compared = [[unit for unit in call if len(unit) > 1] for call in calls]
    pairs = [pair for call in compared for unit in call for pair in combinations(unit, 2)]
    if not pairs:
        return Agreement(0, 0, None, None, None, None, None)
    apart = [abs(one - two) for one, two in pairs]
    domain = sorted({value for pair in pairs for value in pair})
    counts = [_counted(call, domain) for call in compared if call]
    return Agreement(
        calls=len(counts),
        pairs=len(pairs),
        exact=sum(each == 0 for each in apart) / len(apart),
        within_one=sum(each <= 1 for each in apart) / len(apart),
        kappa=agreed,
        alpha=alpha(np.concatenate(counts), domain),
        alpha_interval=_interval(counts, domain),
    )


def _counted(units: Sequence[Sequence[float]], domain: Sequence[float]) -> Counts:
    """Units x values: how often each value was given."""
    counts = [Counter(unit) for unit in units]
    return np.array([[each[value] for value in domain] for each in counts], dtype=np.int64)


def alpha(counts: Counts, domain: Sequence[float]) -> float | None:
    """Krippendorff's alpha of ordinal scores: units x values; None where nothing varies."""
    usable = counts[counts.sum(axis=1) >= 2]
    if len(domain) < 2 or np.count_nonzero(usable.sum(axis=0)) < 2:
        return None
    found = krippendorff.alpha(value_counts=usable, value_domain=list(domain), level_of_measurement="ordinal")
    return float(found)


def _interval(calls: Sequence[Counts], domain: Sequence[float]) -> Interval | None:
    if len(calls) < 2:
        return None
    chosen = np.random.default_rng(SEED).integers(len(calls), size=(RESAMPLES, len(calls)))
    tried = (alpha(np.concatenate([calls[i] for i in row]), domain) for row in chosen)
    found = [each for each in tried if each is not None]
    return interval(found) if len(found) >= RESAMPLES / 2 else None


def interval(found: Sequence[float]) -> Interval:
    """The middle of what resampling gave."""
    low, high = np.quantile(found, [(1 - LEVEL) / 2, (1 + LEVEL) / 2])
    return Interval(float(low), float(high))


def kappa(scores: Scores) -> float | None:
    """Cohen's kappa, averaged over the pairs of reviewers by the calls they share."""
    names = sorted({name for each in scores for name in each})
    return _mean([_kappa_of(scores, one, two) for one, two in combinations(names, 2)])


def _mean(found: Sequence[tuple[float | None, int]]) -> float | None:
    known = [(value, weight) for value, weight in found if value is not None]
    weights = sum(weight for _, weight in known)
    return sum(value * weight for value, weight in known) / weights if weights else None


def _kappa_of(scores: Scores, one: str, two: str) -> tuple[float | None, int]:
    common = [(each[one], each[two]) for each in scores if one in each and two in each]
    return cohen(common), len(common)


def cohen(pairs: Sequence[tuple[float, float]]) -> float | None:
    """Cohen's kappa of two reviewers; None where chance alone would make them agree."""
    if not pairs:
        return None
    observed = sum(one == two for one, two in pairs) / len(pairs)
    ones, twos = Counter(one for one, _ in pairs), Counter(two for _, two in pairs)
    chance = sum(ones[value] * twos[value] for value in ones) / len(pairs) ** 2
    return None if chance >= 1 else (observed - chance) / (1 - chance)
