"""A flow ready to run: immutable, every link valid, every lookup prepared. load.py makes it; nothing changes it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
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
from ivr.flow.values import Kind, Values

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

    def opens(self) -> tuple[str, tuple[tuple[str, str], ...]]:
        """The other flow that the node calls, and which of its variables come back under which names."""
        return "", ()

    def wants(self) -> tuple[str, ...]:
        """The settings of the line that this node names."""
        return ()

    def jump(self, step: Step, key: str) -> str | None:
        """Where a key leads that works anywhere: a node or ``repeat``. A node does not jump to itself."""
        target = self.policy.anywhere.get(key)
        if target == BACK:
            target = step.before(self.name)
        return None if target == self.name else target

    def renamed(self, rename: Callable[[str], str]) -> Node:
        """The same node under another name, and leading to other names; for flows that are called by others."""
        jumps = {key: to if to in WORDS else rename(to) for key, to in self.policy.anywhere.items()}
        give_up = self.policy.give_up and rename(self.policy.give_up)
        policy = replace(self.policy, anywhere=MappingProxyType(jumps), give_up=give_up)
        exits = MappingProxyType({exit: rename(target) for exit, target in self.exits.items()})
        return replace(self, name=rename(self.name), policy=policy, exits=exits)

    def go(self, step: Step, key: str, target: str) -> None:
        """Go where a key leads that works anywhere."""
        if self.policy.anywhere.get(key) == BACK:
            step.go_back(self, key, target)
        else:
            step.leave(self, key, target)

    def targets(self) -> frozenset[str]:
        """Every node that a call can go to from here."""
        jumps = (node for node in self.policy.anywhere.values() if node not in WORDS) if self.takes_anywhere else ()
        return frozenset(self.exits.values()) | frozenset(jumps)


@dataclass(frozen=True, slots=True)
class Source:
    """A file that a flow was read from, as it was then."""

    file: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, slots=True, kw_only=True)
class Flow:
    """A loaded flow. ``places`` holds the position of each written value by its path, as in ``("nodes", "main")``.

    ``parts`` are the flows that it calls, and those that they call, by their names; ``nodes`` holds theirs too, as
    ``identify.main``, and ``sources`` their files, the flow's own first. ``returns`` are the words with which a flow
    that is called comes back, ``hours`` the names of its opening hours. ``kinds`` are the variables, ``sensitive``
    those that must not be said.
    """

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
    kinds: Mapping[str, Kind] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    sensitive: frozenset[str] = frozenset()
    returns: tuple[str, ...] = ()
    hours: tuple[str, ...] = ()
    parts: Mapping[str, Flow] = field(default_factory=lambda: MappingProxyType({}), repr=False)
    sources: tuple[Source, ...] = field(default=(), repr=False)

    @property
    def own(self) -> dict[str, Node]:
        """The nodes of the flow's own file."""
        return {name: node for name, node in self.nodes.items() if "." not in name} if self.parts else dict(self.nodes)

    @property
    def spoken(self) -> tuple[str, ...]:
        """Every language that a call on this flow may be in."""
        return tuple(dict.fromkeys(tag for flow in (self, *self.parts.values()) for tag in flow.languages))

    def home(self, node: str) -> tuple[Flow, str]:
        """The flow in whose file this node stands, and its name there."""
        part, dot, name = node.rpartition(".")
        return (self.parts[part], name) if dot else (self, node)

    def needs(self) -> dict[str, str]:
        """What the line must be able to do for this flow, beyond the plain nodes: each ability with a node that wants
        it. The abilities are ``lookup``, ``queue``, ``callback``, ``whisper``, ``sensitive`` and ``speech``.
        """
        wanted = [(ability, node.name) for node in self.nodes.values() for ability in node.needs()]
        return dict(reversed(wanted))
