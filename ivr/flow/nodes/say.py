"""``{say: welcome, next: main}``: speak, then go on.

A key goes on at once and is kept for the next question (type-ahead), so a caller who knows the menu need not wait. With
``barge_in: false`` the words are heard to their end; the key is kept all the same.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ivr.flow.model import Node
from ivr.flow.nodes.base import Exit, Plan, SpeakingSchema
from ivr.flow.policy import REPEAT
from ivr.flow.schema import Interruptible, NodeName, Prompts
from ivr.flow.step import Step


class SaySchema(SpeakingSchema, Interruptible):
    """A say node as written."""

    kind: ClassVar[str] = "say"

    say: Prompts
    next: NodeName

    def exits(self) -> tuple[Exit, ...]:
        return (Exit("next", self.next, ("next",)),)

    def build(self, name: str, plan: Plan) -> Node:
        return Say(name=name, policy=plan.policy, exits=self.exit_map(), values=self.spoken(plan), prompts=self.say)


@dataclass(frozen=True, slots=True, kw_only=True)
class Say(Node):
    """A say node ready to run."""

    kind: ClassVar[str] = "say"
    takes_anywhere: ClassVar[bool] = True

    prompts: tuple[str, ...]

    def enter(self, step: Step) -> None:
        if step.ahead and self.policy.barge_in:
            step.leave(self, "next")
        else:
            step.say(self.prompts)

    def prompt_ended(self, step: Step) -> None:
        step.leave(self, "next")

    def digit(self, step: Step, key: str) -> None:
        target = self.jump(step, key)
        if not self.policy.barge_in or target is None:
            step.keep_ahead(key)
            if self.policy.barge_in:
                step.leave(self, "next")
        elif target != REPEAT:
            self.go(step, key, target)
        elif step.afford():
            step.say(self.prompts)

    def says(self) -> tuple[str, ...]:
        return self.prompts
