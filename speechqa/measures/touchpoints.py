"""Touchpoints: every point of contact of a call in one timeline, each with how it left the customer (S0.9).

Definition. From the line's own record: each node of the flow from when it was entered to when it was left, waiting in a
queue, ringing for an agent, the agent's talk, each with its outcome; from any recording: announcements, hold, and the
agent's talk. ``start_s`` is in recording time, below 0 for what came before the recording began. ``mood``:

- *dissatisfied*: the customer hung up in it (not while the line says goodbye), the queue or the ringing failed, it
  waited for 120 s and more, the node was left for want of an answer, or the emotion at the end of the agent's talk is
  raised
- *delighted*: the agent's talk ends calm, with thanks in the customer's last two turns
- *satisfied*: the agent's talk ends calm otherwise
- None: nothing tells

``questions_open`` counts the customer's questions in the agent's talk that nobody answered.
Default. 120 s.
Source. S0.9, S1.1; own definitions.
Limits. Without words the agent's talk has no mood; a survey's answers are told by their node's outcome alone.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Literal

from speechqa.conversation import Conversation
from speechqa.measures.emotion import RAISED
from speechqa.measures.questions import Question
from speechqa.timeline import Span

if TYPE_CHECKING:
    from speechqa.conflict_map import CallEmotion

Mood = Literal["dissatisfied", "satisfied", "delighted"]
Kind = Literal["node", "queue", "ringing", "agent", "announcement", "hold"]
LONG_WAIT_S = 120.0
LAST_TURNS = 2
HEARD_S = 0.05
"""A node that is over sooner (a branch, a jump) was not heard by anybody."""
COVERED = ("queue", "transfer")
"""Kinds of nodes whose time is told by what happens in them."""
GOODBYE = ("end",)
"""Kinds of nodes in which hanging up is no drop-off."""
GAVE_UP = ("no_input", "no_match", "give_up", "failed", "error", "timeout")
HUNG_UP = "caller_hung_up"
_BEGIN: Mapping[str, Literal["queue", "ringing"]] = {"join_queue": "queue", "transfer": "ringing"}
_OVER = {
    "queue": ("queue_answered", "queue_failed", "leave_queue"),
    "ringing": ("transfer_answered", "transfer_failed"),
}
"""What ends each wait: answered, failed, given up for something else."""
_ENDED = {"queue": "queue_ended", "ringing": "transfer_ended"}


@dataclass(frozen=True, slots=True)
class Step:
    """What the line wrote down: when, what kind of step, the node, queue or target, its outcome and the node's kind."""

    at_s: float
    kind: str
    name: str = ""
    outcome: str = ""
    node_kind: str = ""


@dataclass(frozen=True, slots=True)
class Touchpoint:
    """One point of contact; ``reason`` says what the mood rests on."""

    kind: Kind
    name: str
    start_s: float
    end_s: float
    outcome: str
    mood: Mood | None
    reason: str
    questions_open: int = 0


def measure(
    talk: Conversation, steps: Sequence[Step], emotion: CallEmotion | None, questions: Sequence[Question] | None
) -> tuple[Touchpoint, ...]:
    """All touchpoints in order of their start."""
    end_s = max([talk.duration_s, *(step.at_s for step in steps)])
    found = [*_nodes(steps, end_s), *_desks(steps, end_s)] if steps else [*_heard(talk), *_talk(talk)]
    told = [_with_mood(each, emotion, questions or ()) if each.kind == "agent" else each for each in found]
    return tuple(sorted(told, key=lambda each: (each.start_s, each.end_s, each.kind)))


def _nodes(steps: Sequence[Step], end_s: float) -> Iterator[Touchpoint]:
    """The nodes, each until it is left, the next one is entered, or the call is over."""
    for number, step in enumerate(steps):
        if step.kind != "enter_node" or step.node_kind in COVERED:
            continue
        rest = steps[number + 1 :]
        left = next((s for s in rest if s.kind in ("leave_node", "enter_node", HUNG_UP)), None)
        until_s = left.at_s if left else end_s
        gone = left is not None and (left.kind == HUNG_UP or left.outcome == "hung_up")
        outcome = "hung up" if gone else left.outcome if left else ""
        dropped = gone and step.node_kind not in GOODBYE
        mood: Mood | None = "dissatisfied" if dropped or outcome in GAVE_UP else None
        if until_s - step.at_s < HEARD_S and mood is None:
            continue
        reason = "The customer hung up here." if dropped else f"It was left with {outcome}." if mood else ""
        yield Touchpoint("node", step.name, step.at_s, until_s, outcome, mood, reason)


@dataclass(frozen=True, slots=True)
class _Desk:
    """Waiting for somebody or talking with them, since ``at_s``; ``kind`` is how the customer came there."""

    kind: Literal["queue", "ringing"]
    name: str
    at_s: float


def _desks(steps: Sequence[Step], end_s: float) -> Iterator[Touchpoint]:
    """Waiting and the talk that came of it. A queue rings its desks itself: their failures do not end the wait."""
    waiting: _Desk | None = None
    talking: _Desk | None = None
    for step in steps:
        gone = step.kind == HUNG_UP
        if step.kind in _BEGIN:
            waiting = _Desk(_BEGIN[step.kind], step.name, step.at_s)
        elif waiting is not None and (gone or step.kind in _OVER[waiting.kind]):
            yield _wait(waiting, step)
            talking = replace(waiting, at_s=step.at_s) if step.kind == _OVER[waiting.kind][0] else None
            waiting = None
        elif talking is not None and (gone or step.kind == _ENDED[talking.kind]):
            yield Touchpoint("agent", talking.name, talking.at_s, step.at_s, "hung up" if gone else "ended", None, "")
            talking = None
    if waiting is not None:
        yield _wait(waiting, Step(end_s, HUNG_UP))
    if talking is not None:
        yield Touchpoint("agent", talking.name, talking.at_s, end_s, "ended", None, "")


def _wait(desk: _Desk, done: Step) -> Touchpoint:
    answered, failed, *_ = _OVER[desk.kind]
    names = {answered: "answered", failed: done.outcome or "failed", HUNG_UP: "hung up"}
    outcome, waited_s = names.get(done.kind, "left"), done.at_s - desk.at_s
    bad = done.kind in (failed, HUNG_UP) or waited_s >= LONG_WAIT_S
    reason = f"Waited {waited_s:.0f} s; {outcome.replace('_', ' ')}."
    return Touchpoint(desk.kind, desk.name, desk.at_s, done.at_s, outcome, "dissatisfied" if bad else None, reason)


def _heard(talk: Conversation) -> Iterator[Touchpoint]:
    """What a recording tells without a record."""
    for span in talk.announcements:
        yield Touchpoint("announcement", "", span.start_s, span.end_s, "", None, "")
    for span in talk.hold:
        long = span.duration_s >= LONG_WAIT_S
        reason = f"Waited {span.duration_s:.0f} s."
        yield Touchpoint("hold", "", span.start_s, span.end_s, "", "dissatisfied" if long else None, reason)


def _talk(talk: Conversation) -> Iterator[Touchpoint]:
    own = talk.turns_of("agent")
    if own:
        yield Touchpoint("agent", "", own[0].start_s, max(turn.end_s for turn in talk.turns), "ended", None, "")


def _with_mood(agent: Touchpoint, emotion: CallEmotion | None, questions: Sequence[Question]) -> Touchpoint:
    span = Span(agent.start_s, agent.end_s)
    left = [q for q in questions if q.party == "customer" and q.outcome in ("unanswered", "put_off")]
    agent = replace(agent, questions_open=sum(q.start_s in span for q in left))
    points = [point for point in emotion.points if point.start_s in span] if emotion else []
    if emotion is None or not points:
        return agent
    if points[-1].smoothed >= RAISED:
        return replace(agent, mood="dissatisfied", reason="The customer was upset in the end.")
    thanked = any(cue.feeling == "relief" for point in points[-LAST_TURNS:] for cue in point.cues)
    if thanked:
        return replace(agent, mood="delighted", reason="The customer thanked in the end.")
    return replace(agent, mood="satisfied", reason="The customer was calm in the end.")
