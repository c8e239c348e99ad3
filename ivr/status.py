"""How a line is doing, cell by cell: what the supervisor writes every second and ``ivr status`` shows.

``<calls>/state/line.json`` (schema ``ivr.line/1``) holds no number and no name of anybody.
"""

from __future__ import annotations

import json
import os
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from ivr.alarms import Alarm
from ivr.kept import read_text, write_text

SCHEMA = "ivr.line/1"
STALE_S = 5.0
"""A status that has not been written for so long is that of a line that is no more."""


@dataclass(frozen=True, slots=True)
class CellStatus:
    """One cell; ``pss_mb`` is its proportional share of memory, None where the system does not tell."""

    name: str
    pid: int
    address: str
    legs: int
    talking: int
    answered: int
    rejected: int
    restarts: int
    up_s: float
    pss_mb: float | None = None


@dataclass(frozen=True, slots=True)
class TrunkStatus:
    """One trunk: ``state`` is registered, trying, failed, or none where no registration is made.

    ``code`` and ``reason`` are the registrar's last answer, ``since_s`` how long it has been so.
    """

    name: str
    state: str
    code: int = 0
    reason: str = ""
    since_s: float = 0.0


@dataclass(frozen=True, slots=True)
class LineStatus:
    """The whole line; ``at`` is the wall clock in seconds since 1970."""

    at: float
    pid: int
    flow: str
    draining: bool
    cells: tuple[CellStatus, ...]
    others: dict[str, float | None] = field(default_factory=dict)
    """Memory of the processes that carry no calls, MB by name."""
    trunks: tuple[TrunkStatus, ...] = ()
    alarms: tuple[Alarm, ...] = ()

    @property
    def takes_calls(self) -> bool:
        """Whether a new caller would be answered by some cell."""
        return not self.draining and any(cell.pid and cell.talking < cell.legs for cell in self.cells)

    def to_json(self) -> dict[str, Any]:
        """As it is written."""
        return {"schema": SCHEMA, "takes_calls": self.takes_calls, **asdict(self)}


def status_file(calls: Path) -> Path:
    """Where the line that keeps its calls here writes its status."""
    return calls / "state" / "line.json"


def write_status(calls: Path, status: LineStatus) -> None:
    """Write it in place of the last one; raises OSError."""
    write_text(status_file(calls), json.dumps(status.to_json(), indent=1) + "\n")


def read_status(calls: Path, now: float) -> LineStatus | None:
    """The status of the line that runs there, None when none does."""
    try:
        written = json.loads(read_text(status_file(calls)))
        cells = tuple(CellStatus(**cell) for cell in written["cells"])
        alarms = tuple(Alarm(**alarm) for alarm in written.get("alarms", ()))
        trunks = tuple(TrunkStatus(**trunk) for trunk in written.get("trunks", ()))
        status = LineStatus(
            written["at"],
            written["pid"],
            written["flow"],
            written["draining"],
            cells,
            written["others"],
            trunks,
            alarms,
        )
    except (ValueError, KeyError, TypeError):
        return None
    return status if now - status.at <= STALE_S and _lives(status.pid) else None


def share_mb(pid: int) -> float | None:
    """The proportional set size of a process in MB (Linux), None where it cannot be read."""
    try:
        lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    except OSError:
        return None
    found = next((line.split()[1] for line in lines if line.startswith("Pss:")), None)
    return round(int(found) / 1024, 1) if found else None


def totals(cells: Sequence[CellStatus]) -> tuple[int, int]:
    """Calls that talk now, and legs in all."""
    return sum(cell.talking for cell in cells), sum(cell.legs for cell in cells if cell.pid)


def _lives(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except PermissionError:
        return True
    return True
