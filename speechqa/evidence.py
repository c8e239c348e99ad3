"""The places of a call that a rubric may show beside a criterion, by name.

- kinds of overlaps by the agent: ``interruption``, ``attempt``, ``redirect``
- kinds of silences: ``dead_air``, ``announced``, ``hold``
- ``fast_passages`` of the agent, ``refusals``
- ids of wording rules (``reproach``), or ``avoid`` and ``credit`` for all of a sort
- ``ending``: what the missed criteria of the ending rest on; ``ending.CRITERION`` for one of them
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping

from speechqa.analysis import CallEnding, CallFinding
from speechqa.facts import NAMES_OF_ENDING, RULES
from speechqa.measures.ending import Evidence
from speechqa.measures.overlaps import Overlap
from speechqa.measures.pace import Pace
from speechqa.measures.refusals import Refusal
from speechqa.measures.silences import Silence

OVERLAPS = ("interruption", "attempt", "redirect")
SILENCES = ("dead_air", "announced", "hold")
SHOWN = (*OVERLAPS, *SILENCES, "fast_passages", "refusals", "avoid", "credit", *RULES, "ending", *NAMES_OF_ENDING)


def places(
    *,
    pace: Pace | None,
    overlaps: Iterable[Overlap] | None,
    silences: Iterable[Silence] | None,
    findings: Iterable[CallFinding] | None,
    ending: CallEnding,
    refusals: Iterable[Refusal] | None,
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
    for criterion in ending.criteria:
        found[f"ending.{criterion.id}"].extend(criterion.evidence)
        found["ending"].extend(criterion.evidence if criterion.met is False else ())
    return {name: tuple(each) for name, each in found.items()}
