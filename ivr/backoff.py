"""How long a worker that died is left alone before it is started again: at once the first time, then ever longer."""

from __future__ import annotations

from dataclasses import dataclass, field

CALM_S = 60.0
"""A worker that lived so long has shown that it can; its past is forgotten."""


@dataclass(slots=True)
class Backoff:
    """Doubles from ``first_s`` to ``most_s`` while lives are short; seconds."""

    first_s: float = 0.5
    most_s: float = 30.0
    calm_s: float = CALM_S
    _next_s: float = field(default=0.0, init=False)

    def after(self, lived_s: float) -> float:
        """The worker died after ``lived_s``: how long to wait before the next start."""
        if lived_s >= self.calm_s:
            self._next_s = 0.0
        wait_s = self._next_s
        self._next_s = min(self.most_s, max(self.first_s, 2 * wait_s))
        return wait_s
