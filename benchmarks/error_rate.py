"""The diarization error rate, as md-eval defines it: missed, false and confused speaker time over all speaker time.

A collar on both sides of every true edge is not counted (md-eval's usual 0.25 s); stretches where several speak are
counted, each speaker for itself. The found speakers are matched to the true ones so that most time agrees.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from speechqa.conversation import Party
from speechqa.timeline import Span, Timeline

COLLAR_S = 0.25


@dataclass(frozen=True, slots=True)
class ErrorRate:
    """Seconds of speaker time: in all, missed, falsely found, given to the wrong one."""

    total_s: float
    missed_s: float
    false_s: float
    confused_s: float

    @property
    def rate(self) -> float:
        """The diarization error rate, 0-1 and more."""
        return (self.missed_s + self.false_s + self.confused_s) / self.total_s if self.total_s else 0.0

    def __add__(self, that: ErrorRate) -> ErrorRate:
        return ErrorRate(
            self.total_s + that.total_s,
            self.missed_s + that.missed_s,
            self.false_s + that.false_s,
            self.confused_s + that.confused_s,
        )


def error_rate(
    truth: Mapping[Party, Timeline] | Mapping[str, Timeline],
    found: Sequence[Timeline],
    duration_s: float,
    *,
    collar_s: float = COLLAR_S,
) -> ErrorRate:
    """Hold what was found against the truth; any number of speakers on either side (at most a handful)."""
    edges = [at_s for spoken in truth.values() for span in spoken for at_s in (span.start_s, span.end_s)]
    whole = Timeline((Span(0.0, duration_s),))
    counted = whole - Timeline(Span(max(0.0, at_s - collar_s), at_s + collar_s) for at_s in edges)
    said = [spoken & counted for spoken in truth.values()]
    heard = [spoken & counted for spoken in found]
    heard += [Timeline()] * (len(said) - len(heard))
    shared = [[(one & other).covered_s for other in heard] for one in said]
    agreed_s = max(
        sum(shared[i][j] for i, j in enumerate(order)) for order in itertools.permutations(range(len(heard)), len(said))
    )
    missed_s, false_s, both_s = _counts(said, heard)
    return ErrorRate(sum(each.covered_s for each in said), missed_s, false_s, both_s - agreed_s)


def _counts(said: Sequence[Timeline], heard: Sequence[Timeline]) -> tuple[float, float, float]:
    """Speaker seconds missed, false, and found at all (rightly or not), by how many speak in each moment."""
    changes: dict[float, list[int]] = {}
    for kind, spoken in itertools.chain(((0, each) for each in said), ((1, each) for each in heard)):
        for span in spoken:
            changes.setdefault(span.start_s, [0, 0])[kind] += 1
            changes.setdefault(span.end_s, [0, 0])[kind] -= 1
    missed_s = false_s = both_s = 0.0
    true = ours = 0
    for at_s, until_s in itertools.pairwise(sorted(changes)):
        true, ours = true + changes[at_s][0], ours + changes[at_s][1]
        length_s = until_s - at_s
        missed_s += length_s * max(0, true - ours)
        false_s += length_s * max(0, ours - true)
        both_s += length_s * min(true, ours)
    return missed_s, false_s, both_s
