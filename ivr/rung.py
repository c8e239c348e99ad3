"""The calls out of a line in the last day, for all its cells: a small SQLite file in the calls folder's state.

Numbers are not kept. A row without an end whose process is gone ended when it last was seen to live.
"""

from __future__ import annotations

import contextlib
import logging
import os
import sqlite3
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from ivr.tolls import DAY_S, Refusal, Rung, TollLimits, refusal

log = logging.getLogger(__name__)

FILE = "rung.sqlite"
SEEN_EVERY_S = 5.0
GONE_AFTER_S = 30.0
"""A call that nobody has seen for so long is over: its process was killed."""
_TABLE = (
    "CREATE TABLE IF NOT EXISTS rung"
    " (id INTEGER PRIMARY KEY, at_s REAL NOT NULL, answered_s REAL, seen_s REAL NOT NULL, ended INTEGER NOT NULL)"
)
_INSERT = "INSERT INTO rung (at_s, seen_s, ended) VALUES (?, ?, 0)"


class CallsOut:
    """Counts calls out and refuses those beyond the limits. One thread; ``clock`` is the wall clock in seconds.

    Where the file cannot be used calls out are refused: a limit that cannot be counted is not kept.
    """

    def __init__(self, state: Path, limits: TollLimits, clock: Callable[[], float] = time.time) -> None:
        self._file = state / FILE
        self._limits = limits
        self._clock = clock
        self._kept: sqlite3.Connection | None = None

    def begin(self, target: str) -> int | Refusal:
        """The number of a call that may be rung now, counted; or why it may not be."""
        now_s = self._clock()
        try:
            with self._writing() as kept:
                refused = refusal(self._limits, _rung(kept, now_s), target, now_s)
                if refused is not None:
                    return refused
                kept.execute("DELETE FROM rung WHERE at_s < ?", (now_s - 2 * DAY_S,))
                return int(kept.execute(_INSERT, (now_s, now_s)).lastrowid or 0)
        except (OSError, sqlite3.Error) as error:
            log.error("calls out cannot be counted in %s (%s): none is made", self._file, error)
            return "calls"

    def answered(self, number: int) -> None:
        """Somebody picked up."""
        self._note("UPDATE rung SET answered_s = ?, seen_s = ? WHERE id = ?", self._clock(), self._clock(), number)

    def seen(self, *numbers: int) -> None:
        """These are still under way; call it every ``SEEN_EVERY_S``."""
        for number in numbers:
            self._note("UPDATE rung SET seen_s = ? WHERE id = ?", self._clock(), number)

    def over(self, number: int) -> None:
        """It is over."""
        self._note("UPDATE rung SET seen_s = ?, ended = 1 WHERE id = ?", self._clock(), number)

    def close(self) -> None:
        """Let go of the file."""
        if self._kept is not None:
            self._kept.close()
            self._kept = None

    def _note(self, statement: str, *values: float) -> None:
        try:
            with self._writing() as kept:
                kept.execute(statement, values)
        except (OSError, sqlite3.Error) as error:
            log.error("a call out cannot be noted in %s: %s", self._file, error)

    @contextlib.contextmanager
    def _writing(self) -> Iterator[sqlite3.Connection]:
        """One write at a time over all processes: what is counted is what is added to."""
        kept = self._open()
        kept.execute("BEGIN IMMEDIATE")
        try:
            yield kept
        except BaseException:
            kept.rollback()
            raise
        kept.commit()

    def _open(self) -> sqlite3.Connection:
        if self._kept is None:
            self._file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
            os.close(os.open(self._file, os.O_CREAT | os.O_RDWR, 0o600))
            self._kept = sqlite3.connect(self._file, timeout=2.0, isolation_level=None, check_same_thread=False)
            self._kept.execute("PRAGMA synchronous=OFF")  # a count that a power cut loses is no loss
            self._kept.execute(_TABLE)
        return self._kept


def _rung(kept: sqlite3.Connection, now_s: float) -> list[Rung]:
    rows = kept.execute("SELECT at_s, answered_s, seen_s, ended FROM rung WHERE at_s >= ?", (now_s - 2 * DAY_S,))
    return [_read(row, now_s) for row in rows]


def _read(row: tuple[float, float | None, float, int], now_s: float) -> Rung:
    at_s, answered_s, seen_s, ended = row
    under_way = not ended and now_s - seen_s < GONE_AFTER_S
    until_s = now_s if under_way else seen_s
    return Rung(at_s, max(0.0, until_s - answered_s) if answered_s is not None else 0.0, under_way)
