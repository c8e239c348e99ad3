"""Who waits for whom in one cell: first come, first served, one call at a time per SIP URI.

A queue is a name of the line's targets. The first in line rings the target as soon as the target is free; a target
that does not answer is rung again after a pause, and the first stays the first. ``Queues`` is shared by the calls of
the cell, ``Wait`` is one call's place. All of it belongs to the cell's thread.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from typing import Literal, Protocol

from ivr.commands import JoinQueue
from ivr.events import (
    Event,
    QueueAnswered,
    QueueEnded,
    QueueFailed,
    QueueMoved,
    TransferAnswered,
    TransferEnded,
    TransferFailed,
)

RING_S = 20.0
PAUSE_S = 3.0
TALK_S = 180.0
"""How long a talk is taken to last before any has been measured."""
_TALKS_MEASURED = 20


class Ringer(Protocol):
    """What a place in a queue needs of the caller's leg (``ivr.leg.CallLeg``)."""

    def ring(self, serial: int, uri: str) -> None:
        """Ring and bridge; one ``Transfer…`` notice follows."""

    def stop_ringing(self) -> None:
        """Give it up; no notice follows."""

    def start_waiting(self) -> None:
        """The caller hears ringing between the prompts."""

    def stop_waiting(self) -> None:
        """No longer."""


class Queues:
    """The lines of a cell by SIP URI. ``most`` callers may wait at once, all lines together."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._lines: dict[str, list[Wait]] = {}
        self._served: dict[str, Wait] = {}
        self._talks: dict[str, deque[float]] = {}

    def join(self, wait: Wait) -> bool:
        """Stand at the end of the line; False when there is no room."""
        if sum(map(len, self._lines.values())) >= self._most:
            return False
        self._lines.setdefault(wait.uri, []).append(wait)
        return True

    def position(self, wait: Wait) -> int:
        """1 for the next, 0 for who does not stand in line."""
        line = self._lines.get(wait.uri, [])
        return line.index(wait) + 1 if wait in line else 0

    def expected_s(self, wait: Wait) -> float:
        """How long it will take: the talks before this one, at the length that talks have had."""
        talks = self._talks.get(wait.uri)
        length_s = sum(talks) / len(talks) if talks else TALK_S
        return (self.position(wait) - (0 if wait.uri in self._served else 1)) * length_s

    def take(self, wait: Wait) -> bool:
        """The target for this call, if it is the first in line and the target is free."""
        if self.position(wait) != 1 or wait.uri in self._served:
            return False
        self._served[wait.uri] = wait
        return True

    def give_back(self, wait: Wait) -> None:
        """The target is free again; harmless when this call has not taken it."""
        if self._served.get(wait.uri) is wait:
            del self._served[wait.uri]

    def leave(self, wait: Wait) -> None:
        """Stand in line no longer."""
        line = self._lines.get(wait.uri, [])
        if wait in line:
            line.remove(wait)

    def talked(self, uri: str, seconds: float) -> None:
        """A talk was so long."""
        self._talks.setdefault(uri, deque(maxlen=_TALKS_MEASURED)).append(seconds)


class Wait:
    """One call's place in one queue. ``tell`` takes the events for the flow."""

    def __init__(
        self, asked: JoinQueue, uri: str, queues: Queues, leg: Ringer, tell: Callable[[Event], None], now_s: float
    ) -> None:
        self.asked, self.uri = asked, uri
        self._queues, self._leg, self._tell = queues, leg, tell
        self._phase: Literal["waiting", "ringing", "talking", "over"] = "waiting"
        self._joined_s = self._since_s = self._not_before_s = now_s
        self._told = 0
        if not queues.join(self):
            self._phase = "over"
            tell(QueueFailed(now_s, asked.serial, "full"))
            return
        leg.start_waiting()

    @property
    def over(self) -> bool:
        """Whether the call has nothing to do with the queue any more."""
        return self._phase == "over"

    def tick(self, now_s: float) -> None:
        """A place further on, the target's turn to ring, the longest wait."""
        if self._phase in ("talking", "over"):
            return
        if now_s - self._joined_s >= self.asked.max_wait_s:
            self.leave(now_s)
            self._tell(QueueFailed(now_s, self.asked.serial, "timeout"))
            return
        self._tell_position(now_s)
        if self._phase == "ringing" and now_s - self._since_s >= RING_S:
            self._leg.stop_ringing()
            self._rest(now_s)
        elif self._phase == "waiting" and now_s >= self._not_before_s and self._queues.take(self):
            self._phase, self._since_s = "ringing", now_s
            self._leg.ring(self.asked.serial, self.uri)

    def read(self, notice: TransferAnswered | TransferFailed | TransferEnded) -> QueueAnswered | QueueEnded | None:
        """What the leg tells of the target, as the flow is to hear it; None when it is rung again later."""
        if isinstance(notice, TransferFailed):
            if self._phase == "ringing":
                self._rest(notice.at_s)
            return None
        if isinstance(notice, TransferAnswered):
            self._phase, self._since_s = "talking", notice.at_s
            self._queues.leave(self)
            return QueueAnswered(notice.at_s, self.asked.serial)
        self.leave(notice.at_s)
        return QueueEnded(notice.at_s, self.asked.serial)

    def leave(self, now_s: float) -> None:
        """Wait, ring or talk no longer."""
        if self._phase == "talking":
            self._queues.talked(self.uri, now_s - self._since_s)
        elif self._phase == "ringing":
            self._leg.stop_ringing()
        if self._phase in ("waiting", "ringing"):
            self._leg.stop_waiting()
        self._phase = "over"
        self._queues.leave(self)
        self._queues.give_back(self)

    def _rest(self, now_s: float) -> None:
        self._queues.give_back(self)
        self._phase, self._not_before_s = "waiting", now_s + PAUSE_S

    def _tell_position(self, now_s: float) -> None:
        position = self._queues.position(self)
        if position != self._told:
            self._told = position
            self._tell(QueueMoved(now_s, self.asked.serial, position, round(self._queues.expected_s(self), 1)))
