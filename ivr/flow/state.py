"""Where a call stands in its flow: a value that can be stored, compared and taken up again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

from ivr.commands import HangUpReason
from ivr.flow.values import Values

Phase = Literal[
    "new", "saying", "listening", "recording", "ringing", "talking", "asking", "queueing", "closing", "ended"
]


@dataclass(frozen=True, slots=True)
class State:
    """One call at one moment.

    ``serial`` is the last one given to a command. ``playing``, ``timer``, ``pending`` (a recording, a transfer, a
    lookup, a queue) and ``hearing`` (a recogniser) are the serials still awaited, 0 for none. ``ahead`` holds keys
    pressed before they were asked for, ``input`` the keys of an answer that is not complete, ``part`` how far a node
    of several questions has come. ``no_inputs`` and ``no_matches`` count within the question, ``steps`` over the
    whole call. ``trail`` are the menus passed, the last one last, each with the number of sub-flows open then;
    ``calls`` the nodes to which sub-flows return, each with the language of the call when it was left. Values of
    another flow's variables have that flow's name before theirs, as in ``identify/account``. ``began`` is the
    answer's wall clock in UTC (ISO 8601), empty when unknown. ``hidden`` tells that keys are secret now, ``closed``
    which hours somebody has closed for now. ``closing`` is why the call is ended.
    """

    phase: Phase = "new"
    node: str = ""
    language: str = ""
    serial: int = 0
    playing: int = 0
    timer: int = 0
    pending: int = 0
    ahead: str = ""
    no_inputs: int = 0
    no_matches: int = 0
    steps: int = 0
    closing: HangUpReason = "finished"
    hearing: int = 0
    input: str = ""
    part: int = 0
    trail: tuple[tuple[str, int], ...] = ()
    calls: tuple[tuple[str, str], ...] = ()
    began: str = ""
    values: Values = ()
    hidden: bool = False
    closed: tuple[str, ...] = ()


def restored(fields: Mapping[str, Any]) -> State:
    """The state that was stored as JSON (where tuples become lists)."""
    lists: dict[str, Any] = {
        "trail": tuple((str(node), int(depth)) for node, depth in fields["trail"]),
        "closed": tuple(fields["closed"]),
        "calls": tuple((str(node), str(language)) for node, language in fields["calls"]),
    }
    values = tuple((str(name), value) for name, value in fields["values"])
    return State(**{**fields, **lists, "values": values})
