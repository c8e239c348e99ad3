"""The writing of calls: journals while they run, records when they are over, and what a crash left behind.

Disks are slow, so all of it happens in one thread of its own, in order. What a record holds is read in the thread of
the calls, which never waits.
"""

from __future__ import annotations

import logging
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

from ivr.journal import Journal
from ivr.record import CallRecord, settled, store
from ivr.recover import Recovered, recover

log = logging.getLogger(__name__)

SETTLE_S, SETTLE_AT_MOST_S, TRY_AGAIN_S = 0.1, 1.0, 10.0
MEGABYTE = 1024 * 1024
LOW_BYTES = 200 * MEGABYTE
"""Room for an hour and a half of one call."""


@dataclass(frozen=True, slots=True)
class CallStored:
    """A call is over and its record is on disk."""

    call_id: str
    record: Path
    hung_up: str
    duration_s: float


@dataclass(frozen=True, slots=True)
class CallNotStored:
    """A call is over and its record could not be written yet; its audio is in ``folder``. It is tried again."""

    call_id: str
    folder: Path
    reason: str


@dataclass(frozen=True, slots=True)
class CallRecovered:
    """A call that an earlier process died on has its record now."""

    call_id: str
    record: Path
    duration_s: float


ClerkNotice = CallStored | CallNotStored | CallRecovered


class Clerk:
    """Keeps the calls under ``calls``; ``notice`` is called in its thread. It mends what is there when it begins."""

    def __init__(self, calls: Path, notice: Callable[[ClerkNotice], None]) -> None:
        self._calls = calls
        self._notice = notice
        self._thread = ThreadPoolExecutor(1, "clerk")
        self._journals: dict[str, Journal] = {}
        self._finishing: list[tuple[CallRecord, float]] = []
        self._unstored: list[CallRecord] = []
        self._try_again_s = 0.0
        self._thread.submit(self._recover)

    def begin(self, record: CallRecord) -> None:
        """A call has begun."""
        self._journals[record.call_id] = Journal(record)

    def keep(self, record: CallRecord) -> None:
        """What came since the last time, into the call's journal."""
        journal = self._journals[record.call_id]
        if lines := journal.news():
            self._thread.submit(self._kept, record, journal, lines)

    def keep_urgent(self, record: CallRecord) -> None:
        """The same, when a recording began or was taken back."""
        if self._journals[record.call_id].urgent:
            self.keep(record)

    def finish(self, record: CallRecord, now_s: float) -> None:
        """The call is over; its record is written as soon as its audio files are whole (``settle``)."""
        self._finishing.append((record, now_s))

    def settle(self, now_s: float) -> None:
        """Write the records whose audio is whole, or has had its time."""
        waiting = []
        for record, since_s in self._finishing:
            age_s = now_s - since_s
            if age_s > SETTLE_AT_MOST_S or (age_s > SETTLE_S and settled(record)):
                self._thread.submit(self._store, record)
            else:
                waiting.append((record, since_s))
        self._finishing = waiting
        if now_s >= self._try_again_s:
            self._try_again_s = now_s + TRY_AGAIN_S
            self._thread.submit(self._store_again)

    def close(self) -> None:
        """Write what is left, and wait for it; every audio file is final by now."""
        for record, _ in self._finishing:
            self._thread.submit(self._store, record)
        self._finishing.clear()
        self._thread.submit(self._store_again)
        self._thread.shutdown(wait=True)

    def _kept(self, record: CallRecord, journal: Journal, lines: str) -> None:
        try:
            journal.write(lines)
        except OSError as error:
            log.error("the journal of call %s cannot be written: %s", record.call_id, error.strerror)

    def _store(self, record: CallRecord) -> None:
        """Write it, or keep it for another try: a disk may have room again. Its journal stays until it is written."""
        try:
            path = store(record)
            self._journals[record.call_id].close(remove=True)
        except (OSError, ValueError) as error:
            if record not in self._unstored:
                self._unstored.append(record)
                log.error("the record of call %s cannot be written: %s", record.call_id, error)
                self._notice(CallNotStored(record.call_id, record.folder, str(error)))
        else:
            del self._journals[record.call_id]
            self._notice(CallStored(record.call_id, path, record.hung_up or "", record.ended_at_s))

    def _store_again(self) -> None:
        for record in list(self._unstored):
            self._store(record)
            if record.call_id not in self._journals:
                self._unstored.remove(record)

    def _recover(self) -> None:
        for found in recover(self._calls):
            if isinstance(found, Recovered):
                log.warning("call %s was cut off by a crash; %.1f s are kept", found.call_id, found.duration_s)
                self._notice(CallRecovered(found.call_id, found.record, found.duration_s))
            else:
                log.error("%s cannot be made a record: %s", found.folder, found.reason)


def low_on_disk(folder: Path) -> str:
    """One sentence when there is little room left for calls; empty otherwise."""
    try:
        free = shutil.disk_usage(folder).free
    except OSError:
        return ""
    return f"less than {LOW_BYTES // MEGABYTE} MB are free where calls are kept" if free < LOW_BYTES else ""
