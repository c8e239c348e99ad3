"""``{split: {short_menu: 1, long_menu: 3}}``: send callers different ways, by weight, to see which serves them better.

A caller goes the same way in every call: the way hangs on a hash of the number and of the flow's and node's names. A
withheld number is drawn for each call anew. The exits are named by their nodes.
"""

from __future__ import annotations

from dataclasses import dataclass
from hashlib import sha256
from itertools import accumulate
from typing import Annotated, ClassVar

from pydantic import BeforeValidator, field_validator

from ivr.flow.model import Node
from ivr.flow.nodes.base import Exit, NodeSchema, Plan
from ivr.flow.schema import NodeName, read_count, refuse, shape
from ivr.flow.step import Step


def read_ways(value: object) -> object:
    """Pairs of a node and its weight."""
    if not isinstance(value, dict) or len(value) < 2:
        remedy = "write two or more nodes with their weights, as in {short_menu: 1, long_menu: 3}"
        refuse(f"expected nodes and weights, found {shape(value)}", remedy)
    return value


Weight = Annotated[int, BeforeValidator(lambda value: read_count(value, 0, 1000))]
Ways = Annotated[dict[NodeName, Weight], BeforeValidator(read_ways)]


class SplitSchema(NodeSchema):
    """A split as written."""

    kind: ClassVar[str] = "split"

    split: Ways

    @field_validator("split")
    @classmethod
    def _some_weight(cls, ways: dict[str, int]) -> dict[str, int]:
        if not any(ways.values()):
            refuse("every weight is 0", "give one node a weight of 1 or more")
        return ways

    def exits(self) -> tuple[Exit, ...]:
        return tuple(Exit(node, node, ("split", node)) for node in self.split)

    def build(self, name: str, plan: Plan) -> Node:
        return Split(
            name=name,
            policy=plan.policy,
            exits=self.exit_map(),
            ways=tuple(self.split),
            bounds=tuple(accumulate(self.split.values())),
            salt=f"{plan.flow}/{name}",
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Split(Node):
    """A split ready to run; ``bounds`` are the weights added up."""

    kind: ClassVar[str] = "split"

    ways: tuple[str, ...]
    bounds: tuple[int, ...]
    salt: str

    def enter(self, step: Step) -> None:
        step.leave(self, self.way(str(step.known().get("caller", "")) or step.began))

    def way(self, who: str) -> str:
        """Where this caller goes."""
        drawn = int.from_bytes(sha256(f"{self.salt}/{who}".encode()).digest()[:8]) % self.bounds[-1]
        return next(way for way, bound in zip(self.ways, self.bounds, strict=True) if drawn < bound)
