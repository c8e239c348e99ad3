"""``{queue: service, full: sorry, timeout: message, closed: sorry}``: wait for the next free agent.

``prompt`` is said at the beginning and ``waiting`` every so often; their texts may have the gaps ``{position}``,
``{minutes}`` (whole numbers) and ``{wait:duration}``. ``keys`` work while the caller waits, say for a callback.
``failed`` stands for each of ``full``, ``timeout`` and ``closed`` that is not written. ``next`` is taken after the
talk; without it the call ends there.
"""

from __future__ import annotations

from dataclasses import dataclass
from math import ceil
from typing import ClassVar

from pydantic import Field, model_validator

from ivr.commands import JoinQueue, LeaveQueue
from ivr.events import QueueAnswered, QueueEnded, QueueFailed, QueueMoved
from ivr.flow.model import Answer, Node
from ivr.flow.nodes.base import Exit, Plan, SpeakingSchema
from ivr.flow.schema import JumpMap, Name, NodeName, Prompts, Seconds, refuse
from ivr.flow.step import Step
from ivr.flow.values import Values

FAILURES = ("full", "timeout", "closed")


class QueueSchema(SpeakingSchema):
    """A queue as written."""

    kind: ClassVar[str] = "queue"

    queue: Name
    prompt: Prompts = ("queue_welcome",)
    waiting: Prompts = ("queue_waiting",)
    every: Seconds = 20.0
    max_wait: Seconds = 600.0
    keys: JumpMap = Field(default_factory=dict)
    full: NodeName | None = None
    timeout: NodeName | None = None
    closed: NodeName | None = None
    failed: NodeName | None = None
    next: NodeName | None = None

    @model_validator(mode="after")
    def _every_failure_leads_somewhere(self) -> QueueSchema:
        open_ends = [reason for reason in FAILURES if getattr(self, reason) is None]
        if open_ends and self.failed is None:
            what = f"nothing says where the call goes when nobody comes ({', '.join(open_ends)})"
            refuse(what, "add `failed: <node>`", "a caller must not be left in silence")
        return self

    def exits(self) -> tuple[Exit, ...]:
        ways = [Exit(why, own or self.failed or "", (why if own else "failed",)) for why, own in self._failures()]
        ways += [Exit(key, target, ("keys", key)) for key, target in self.keys.items() if target is not None]
        return (*ways, Exit("next", self.next, ("next",))) if self.next is not None else tuple(ways)

    def build(self, name: str, plan: Plan) -> Node:
        return Queue(
            name=name,
            policy=plan.policy,
            exits=self.exit_map(),
            values=self.spoken(plan),
            queue=self.queue,
            prompts=self.prompt,
            waiting=self.waiting,
            every_s=self.every,
            max_wait_s=self.max_wait,
            keys=frozenset(key for key, target in self.keys.items() if target is not None),
        )

    def _failures(self) -> list[tuple[str, str | None]]:
        return [("full", self.full), ("timeout", self.timeout), ("closed", self.closed)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Queue(Node):
    """A queue ready to be joined. ``part`` is the place in it, ``input`` the minutes to wait."""

    kind: ClassVar[str] = "queue"
    waits: ClassVar[bool] = True

    queue: str
    prompts: tuple[str, ...]
    waiting: tuple[str, ...]
    every_s: float
    max_wait_s: float
    keys: frozenset[str]

    def enter(self, step: Step) -> None:
        step.ahead = ""
        step.say(self.prompts, "queueing", self._gaps(step))
        step.pending = step.give_serial()
        step.commands.append(JoinQueue(step.pending, self.queue, self.max_wait_s))

    def prompt_ended(self, step: Step) -> None:
        step.wait(self.every_s)

    def timer(self, step: Step) -> None:
        step.say(self.waiting, "queueing", self._gaps(step))

    def digit(self, step: Step, key: str) -> None:
        if step.phase == "queueing" and key in self.keys:
            step.commands.append(LeaveQueue(step.pending))
            step.leave(self, key)

    def told(self, step: Step, event: Answer) -> None:
        if isinstance(event, QueueMoved) and step.phase == "queueing":
            step.part, step.input = max(1, event.position), str(max(1, ceil(event.wait_s / 60)))
        elif isinstance(event, QueueAnswered):
            step.hush()
            step.cancel_wait()
            step.phase = "talking"
        elif isinstance(event, QueueFailed) and step.phase == "queueing":
            step.leave(self, event.reason)
        elif isinstance(event, QueueEnded) or (isinstance(event, QueueFailed) and step.phase == "talking"):
            step.leave(self, "next")

    def says(self) -> tuple[str, ...]:
        return self.prompts + self.waiting

    def gaps(self, prompt: str) -> frozenset[str]:
        return frozenset(self.values) | {"position", "minutes", "wait"}

    def dials(self) -> tuple[str, ...]:
        return (self.queue,)

    def can_end(self) -> bool:
        return "next" not in self.exits

    def needs(self) -> tuple[str, ...]:
        return ("queue",)

    def _gaps(self, step: Step) -> Values:
        minutes = int(step.input or 1)
        return (("position", max(1, step.part)), ("minutes", minutes), ("wait", minutes * 60))
