"""``{end: goodbye}``: say the last words and hang up."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ivr.flow.model import Node
from ivr.flow.nodes.base import Exit, Plan, SpeakingSchema
from ivr.flow.schema import Prompts
from ivr.flow.step import Step


class EndSchema(SpeakingSchema):
    """An end as written."""

    kind: ClassVar[str] = "end"

    end: Prompts

    def exits(self) -> tuple[Exit, ...]:
        return ()

    def build(self, name: str, plan: Plan) -> Node:
        return End(name=name, policy=plan.policy, exits=self.exit_map(), values=self.spoken(plan), prompts=self.end)


@dataclass(frozen=True, slots=True, kw_only=True)
class End(Node):
    """An end ready to run."""

    kind: ClassVar[str] = "end"

    prompts: tuple[str, ...]

    def enter(self, step: Step) -> None:
        step.close("finished", self.prompts)

    def says(self) -> tuple[str, ...]:
        return self.prompts

    def can_end(self) -> bool:
        return True
