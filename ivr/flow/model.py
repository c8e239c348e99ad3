"""A flow ready to run: immutable, every link valid, every lookup prepared. load.py makes it; nothing changes it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import TYPE_CHECKING, ClassVar

from ivr.events import (
    CallbackBooked,
    CallbackRefused,
    LookupAnswered,
    LookupFailed,
    QueueAnswered,
    QueueEnded,
    QueueFailed,
    QueueMoved,
    TransferFailure,
)
from ivr.flow.expressions import Expression
from ivr.flow.policy import BACK, WORDS, Policy
from ivr.flow.values import Values

if TYPE_CHECKING:
    from ivr.flow.document import Place
    from ivr.flow.step import Step
    from ivr.flow.testing.script import FlowTest


Answer = (
    LookupAnswered
    | LookupFailed
    | QueueMoved
    | QueueAnswered
    | QueueFailed
    | QueueEnded
    | CallbackBooked
    | CallbackRefused
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Node:
    """One step of a flow. Each kind overrides how it is entered and what it does with the events that reach it.

    The interpreter has already dropped late events, so no method sees one. ``exits`` maps each way out to a node; an
    exit that is missing there ends the call. ``values`` fill the gaps of what it says. A ``stop`` is a place to which
    the key for ``back`` leads; ``waits`` tells that something other than our own words makes the call go on.
    """

    kind: ClassVar[str] = ""
    takes_anywhere: ClassVar[bool] = False
    stop: ClassVar[bool] = False
    waits: ClassVar[bool] = False

    name: str
    policy: Policy
    exits: Mapping[str, str]
    values: Mapping[str, Expression] = field(default_factory=lambda: MappingProxyType({}))

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

    def told(self, step: Step, event: Answer) -> None:
        """What the node asked of somebody else has been answered."""

    def speaking(self, step: Step) -> None:
        """The caller has begun to say something."""

    def heard(self, step: Step, text: str, confidence: float) -> None:
        """The caller said something."""

    def says(self) -> tuple[str, ...]:
        """Every prompt id that this node can speak."""
        return ()

    def gaps(self, prompt: str) -> frozenset[str]:
        """The gaps of this prompt that the node fills."""
        return frozenset(self.values)

    def dials(self) -> tuple[str, ...]:
        """Every transfer target that this node can ring."""
        return ()

    def can_end(self) -> bool:
        """Whether the call can come to its end here."""
        return False

    def needs(self) -> tuple[str, ...]:
        """What the line must be able to do beyond speaking, listening and transferring, for this node to work."""
        return ()

    def wants(self) -> tuple[str, ...]:
        """The settings of the line that this node names."""
        return ()

    def jump(self, step: Step, key: str) -> str | None:
        """Where a key leads that works anywhere: a node or ``repeat``. A node does not jump to itself."""
        target = self.policy.anywhere.get(key)
        if target == BACK:
            target = step.before(self.name)
        return None if target == self.name else target

    def targets(self) -> frozenset[str]:
        """Every node that a call can go to from here."""
        jumps = (node for node in self.policy.anywhere.values() if node not in WORDS) if self.takes_anywhere else ()
        return frozenset(self.exits.values()) | frozenset(jumps)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """A loaded flow. ``places`` holds the position of each written value by its path, as in ``("nodes", "main")``."""

    name: str
    file: str
    languages: tuple[str, ...]
    start: str
    max_steps: int
    nodes: Mapping[str, Node] = field(repr=False)
    places: Mapping[tuple[str, ...], Place] = field(repr=False)
    tests: tuple[FlowTest, ...] = ()
    max_time_s: float = 3600.0
    variables: Values = ()

    def needs(self) -> dict[str, str]:
        """What the line must be able to do for this flow, beyond the plain nodes: each ability with a node that wants
        it. The abilities are ``lookup``, ``queue``, ``callback``, ``whisper``, ``sensitive`` and ``speech``.
        """
        wanted = [(ability, node.name) for node in self.nodes.values() for ability in node.needs()]
        return dict(reversed(wanted))
