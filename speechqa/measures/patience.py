"""Patience: how long the agent lets a silence of the customer stand before speaking.

Definition. A silence begins when the customer stops and nobody speaks; it ends with the next speech of either. *Broken*
is one that the agent ended, *left* one that the customer ended. The median and the 10th and 90th percentile are those
of the broken ones: the silence that the agent took before speaking. The *distribution* counts both kinds by length.
Listening words of the agent ("mm-hmm") break nothing, holds and announcements are left out.
Default. Silences from 0.1 s on count, as pauses do; steps of 0.2, 0.5, 1, 2 and 3 s.
Source. Own definition. People answer after 0.2 s in the median (Heldner & Edlund 2010), so a short silence is no fault
by itself; response latency measures the same moments turn by turn, this one also the pauses that were let stand.
Limits. Why the customer stopped (thinking, or done) is not known: a question just asked invites a longer wait. A
silence of 3 s and more is dead air too.
"""

from __future__ import annotations

import math
import statistics
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from speechqa.conversation import Conversation, Party, other
from speechqa.lexicon import Lexicon
from speechqa.measures.inputs import validate
from speechqa.timeline import Span, Timeline
from speechqa.turns import is_backchannel

SHORTEST_S = 0.1
STEPS_S = (0.2, 0.5, 1.0, 2.0, 3.0)


@dataclass(frozen=True, slots=True)
class Step:
    """Silences of ``from_s`` up to ``to_s`` seconds (None: any longer), by who ended them."""

    from_s: float
    to_s: float | None
    broken: int
    left: int


@dataclass(frozen=True, slots=True)
class Patience:
    """Seconds; None where there was no such silence. ``longest_left`` is the longest that the other could end."""

    broken: int
    left: int
    median_s: float | None
    p10_s: float | None
    p90_s: float | None
    longest_left: Span | None
    distribution: tuple[Step, ...]


def measure(conversation: Conversation, lexicon: Lexicon, party: Party = "agent") -> Patience:
    """How patient the party is with the other's silences; the conversation needs its turns."""
    validate(conversation)
    broken, left = silences_of(conversation, lexicon, party)
    lengths = sorted(span.duration_s for span in broken)
    tenths = _tenths(lengths)
    return Patience(
        broken=len(broken),
        left=len(left),
        median_s=statistics.median(lengths) if lengths else None,
        p10_s=tenths[0],
        p90_s=tenths[1],
        longest_left=max(left, key=lambda span: span.duration_s, default=None),
        distribution=_distribution(broken, left),
    )


def silences_of(
    conversation: Conversation, lexicon: Lexicon, party: Party = "agent"
) -> tuple[tuple[Span, ...], tuple[Span, ...]]:
    """The other's silences that the party ended, and those that the other ended."""
    theirs = conversation.speech.get(other(party), Timeline())
    own = conversation.speech.get(party, Timeline()) - _listening(conversation, lexicon, party)
    machine = conversation.announcements | conversation.hold
    broken, left = [], []
    for gap in (theirs | own).gaps(Span(0.0, conversation.duration_s)):
        if gap.duration_s < SHORTEST_S or not _ends_at(theirs, gap.start_s) or machine.cropped(gap):
            continue
        if _starts_at(own, gap.end_s):
            broken.append(gap)
        elif _starts_at(theirs, gap.end_s):
            left.append(gap)
    return tuple(broken), tuple(left)


def _listening(conversation: Conversation, lexicon: Lexicon, party: Party) -> Timeline:
    """The party's listening words."""
    return Timeline(
        span
        for turn in conversation.turns_of(party)
        if is_backchannel(turn, conversation.turns, lexicon)
        for span in turn.speech
    )


def _ends_at(speech: Timeline, at_s: float) -> bool:
    i = bisect_left(speech.spans, at_s, key=lambda span: span.end_s)
    return i < len(speech.spans) and speech.spans[i].end_s == at_s


def _starts_at(speech: Timeline, at_s: float) -> bool:
    i = bisect_left(speech.spans, at_s, key=lambda span: span.start_s)
    return i < len(speech.spans) and speech.spans[i].start_s == at_s


def _tenths(lengths: Sequence[float]) -> tuple[float | None, float | None]:
    if len(lengths) < 2:
        return (lengths[0], lengths[0]) if lengths else (None, None)
    cuts = statistics.quantiles(lengths, n=10, method="inclusive")
    return cuts[0], cuts[-1]


def _distribution(broken: Sequence[Span], left: Sequence[Span]) -> tuple[Step, ...]:
    edges = (0.0, *STEPS_S, math.inf)
    counts = [[0] * (len(edges) - 1) for _ in range(2)]
    for row, spans in zip(counts, (broken, left), strict=True):
        for span in spans:
            row[bisect_right(edges, span.duration_s) - 1] += 1
    return tuple(
        Step(edges[i], None if math.isinf(edges[i + 1]) else edges[i + 1], counts[0][i], counts[1][i])
        for i in range(len(edges) - 1)
    )
