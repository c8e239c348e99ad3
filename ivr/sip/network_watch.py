"""How the network carries the calls of a cell: a sample of each side every five seconds, and who is no longer heard."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable, Iterable
from functools import partial

from clearline.vcon import now
from ivr.network import EVERY_S, Counters, deaf, sample
from ivr.record import CallRecord
from ivr.sip.call import SipCall
from ivr.sip.leg import SipLeg
from ivr.vanished import LostAudio

log = logging.getLogger(__name__)


class NetworkWatch:
    """``later`` has something done in the owner thread; ``alarm`` is told of a kind and a sentence.

    A call of which no audio comes for ``vanish_s`` seconds is ended (0: never); one that hears nothing of us is told
    of, and ended where ``ends_one_way``.
    """

    def __init__(
        self,
        vanish_s: float,
        *,
        ends_one_way: bool,
        later: Callable[[Callable[[], None]], None],
        alarm: Callable[[str, str], None],
    ) -> None:
        self._lost = LostAudio(vanish_s)
        self._ends_one_way, self._later, self._alarm = ends_one_way, later, alarm
        self._counted: dict[SipCall, tuple[float, Counters]] = {}

    def look(self, talks: Iterable[tuple[CallRecord, SipLeg]]) -> None:
        """Once a second, at every call with its record."""
        self._counted = {call: counted for call, counted in self._counted.items() if call.live}
        now_s, running = time.monotonic(), list(talks)
        for record, leg in running:
            self._sample(record, leg)
        for _, leg in running:
            for call in leg.calls:
                if self._lost.lost(call, call.count(), now_s):
                    self._lost.forget(call)
                    leg.lost(call)

    def forget(self, leg: SipLeg) -> None:
        """This talk is over."""
        for call in leg.calls:
            self._lost.forget(call)

    def _sample(self, record: CallRecord, leg: SipLeg) -> None:
        at_s = (now() - record.started).total_seconds()
        for side, call in leg.sides:
            last = self._counted.get(call)
            if call.counters is None or (last is not None and at_s - last[0] < EVERY_S):
                continue
            self._counted[call] = (at_s, call.counters)
            if last is not None:
                record.network.append(sample(at_s, side, last[1], call.counters))
                if deaf(record.network, side) and not any(step["kind"] == "one_way_audio" for step in record.steps):
                    self._one_way(record, at_s, side, leg, call)

    def _one_way(self, record: CallRecord, at_s: float, side: str, leg: SipLeg, call: SipCall) -> None:
        log.warning("call %s: the %s does not hear us", record.call_id, side)
        record.note(at_s, "one_way_audio", side=side, ended=self._ends_one_way)
        self._alarm("one_way_audio", "a side of a call reports that it hears nothing of us")
        if self._ends_one_way:
            self._later(partial(leg.lost, call))
