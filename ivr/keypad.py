"""Telling the presses of a key from their echoes.

A key comes as a row of RFC 4733 packets, as a SIP INFO, or as both. The same press is seen twice when

* the network swaps two packets: the library takes the late one for a new key. Its RTP time is that of a press before;
* a long key is sent in pieces (RFC 4733, 2.5.1.3: longer than eight seconds at 8 kHz): a piece begins in RTP time where
  the one before ended;
* a phone's packets say the same with another time: no finger is that quick. A key sounds for at least 40 ms and so does
  the pause after it (ITU-T Q.24), so the same digit again within 80 ms is the same press;
* a phone sends both: an INFO and an event of the same digit within a second are one press, whichever came first. An
  INFO may come when the key is let go, so the length that it tells is taken off first.

A key of any length counts, at its first packet, so that a prompt falls silent at once: packets say that a key was
pressed, unlike a tone in the audio, which must last 40 ms to be one.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass, field
from typing import Literal

SHORTEST_CYCLE_S = 0.08
TOGETHER_S = 1.0
PIECES_APART_MS = 100
"""A piece of a long key may begin so much before or after the end of the one before."""
REMEMBERED = 16

Method = Literal["rfc4733", "info"]


@dataclass(frozen=True, slots=True)
class KeySeen:
    """One sight of a key: when it came (seconds, any origin), its time at the sender and its length so far in ms.

    ``stamp_ms`` is the RTP time of the key's beginning; 0 and ``duration_ms`` 0 where nothing is known.
    """

    digit: str
    at_s: float
    method: Method = "rfc4733"
    stamp_ms: int = 0
    duration_ms: int = 0


@dataclass(slots=True)
class _Press:
    """``last_s`` is when the key was seen last, ``echo_s`` when it began or was echoed last, ``end_ms`` its RTP end.

    ``piece_ms`` is the RTP beginning of its last piece.
    """

    seen: KeySeen
    last_s: float
    echo_s: float
    end_ms: int
    piece_ms: int
    twin: bool = False


@dataclass(slots=True)
class Keypad:
    """One caller's keys, in the order of their times. ``takes`` is the method that counts, or both."""

    takes: Literal["both", "rfc4733", "info"] = "both"
    _presses: deque[_Press] = field(default_factory=lambda: deque(maxlen=REMEMBERED))

    def is_press(self, seen: KeySeen) -> bool:
        """Whether this is a new press; False for an echo or the going on of one before."""
        if self.takes not in ("both", seen.method) or self._is_known(seen) or self._has_twin(seen):
            return False
        self._presses.append(_Press(seen, seen.at_s, seen.at_s, seen.stamp_ms + seen.duration_ms, seen.stamp_ms))
        return True

    def _is_known(self, seen: KeySeen) -> bool:
        """The same press by the same method, seen again or going on."""
        for press in reversed(self._presses):
            same = press.seen.method == seen.method and press.seen.digit == seen.digit
            if same and self._goes_on(press, seen):
                press.last_s, press.piece_ms = seen.at_s, max(press.piece_ms, seen.stamp_ms)
                press.end_ms = max(press.end_ms, seen.stamp_ms + seen.duration_ms)
                return True
        last = self._presses[-1] if self._presses else None
        if last is None or (last.seen.digit, last.seen.method) != (seen.digit, seen.method) or seen.method == "info":
            return False  # SIP itself sees to it that an INFO comes once
        echo = seen.at_s - last.echo_s < SHORTEST_CYCLE_S
        last.echo_s = seen.at_s if echo else last.echo_s
        return echo

    def _goes_on(self, press: _Press, seen: KeySeen) -> bool:
        if seen.method == "info" or not seen.stamp_ms or seen.at_s - press.last_s > TOGETHER_S:
            return False  # a phone that gives every key the same time must not be ignored for ever
        at_its_end = press.end_ms > press.seen.stamp_ms and abs(seen.stamp_ms - press.end_ms) <= PIECES_APART_MS
        long = press.end_ms - press.seen.stamp_ms > 1000 * TOGETHER_S
        return seen.stamp_ms in (press.seen.stamp_ms, press.piece_ms) or (at_its_end and long)

    def _has_twin(self, seen: KeySeen) -> bool:
        """The same press by the other method; each press has one twin at most."""
        began_s = seen.at_s - seen.duration_ms / 1000 if seen.method == "info" else seen.at_s
        for press in self._presses:
            other = press.seen.digit == seen.digit and press.seen.method != seen.method and not press.twin
            if other and self._apart_s(press.seen.at_s, began_s, seen.at_s) <= TOGETHER_S:
                press.twin = True
                return True
        return False

    @staticmethod
    def _apart_s(at_s: float, began_s: float, came_s: float) -> float:
        """How far this moment is from the time between the beginning and the coming of a key."""
        return max(0.0, began_s - at_s, at_s - came_s)


class KeySequence:
    """Tells when a sequence of keys was pressed, each within ``WITHIN_S`` of the one before; empty is never pressed."""

    WITHIN_S = 2.0

    def __init__(self, keys: str) -> None:
        self._keys = keys
        self._pressed = ""
        self._at_s = float("-inf")

    def press(self, digit: str, at_s: float) -> bool:
        """One key more; True when the sequence is complete."""
        recent = self._pressed if at_s - self._at_s <= self.WITHIN_S else ""
        self._at_s = at_s
        self._pressed = (recent + digit)[-len(self._keys) :] if self._keys else ""
        if not self._keys or self._pressed != self._keys:
            return False
        self._pressed = ""
        return True
