"""Problems at their places in the files of a flow: its own, and those of the flows that it calls."""

from __future__ import annotations

from ivr.flow.model import Flow
from ivr.flow.problems import Problem, Severity


def at_node(flow: Flow, node: str, what: str, why: str, remedy: str, severity: Severity = "error") -> Problem:
    """A problem of a node as a whole, at its name."""
    home, name = flow.home(node)
    place = home.places["nodes", name]
    return Problem(home.file, place.key_line, place.key_column, name, severity, what, why, remedy)


def at_field(
    flow: Flow, node: str, field: str, what: str, why: str, remedy: str, severity: Severity = "error"
) -> Problem:
    """A problem of one value of a node; of the node's kind where the value was not written."""
    (home, name), kind = flow.home(node), flow.nodes[node].kind
    written = home.places.get(("nodes", name, field)) or home.places.get(("nodes", name, kind))
    place = written or home.places["nodes", name]
    return Problem(home.file, place.line, place.column, name, severity, what, why, remedy)


def at_key(flow: Flow, node: str, key: str, what: str, why: str, remedy: str, severity: Severity) -> Problem:
    """A problem of one key of a menu, at the key."""
    home, name = flow.home(node)
    place = home.places.get(("nodes", name, "keys", key))
    if place is None:
        return at_field(flow, node, "keys", what, why, remedy, severity)
    return Problem(home.file, place.key_line, place.key_column, name, severity, what, why, remedy)


def at_top(
    flow: Flow, path: tuple[str, ...], what: str, why: str, remedy: str, severity: Severity = "error"
) -> Problem:
    """A problem of the flow as a whole."""
    place = flow.places.get(path) or flow.places["flow",]
    return Problem(flow.file, place.line, place.column, "", severity, what, why, remedy)
