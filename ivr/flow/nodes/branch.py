"""``{branch: {balance > 0.0: owes, vip: person}, else: main}``: go where the first true expression leads.

The exits are named ``1``, ``2``, … in the order of the file, and ``else``. An expression that cannot be worked out (an
answer without that field) counts as false.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Annotated, ClassVar

from pydantic import BeforeValidator, Field, field_validator

from ivr.flow.expressions import Expression
from ivr.flow.model import Node
from ivr.flow.nodes.base import Exit, Formula, NodeSchema, Plan
from ivr.flow.schema import NodeName, read_formula, refuse, shape
from ivr.flow.step import Step


def read_cases(value: object) -> object:
    """Pairs of an expression and a node."""
    if not isinstance(value, dict):
        remedy = "write expressions and where they lead, as in {balance > 0.0: owes}"
        refuse(f"expected pairs, found {shape(value)}", remedy)
    return value


Cases = Annotated[dict[Annotated[str, BeforeValidator(read_formula)], NodeName], BeforeValidator(read_cases)]


class BranchSchema(NodeSchema):
    """A fork as written."""

    kind: ClassVar[str] = "branch"

    branch: Cases
    otherwise: NodeName = Field(alias="else")

    @field_validator("branch")
    @classmethod
    def _some_cases(cls, cases: dict[str, str]) -> dict[str, str]:
        if not cases:
            refuse("the branch has no cases", "write expressions and where they lead, as in {balance > 0.0: owes}")
        return cases

    def exits(self) -> tuple[Exit, ...]:
        cases = enumerate(self.branch.items(), start=1)
        ways = [Exit(str(number), target, ("branch", source)) for number, (source, target) in cases]
        return (*ways, Exit("else", self.otherwise, ("else",)))

    def formulas(self) -> tuple[Formula, ...]:
        return tuple(Formula(source, ("branch", source), ("flag", "answer"), at_key=True) for source in self.branch)

    def build(self, name: str, plan: Plan) -> Node:
        cases = tuple(plan.scope.compile(source) for source in self.branch)
        return Branch(name=name, policy=plan.policy, exits=self.exit_map(), cases=cases)


@dataclass(frozen=True, slots=True, kw_only=True)
class Branch(Node):
    """A fork ready to run."""

    kind: ClassVar[str] = "branch"

    cases: tuple[Expression, ...]

    def enter(self, step: Step) -> None:
        known = step.known()
        for number, case in enumerate(self.cases, start=1):
            if case.work_out(known) is True:
                step.leave(self, str(number))
                return
        step.leave(self, "else")
