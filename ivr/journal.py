"""What is known of a call while it runs, on disk: lines of JSON that outlive the process.

``<call folder>/journal.jsonl``: the first line is the call's beginning, every later one what came since. It is locked
(flock) while the call's process lives, appended once a second, and gone when the record is written. ``read`` makes the
record of it that the call would have had at its last line.
"""

from __future__ import annotations

import fcntl
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, fields
from datetime import datetime
from pathlib import Path
from typing import Any

from clearline.vcon import Party, PartyHistory
from ivr.network import Sample
from ivr.record import CallRecord, Message

FILE = "journal.jsonl"
_BEGINNING = ("name", "flow", "flow_hash", "caller", "called", "url", "call_id", "trunk", "number")
_STATE = ("language", "recording_at_s", "recording_cut", "vanished", "outbound")
_LISTS = ("steps", "consents", "messages", "agents", "history", "network")


class Journal:
    """One call's journal. ``news`` belongs to the call's thread, ``write`` may run in any one thread."""

    def __init__(self, record: CallRecord) -> None:
        self._record = record
        self._told = dict.fromkeys(_LISTS, 0)
        self._state: dict[str, Any] = {}
        self._file: int | None = None
        self._begun = False
        self._unwritten = b""

    def news(self) -> str:
        """What came since the last time, as lines; empty when nothing did."""
        record = self._record
        said: dict[str, Any] = {}
        if not self._begun:
            self._begun = True
            said["began"] = {
                **{name: getattr(record, name) for name in _BEGINNING},
                "started": record.started.isoformat(),
            }
        for name in _LISTS:
            rows = getattr(record, name)[self._told[name] :]
            if rows:
                self._told[name] += len(rows)
                said[name] = [_plain(row) for row in rows]
        state = {name: _plain(getattr(record, name)) for name in _STATE}
        if state != self._state:
            self._state = said["state"] = state
        return json.dumps(said, ensure_ascii=False) + "\n" if said else ""

    @property
    def urgent(self) -> bool:
        """Whether a recording began or was taken back since: that may not wait for the next second."""
        return self._begun and self._state.get("recording_at_s") != self._record.recording_at_s

    def write(self, lines: str) -> None:
        """Append; raises OSError. The file is made, and locked, the first time."""
        if self._file is None:
            path = self._record.make_folder() / FILE
            self._file = os.open(path, os.O_WRONLY | os.O_CREAT | os.O_APPEND | os.O_CLOEXEC, 0o600)
            fcntl.flock(self._file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        self._unwritten += lines.encode()
        while self._unwritten:  # what a full disk did not take is the beginning of the next time
            self._unwritten = self._unwritten[os.write(self._file, self._unwritten) :]

    def close(self, *, remove: bool) -> None:
        """Let go of the file; ``remove`` it when the record has taken its place."""
        if remove:
            (self._record.folder / FILE).unlink(missing_ok=True)
        if self._file is not None:
            os.close(self._file)
            self._file = None


def lock(path: Path) -> int | None:
    """An open, locked journal whose process is gone, as a file descriptor; None while the call runs or is mended."""
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CLOEXEC)
    except FileNotFoundError:
        return None
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(descriptor)
        return None
    return descriptor


def read(text: str, calls: Path) -> CallRecord | None:
    """The record as it was at the last whole line; None when not even the beginning is there."""
    record: CallRecord | None = None
    for line in text.splitlines():
        try:
            said = json.loads(line)
        except json.JSONDecodeError:  # the line that the process died on
            break
        if "began" in said:
            record = _begun(said["began"], calls)
        if record is not None:
            _apply(record, said)
    return record


def _begun(began: Mapping[str, Any], calls: Path) -> CallRecord:
    facts = {name: began[name] for name in _BEGINNING if name in began}
    record = CallRecord(calls=calls, language="", started=datetime.fromisoformat(began["started"]), **facts)
    record.history.clear()  # what a new record notes by itself stands in the journal too
    return record


def _apply(record: CallRecord, said: Mapping[str, Any]) -> None:
    record.steps += said.get("steps", ())
    record.consents += said.get("consents", ())
    record.messages += [Message(**row) for row in said.get("messages", ())]
    record.agents += [Party.model_validate(row) for row in said.get("agents", ())]
    record.history += [PartyHistory.model_validate(row) for row in said.get("history", ())]
    record.network += [Sample(**row) for row in said.get("network", ())]
    for name, value in said.get("state", {}).items():
        setattr(record, name, value)


def _plain(value: Any) -> Any:
    if hasattr(value, "model_dump"):
        return value.model_dump(mode="json", exclude_none=True)
    return asdict(value) if isinstance(value, Message | Sample) else value


assert {*_BEGINNING, *_STATE, *_LISTS} <= {each.name for each in fields(CallRecord)}
