"""What somebody should look at now: told once in the log, and shown by ``ivr status`` and the health address.

An alarm goes away when its cause is known to be gone, or when it has not come back for an hour. Pure but for the log;
the wall clock is handed in.
"""

from __future__ import annotations

import logging
from collections.abc import Iterable
from dataclasses import asdict, dataclass, replace
from typing import Any

log = logging.getLogger(__name__)

FORGOTTEN_AFTER_S = 3600.0
SAID_AGAIN_AFTER_S = 60.0


@dataclass(frozen=True, slots=True)
class Alarm:
    """One kind of trouble: since when, when last and how often; seconds since 1970. No numbers and names of callers."""

    kind: str
    sentence: str
    first_s: float
    last_s: float
    count: int = 1


class Alarms:
    """The alarms of one process."""

    def __init__(self) -> None:
        self._alarms: dict[str, Alarm] = {}

    def sound(self, kind: str, sentence: str, now_s: float) -> None:
        """It has happened, or happens still."""
        known = self._alarms.get(kind)
        if known is None or now_s - known.last_s >= SAID_AGAIN_AFTER_S:
            log.error("alarm %s: %s", kind, sentence)
        fresh = Alarm(kind, sentence, now_s, now_s)
        self._alarms[kind] = fresh if known is None else replace(fresh, first_s=known.first_s, count=known.count + 1)

    def clear(self, kind: str) -> None:
        """Its cause is gone."""
        self._alarms.pop(kind, None)

    def now(self, now_s: float) -> list[dict[str, Any]]:
        """What is to be shown, oldest first."""
        self._alarms = {kind: each for kind, each in self._alarms.items() if now_s - each.last_s < FORGOTTEN_AFTER_S}
        return [asdict(each) for each in sorted(self._alarms.values(), key=lambda each: each.first_s)]


def merged(alarms: Iterable[dict[str, Any]]) -> tuple[Alarm, ...]:
    """The alarms of several cells, one per kind: first of all, last of all, counted together."""
    found: dict[str, Alarm] = {}
    for each in (Alarm(**one) for one in alarms):
        known = found.get(each.kind)
        if known is None:
            found[each.kind] = each
        else:
            newest = max(known, each, key=lambda one: one.last_s)
            first_s, count = min(known.first_s, each.first_s), known.count + each.count
            found[each.kind] = replace(newest, first_s=first_s, count=count)
    return tuple(sorted(found.values(), key=lambda one: one.first_s))
