"""What there is to draw of a flow: nodes as boxes, exits as arrows, one arrow for all exits to the same node."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from ivr.flow.model import Flow, Node

UNHAPPY = ("no_input", "no_match", "failed", "busy", "no_answer", "declined", "unreachable", "error", "timeout")
FAILURES = ("busy", "no_answer", "declined", "unreachable")
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
    """The boxes and arrows of this flow, in the order of the file."""
    boxes = tuple(Box(name, node.kind, detail(node), name == flow.start) for name, node in flow.nodes.items())
    arrows = [arrow for name, node in flow.nodes.items() for arrow in _arrows(name, node.exits)]
    times = Counter((arrow.label, arrow.target) for arrow in arrows if arrow.plan_b)
    common = {pair for pair, count in times.items() if count > MOST_PLAN_B}
    drawn = tuple(arrow for arrow in arrows if (arrow.label, arrow.target) not in common)
    return Graph(flow.name, boxes, drawn, (*_anywhere(flow), *sorted(common)))


def detail(node: Node) -> str:
    """Whom the node rings, or else what it says first; empty where it does neither."""
    named = node.dials() or tuple(getattr(node, "prompts", ()))
    text = ", ".join(dict.fromkeys(str(name) for name in named))
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _arrows(source: str, exits: Mapping[str, str]) -> Iterator[Arrow]:
    by_target: dict[str, list[str]] = {}
    for exit, target in exits.items():
        by_target.setdefault(target, []).append(exit)
    for target, names in by_target.items():
        yield Arrow(source, target, _label(names), all(name in UNHAPPY for name in names))


def _label(exits: list[str]) -> str:
    """``next`` alone says nothing; names in plain words; a transfer's failures are one; a long list is cut."""
    if exits == ["next"]:
        return ""
    if set(FAILURES) <= set(exits):
        exits = ["failed", *(exit for exit in exits if exit not in FAILURES)]
    text = ", ".join(exit.replace("_", " ") for exit in exits)
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"


def _anywhere(flow: Flow) -> tuple[tuple[str, str], ...]:
    """Keys that work at half of the listening nodes or more."""
    listening = [node for node in flow.nodes.values() if node.takes_anywhere]
    found = Counter(pair for node in listening for pair in node.policy.anywhere.items())
    return tuple(sorted(pair for pair, times in found.items() if 2 * times >= len(listening)))
