"""``{callback: service, next: booked, failed: message}``: promise to ring the caller back.

``number`` is the caller's own unless an expression names another.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ivr.commands import BookCallback
from ivr.events import CallbackBooked, CallbackRefused
from ivr.flow.expressions import Expression, named_in
from ivr.flow.model import Answer, Node
from ivr.flow.nodes.awaiting import Awaiting
from ivr.flow.nodes.base import Exit, Plan, SpeakingSchema
from ivr.flow.nodes.base import Formula as Written
from ivr.flow.schema import Formula, Name, NodeName, Prompts
from ivr.flow.step import Step
from ivr.flow.values import plain


class CallbackSchema(SpeakingSchema):
    """A promise as written."""

    kind: ClassVar[str] = "callback"

    callback: Name
    next: NodeName
    failed: NodeName
    number: Formula = "caller"
    meanwhile: Prompts = ("one_moment",)

    def exits(self) -> tuple[Exit, ...]:
        return (Exit("next", self.next, ("next",)), Exit("failed", self.failed, ("failed",)))

    def formulas(self) -> tuple[Written, ...]:
        return (Written(self.number, ("number",)), *SpeakingSchema.formulas(self))

    def build(self, name: str, plan: Plan) -> Node:
        return Callback(
            name=name,
            policy=plan.policy,
            exits=self.exit_map(),
            values=self.spoken(plan),
            meanwhile=self.meanwhile,
            waiting=self.meanwhile,
            rounds=5,
            queue=self.callback,
            number=plan.scope.compile(self.number),
            sensitive=bool(named_in(self.number) & plan.sensitive),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Callback(Awaiting):
    """A promise ready to be made."""

    kind: ClassVar[str] = "callback"
    waits: ClassVar[bool] = True
    unanswered: ClassVar[str] = "failed"

    queue: str
    number: Expression
    sensitive: bool

    def enter(self, step: Step) -> None:
        number = step.work_out(self.number)
        if number in (None, ""):
            step.leave(self, "failed")
        else:
            Awaiting.enter(self, step)

    def ask(self, step: Step, serial: int) -> None:
        number = step.work_out(self.number)
        dialled = "" if number is None else plain(number)
        step.commands.append(BookCallback(serial, self.queue, dialled, self.sensitive))

    def told(self, step: Step, event: Answer) -> None:
        if isinstance(event, CallbackBooked):
            step.leave(self, "next")
        elif isinstance(event, CallbackRefused):
            step.leave(self, "failed")

    def needs(self) -> tuple[str, ...]:
        return ("callback",)
