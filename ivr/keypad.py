"""Telling the presses of a key from its echoes.

RFC 4733 sends a key as a row of packets. When the network swaps two of them, the library takes the late one for a new
key. A finger cannot be that quick: a key sounds for at least 40 ms and so does the pause after it (ITU-T Q.24), so
the same digit again within 80 ms is the same press.
"""

from __future__ import annotations

from dataclasses import dataclass

SHORTEST_CYCLE_S = 0.08


@dataclass(slots=True)
class Keypad:
    """One caller's keys, in the order of their times (seconds, any origin)."""

    _digit: str = ""
    _at_s: float = float("-inf")

    def is_press(self, digit: str, at_s: float) -> bool:
        """Whether this is a new press; False for an echo of the one before."""
        echo = digit == self._digit and at_s - self._at_s < SHORTEST_CYCLE_S
        self._digit, self._at_s = digit, at_s
        return not echo
