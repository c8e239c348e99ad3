"""``{transfer: service, failed: offer_message}``: ring somebody, and let caller and target talk.

``transfer`` names a target of the settings' allow-list, never a number. ``meanwhile`` is said while it rings, and
``waiting`` again and again after it. Each way of not being answered (``busy``, ``no_answer``, ``declined``,
``unreachable``) is an exit; ``failed`` stands for those that are not written. ``next`` is taken after the target hung
up; without it the call ends there.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from pydantic import model_validator

from ivr.commands import Transfer as Ring
from ivr.events import TransferFailure
from ivr.flow.model import Node
from ivr.flow.nodes.base import Exit, Plan, SpeakingSchema
from ivr.flow.schema import Name, NodeName, Prompts, Seconds, refuse
from ivr.flow.step import Step

FAILURES: tuple[TransferFailure, ...] = ("busy", "no_answer", "declined", "unreachable")
COMFORT_AFTER_S = 8.0


class TransferSchema(SpeakingSchema):
    """A transfer as written."""

    kind: ClassVar[str] = "transfer"

    transfer: Name
    meanwhile: Prompts | None = None
    waiting: Prompts = ("waiting",)
    ring: Seconds = 30.0
    busy: NodeName | None = None
    no_answer: NodeName | None = None
    declined: NodeName | None = None
    unreachable: NodeName | None = None
    failed: NodeName | None = None
    next: NodeName | None = None
    whisper: Prompts | None = None

    @model_validator(mode="after")
    def _every_failure_leads_somewhere(self) -> TransferSchema:
        open_ends = [reason for reason in FAILURES if getattr(self, reason) is None]
        if open_ends and self.failed is None:
            what = f"nothing says where the call goes when the transfer fails ({', '.join(open_ends)})"
            refuse(what, "add `failed: <node>`", "a caller must not be left in silence")
        if not open_ends and self.failed is not None:
            refuse("`failed` is never used: each failure has its own exit", "remove `failed`")
        return self

    def exits(self) -> tuple[Exit, ...]:
        ways = [
            Exit(reason, own or self.failed or "", (reason if own else "failed",))
            for reason in FAILURES
            for own in [getattr(self, reason)]
        ]
        return (*ways, Exit("next", self.next, ("next",))) if self.next is not None else tuple(ways)

    def build(self, name: str, plan: Plan) -> Node:
        return Transfer(
            name=name,
            policy=plan.policy,
            exits=self.exit_map(),
            values=self.spoken(plan),
            target=self.transfer,
            meanwhile=self.meanwhile or (),
            waiting=self.waiting,
            ring_s=self.ring,
            whisper=self.whisper or (),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Transfer(Node):
    """A transfer ready to run."""

    kind: ClassVar[str] = "transfer"

    target: str
    meanwhile: tuple[str, ...]
    waiting: tuple[str, ...]
    ring_s: float
    whisper: tuple[str, ...]
    waits: ClassVar[bool] = True

    def enter(self, step: Step) -> None:
        step.ahead = ""
        step.phase = "ringing"
        if self.meanwhile or step.preface:
            step.say(self.meanwhile, "ringing")
        else:
            step.wait(COMFORT_AFTER_S)
        step.pending = step.give_serial()
        step.commands.append(Ring(step.pending, self.target, self.ring_s, step.phrases(self.whisper)))

    def prompt_ended(self, step: Step) -> None:
        step.wait(COMFORT_AFTER_S)

    def timer(self, step: Step) -> None:
        step.say(self.waiting, "ringing")

    def answered(self, step: Step) -> None:
        step.hush()
        step.cancel_wait()
        step.phase = "talking"

    def failed(self, step: Step, reason: TransferFailure) -> None:
        if step.phase == "talking":
            self.ended(step)
        else:
            step.leave(self, reason)

    def ended(self, step: Step) -> None:
        step.leave(self, "next")

    def says(self) -> tuple[str, ...]:
        return self.meanwhile + self.waiting + self.whisper

    def needs(self) -> tuple[str, ...]:
        return ("whisper",) if self.whisper else ()

    def dials(self) -> tuple[str, ...]:
        return (self.target,)

    def can_end(self) -> bool:
        return "next" not in self.exits
