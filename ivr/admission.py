"""Who may speak to a cell, and how many calls one address may bring: a source that rings without end is not to take the
line from the others.

Pure: the clock and who may ring are handed in.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field

RATE_OVER_S = 10.0
ACK_WITHIN_S = 6.0
"""A phone that does not acknowledge the answer in this time is gone (SIP itself would wait for 32 s or more)."""
MOST_SOURCES = 10_000
LARGEST = 4000
"""Bytes of a request: the library reads no more of a packet, and would take what it has read for the whole."""
BURST, BURST_OVER_S = 20, 0.6
"""New calls in so short a time: each has two sockets, and the library watches 64, counting those of the last 0.5 s."""
FORBIDDEN, TOO_LARGE, UNAVAILABLE, DECLINED = 403, 513, 503, 603
REFUSED = frozenset({"REFER"})
"""Inside calls too: a caller may not have the line ring whom they name (RFC 3515)."""


@dataclass(slots=True)
class Doorkeeper:
    """Decides of each SIP request, before anything is spent on it. Strangers hear the same whatever they ask for.

    A request inside a call is let through: an agent who was rung may hang up. Where there is no such call SIP says so.
    """

    may_ring: Callable[[str], bool]
    _came: deque[float] = field(default_factory=deque)

    def refusal(self, source: str, method: str, length: int, inside: bool, now_s: float) -> int:
        """The SIP status to refuse with, 0 to let it through."""
        if length >= LARGEST:
            return TOO_LARGE if self.may_ring(source) else FORBIDDEN
        if method in REFUSED:
            return DECLINED if self.may_ring(source) else FORBIDDEN
        if inside:
            return 0
        if not self.may_ring(source):
            return FORBIDDEN
        return self._burst(now_s) if method == "INVITE" else 0

    def _burst(self, now_s: float) -> int:
        while self._came and now_s - self._came[0] >= BURST_OVER_S:
            self._came.popleft()
        if len(self._came) >= BURST:
            return UNAVAILABLE
        self._came.append(now_s)
        return 0


@dataclass(frozen=True, slots=True)
class AdmissionLimits:
    """For each source address; 0 is no limit. ``calls`` at once, ``rate`` new calls in ten seconds."""

    calls: int = 0
    rate: int = 0


@dataclass(slots=True)
class Admission:
    """Counts new calls and running ones by source."""

    limits: AdmissionLimits
    _came: dict[str, deque[float]] = field(default_factory=dict)
    _running: dict[str, int] = field(default_factory=dict)

    def admits(self, source: str, now_s: float) -> bool:
        """Whether one more call from here is taken; it is counted when it is."""
        came = self._came.setdefault(source, deque())
        while came and now_s - came[0] >= RATE_OVER_S:
            came.popleft()
        if self.limits.rate and len(came) >= self.limits.rate:
            return False
        if self.limits.calls and self._running.get(source, 0) >= self.limits.calls:
            return False
        came.append(now_s)
        self._running[source] = self._running.get(source, 0) + 1
        self._forget_old(now_s)
        return True

    def over(self, source: str) -> None:
        """A call that was admitted is over."""
        left = self._running.get(source, 0) - 1
        if left > 0:
            self._running[source] = left
        else:
            self._running.pop(source, None)

    def _forget_old(self, now_s: float) -> None:
        if len(self._came) > MOST_SOURCES:
            self._came = {who: times for who, times in self._came.items() if times and now_s - times[-1] < RATE_OVER_S}
