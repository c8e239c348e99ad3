"""``{hours: office, open: main, closed: after_hours}``: go on as the flow's ``hours`` of that name say.

``holiday`` and ``temporary`` (somebody has closed for now, or the hours say ``closed: true``) lead to ``closed`` unless
written.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from pydantic import Field

from ivr.flow.model import Node
from ivr.flow.nodes.base import Exit, NodeSchema, Plan
from ivr.flow.opening import Opening
from ivr.flow.schema import Name, NodeName
from ivr.flow.step import Step

ALL = "*"


class HoursNodeSchema(NodeSchema):
    """A question about the hours as written."""

    kind: ClassVar[str] = "hours"

    hours: Name
    opened: NodeName = Field(alias="open")
    closed: NodeName
    holiday: NodeName | None = None
    temporary: NodeName | None = None

    def exits(self) -> tuple[Exit, ...]:
        return (
            Exit("open", self.opened, ("open",)),
            Exit("closed", self.closed, ("closed",)),
            *((Exit("holiday", self.holiday, ("holiday",)),) if self.holiday else ()),
            *((Exit("temporary", self.temporary, ("temporary",)),) if self.temporary else ()),
        )

    def build(self, name: str, plan: Plan) -> Node:
        return Hours(
            name=name, policy=plan.policy, exits=self.exit_map(), named=self.hours, opening=plan.hours[self.hours]
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Hours(Node):
    """A question about the hours ready to be asked."""

    kind: ClassVar[str] = "hours"

    named: str
    opening: Opening

    def enter(self, step: Step) -> None:
        closed = ALL in step.closed or self.named in step.closed
        found = "temporary" if closed else self.opening.at(step.began, step.at_s)
        step.leave(self, found if found in self.exits else "closed")
