"""Facts: the numbers that a rubric may give points for, by name. None where it was not measured.

- ``agent_speech_rate_wpm``, ``agent_sentence_pause_share`` (0-1), ``agent_latency_median_s``, ``agent_talk_share``
  (0-1)
- ``agent_interruptions``, ``agent_attempts``, ``agent_redirects``: how many overlaps of that kind by the agent
- ``agent_longest_monologue_s``, ``fast_passages`` (bursts of the agent)
- ``dead_air_s``: seconds of unannounced silence in all; ``dead_air_count``
- ``avoid_findings``: how many; ``credit_kinds``: how many different good ones
- ``ending_score``: 0-100
- ``call_s``: seconds of the call; ``agent_words``, ``customer_words``: how many were recognised
- ``refusals``: how often the agent said no; ``bare_refusals``: those with neither reason nor a way out
- ``findings.RULE``: how often the wording rule of that id was met (``findings.reproach``)
- ``ending.CRITERION``: 1 where the criterion of the ending is met, 0 where not (``ending.recap``)

`DOMAINS` says between which values a fact can be.
"""

from __future__ import annotations

from collections.abc import Mapping

from speechqa.analysis import CallEnding, CallFinding, CallLatency, CallListening
from speechqa.conversation import PARTIES, Conversation
from speechqa.measures.ending import CRITERIA
from speechqa.measures.overlaps import Overlap
from speechqa.measures.pace import Pace
from speechqa.measures.refusals import Refusal
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
    "call_s",
    "agent_words",
    "customer_words",
    "refusals",
    "bare_refusals",
)
RULES = (
    "dont_know",
    "dont_care",
    "not_my_problem",
    "dislike",
    "know_it_all",
    "dont_come_back",
    "i_am_right",
    "hurry_up",
    "reproach",
    "over_promise",
    "gushing_apology",
    "blame_management",
    "flat_no",
    "acknowledgement",
    "asks_wish",
    "offers_choice",
    "explains_benefit",
    "uses_name",
    "offers_solution",
    "recap",
    "dated_next_step",
)
"""Ids of the wording rules, the same in every language."""
NAMES_OF_FINDINGS = tuple(f"findings.{rule}" for rule in RULES)
NAMES_OF_ENDING = tuple(f"ending.{criterion}" for criterion in CRITERIA)
ALL_NAMES = (*NAMES, *NAMES_OF_FINDINGS, *NAMES_OF_ENDING)
_SHARES = ("agent_sentence_pause_share", "agent_talk_share", *NAMES_OF_ENDING)
DOMAINS: Mapping[str, tuple[float, float]] = {
    **{name: (0.0, float("inf")) for name in ALL_NAMES},
    **{name: (0.0, 1.0) for name in _SHARES},
    "agent_latency_median_s": (float("-inf"), float("inf")),
    "ending_score": (0.0, 100.0),
}


def facts(
    *,
    pace: Pace | None,
    overlaps: tuple[Overlap, ...] | None,
    silences: tuple[Silence, ...] | None,
    latency: CallLatency | None,
    listening: CallListening | None,
    findings: tuple[CallFinding, ...] | None,
    ending: CallEnding,
    refusals: tuple[Refusal, ...] | None = None,
    talk: Conversation | None = None,
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
        **{f"ending.{each.id}": None if each.met is None else float(each.met) for each in ending.criteria},
        **_refusals(refusals),
        **_size(talk),
    }


def _size(talk: Conversation | None) -> dict[str, float | None]:
    if talk is None:
        return {"call_s": None, "agent_words": None, "customer_words": None}
    words = {f"{party}_words": float(len(talk.words_of(party))) for party in PARTIES}
    return {"call_s": talk.duration_s, **words}


def _refusals(found: tuple[Refusal, ...] | None) -> dict[str, float | None]:
    if found is None:
        return {"refusals": None, "bare_refusals": None}
    return {"refusals": len(found), "bare_refusals": sum(not (each.explains or each.offers_instead) for each in found)}


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
        return {"avoid_findings": None, "credit_kinds": None, **dict.fromkeys(NAMES_OF_FINDINGS)}
    return {
        **{f"findings.{rule}": sum(each.rule == rule for each in findings) for rule in RULES},
        "avoid_findings": sum(not each.credit for each in findings),
        "credit_kinds": len({each.rule for each in findings if each.credit}),
    }
