"""Callers who vanish: the network is gone, the phone lost power; no BYE ever comes.

RTP packets that no longer come tell it long before session timers do. Pure: the clock and the counters are handed in.
"""

from __future__ import annotations

from collections.abc import Hashable
from dataclasses import dataclass, field


@dataclass(slots=True)
class LostAudio:
    """Watches packet counters; a call is lost when its counter has not moved for ``after_s`` seconds (0: never)."""

    after_s: float
    _seen: dict[Hashable, tuple[int, float]] = field(default_factory=dict)

    def lost(self, call: Hashable, packets: int | None, now_s: float) -> bool:
        """Whether this call is lost by now; ``packets`` is None while none are expected (on hold, not answered)."""
        if packets is None or self.after_s <= 0:
            self._seen.pop(call, None)
            return False
        before = self._seen.get(call)
        if before is None or before[0] != packets:  # a re-INVITE counts from zero again: any change is life
            self._seen[call] = (packets, now_s)
            return False
        return now_s - before[1] >= self.after_s

    def forget(self, call: Hashable) -> None:
        """The call is over."""
        self._seen.pop(call, None)
