"""``{call: ask_card, returns: {failed: person}, next: pay}``: go through other nodes, and come back from them.

The nodes begin at the one that ``call`` names and end at a ``{return: failed}``; its word chooses among ``returns``,
and every other word leads to ``next``. So the same nodes serve in several places.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from types import MappingProxyType
from typing import ClassVar

from pydantic import Field

from ivr.flow.model import Node
from ivr.flow.nodes.base import Exit, NodeSchema, Plan
from ivr.flow.schema import Name, NodeMap, NodeName
from ivr.flow.step import Step


class CallSchema(NodeSchema):
    """A call of a sub-flow as written."""

    kind: ClassVar[str] = "call"

    call: NodeName
    next: NodeName
    returns: NodeMap = Field(default_factory=dict)

    def exits(self) -> tuple[Exit, ...]:
        back = tuple(Exit(word, target, ("returns", word)) for word, target in self.returns.items())
        return (Exit("call", self.call, ("call",)), Exit("next", self.next, ("next",)), *back)

    def build(self, name: str, plan: Plan) -> Node:
        returns = MappingProxyType(dict(self.returns))
        return Call(name=name, policy=plan.policy, exits=self.exit_map(), returns=returns)


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Node):
    """A call of a sub-flow ready to run."""

    kind: ClassVar[str] = "call"

    returns: MappingProxyType[str, str] = field(default_factory=lambda: MappingProxyType({}))

    def enter(self, step: Step) -> None:
        calls = step.calls
        step.calls = (*(calls[: calls.index(self.name)] if self.name in calls else calls), self.name)
        step.leave(self, "call")


class ReturnSchema(NodeSchema):
    """The end of a sub-flow as written."""

    kind: ClassVar[str] = "return"

    word: Name = Field(alias="return")

    def exits(self) -> tuple[Exit, ...]:
        return ()

    def build(self, name: str, plan: Plan) -> Node:
        return Return(name=name, policy=plan.policy, exits=self.exit_map(), word=self.word)


@dataclass(frozen=True, slots=True, kw_only=True)
class Return(Node):
    """The end of a sub-flow ready to run. Where nothing was called, the call ends politely."""

    kind: ClassVar[str] = "return"

    word: str

    def enter(self, step: Step) -> None:
        if not step.calls:
            step.give_up("failed")
            return
        caller = step.flow.nodes[step.calls[-1]]
        step.calls = step.calls[:-1]
        step.leave(self, self.word, caller.exits[self.word if self.word in caller.exits else "next"])

    def says(self) -> tuple[str, ...]:
        return ()

    def can_end(self) -> bool:
        return True
