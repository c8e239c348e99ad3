"""Calls that come in, until they are answered: how many of one source, what is said before, who never acknowledges."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Sequence

from clearline.vcon import now
from ivr.admission import ACK_WITHIN_S, Admission, AdmissionLimits
from ivr.sip.before_answer import BeforeAnswer, Files
from ivr.sip.call import SipCall
from ivr.sip.endpoint import Endpoint
from ivr.trunks.numbers import Destination, Number, destination

log = logging.getLogger(__name__)

TOO_MANY = 480
"""What a source hears that brings more calls than it may; no front tries another cell for it."""
TURNED_AWAY = 480
UNAVAILABLE, RETRY_AFTER_S = 503, 5
"""What a new caller hears while the cell drains: another cell, or this one started again, will take the call."""


class Arrivals:
    """``connected(call, where)`` follows the ACK, not our 200; ``announcement`` asks for what is said before that.

    ``open`` is False once no new calls are taken.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        numbers: Sequence[Number],
        limits: AdmissionLimits,
        connected: Callable[[SipCall, Destination | None], None],
        announcement: Callable[[Destination], Files],
    ) -> None:
        self.open = True
        self._endpoint, self._numbers = endpoint, numbers
        self._connected, self._announcement = connected, announcement
        self._admission = Admission(limits)
        self._calls: list[SipCall] = []

    def rung(self, call: SipCall) -> None:
        """Somebody rings: answer, announce, or decline."""
        if not self.open:
            call.decline(UNAVAILABLE, RETRY_AFTER_S)
            return
        if not self._admission.admits(call.source, time.monotonic()):
            log.warning("%s brings more calls than one address may: turned away", call.source)
            call.decline(TOO_MANY)
            return
        self._calls.append(call)
        where = destination(self._numbers, call.trunk, call.called, now())
        call.on_connected = lambda: self._connected(call, where)
        if where is None or not (where.announce or where.number.ring_s or where.turned_away):
            call.answer()
            return
        then = call.answer if not where.turned_away else lambda: call.decline(TURNED_AWAY)
        announcement = self._announcement(where) if where.announce else None
        BeforeAnswer(self._endpoint, call, where.number.ring_s, announcement, then)

    def look(self, now_s: float) -> None:
        """Once a second: calls that are over make room for others of their source; one never acknowledged is ended."""
        for call in [call for call in self._calls if not call.live]:
            self._calls.remove(call)
            self._admission.over(call.source)
        for call in self._calls:
            late = call.answered_at_s is not None and now_s - call.answered_at_s >= ACK_WITHIN_S
            if late and not call.answered:
                log.warning("%s did not acknowledge the answer: its leg is freed", call.source)
                call.give_up()
