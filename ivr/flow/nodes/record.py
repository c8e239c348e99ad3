"""``{record: message, max: 2m, silence: 3s, next: thanks}``: ask the caller to speak, and keep what was said.

The prompt is ``leave_<kind>`` unless named. A key during it begins the recording at once; the pound key, silence or
the longest time ends it. ``announced`` tells that the prompt says that what follows is kept. With ``review: true`` the
caller may then keep the message (1), hear it (2) or record it again (3); silence keeps it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator

from ivr.commands import DropMessage, RecordMessage
from ivr.flow.model import Node
from ivr.flow.nodes.base import Exit, Plan, SpeakingSchema
from ivr.flow.policy import REPEAT
from ivr.flow.problems import did_you_mean
from ivr.flow.schema import Flag, Interruptible, NodeName, Prompts, Seconds, read_prompts, refuse, shape
from ivr.flow.step import Step

MessageKind = Literal["message", "complaint", "compliment"]
MESSAGE_KINDS = ("message", "complaint", "compliment")
REVIEW = ("message_review",)
KEEP, HEAR, AGAIN = "1", "2", "3"
REVIEWING = 1
"""The ``part`` of a node whose message is recorded and not yet kept."""


def read_message_kind(value: object) -> object:
    """One of the kinds of messages."""
    if value not in MESSAGE_KINDS:
        remedy = did_you_mean(value, MESSAGE_KINDS) if isinstance(value, str) else f"choose one of: {MESSAGE_KINDS}"
        refuse(f"{shape(value)} is no kind of recording", remedy)
    return value


def read_review(value: object) -> bool | tuple[str, ...]:
    """``true``, ``false``, or the prompts of the question."""
    return value == "true" if value in ("true", "false") else read_prompts(value)


class RecordSchema(SpeakingSchema, Interruptible):
    """A recording as written."""

    kind: ClassVar[str] = "record"

    record: Annotated[MessageKind, BeforeValidator(read_message_kind)]
    next: NodeName
    prompt: Prompts | None = None
    max: Seconds = 120.0
    silence: Seconds = 3.0
    announced: Flag = False
    review: Annotated[bool | tuple[str, ...], BeforeValidator(read_review)] = False

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
            review=() if self.review is False else REVIEW if self.review is True else self.review,
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
    review: tuple[str, ...] = ()

    def enter(self, step: Step) -> None:
        step.ahead = ""
        step.say(self.prompts)

    def prompt_ended(self, step: Step) -> None:
        if step.part != REVIEWING:
            self._record(step)
        elif step.input:
            step.input = ""
            step.say(self.review)
        else:
            step.phase = "listening"
            step.wait(self.policy.no_input_s)

    def timer(self, step: Step) -> None:
        """Silence after the question: once more, then what was said is kept."""
        step.no_inputs += 1
        self._ask_again(step, step.no_inputs, self.policy.no_input_says)

    def digit(self, step: Step, key: str) -> None:
        if step.part == REVIEWING:
            self._reviewed(step, key)
            return
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
        step.pending = 0
        if not self.review:
            step.leave(self, "next")
        else:
            step.part = REVIEWING
            step.say(self.review)

    def says(self) -> tuple[str, ...]:
        asked = (*self.review, *self.policy.no_input_says, *self.policy.no_match_says) if self.review else ()
        return self.prompts + asked

    def _reviewed(self, step: Step, key: str) -> None:
        step.hush()
        step.cancel_wait()
        step.input = ""
        if key == KEEP or not step.afford():
            if step.phase != "closing":
                step.leave(self, "next")
        elif key == HEAR:
            step.input = key
            step.play_back()
        elif key == AGAIN:
            step.commands.append(DropMessage())
            step.part = 0
            step.say(self.prompts)
        else:
            self._elsewhere(step, key, self.jump(step, key))

    def _elsewhere(self, step: Step, key: str, target: str | None) -> None:
        """A key of the question it is not: one that works anywhere, or a mistake."""
        if target is None:
            step.no_matches += 1
            self._ask_again(step, step.no_matches, self.policy.no_match_says)
        elif target == REPEAT:
            step.say(self.review)
        else:
            self.go(step, key, target)

    def _ask_again(self, step: Step, time: int, says: tuple[str, ...]) -> None:
        if time >= self.policy.tries:
            step.leave(self, "next")
        elif step.afford():
            step.say_first(says[min(time, len(says)) - 1])
            step.say(self.review)

    def _record(self, step: Step) -> None:
        step.phase = "recording"
        step.pending = step.give_serial()
        step.commands.append(RecordMessage(step.pending, self.message, self.max_s, self.silence_s))
