"""``{call: ask_card, returns: {failed: person}, next: pay}``: go through other nodes, and come back from them.

The nodes begin at the one that ``call`` names and end at a ``{return: failed}``; its word chooses among ``returns``,
and every other word leads to ``next``. So the same nodes serve in several places.

``{call: parts/identify.yaml, give: {most: 3}, take: [account], next: main}`` goes through another flow, in its own
file, with its own variables, languages and policy: ``give`` sets variables of that flow, ``take`` brings some back.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import ClassVar

from pydantic import Field, PrivateAttr, model_validator

from ivr.flow.expressions import Expression
from ivr.flow.model import Flow, Node
from ivr.flow.nodes.base import Exit, Formula, NodeSchema, Plan, Variable, compiled
from ivr.flow.schema import SUFFIXES, Callee, NameMap, NodeName, Returning, ReturnMap, ValueMap, refuse
from ivr.flow.step import Step


class CallSchema(NodeSchema):
    """A call of a sub-flow as written."""

    kind: ClassVar[str] = "call"

    call: Callee
    next: NodeName | None = None
    returns: ReturnMap = Field(default_factory=dict)
    give: ValueMap | None = None
    take: NameMap = Field(default_factory=dict)

    _part: Flow | None = PrivateAttr(None)

    @property
    def file(self) -> str:
        """The other flow's file, empty where nodes of this one are called."""
        return self.call if self.call.endswith(SUFFIXES) else ""

    @model_validator(mode="after")
    def _nodes_of_this_file_share_its_variables(self) -> CallSchema:
        if not self.file:
            if self.give is not None or self.take:
                word = "take" if self.give is None else "give"
                refuse(f"'{word}' is for another flow's file", "leave it out: nodes of one file share their variables")
            if self.next is None:
                refuse("a call node needs 'next'", "add `next: <node>`", "some word of a return might lead nowhere")
        return self

    def bind(self, part: Flow) -> None:
        """The flow that is called has been read."""
        self._part = part

    def exits(self) -> tuple[Exit, ...]:
        back = tuple(Exit(word, target, ("returns", word)) for word, target in self.returns.items())
        called = () if self.file else (Exit("call", self.call, ("call",)),)
        onward = (Exit("next", self.next, ("next",)),) if self.next is not None else ()
        return (*called, *onward, *back)

    def formulas(self) -> tuple[Formula, ...]:
        kinds = self._part.kinds if self._part is not None else {}
        wanted = {name: () if (kind := kinds.get(name, "answer")) == "answer" else (kind,) for name in self.give or {}}
        return tuple(
            Formula(source, ("give", name), wanted[name], handed=True) for name, source in (self.give or {}).items()
        )

    def variables(self, name: str) -> Mapping[str, Variable]:
        part = self._part
        if part is None:
            return {}
        return {
            own: Variable(part.kinds.get(theirs, "answer"), ("take", own), sensitive=theirs in part.sensitive)
            for own, theirs in self.take.items()
        }

    def build(self, name: str, plan: Plan) -> Node:
        part = self._part
        called = {} if part is None else {"call": f"{part.name}.{part.start}"}
        return Call(
            name=name,
            policy=plan.policy,
            exits=MappingProxyType({**self.exit_map(), **called}),
            words=frozenset(self.returns),
            part="" if part is None else part.name,
            given=compiled(self.give or {}, plan),
            taken=tuple(self.take.items()),
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Call(Node):
    """A call of a sub-flow ready to run. ``part`` is the flow that is called, empty for nodes of this file; ``taken``
    are pairs of a variable here and the variable there.
    """

    kind: ClassVar[str] = "call"

    words: frozenset[str] = frozenset()
    part: str = ""
    given: Mapping[str, Expression] = field(default_factory=lambda: MappingProxyType({}))
    taken: tuple[tuple[str, str], ...] = ()

    def enter(self, step: Step) -> None:
        word, step.returned = step.returned, ""
        if word:
            step.leave(self, word if word in self.words else "next")
            return
        step.call(self.name, self.part, {name: step.work_out(given) for name, given in self.given.items()})
        step.leave(self, "call")

    def opens(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        return self.part, self.taken


class ReturnSchema(NodeSchema):
    """The end of a sub-flow as written."""

    kind: ClassVar[str] = "return"

    word: Returning = Field(alias="return")

    def exits(self) -> tuple[Exit, ...]:
        return ()

    def build(self, name: str, plan: Plan) -> Node:
        return Return(name=name, policy=plan.policy, exits=self.exit_map(), word=self.word)


@dataclass(frozen=True, slots=True, kw_only=True)
class Return(Node):
    """The end of a sub-flow ready to run. Where nothing was called, the call ends: politely in a flow that callers
    ring, at once in one that only other flows call (and that is being tried out alone).
    """

    kind: ClassVar[str] = "return"

    word: str

    def enter(self, step: Step) -> None:
        if step.calls:
            step.leave(self, self.word, step.come_back(self.word))
        elif step.flow.returns:
            step.leave(self, self.word)
        else:
            step.give_up("failed")

    def can_end(self) -> bool:
        return True
