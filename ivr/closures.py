"""Hours that somebody has closed for now, outside of any flow: one small file per flow, thrown by ``ivr close``.

``<folder>/<flow>.json`` holds, for hours by name (``*`` is all of the flow), until when, why, by whom and since when. A
line reads it when a call begins and once a second while calls are up, so that nothing need be published or restarted.
"""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path

from ivr.kept import read_text, write_text

ALL = "*"
CLOSED = Path("state/closed")
"""Where a line keeps them, within its calls."""


@dataclass(frozen=True, slots=True)
class Closure:
    """One closing. ``until`` and ``since`` are times in ISO 8601 with their zone; ``until`` is empty for no end."""

    hours: str
    until: str
    since: str
    note: str = ""
    by: str = ""

    def holds(self, now: datetime) -> bool:
        """Whether it is not over."""
        return not self.until or now < datetime.fromisoformat(self.until)


class Closures:
    """The closings kept in a folder, which is made when the first one is."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def close(self, flow: str, closure: Closure) -> None:
        """From now on; raises OSError when the disk refuses."""
        kept = {one.hours: one for one in self._kept(flow)}
        self._keep(flow, [*({**kept, closure.hours: closure}.values())])

    def reopen(self, flow: str, hours: str) -> tuple[Closure, ...]:
        """Take back the closing of these hours (``*``: every one of the flow); what was closed. Raises OSError."""
        kept = self._kept(flow)
        gone = tuple(one for one in kept if hours in (ALL, one.hours))
        if gone:
            self._keep(flow, [one for one in kept if one not in gone])
        return gone

    def of(self, flow: str, now: datetime) -> tuple[Closure, ...]:
        """What is closed of this flow now."""
        return tuple(closure for closure in self._kept(flow) if closure.holds(now))

    def names(self, flow: str, now: datetime) -> tuple[str, ...]:
        """The names of the hours that are closed now, in order."""
        return tuple(sorted(closure.hours for closure in self.of(flow, now)))

    def flows(self) -> tuple[str, ...]:
        """The flows of which something is, or was, closed."""
        return tuple(sorted(path.stem for path in self._folder.glob("*.json")))

    def _kept(self, flow: str) -> list[Closure]:
        try:
            written = json.loads(read_text(self._folder / f"{flow}.json") or "[]")
            return [Closure(**one) for one in written if not one["until"] or datetime.fromisoformat(one["until"])]
        except (ValueError, TypeError, KeyError):
            return []  # a damaged file closes nothing: callers are better served than lost

    def _keep(self, flow: str, closures: list[Closure]) -> None:
        written = json.dumps([asdict(one) for one in closures], ensure_ascii=False, indent=1)
        write_text(self._folder / f"{flow}.json", written + "\n")
