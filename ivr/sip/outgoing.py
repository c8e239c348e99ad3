"""Every call out passes here: counted, and refused beyond the limits (``ivr.tolls``). There is no other way out."""

from __future__ import annotations

import time
from collections.abc import Callable
from typing import Protocol

from ivr.rung import SEEN_EVERY_S, CallsOut
from ivr.sip.call import SipCall
from ivr.sip.errors import NotACallable
from ivr.tolls import SENTENCES, Refusal


class Rings(Protocol):
    """What makes calls (``ivr.sip.account.Account``)."""

    def ring(self, uri: str) -> SipCall:
        """Start a call; raises NotACallable when that cannot even be tried."""


class Outgoing:
    """Rings through ``account`` what ``out`` allows. ``refused`` hears why a call was not made."""

    def __init__(self, account: Rings, out: CallsOut, refused: Callable[[Refusal], None]) -> None:
        self._account = account
        self._out = out
        self._refused = refused
        self._under_way: dict[SipCall, int] = {}
        self._answered: set[SipCall] = set()
        self._seen_at_s = 0.0

    def ring(self, uri: str) -> SipCall:
        """Start a call; raises NotACallable, also when the line's limits forbid it."""
        number = self._out.begin(uri)
        if isinstance(number, str):
            self._refused(number)
            raise NotACallable(f"not rung: {SENTENCES[number]}")
        try:
            call = self._account.ring(uri)
        except NotACallable:
            self._out.over(number)
            raise
        self._under_way[call] = number
        return call

    def watch(self) -> None:
        """Note who has picked up and which calls are over; call it once a second."""
        for call in [call for call in self._under_way if not call.live]:
            self._out.over(self._under_way.pop(call))
            self._answered.discard(call)
        for call, number in self._under_way.items():
            if call.answered and call not in self._answered:
                self._answered.add(call)
                self._out.answered(number)
        if time.monotonic() - self._seen_at_s >= SEEN_EVERY_S:
            self._seen_at_s = time.monotonic()
            self._out.seen(*self._under_way.values())

    def close(self) -> None:
        """What is under way is over."""
        for number in self._under_way.values():
            self._out.over(number)
        self._under_way.clear()
        self._out.close()
