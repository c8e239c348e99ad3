"""What there is to draw of a flow: nodes as boxes, exits as arrows, one arrow for all exits to the same node."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

from ivr.flow.model import Flow, Node

UNHAPPY = (
    "no_input",
    "no_match",
    "failed",
    "busy",
    "no_answer",
    "declined",
    "unreachable",
    "error",
    "full",
    "timeout",
    "closed",
)
FAILURES = (("busy", "no_answer", "declined", "unreachable"), ("full", "timeout", "closed"))
LONGEST = 32
MOST_PLAN_B = 8


@dataclass(frozen=True, slots=True)
class Box:
    """A node: its name, its kind, and what it names (prompts, or whom it rings)."""

    name: str
    kind: str
    detail: str
    first: bool


@dataclass(frozen=True, slots=True)
class Arrow:
    """The exits from one node to another; ``plan_b`` when a caller goes this way only if something did not work."""

    source: str
    target: str
    label: str
    plan_b: bool


@dataclass(frozen=True, slots=True)
class Graph:
    """A flow to draw. ``anywhere`` are the ways out that many nodes share, as in ``0: person``; they get no arrows."""

    name: str
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    anywhere: tuple[tuple[str, str], ...]


def graph(flow: Flow) -> Graph:
    """The boxes and arrows of this flow, in the order of the file; a flow that it calls is one box."""
    own = flow.own
    boxes = tuple(Box(name, node.kind, detail(node), name == flow.start) for name, node in own.items())
    arrows = [arrow for node in own.values() for arrow in _arrows(node) if arrow.target in own]
    times = Counter((arrow.label, arrow.target) for arrow in arrows if arrow.plan_b)
    common = {pair for pair, count in times.items() if count > MOST_PLAN_B}
    drawn = tuple(arrow for arrow in arrows if (arrow.label, arrow.target) not in common)
    return Graph(flow.name, boxes, drawn, (*_anywhere(flow), *sorted(common)))


def detail(node: Node) -> str:
    """Whom the node rings, asks or calls, or else what it says first; empty where it does nothing of it."""
    asked = tuple(getattr(node, word) for word in ("queue", "url", "part") if getattr(node, word, ""))
    named = node.dials() or asked or tuple(getattr(node, "prompts", ()))
    text = ", ".join(dict.fromkeys(str(name) for name in named))
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _arrows(node: Node) -> Iterator[Arrow]:
    by_target: dict[str, list[str]] = {}
    for exit, target in node.exits.items():
        by_target.setdefault(target, []).append(exit)
    conditions = {str(number): case.source for number, case in enumerate(getattr(node, "cases", ()), start=1)}
    for target, names in by_target.items():
        label = _label([conditions.get(name, name) for name in names])
        yield Arrow(node.name, target, label, all(name in UNHAPPY for name in names))


def _label(exits: list[str]) -> str:
    """``next`` alone says nothing; names in plain words; a transfer's failures are one; a long list is cut."""
    if exits == ["next"]:
        return ""
    for failures in FAILURES:
        if set(failures) <= set(exits):
            exits = ["failed", *(exit for exit in exits if exit not in failures)]
    text = ", ".join(exit.replace("_", " ") for exit in exits)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _anywhere(flow: Flow) -> tuple[tuple[str, str], ...]:
    """Keys that work at half of the listening nodes or more."""
    listening = [node for node in flow.own.values() if node.takes_anywhere]
    found = Counter(pair for node in listening for pair in node.policy.anywhere.items())
    return tuple(sorted(pair for pair, times in found.items() if 2 * times >= len(listening)))
