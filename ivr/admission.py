"""How many calls one address may bring: a source that rings without end is not to take the line from the others.

Pure: the clock is handed in. Who may ring at all is decided before (``LineSettings.may_ring``).
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field

RATE_OVER_S = 10.0
ACK_WITHIN_S = 6.0
"""A phone that does not acknowledge the answer in this time is gone (SIP itself would wait for 32 s or more)."""
MOST_SOURCES = 10_000


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
