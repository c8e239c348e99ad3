"""Standing: where the agent's pace lies among the team's and the language's calls.

Definition. The percentile of a rate among the reference calls' rates: the share that is lower, those equal counted
half (mid-rank), times 100. References are rates of whole calls, per team and language; *language* joins all teams.
Default. At least 10 calls; below that the percentile is None. From the 90th up the agent is fast for the team, to the
10th slow. Without a reference only the absolute limit of 180 words a minute is left.
Source. Percentiles first, an absolute limit second: speaking rates differ between languages (Pellegrino, Coupé &
Marsico 2011) and between teams' matters. The mid-rank is the usual definition of a percentile rank.
Limits. It says how usual a pace is, not how good.
"""

from __future__ import annotations

import statistics
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

FEWEST_CALLS = 10
FAST, SLOW = 90.0, 10.0
Against = Literal["team", "language"]
Rate = Literal["speech_rate_wpm", "articulation_rate_sps"]
RATES: tuple[Rate, Rate] = ("speech_rate_wpm", "articulation_rate_sps")


@dataclass(frozen=True, slots=True)
class ReferenceCall:
    """An agent's rates in one call: speech rate in words per minute, articulation rate in syllables per second.

    ``sha256`` is the recording's, where it is known.
    """

    team: str
    language: str
    speech_rate_wpm: float | None
    articulation_rate_sps: float | None = None
    sha256: str | None = None


@dataclass(frozen=True, slots=True)
class Standing:
    """One rate against one group; ``percentile`` 0-100 and ``median`` are None below `FEWEST_CALLS` calls."""

    rate: Rate
    against: Against
    name: str
    calls: int
    percentile: float | None
    median: float | None


def measure(
    rates: Mapping[Rate, float | None],
    language: str,
    reference: Sequence[ReferenceCall],
    *,
    team: str | None = None,
) -> tuple[Standing, ...]:
    """The standing of each measured rate against the team (where one is named) and against the language."""
    code = language.split("-")[0].casefold()
    same = [each for each in reference if each.language.split("-")[0].casefold() == code]
    groups: list[tuple[Against, str, list[ReferenceCall]]] = []
    if team is not None:
        groups.append(("team", team, [each for each in same if each.team == team]))
    groups.append(("language", code, same))
    return tuple(
        standing(rate, value, against, name, [number for each in calls if (number := getattr(each, rate)) is not None])
        for rate in RATES
        if (value := rates.get(rate)) is not None
        for against, name, calls in groups
        if calls
    )


def without(reference: Sequence[ReferenceCall], sha256: str) -> tuple[ReferenceCall, ...]:
    """The reference calls but the one of that recording: a call is not compared with itself."""
    return tuple(each for each in reference if each.sha256 != sha256)


def standing(rate: Rate, value: float, against: Against, name: str, numbers: Sequence[float]) -> Standing:
    """Where ``value`` stands among ``numbers``."""
    if len(numbers) < FEWEST_CALLS:
        return Standing(rate, against, name, len(numbers), None, None)
    return Standing(rate, against, name, len(numbers), percentile(value, numbers), statistics.median(numbers))


def percentile(value: float, numbers: Sequence[float]) -> float:
    """The mid-rank percentile of ``value`` among ``numbers``, 0-100; raises ValueError for no numbers."""
    if not numbers:
        raise ValueError("a percentile needs at least one number to compare with")
    below = sum(each < value for each in numbers)
    equal = sum(each == value for each in numbers)
    return 100 * (below + equal / 2) / len(numbers)
