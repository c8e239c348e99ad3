"""What the schema of every node kind offers to the loader."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import ClassVar, NamedTuple

from ivr.flow.expressions import Expression, Scope
from ivr.flow.model import Node
from ivr.flow.opening import Opening
from ivr.flow.policy import Policy
from ivr.flow.schema import Name, Section, ValueMap
from ivr.flow.values import Kind


class Exit(NamedTuple):
    """A way out as it was written: its name, the node it leads to, and the path of the value in the node."""

    name: str
    target: str
    path: tuple[str, ...]


class Formula(NamedTuple):
    """An expression as it was written: its path in the node, and what it must come to. Some stand as a key; some are
    spoken, some handed to another flow.
    """

    source: str
    path: tuple[str, ...]
    wanted: tuple[Kind, ...] = ()
    at_key: bool = False
    spoken: bool = False
    handed: bool = False


class Variable(NamedTuple):
    """A variable that a node gives a value: its kind, or the expression that tells it; and its path in the node."""

    kind: Kind | None
    path: tuple[str, ...]
    source: str = ""
    sensitive: bool = False


@dataclass(frozen=True, slots=True)
class Plan:
    """What holds for a node when it is built."""

    policy: Policy
    scope: Scope
    flow: str
    sensitive: frozenset[str] = frozenset()
    hours: Mapping[str, Opening] = field(default_factory=dict)


class NodeSchema(Section):
    """A node as written. ``kind`` is the one key that tells it from the other kinds."""

    kind: ClassVar[str]

    group: Name | None = None

    @abstractmethod
    def exits(self) -> tuple[Exit, ...]:
        """Every way out that the author wrote."""

    @abstractmethod
    def build(self, name: str, plan: Plan) -> Node:
        """The node ready to run."""

    def formulas(self) -> tuple[Formula, ...]:
        """Every expression that the author wrote."""
        return ()

    def variables(self, name: str) -> Mapping[str, Variable]:
        """Every variable that the node with this name gives a value."""
        return {}

    def exit_map(self) -> Mapping[str, str]:
        """The ways out as a lookup."""
        return MappingProxyType({way.name: way.target for way in self.exits()})


class SpeakingSchema(NodeSchema):
    """A node whose prompts have gaps for ``values``."""

    values: ValueMap | None = None

    def formulas(self) -> tuple[Formula, ...]:
        return tuple(Formula(source, ("values", name), spoken=True) for name, source in (self.values or {}).items())

    def spoken(self, plan: Plan) -> Mapping[str, Expression]:
        """The values ready to be worked out."""
        return compiled(self.values or {}, plan)


def compiled(sources: Mapping[str, str], plan: Plan) -> Mapping[str, Expression]:
    """Expressions that are known to be right, ready to run."""
    return MappingProxyType({name: plan.scope.compile(source) for name, source in sources.items()})
