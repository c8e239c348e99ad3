"""A flow ready to run: immutable, every link valid, every lookup prepared. load.py makes it; nothing changes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, ClassVar

from ivr.events import TransferFailure
from ivr.flow.policy import REPEAT, Policy

if TYPE_CHECKING:
    from ivr.flow.document import Place
    from ivr.flow.step import Step
    from ivr.flow.testing.script import FlowTest


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One step of a flow. Each kind overrides how it is entered and what it does with the events that reach it.

    The interpreter has already dropped late events, so no method sees one. ``exits`` maps each way out to a node; an
    exit that is missing there ends the call.
    """

    kind: ClassVar[str] = ""
    takes_anywhere: ClassVar[bool] = False

    name: str
    policy: Policy
    exits: Mapping[str, str]

    def enter(self, step: Step) -> None:
        """The call has come to this node."""
        raise NotImplementedError

    def prompt_ended(self, step: Step) -> None:
        """What this node was saying has been heard."""

    def digit(self, step: Step, key: str) -> None:
        """A key was pressed."""

    def timer(self, step: Step) -> None:
        """The node's timer ran out."""

    def recorded(self, step: Step) -> None:
        """The node's recording is stored."""

    def answered(self, step: Step) -> None:
        """The node's transfer was picked up."""

    def failed(self, step: Step, reason: TransferFailure) -> None:
        """The node's transfer was not picked up."""

    def ended(self, step: Step) -> None:
        """The node's transfer is over; the caller is back."""

    def says(self) -> tuple[str, ...]:
        """Every prompt id that this node can speak."""
        return ()

    def dials(self) -> tuple[str, ...]:
        """Every transfer target that this node can ring."""
        return ()

    def can_end(self) -> bool:
        """Whether the call can come to its end here."""
        return False

    def jump(self, key: str) -> str | None:
        """Where a key leads that works anywhere: a node or ``repeat``. A node does not jump to itself."""
        target = self.policy.anywhere.get(key)
        return None if target == self.name else target

    def targets(self) -> frozenset[str]:
        """Every node that a call can go to from here."""
        jumps = (node for node in self.policy.anywhere.values() if node != REPEAT) if self.takes_anywhere else ()
        return frozenset(self.exits.values()) | frozenset(jumps)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """A loaded flow. ``places`` holds the position of each written value by its path, as in ``("nodes", "main")``."""

    name: str
    file: str
    languages: tuple[str, ...]
    start: str
    max_steps: int
    nodes: Mapping[str, Node]
    places: Mapping[tuple[str, ...], Place]
    tests: tuple[FlowTest, ...] = ()
