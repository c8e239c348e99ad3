"""The places of a call that a rubric may show beside a criterion, by name.

- kinds of overlaps by the agent: ``interruption``, ``attempt``, ``redirect``
- kinds of silences: ``dead_air``, ``announced``, ``hold``
- ``fast_passages`` of the agent, ``refusals``, ``offers`` for sale
- ``conflict``: what the missed checks of its stages rest on; ``footballer``, ``nurse``: the signs of the habit
- ``complaint``: the words that make the call one; ``questions``: the customer's that nobody answered
- ids of wording rules (``reproach``), or ``avoid`` and ``credit`` for all of a sort
- ``ending``: what the missed criteria of the ending rest on; ``ending.CRITERION`` for one of them
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping

from speechqa.analysis import CallEnding, CallFinding
from speechqa.conflict_map import CallStage, ConflictMap
from speechqa.facts import NAMES_OF_ENDING, RULES
from speechqa.measures.ending import Evidence
from speechqa.measures.overlaps import Overlap
from speechqa.measures.pace import Pace
from speechqa.measures.questions import Question
from speechqa.measures.refusals import Refusal
from speechqa.measures.silences import Silence

OVERLAPS = ("interruption", "attempt", "redirect")
SILENCES = ("dead_air", "announced", "hold")
CONFLICT = ("conflict", "footballer", "nurse", "complaint", "questions", "offers")
SHOWN = (
    *OVERLAPS,
    *SILENCES,
    "fast_passages",
    "refusals",
    *CONFLICT,
    "avoid",
    "credit",
    *RULES,
    "ending",
    *NAMES_OF_ENDING,
)


def places(
    *,
    pace: Pace | None,
    overlaps: Iterable[Overlap] | None,
    silences: Iterable[Silence] | None,
    findings: Iterable[CallFinding] | None,
    ending: CallEnding,
    refusals: Iterable[Refusal] | None,
    questions: Iterable[Question] | None = None,
    drawn: ConflictMap | None = None,
) -> Mapping[str, tuple[Evidence, ...]]:
    """All places by the names above."""
    found: dict[str, list[Evidence]] = defaultdict(list)
    for overlap in overlaps or ():
        if overlap.by == "agent" and overlap.kind in OVERLAPS:
            found[overlap.kind].append(Evidence(overlap.start_s, overlap.end_s, overlap.quote))
    for silence in silences or ():
        found[silence.kind].append(Evidence(silence.start_s, silence.end_s, silence.quote))
    for burst in pace.bursts if pace else ():
        found["fast_passages"].append(Evidence(burst.start_s, burst.end_s, burst.quote))
    for no in refusals or ():
        found["refusals"].append(Evidence(no.start_s, no.end_s, no.quote))
    for finding in findings or ():
        for name in (finding.rule, "credit" if finding.credit else "avoid"):
            found[name].append(Evidence(finding.start_s, finding.end_s, finding.quote))
    for asked in questions or ():
        if asked.party == "customer" and asked.outcome in ("unanswered", "put_off"):
            found["questions"].append(Evidence(asked.start_s, asked.end_s, asked.quote))
    for name, place in _of_conflict(drawn or ConflictMap()):
        found[name].append(place)
    for criterion in ending.criteria:
        found[f"ending.{criterion.id}"].extend(criterion.evidence)
        found["ending"].extend(criterion.evidence if criterion.met is False else ())
    return {name: tuple(each) for name, each in found.items()}


def _of_conflict(drawn: ConflictMap) -> Iterator[tuple[str, Evidence]]:
    """The places of the conflict map, each with its name."""
    for offer in drawn.offers or ():
        yield "offers", Evidence(offer.start_s, offer.end_s, offer.quote)
    for quote in drawn.complaint.quotes if drawn.complaint else ():
        yield "complaint", quote
    for habit in drawn.conflict.habits if drawn.conflict else ():
        yield from ((habit.pattern, Evidence(t.start_s, t.end_s, t.quote)) for t in habit.traits if habit.found)
    for episode in drawn.conflict.episodes if drawn.conflict else ():
        for stage in episode.stages:
            for check in stage.checks:
                if check.met is False:
                    yield from (("conflict", place) for place in check.evidence or (_begin(stage),))


def _begin(stage: CallStage) -> Evidence:
    """Where a stage begins, for what was left out in it."""
    return Evidence(stage.start_s, stage.end_s, stage.quote)
