"""Facts: the numbers that a rubric may give points for, by name. None where it was not measured.

- ``agent_speech_rate_wpm``, ``agent_sentence_pause_share`` (0-1), ``agent_latency_median_s``, ``agent_talk_share``
  (0-1)
- ``agent_interruptions``, ``agent_attempts``, ``agent_redirects``: how many overlaps of that kind by the agent
- ``agent_longest_monologue_s``, ``fast_passages`` (bursts of the agent)
- ``dead_air_s``: seconds of unannounced silence in all; ``dead_air_count``
- ``avoid_findings``: how many; ``credit_kinds``: how many different good ones
- ``ending_score``: 0-100
"""

from __future__ import annotations

from collections.abc import Mapping

from speechqa.analysis import CallEnding, CallFinding, CallLatency, CallListening
from speechqa.measures.overlaps import Overlap
from speechqa.measures.pace import Pace
from speechqa.measures.silences import Silence

NAMES = (
    "agent_speech_rate_wpm",
    "agent_sentence_pause_share",
    "agent_latency_median_s",
    "agent_talk_share",
    "agent_interruptions",
    "agent_attempts",
    "agent_redirects",
    "agent_longest_monologue_s",
    "fast_passages",
    "dead_air_s",
    "dead_air_count",
    "avoid_findings",
    "credit_kinds",
    "ending_score",
)


def facts(
    *,
    pace: Pace | None,
    overlaps: tuple[Overlap, ...] | None,
    silences: tuple[Silence, ...] | None,
    latency: CallLatency | None,
    listening: CallListening | None,
    findings: tuple[CallFinding, ...] | None,
    ending: CallEnding,
) -> Mapping[str, float | None]:
    """All facts by name."""
    return {
        "agent_speech_rate_wpm": pace.speech_rate_wpm if pace else None,
        "fast_passages": len(pace.bursts) if pace and pace.words else None,
        "agent_latency_median_s": latency.agent_median_s if latency else None,
        "ending_score": ending.score,
        **_listening(listening),
        **_overlaps(overlaps),
        **_silences(silences),
        **_findings(findings),
    }


def _listening(listening: CallListening | None) -> dict[str, float | None]:
    return {
        "agent_sentence_pause_share": listening.agent_sentence_pause_share if listening else None,
        "agent_talk_share": listening.agent_talk_share if listening else None,
        "agent_longest_monologue_s": listening.agent_longest_monologue_s if listening else None,
    }


def _overlaps(overlaps: tuple[Overlap, ...] | None) -> dict[str, float | None]:
    def count(kind: str) -> float | None:
        return None if overlaps is None else sum(each.by == "agent" and each.kind == kind for each in overlaps)

    return {
        "agent_interruptions": count("interruption"),
        "agent_attempts": count("attempt"),
        "agent_redirects": count("redirect"),
    }


def _silences(silences: tuple[Silence, ...] | None) -> dict[str, float | None]:
    if silences is None:
        return {"dead_air_s": None, "dead_air_count": None}
    dead = [each.end_s - each.start_s for each in silences if each.kind == "dead_air"]
    return {"dead_air_s": sum(dead), "dead_air_count": len(dead)}


def _findings(findings: tuple[CallFinding, ...] | None) -> dict[str, float | None]:
    if findings is None:
        return {"avoid_findings": None, "credit_kinds": None}
    return {
        "avoid_findings": sum(not each.credit for each in findings),
        "credit_kinds": len({each.rule for each in findings if each.credit}),
    }
