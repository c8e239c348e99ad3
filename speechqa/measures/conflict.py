"""Conflict: the stages of a conflict on the customer's emotion curve, and the time to calm (S2).

Definition. A conflict begins where the curve (`speechqa.measures.emotion`, smoothed) reaches 0.5 and ends where it is
back at the norm (at most 0.12 above it). Its stages:

- *position*: the agent's turn before it, from the last refusal among the two turns before; none where the customer's
  first words are upset already
- *explosion*: from the first raised turn to the end of the last one with which the emotion still rises
- *acceptance*: high, no longer rising: from there, the answer to the explosion included
- *plan*: falling: from the customer's turn that has come down by two fifths of the way to the norm, with the agent's
  turn that brought it down, unless that was the answer to the explosion
- *action*: back at the norm, or, where the customer had agreed to a plan just before, from the agent's turn that
  follows; to the end of the call, or to the next conflict

A rise is one of 0.1 and more; the peak is the first point within 0.1 of the highest. A stage that the curve passes over
in one turn is left out. *Time to calm* = start of the customer's turn that is back at the norm - start of the
explosion; None where the customer never calmed down. What the agent did in each stage is `speechqa.measures.conduct`.
Default. 0.5; 0.12; two fifths; 0.1.
Source. S2 (the conflict map); the numbers are own definitions.
Limits. As good as the curve: a customer who stays polite in words and voice has no conflict here.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Literal

from speechqa.conversation import Conversation, Turn
from speechqa.measures.emotion import RAISED, Emotion, Point
from speechqa.measures.feelings import NEGATIVE
from speechqa.measures.refusals import Refusal

Stage = Literal["position", "explosion", "acceptance", "plan", "action"]
STAGES: tuple[Stage, ...] = ("position", "explosion", "acceptance", "plan", "action")
CALM = 0.12
FALLEN = 0.6
"""Below this share of the peak's height over the norm the emotion is falling."""
RISE = 0.1
TURNS_BEFORE = 2


@dataclass(frozen=True, slots=True)
class StageSpan:
    """A stage from ``start_s`` to ``end_s``; ``quote`` is the turn that it begins with, whoever speaks."""

    stage: Stage
    start_s: float
    end_s: float
    quote: str


@dataclass(frozen=True, slots=True)
class Episode:
    """One conflict; ``peak`` is the highest value of the smoothed curve, at ``peak_s``."""

    start_s: float
    end_s: float
    peak: float
    peak_s: float
    time_to_calm_s: float | None
    stages: tuple[StageSpan, ...]

    def stage_at(self, at_s: float) -> Stage | None:
        """The stage at that moment."""
        return next((each.stage for each in self.stages if each.start_s <= at_s < each.end_s), None)


def measure(conversation: Conversation, emotion: Emotion, refusals: Sequence[Refusal] | None) -> tuple[Episode, ...]:
    """The conflicts of a call in order; ``refusals`` are the agent's."""
    agents = conversation.turns_of("agent")
    end_s = max((turn.end_s for turn in conversation.turns), default=conversation.duration_s)
    runs = list(_runs(emotion))
    begins = [_position(agents, emotion.points, first, refusals or ()) for first, _ in runs]
    starts = [_start_of(first, begin, emotion.points) for (first, _), begin in zip(runs, begins, strict=True)]
    return tuple(
        _episode(emotion, agents, first, calm, begin, until_s)
        for (first, calm), begin, until_s in zip(runs, begins, [*starts[1:], end_s], strict=False)
    )


def _runs(emotion: Emotion) -> Iterator[tuple[int, int | None]]:
    """The first raised point of each conflict and the point that is calm again, if any."""
    points, calm_at = emotion.points, emotion.norm_value + CALM
    at = 0
    while (first := next((i for i in range(at, len(points)) if points[i].smoothed >= RAISED), None)) is not None:
        calm = next((i for i in range(first + 1, len(points)) if points[i].smoothed <= calm_at), None)
        yield first, calm
        if calm is None:
            return
        at = calm


def _position(agents: Sequence[Turn], points: Sequence[Point], first: int, refusals: Sequence[Refusal]) -> Turn | None:
    """The agent's turn that the conflict is about, None where nothing was said before the customer was upset."""
    before = [turn for turn in agents if turn.start_s < points[first].start_s][-TURNS_BEFORE:]
    if first == 0 or not before:
        return None
    refusing = [turn for turn in before if any(turn.start_s <= no.start_s < turn.end_s for no in refusals)]
    return refusing[-1] if refusing else before[-1]


def _start_of(first: int, position: Turn | None, points: Sequence[Point]) -> float:
    return points[first].start_s if position is None else min(position.start_s, points[first].start_s)


def _episode(
    emotion: Emotion, agents: Sequence[Turn], first: int, calm: int | None, position: Turn | None, end_s: float
) -> Episode:
    points = emotion.points
    run = range(first, len(points) if calm is None else calm)
    peak = max(run, key=lambda i: points[i].smoothed)
    top = _top(points, run, points[peak].smoothed)
    begins: list[tuple[Stage, float, str]] = []
    if position is not None:
        begins.append(("position", min(position.start_s, points[first].start_s), position.text))
    begins.append(("explosion", points[first].start_s, points[first].quote))
    begins.append(("acceptance", points[top].end_s, _answer(agents, points[top].end_s)))
    bar = emotion.norm_value + FALLEN * (points[peak].smoothed - emotion.norm_value)
    fallen = next((i for i in run if i > top and points[i].smoothed < bar), None)
    if fallen is not None:
        begins.append(("plan", _plan_s(points, agents, top, fallen), points[fallen].quote))
    if calm is not None:
        begins.append(("action", _action_s(points, top, calm), points[calm].quote))
    time_s = None if calm is None else points[calm].start_s - points[first].start_s
    return Episode(
        begins[0][1], end_s, points[peak].smoothed, points[peak].start_s, time_s, tuple(_spans(begins, end_s))
    )


def _answer(agents: Sequence[Turn], at_s: float) -> str:
    """The agent's first turn after the explosion."""
    return next((turn.text for turn in agents if turn.start_s >= at_s), "")


def _top(points: Sequence[Point], run: range, highest: float) -> int:
    """The point with which the emotion stops rising."""
    reached = next(i for i in run if points[i].smoothed >= highest - RISE)
    rises = (i for i in run if i > reached and points[i].smoothed >= max(RAISED, points[i - 1].smoothed + RISE))
    return max(rises, default=reached)


def _plan_s(points: Sequence[Point], agents: Sequence[Turn], top: int, fallen: int) -> float:
    """From the agent's turn that brought the emotion down; the answer to the explosion still belongs to acceptance."""
    at_s = points[fallen].start_s
    if fallen == top + 1:
        return at_s
    between = [turn.start_s for turn in agents if points[fallen - 1].end_s <= turn.start_s < at_s]
    return min(between, default=at_s)


def _action_s(points: Sequence[Point], top: int, calm: int) -> float:
    """From the end of the customer's agreement where that came just before, else from the turn that is calm."""
    before = points[calm - 1]
    agreed = calm - 1 > top and bool(before.cues) and before.cues[-1].feeling not in NEGATIVE
    return before.end_s if agreed else points[calm].start_s


def _spans(begins: Sequence[tuple[Stage, float, str]], end_s: float) -> Iterator[StageSpan]:
    for (stage, start_s, quote), (_, until_s, _) in pairwise([*begins, ("action", end_s, "")]):
        if until_s > start_s:
            yield StageSpan(stage, start_s, until_s, quote)
