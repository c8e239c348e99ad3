"""The caller's messages in one call: a beep, the recording, and what ends it; one at a time.

Nothing here speaks to the flow: whoever owns it hands on what ``watch``, ``press`` and ``stop`` return.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from ivr.commands import RecordMessage
from ivr.events import MessageRecorded, RecordingEnd
from ivr.leg import CallLeg
from ivr.record import CallRecord, Message

BEEP = -1
"""The serial of the beep, which no command of a flow has."""


@dataclass(slots=True)
class _UnderWay:
    """``begun_at_s`` is None while the beep sounds."""

    asked: RecordMessage
    file: Path
    begun_at_s: float | None = None


class Messages:
    """Records what the caller leaves, into the folder of the call. ``failed`` hears why a disk refuses."""

    def __init__(self, leg: CallLeg, record: CallRecord, beep: Path, failed: Callable[[float, OSError], None]) -> None:
        self._leg = leg
        self._record = record
        self._beep = beep
        self._failed = failed
        self._message: _UnderWay | None = None

    def take(self, asked: RecordMessage, now_s: float) -> MessageRecorded | None:
        """Begin, with a beep or at once; an end at once when the disk refuses."""
        file = self._record.folder / f"message-{len(self._record.messages) + 1}.wav"
        self._message = _UnderWay(asked, file)
        if not asked.beep:
            return self.beeped(now_s)
        self._leg.play(BEEP, [self._beep])
        return None

    def beeped(self, at_s: float) -> MessageRecorded | None:
        """The beep is over: record; an end at once when the disk refuses."""
        if self._message is None:
            return None
        try:
            self._record.make_folder()
            self._leg.start_message(self._message.file)
        except OSError as error:
            self._failed(at_s, error)
            return self._end("stopped", at_s)
        self._message.begun_at_s = at_s
        return None

    def watch(self, now_s: float) -> MessageRecorded | None:
        """Its end when it is long enough, or when the caller has been silent for long enough."""
        message = self._message
        if message is None or message.begun_at_s is None:
            return None
        if now_s - message.begun_at_s >= message.asked.max_s:
            return self._end("max_length", now_s)
        if self._leg.message_silence_s() >= message.asked.silence_s:
            return self._end("silence", now_s)
        return None

    def press(self, digit: str, at_s: float) -> MessageRecorded | None:
        """Its end when this key ends it."""
        ends = self._message is not None and digit in self._message.asked.stop_keys
        return self._end("key", at_s) if ends else None

    def stop(self, at_s: float, serial: int | None = None) -> MessageRecorded | None:
        """Its end now; of the one with this ``serial`` only, where one is given."""
        message = self._message
        wanted = message is not None and serial in (None, message.asked.serial)
        return self._end("stopped", at_s) if wanted else None

    def last(self) -> Path | None:
        """The file of the newest message, None when nothing was recorded."""
        kept = self._record.messages
        return self._record.folder / kept[-1].file if kept else None

    def drop(self) -> None:
        """Forget the newest message and its file."""
        file = self.last()
        if file is not None:
            self._record.messages.pop()
            file.unlink(missing_ok=True)

    def _end(self, reason: RecordingEnd, at_s: float) -> MessageRecorded | None:
        """The message is kept, even when it ended before its beep did (then it is empty and has no file)."""
        message, self._message = self._message, None
        if message is None:
            return None
        begun_at_s, asked = message.begun_at_s, message.asked
        if begun_at_s is None:
            self._leg.stop_playing()
            return MessageRecorded(at_s, asked.serial, 0.0, reason)
        self._leg.stop_message()
        duration_s = max(0.0, at_s - begun_at_s)
        self._record.messages.append(Message(message.file.name, asked.kind, begun_at_s, duration_s))
        return MessageRecorded(at_s, asked.serial, round(duration_s, 3), reason)
