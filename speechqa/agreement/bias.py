"""Bias: does the machine score some agents, languages or accents higher or lower than people do, against the rest?

Definition. For each call the machine's score less the mean of the people's. A group's *bias* is its mean less that of
all other calls; its interval is the bootstrap over calls, and it is *shown* where the interval leaves out 0.
Default. At least 5 calls in the group and 5 outside it; 1000 resamples, 95 %, seed 0.
Source. Own definition.
Limits. Of twenty groups without any bias one is shown by chance; a difference may have its reason in the calls.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from speechqa.agreement.measures import RESAMPLES, SEED, Interval, interval

FEWEST_CALLS = 5
Differences = npt.NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class GroupBias:
    """One group of calls, by ``what`` (agent, language, accent); ``bias`` in points of the scale."""

    what: str
    group: str
    calls: int
    bias: float
    interval: Interval

    @property
    def shown(self) -> bool:
        """Whether the interval leaves out 0."""
        return self.interval.low > 0 or self.interval.high < 0


def bias(what: str, differences: Sequence[tuple[str, float]]) -> tuple[GroupBias, ...]:
    """The bias of each group with enough calls; ``differences`` are (group, machine less people) of each call."""
    names = np.array([name for name, _ in differences])
    values = np.array([value for _, value in differences])
    found = []
    for name in sorted(set(names.tolist())):
        own, rest = values[names == name], values[names != name]
        if min(len(own), len(rest)) >= FEWEST_CALLS:
            found.append(GroupBias(what, name, len(own), float(own.mean() - rest.mean()), _interval(own, rest)))
    return tuple(found)


def _interval(own: Differences, rest: Differences) -> Interval:
    chance = np.random.default_rng(SEED)
    one = chance.choice(own, (RESAMPLES, len(own))).mean(axis=1)
    two = chance.choice(rest, (RESAMPLES, len(rest))).mean(axis=1)
    return interval((one - two).tolist())
