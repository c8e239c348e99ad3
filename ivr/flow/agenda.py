"""What a simulated call waits for: what comes by itself at its time, and what was asked of the world.

Both are known by the serial of the step that asked; one serial may have both, such as a transfer and its ring time.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from types import MappingProxyType
from typing import Any

from ivr.events import Event

Comes = Callable[[float], Event]
"""What happens, told the second at which it does."""


class Agenda:
    """Times in seconds since the answer."""

    def __init__(self) -> None:
        self._due: dict[int, tuple[float, Comes]] = {}
        self._asked: dict[int, Any] = {}

    @property
    def asked(self) -> Mapping[int, Any]:
        """The commands that still wait for an answer, by serial, in the order in which they were asked."""
        return MappingProxyType(self._asked)

    @property
    def next_s(self) -> float | None:
        """When the next thing happens by itself; None when nothing will."""
        return min((due_s for due_s, _ in self._due.values()), default=None)

    def due_s(self, serial: int) -> float:
        """When this happens by itself. Raises ``KeyError`` where it does not."""
        return self._due[serial][0]

    def ask(self, command: Any) -> None:
        """From now on this command waits for its answer."""
        self._asked[command.serial] = command

    def expect(self, serial: int, at_s: float, comes: Comes) -> None:
        """At this time this happens, unless something comes between."""
        self._due[serial] = (at_s, comes)

    def take(self) -> tuple[int, float, Comes]:
        """The next thing that happens by itself: serial, time, event. Nothing waits for its answer any more."""
        serial = min(self._due, key=lambda serial: (self._due[serial][0], serial))
        due_s, comes = self._due[serial]
        self.forget(serial)
        return serial, due_s, comes

    def stop_clock(self, serial: int) -> None:
        """This does not happen by itself any more; an answer may still come."""
        self._due.pop(serial, None)

    def forget(self, *serials: int) -> None:
        """Nothing is awaited for these any more."""
        for serial in serials:
            self._due.pop(serial, None)
            self._asked.pop(serial, None)
