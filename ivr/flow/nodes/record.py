"""``{record: message, max: 2m, silence: 3s, next: thanks}``: ask the caller to speak, and keep what was said.

The prompt is ``leave_<kind>`` unless named. A key during it begins the recording at once; the pound key, silence or
the longest time ends it. ``announced`` tells that the prompt says that what follows is kept.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator

from ivr.commands import RecordMessage
from ivr.flow.model import Node
from ivr.flow.nodes.base import Exit, Plan, SpeakingSchema
from ivr.flow.policy import REPEAT
from ivr.flow.problems import did_you_mean
from ivr.flow.schema import Flag, Interruptible, NodeName, Prompts, Seconds, refuse, shape
from ivr.flow.step import Step

MessageKind = Literal["message", "complaint", "compliment"]
MESSAGE_KINDS = ("message", "complaint", "compliment")


def read_message_kind(value: object) -> object:
    """One of the kinds of messages."""
    if value not in MESSAGE_KINDS:
        remedy = did_you_mean(value, MESSAGE_KINDS) if isinstance(value, str) else f"choose one of: {MESSAGE_KINDS}"
        refuse(f"{shape(value)} is no kind of recording", remedy)
    return value


class RecordSchema(SpeakingSchema, Interruptible):
    """A recording as written."""

    kind: ClassVar[str] = "record"

    record: Annotated[MessageKind, BeforeValidator(read_message_kind)]
    next: NodeName
    prompt: Prompts | None = None
    max: Seconds = 120.0
    silence: Seconds = 3.0
    announced: Flag = False

    def exits(self) -> tuple[Exit, ...]:
        return (Exit("next", self.next, ("next",)),)

    def build(self, name: str, plan: Plan) -> Node:
        return Record(
            name=name,
            policy=plan.policy,
            exits=self.exit_map(),
            values=self.spoken(plan),
            message=self.record,
            prompts=self.prompt or (f"leave_{self.record}",),
            max_s=self.max,
            silence_s=self.silence,
            announced=self.announced,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Record(Node):
    """A recording ready to run."""

    kind: ClassVar[str] = "record"
    takes_anywhere: ClassVar[bool] = True
    waits: ClassVar[bool] = True

    message: MessageKind
    prompts: tuple[str, ...]
    max_s: float
    silence_s: float
    announced: bool = False

    def enter(self, step: Step) -> None:
        step.ahead = ""
        step.say(self.prompts)

    def prompt_ended(self, step: Step) -> None:
        self._record(step)

    def digit(self, step: Step, key: str) -> None:
        if step.phase != "saying" or not self.policy.barge_in:
            return
        target = self.jump(step, key)
        if target is None:
            step.hush()
            self._record(step)
        elif target != REPEAT:
            self.go(step, key, target)
        elif step.afford():
            step.say(self.prompts)

    def recorded(self, step: Step) -> None:
        step.leave(self, "next")

    def says(self) -> tuple[str, ...]:
        return self.prompts

    def _record(self, step: Step) -> None:
        step.phase = "recording"
        step.pending = step.give_serial()
        step.commands.append(RecordMessage(step.pending, self.message, self.max_s, self.silence_s))
