"""What the schema of every node kind offers to the loader."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Mapping
from types import MappingProxyType
from typing import ClassVar, NamedTuple

from ivr.flow.model import Node
from ivr.flow.policy import Policy
from ivr.flow.schema import Section


class Exit(NamedTuple):
    """A way out as it was written: its name, the node it leads to, and the path of the value in the node."""

    name: str
    target: str
    path: tuple[str, ...]


class NodeSchema(Section):
    """A node as written. ``kind`` is the one key that tells it from the other kinds."""

    kind: ClassVar[str]

    @abstractmethod
    def exits(self) -> tuple[Exit, ...]:
        """Every way out that the author wrote."""

    @abstractmethod
    def build(self, name: str, policy: Policy) -> Node:
        """The node ready to run, under the policy that holds for it."""

    def exit_map(self) -> Mapping[str, str]:
        """The ways out as a lookup."""
        return MappingProxyType({way.name: way.target for way in self.exits()})
