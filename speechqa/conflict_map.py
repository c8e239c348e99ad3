"""The conflict map of a call as it stands in the documents: emotion, conflicts with their stages, complaint, offers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from speechqa.conversation import Conversation
from speechqa.lexicon import Lexicon
from speechqa.measures import complaint, conduct, conflict, emotion, habits, offers
from speechqa.measures.conduct import Check
from speechqa.measures.conflict import Stage
from speechqa.measures.emotion import Norm, Point
from speechqa.measures.feelings import known
from speechqa.measures.overlaps import Overlap
from speechqa.measures.refusals import Refusal
from speechqa.measures.wording import Finding
from speechqa.timeline import Span


@dataclass(frozen=True, slots=True)
class CallEmotion:
    """The customer's curve (`speechqa.measures.emotion`); ``end`` is its last value, ``peak`` its highest."""

    norm_value: float
    norm: Norm | None
    basis: Literal["words", "words and voice"]
    reason: str
    points: tuple[Point, ...]
    raised: tuple[Span, ...]
    peak: float
    peak_s: float
    end: float

    @classmethod
    def of(cls, curve: emotion.Emotion) -> CallEmotion:
        """The document's form of a curve."""
        peak, raised = curve.peak, tuple(curve.raised)
        return cls(
            curve.norm_value, curve.norm, curve.basis, curve.reason, curve.points, raised, peak.smoothed,
            peak.start_s, curve.points[-1].smoothed,
        )  # fmt: skip


@dataclass(frozen=True, slots=True)
class CallStage:
    """A stage of a conflict with the checks of what the agent did in it."""

    stage: Stage
    start_s: float
    end_s: float
    quote: str
    checks: tuple[Check, ...]


@dataclass(frozen=True, slots=True)
class CallEpisode:
    """One conflict; see `speechqa.measures.conflict`."""

    start_s: float
    end_s: float
    peak: float
    peak_s: float
    time_to_calm_s: float | None
    stages: tuple[CallStage, ...]


@dataclass(frozen=True, slots=True)
class CallConflict:
    """All conflicts, and the habits told; ``time_to_calm_s`` is the longest, None where one never ended or none was."""

    episodes: tuple[CallEpisode, ...]
    habits: tuple[habits.Habit, ...]
    time_to_calm_s: float | None


@dataclass(frozen=True, slots=True)
class ConflictMap:
    """What the customer's feelings tell of a call; None where that was not measured, ``notes`` say why."""

    emotion: CallEmotion | None = None
    conflict: CallConflict | None = None
    complaint: complaint.Complaint | None = None
    offers: tuple[offers.Offer, ...] | None = None
    found: tuple[Finding, ...] = ()
    raised: Sequence[Span] = ()
    notes: tuple[str, ...] = ()


def conflict_map(
    talk: Conversation,
    lexicon: Lexicon | None,
    customers: Lexicon,
    findings: Sequence[Finding],
    refused: Sequence[Refusal] | None,
    overlaps: Sequence[Overlap] | None,
) -> ConflictMap:
    """The map of a conversation with turns; ``lexicon`` is the agent's language, None where it has none."""
    curve = emotion.measure(talk, customers)
    if lexicon is None or curve is None:
        notes = () if curve is not None or lexicon is None else _why(talk, customers)
        sold = None if lexicon is None else offers.measure(talk, lexicon, None)
        return ConflictMap(offers=sold, emotion=CallEmotion.of(curve) if curve else None, notes=notes)
    sold = offers.measure(talk, lexicon, curve)
    return ConflictMap(
        emotion=CallEmotion.of(curve),
        conflict=_conflict(talk, lexicon, curve, findings, refused or (), overlaps),
        complaint=complaint.measure(talk, lexicon, customers, curve, findings),
        offers=sold,
        found=offers.findings(sold, lexicon),
        raised=tuple(curve.raised),
    )


def _why(talk: Conversation, customers: Lexicon) -> tuple[str, ...]:
    """Why there is no curve; that nothing was understood of the customer is said elsewhere."""
    if known(customers) or not talk.words_of("customer"):
        return ()
    return (f"There are no rules for feelings in {customers.language!r}: the customer's emotion is not told.",)


def _conflict(
    talk: Conversation,
    lexicon: Lexicon,
    curve: emotion.Emotion,
    findings: Sequence[Finding],
    refused: Sequence[Refusal],
    overlaps: Sequence[Overlap] | None,
) -> CallConflict:
    episodes = conflict.measure(talk, curve, refused)
    call = conduct.Call(talk, lexicon, findings, refused, overlaps)
    times = [each.time_to_calm_s for each in episodes]
    whole = max((time for time in times if time is not None), default=None)
    longest = None if None in times else whole
    return CallConflict(
        tuple(_episode(call, each) for each in episodes), habits.measure(talk, lexicon, refused, findings), longest
    )


def _episode(call: conduct.Call, found: conflict.Episode) -> CallEpisode:
    checks = conduct.measure(call, found)
    stages = tuple(
        CallStage(each.stage, each.start_s, each.end_s, each.quote, checks.get(each.stage, ())) for each in found.stages
    )
    return CallEpisode(found.start_s, found.end_s, found.peak, found.peak_s, found.time_to_calm_s, stages)


def without_talk_over(drawn: ConflictMap) -> ConflictMap:
    """The map of a call whose overlaps are not known: nothing is said of talking over the customer."""
    if drawn.conflict is None:
        return drawn
    episodes = tuple(
        replace(each, stages=tuple(replace(stage, checks=_unheard(stage.checks)) for stage in each.stages))
        for each in drawn.conflict.episodes
    )
    return replace(drawn, conflict=replace(drawn.conflict, episodes=episodes))


def _unheard(checks: tuple[Check, ...]) -> tuple[Check, ...]:
    return tuple(Check(each.id, None) if each.id == "does_not_talk_over" else each for each in checks)
