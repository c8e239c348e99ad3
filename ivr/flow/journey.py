"""Where a simulated call went, and what was noted of it."""

from __future__ import annotations

from dataclasses import dataclass, field

from ivr.commands import Command, RecordMessage


@dataclass(slots=True, eq=False)
class Journey:
    """In order: the nodes of the ``path``, the ``exits`` (node, exit), what was ``recorded``, who was ``rung``.

    ``asked`` is all that the flow wanted of somebody; ``scores`` and ``consents`` are by what they are of; ``ended`` is
    why the call is over, empty while it is not.
    """

    path: list[str] = field(default_factory=list)
    exits: list[tuple[str, str]] = field(default_factory=list)
    recorded: list[RecordMessage] = field(default_factory=list)
    rung: list[str] = field(default_factory=list)
    asked: list[Command] = field(default_factory=list)
    scores: dict[str, int | None] = field(default_factory=dict)
    consents: dict[str, bool] = field(default_factory=dict)
    languages: set[str] = field(default_factory=set)
    ended: str = ""
