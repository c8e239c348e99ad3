"""The recording of both sides of one call: it begins with the caller's consent, and goes when consent is taken back.

It is paused (both files hold silence, their length goes on) while a node is sensitive, and while an agent wants it so.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from typing import Literal

from ivr.leg import CallLeg
from ivr.record import AGENT_FILE, CALLER_FILE, CallRecord

log = logging.getLogger(__name__)

Trouble = Callable[[str, str], None]
"""Hears a kind of alarm and a sentence."""
By = Literal["node", "agent"]

LOOK_EVERY_S = 1.0
STALLED_S = 2.0
"""Recorders write four times a second; files that have not grown for so long do not grow any more."""


class BothSides:
    """Caller and agent, each in a file of the call's folder. A full disk costs the recording, not the call."""

    def __init__(self, leg: CallLeg, record: CallRecord, trouble: Trouble = lambda kind, sentence: None) -> None:
        self._leg = leg
        self._record = record
        self._trouble = trouble
        self._hidden_by: set[By] = set()
        self._watching = False
        self._looked_at_s = self._grew_at_s = 0.0
        self._sizes: tuple[int, int] = (0, 0)

    def allow(self, given: bool, now_s: float) -> None:
        """The caller said yes, or no, to the recording."""
        if given and self._record.recording_at_s is None:
            self._start(now_s)
        elif not given and self._record.recording_at_s is not None:
            self._forget()

    def failed(self, now_s: float, error: OSError) -> None:
        """Something of this call is not recorded: into the log and the record, and an alarm."""
        log.error("call %s: %s", self._record.call_id, error)
        reason = error.strerror or "the file cannot be written"
        self._record.note(now_s, "recording_failed", reason=reason)
        self._trouble("recording", f"a call is not recorded: {reason}")

    def hide(self, now_s: float, by: By) -> None:
        """From here on the files hold silence."""
        if not self._hidden_by:
            self._leg.start_hiding()
        if by == "agent" and by not in self._hidden_by:
            self._record.note(now_s, "recording_paused", by=by)
            self._record.waits(now_s, True)  # the analysis takes no silence of the recording for the agent's
        self._hidden_by.add(by)

    def show(self, now_s: float, by: By) -> None:
        """This reason to hide is gone; harmless when it was none."""
        if by not in self._hidden_by:
            return
        self._hidden_by.discard(by)
        if by == "agent":
            self._record.note(now_s, "recording_resumed", by=by)
            self._record.waits(now_s, False)
        if not self._hidden_by:
            self._leg.stop_hiding()

    def toggle_pause(self, now_s: float) -> None:
        """The agent's key."""
        (self.show if "agent" in self._hidden_by else self.hide)(now_s, "agent")

    def watch(self, now_s: float) -> None:
        """Do the files still grow? One that does not is ended where it is: what is there is whole, and told as cut."""
        if not self._watching or now_s - self._looked_at_s < LOOK_EVERY_S:
            return
        self._looked_at_s = now_s
        sizes = (self._size(CALLER_FILE), self._size(AGENT_FILE))
        if sizes[0] > self._sizes[0] and sizes[1] > self._sizes[1]:
            self._sizes, self._grew_at_s = sizes, now_s
        elif now_s - self._grew_at_s >= STALLED_S:
            self._watching = False
            self._record.recording_cut = True
            self._leg.stop_recording()
            self.failed(now_s, OSError(0, "the disk takes no more"))

    def _size(self, name: str) -> int:
        try:
            return (self._record.folder / name).stat().st_size
        except OSError:
            return 0

    def _start(self, now_s: float) -> None:
        try:
            folder = self._record.make_folder()
            self._leg.start_recording(folder / CALLER_FILE, folder / AGENT_FILE)
        except OSError as error:
            self.failed(now_s, error)
        else:
            self._record.recording_at_s = self._grew_at_s = now_s
            self._watching, self._sizes = True, (0, 0)

    def _forget(self) -> None:
        """What was kept so far goes too."""
        self._watching = False
        self._leg.stop_recording()
        self._record.recording_at_s = None
        for name in (CALLER_FILE, AGENT_FILE):
            (self._record.folder / name).unlink(missing_ok=True)
