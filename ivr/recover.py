"""What a crash left behind: every call whose process died becomes a valid record, marked ``interrupted``.

Run when a line, or a cell of it, starts, and by ``ivr recover``. A call that still runs is locked by its process and
left alone; so is one that another process mends at the same moment.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from ivr.journal import FILE, lock, read
from ivr.record import AGENT_FILE, CALLER_FILE, RECORD_FILE, CallRecord, Message, store
from ivr.wavfile import repair, seconds


@dataclass(frozen=True, slots=True)
class Recovered:
    """A call that is whole again: its record, how long it lasted and how much of both sides was recorded, seconds."""

    call_id: str
    record: Path
    duration_s: float
    recorded_s: float


@dataclass(frozen=True, slots=True)
class NotRecovered:
    """A folder that cannot be made whole, and why."""

    folder: Path
    reason: str


def recover(calls: Path) -> Iterator[Recovered | NotRecovered]:
    """Mend every interrupted call under ``calls``, oldest first; nothing is deleted but journals that served."""
    for path in sorted(calls.glob(f"*/*/{FILE}")):
        descriptor = lock(path)
        if descriptor is None:
            continue
        try:
            mended = _mend(path, calls)
            if mended is not None:
                yield mended
        finally:
            os.close(descriptor)


def _mend(path: Path, calls: Path) -> Recovered | NotRecovered | None:
    folder = path.parent
    if (folder / RECORD_FILE).exists():  # written, and killed before the journal was removed
        path.unlink(missing_ok=True)
        return None
    try:
        record = read(path.read_text(encoding="utf-8", errors="replace"), calls)
        if record is None or record.folder != folder:
            return NotRecovered(folder, "its journal does not say which call it was")
        _keep_cut_message(record)
        recorded_s = _end(record)
        written = store(record)
    except (OSError, ValueError, KeyError, TypeError) as error:
        return NotRecovered(folder, str(error) or type(error).__name__)
    path.unlink(missing_ok=True)
    return Recovered(record.call_id, written, record.ended_at_s, recorded_s)


def _keep_cut_message(record: CallRecord) -> None:
    """The message that the caller was leaving: it has a file, and its beginning is a step."""
    name = f"message-{len(record.messages) + 1}.wav"
    asked = [step for step in record.steps if step["kind"] == "record_message"]
    if asked and (record.folder / name).exists():
        repair(record.folder / name)
        length_s = seconds(record.folder / name)
        record.messages.append(Message(name, asked[-1]["message_kind"], asked[-1]["at_s"], length_s))


def _end(record: CallRecord) -> float:
    """Set the end of the call to the last that is known of it; the length of the recording in seconds."""
    last_s = max((step["at_s"] for step in record.steps), default=0.0)
    recorded_s = 0.0
    if record.recording_at_s is not None:
        files = [record.folder / name for name in (CALLER_FILE, AGENT_FILE)]
        for file in files:
            repair(file)
        recorded_s = max(seconds(file) for file in files)
        last_s = max(last_s, record.recording_at_s + recorded_s)
    record.interrupted, record.ended_at_s = True, last_s
    return recorded_s
