"""``{goto: main}``: go on elsewhere, a name for a place that other nodes lead to."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ivr.flow.model import Node
from ivr.flow.nodes.base import Exit, NodeSchema, Plan
from ivr.flow.schema import NodeName
from ivr.flow.step import Step


class GotoSchema(NodeSchema):
    """A jump as written."""

    kind: ClassVar[str] = "goto"

    goto: NodeName

    def exits(self) -> tuple[Exit, ...]:
        return (Exit("next", self.goto, ("goto",)),)

    def build(self, name: str, plan: Plan) -> Node:
        return Goto(name=name, policy=plan.policy, exits=self.exit_map())


@dataclass(frozen=True, slots=True, kw_only=True)
class Goto(Node):
    """A jump ready to run."""

    kind: ClassVar[str] = "goto"

    def enter(self, step: Step) -> None:
        step.leave(self, "next")
