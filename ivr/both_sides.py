"""The recording of both sides of one call: it begins with the caller's consent, and goes when consent is taken back."""

from __future__ import annotations

import logging

from ivr.leg import CallLeg
from ivr.record import AGENT_FILE, CALLER_FILE, CallRecord

log = logging.getLogger(__name__)


class BothSides:
    """Caller and agent, each in a file of the call's folder. A full disk costs the recording, not the call."""

    def __init__(self, leg: CallLeg, record: CallRecord) -> None:
        self._leg = leg
        self._record = record

    def allow(self, given: bool, now_s: float) -> None:
        """The caller said yes, or no, to the recording."""
        if given and self._record.recording_at_s is None:
            self._start(now_s)
        elif not given and self._record.recording_at_s is not None:
            self._forget()

    def failed(self, now_s: float, error: OSError) -> None:
        """Something of this call is not recorded: into the log and the record."""
        log.error("call %s: %s", self._record.call_id, error)
        self._record.note(now_s, "recording_failed", reason=error.strerror or "the file cannot be written")

    def _start(self, now_s: float) -> None:
        try:
            folder = self._record.make_folder()
            self._leg.start_recording(folder / CALLER_FILE, folder / AGENT_FILE)
        except OSError as error:
            self.failed(now_s, error)
        else:
            self._record.recording_at_s = now_s

    def _forget(self) -> None:
        """What was kept so far goes too."""
        self._leg.stop_recording()
        self._record.recording_at_s = None
        for name in (CALLER_FILE, AGENT_FILE):
            (self._record.folder / name).unlink(missing_ok=True)
