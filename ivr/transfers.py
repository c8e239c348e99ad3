"""Somebody rung for the caller: whom a name of the allow-list stands for, the briefing, how long it rings."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from ivr.commands import Transfer
from ivr.events import TransferFailed
from ivr.leg import CallLeg
from ivr.prompting.placeholders import Unfit
from ivr.record import CallRecord
from ivr.rendering import Rendering, note_unfit

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Ring:
    """A transfer under way; ``until_s`` is None once it was answered, ``rings`` is False while a briefing is made."""

    asked: Transfer
    uri: str
    until_s: float | None
    rings: bool = False


class Transfers:
    """One call's transfers, one at a time. ``tell`` hears of those that fail here; the leg tells of the others."""

    def __init__(
        self,
        leg: CallLeg,
        record: CallRecord,
        rendering: Rendering,
        targets: Mapping[str, str],
        clock: Callable[[], float],
        tell: Callable[[TransferFailed], None],
    ) -> None:
        self._leg = leg
        self._record = record
        self._rendering = rendering
        self._targets = targets
        self._clock = clock
        self._tell = tell
        self._ring: _Ring | None = None

    def begin(self, asked: Transfer) -> None:
        """Ring the target, once what it is to be told of the caller has been rendered."""
        uri = self._targets.get(asked.target)
        if uri is None:
            log.error("call %s: no target named %r (see --target)", self._record.call_id, asked.target)
            self._tell(TransferFailed(self._clock(), asked.serial, "unreachable"))
            return
        ring = self._ring = _Ring(asked, uri, self._clock() + asked.ring_s)
        if not asked.whisper:
            ring.rings = True
            self._leg.ring(asked.serial, uri)
            return

        self._leg.start_waiting()  # the caller hears ringing while the briefing is made

        briefing: list[Path] = []

        def rendered(files: Sequence[Path] | str, more: bool = False, unfit: Sequence[Unfit] = ()) -> None:
            if self._ring is not ring:
                return
            note_unfit(self._record, self._clock(), asked.serial, unfit)
            if isinstance(files, str):
                self._record.note(self._clock(), "prompt_failed", serial=asked.serial, reason=files)
            else:
                briefing.extend(files)
            if not more:
                ring.rings = True
                self._leg.stop_waiting()
                self._leg.ring(asked.serial, uri, tuple(briefing))

        self._rendering(asked.whisper, rendered)

    def tick(self, now_s: float) -> None:
        """A target that nobody picks up in time."""
        ring = self._ring
        if ring is not None and ring.until_s is not None and now_s >= ring.until_s and not self._leg.briefs:
            self._leg.stop_ringing()
            self._tell(TransferFailed(now_s, ring.asked.serial, "no_answer"))

    def answered(self, at_s: float) -> None:
        """Somebody picked up and talks with the caller."""
        if self._ring is not None:
            self._ring.until_s = None
            self._record.joined(at_s, self._ring.asked.target, self._ring.uri)

    def over(self) -> None:
        """The talk, or the ringing, is over."""
        ring, self._ring = self._ring, None
        if ring is not None and not ring.rings:
            self._leg.stop_waiting()
