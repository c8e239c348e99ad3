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
- ``conflicts``: how often the customer flared up; ``open_conflicts``: those that never calmed down
- ``time_to_calm_s``: the longest time from flaring up to calm; None without a conflict, or where one stayed open
- ``emotion_peak``, ``emotion_end``: the customer's negative emotion at its highest and at the end, 0-1
- ``stage_checks_missed``: what the agent should have done in the stages of a conflict and did not
- ``footballer``, ``nurse``: 1 where that habit was told, 0 where not
- ``complaint``: 1 where the customer complained, 0 where not; ``complaint_resolved``: 1, 0, None where not told
- ``complaint_solution_s``: seconds from the complaint to the first solution; None without a complaint or a solution
- ``complaint_without_solution``: 1 where a complaint was answered with no solution at all, 0 where one was offered
- ``customer_questions_open``: questions of the customer that nobody answered
- ``offers``: how often the agent offered something for sale
- ``findings.RULE``: how often the wording rule of that id was met (``findings.reproach``)
- ``ending.CRITERION``: 1 where the criterion of the ending is met, 0 where not (``ending.recap``)

`DOMAINS` says between which values a fact can be.
"""

from __future__ import annotations

from collections.abc import Mapping

from speechqa.analysis import CallEnding, CallFinding, CallLatency, CallListening
from speechqa.conflict_map import ConflictMap
from speechqa.conversation import PARTIES, Conversation
from speechqa.measures.ending import CRITERIA
from speechqa.measures.overlaps import Overlap
from speechqa.measures.pace import Pace
from speechqa.measures.questions import Question
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
    "conflicts",
    "open_conflicts",
    "time_to_calm_s",
    "emotion_peak",
    "emotion_end",
    "stage_checks_missed",
    "footballer",
    "nurse",
    "complaint",
    "complaint_resolved",
    "complaint_solution_s",
    "complaint_without_solution",
    "customer_questions_open",
    "offers",
)
AVOID = (
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
    "upsell_after_complaint",
)
CREDIT = (
    "acknowledgement",
    "asks_wish",
    "offers_choice",
    "explains_benefit",
    "uses_name",
    "offers_solution",
    "recap",
    "dated_next_step",
)
RULES = (*AVOID, *CREDIT)
"""Ids of the wording rules, the same in every language."""
NAMES_OF_FINDINGS = tuple(f"findings.{rule}" for rule in RULES)
NAMES_OF_ENDING = tuple(f"ending.{criterion}" for criterion in CRITERIA)
ALL_NAMES = (*NAMES, *NAMES_OF_FINDINGS, *NAMES_OF_ENDING)
_SHARES = (
    "agent_sentence_pause_share",
    "agent_talk_share",
    "emotion_peak",
    "emotion_end",
    "footballer",
    "nurse",
    "complaint",
    "complaint_resolved",
    "complaint_without_solution",
    *NAMES_OF_ENDING,
)
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
    questions: tuple[Question, ...] | None = None,
    drawn: ConflictMap | None = None,
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
        **_conflict(drawn or ConflictMap()),
        **_complaint(drawn or ConflictMap()),
        "customer_questions_open": None if questions is None else sum(map(_left_open, questions)),
    }


def _left_open(question: Question) -> bool:
    return question.party == "customer" and question.outcome in ("unanswered", "put_off")


def _conflict(drawn: ConflictMap) -> dict[str, float | None]:
    feelings = {
        "emotion_peak": drawn.emotion.peak if drawn.emotion else None,
        "emotion_end": drawn.emotion.end if drawn.emotion else None,
    }
    found = drawn.conflict
    if found is None:
        names = ("conflicts", "open_conflicts", "time_to_calm_s", "stage_checks_missed", "footballer", "nurse")
        return {**feelings, **dict.fromkeys(names)}
    habits = {each.pattern for each in found.habits if each.found}
    checks = (check for episode in found.episodes for stage in episode.stages for check in stage.checks)
    return {
        **feelings,
        "conflicts": len(found.episodes),
        "open_conflicts": sum(each.time_to_calm_s is None for each in found.episodes),
        "time_to_calm_s": found.time_to_calm_s,
        "stage_checks_missed": sum(check.met is False for check in checks),
        "footballer": float("footballer" in habits),
        "nurse": float("nurse" in habits),
    }


def _complaint(drawn: ConflictMap) -> dict[str, float | None]:
    sold = {"offers": None if drawn.offers is None else len(drawn.offers)}
    found = drawn.complaint
    if found is None:
        names = ("complaint_resolved", "complaint_solution_s", "complaint_without_solution")
        return {**sold, "complaint": None if drawn.conflict is None else 0.0, **dict.fromkeys(names)}
    return {
        **sold,
        "complaint": 1.0,
        "complaint_resolved": None if found.resolved is None else float(found.resolved),
        "complaint_solution_s": found.solution.after_s if found.solution else None,
        "complaint_without_solution": float(found.solution is None),
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
