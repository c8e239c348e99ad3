"""What the world answers in a simulated call: whoever is rung, web services, queues, the list of callbacks.

Each function answers what the flow asked for last, and is False when it asked for nothing of the kind.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any, get_args

from ivr.commands import BookCallback, JoinQueue, Lookup, Transfer
from ivr.events import (
    CallbackBooked,
    CallbackRefused,
    LookupAnswered,
    LookupFailed,
    LookupFailure,
    QueueAnswered,
    QueueEnded,
    QueueFailed,
    QueueFailure,
    QueueMoved,
    TransferAnswered,
    TransferEnded,
    TransferFailed,
    TransferFailure,
)
from ivr.flow.simulate import Simulation
from ivr.flow.values import flatten

ANSWERED = "answered"
TRANSFERS: tuple[str, ...] = (ANSWERED, *get_args(TransferFailure))
LOOKUPS: tuple[str, ...] = ("ok", "not_found", *get_args(LookupFailure))
QUEUES: tuple[str, ...] = (ANSWERED, *get_args(QueueFailure))
CALLBACKS: tuple[str, ...] = ("booked", "refused")


def transfer(call: Simulation, outcome: str) -> bool:
    """One of ``TRANSFERS``."""
    if outcome == ANSWERED:
        return call.answer(TransferAnswered, to=Transfer, last=False)
    return call.answer(TransferFailed, outcome, to=Transfer)


def lookup(call: Simulation, answer: str | Mapping[str, Any]) -> bool:
    """One of ``LOOKUPS``, or the JSON object that the service sends."""
    asked = call.open(Lookup)
    if asked is None:
        return False
    if answer == "not_found":
        return call.answer(LookupFailed, "refused", 404, to=Lookup)
    if answer != "ok" and isinstance(answer, str):
        return call.answer(LookupFailed, answer, to=Lookup)
    content = {} if isinstance(answer, str) else answer
    return call.answer(LookupAnswered, 200, flatten(content, asked.into), to=Lookup)


def queue(call: Simulation, outcome: str) -> bool:
    """One of ``QUEUES``."""
    if outcome == ANSWERED:
        return call.answer(QueueAnswered, to=JoinQueue, last=False)
    return call.answer(QueueFailed, outcome, to=JoinQueue)


def queue_moves(call: Simulation, position: int, wait_s: float) -> bool:
    """The caller stands at this place, 1 is next, and will wait about so long."""
    return call.answer(QueueMoved, position, wait_s, to=JoinQueue, last=False, stops_clock=False)


def callback(call: Simulation, outcome: str) -> bool:
    """One of ``CALLBACKS``."""
    return call.answer(CallbackBooked if outcome == "booked" else CallbackRefused, to=BookCallback)


def agent_hangs_up(call: Simulation) -> bool:
    """Whoever was rung, or took the caller out of a queue, hangs up."""
    return call.answer(TransferEnded, to=Transfer) or call.answer(QueueEnded, to=JoinQueue)


def as_json(written: Any) -> Any:
    """Texts of a flow file as what a service would send: numbers and true or false by their look, the rest as text."""
    if isinstance(written, Mapping):
        return {name: as_json(inner) for name, inner in written.items()}
    if isinstance(written, list):
        return [as_json(item) for item in written]
    try:
        return json.loads(written) if isinstance(written, str) else written
    except ValueError:
        return written
