"""``{set: {tries: tries + 1, vip: balance > 1000.0}, next: main}``: give variables new values.

All expressions see the values from before the node. One that cannot be worked out leaves its variable as it was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar

from pydantic import field_validator

from ivr.flow.expressions import Expression
from ivr.flow.model import Node
from ivr.flow.nodes.base import Exit, Formula, NodeSchema, Plan, Variable, compiled
from ivr.flow.schema import FormulaMap, NodeName, refuse
from ivr.flow.step import Step

BUILT_IN = ("caller", "called", "language", "result")


class SetSchema(NodeSchema):
    """New values as written."""

    kind: ClassVar[str] = "set"

    set: FormulaMap
    next: NodeName

    @field_validator("set")
    @classmethod
    def _own_variables(cls, values: dict[str, str]) -> dict[str, str]:
        if not values:
            refuse("nothing is set", "write variables with expressions, as in {vip: balance > 1000.0}")
        taken = next((name for name in values if name in BUILT_IN), None)
        if taken is not None:
            refuse(f"'{taken}' is set by the line itself", "choose another name")
        return values

    def exits(self) -> tuple[Exit, ...]:
        return (Exit("next", self.next, ("next",)),)

    def formulas(self) -> tuple[Formula, ...]:
        return tuple(Formula(source, ("set", name)) for name, source in self.set.items())

    def variables(self, name: str) -> Mapping[str, Variable]:
        return {variable: Variable(None, ("set", variable), source) for variable, source in self.set.items()}

    def build(self, name: str, plan: Plan) -> Node:
        return Set(name=name, policy=plan.policy, exits=self.exit_map(), news=compiled(self.set, plan))


@dataclass(frozen=True, slots=True, kw_only=True)
class Set(Node):
    """New values ready to be worked out."""

    kind: ClassVar[str] = "set"

    news: Mapping[str, Expression]

    def enter(self, step: Step) -> None:
        known = step.known()
        worked_out = [(name, news.work_out(known)) for name, news in self.news.items()]
        step.remember(tuple([(name, value) for name, value in worked_out if value is not None]))
        step.leave(self, "next")
