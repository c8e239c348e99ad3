"""Where a trunk's registration stands and when it is tried again. Pure: seconds and chance are handed in.

After a failure the waits double from the trunk's ``retry_s`` to ten minutes, each shortened by chance to between half
and the whole, so that many lines do not come back at the same moment (RFC 5626, 4.5). A refused password is not tried
more often than every five minutes: providers block who does. ``Retry-After`` is obeyed.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

State = Literal["none", "trying", "registered", "failed"]
MOST_S = 600.0
REFUSED = (401, 403, 404, 407)
REFUSED_WAIT_S = 300.0


@dataclass(slots=True)
class Registration:
    """One trunk's registration; ``code`` is the SIP status of the last answer, 0 before one."""

    first_s: float = 5.0
    state: State = "trying"
    code: int = 0
    reason: str = ""
    since_s: float = 0.0
    failures: int = 0
    retry_at_s: float | None = None

    def succeeded(self, now_s: float) -> None:
        """Registered, or registered anew."""
        if self.state != "registered":
            self.since_s = now_s
        self.state, self.code, self.reason, self.failures, self.retry_at_s = "registered", 200, "", 0, None

    def failed(self, now_s: float, code: int, reason: str, chance: float, retry_after_s: float = 0.0) -> None:
        """Not registered; ``chance`` is uniform in [0, 1)."""
        if self.state != "failed":
            self.since_s = now_s
        self.state, self.code, self.reason = "failed", code, reason
        wait_s = min(MOST_S, self.first_s * 2.0**self.failures) * (0.5 + chance / 2)
        if code in REFUSED:
            wait_s = max(wait_s, REFUSED_WAIT_S)
        self.failures = min(self.failures + 1, 20)
        self.retry_at_s = now_s + max(wait_s, retry_after_s)

    def lost(self, now_s: float, chance: float) -> None:
        """The connection that carried it is gone: register again soon."""
        if self.state == "registered":
            self.failed(now_s, 503, "the connection was lost", chance)

    def due(self, now_s: float) -> bool:
        """Whether it is time to try again; True once per wait."""
        if self.retry_at_s is None or now_s < self.retry_at_s:
            return False
        self.retry_at_s = None
        return True
