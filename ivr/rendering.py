"""What a call needs of whoever makes its prompts: files of audio, without waiting for them."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from pathlib import Path
from typing import Protocol

from ivr.commands import Phrase
from ivr.prompting.placeholders import Unfit
from ivr.record import CallRecord

log = logging.getLogger(__name__)


class Rendered(Protocol):
    """What a call is told of its prompts, in its own thread."""

    def __call__(self, files: Sequence[Path] | str, more: bool = False, unfit: Sequence[Unfit] = ()) -> None:
        """The next files of a prompt, or one sentence that says why there are none; ``more`` follow in another call.

        ``unfit`` are values that are said as they are written, since they are not what their placeholders say.
        """


class Rendering(Protocol):
    """Turns phrases into audio files without making the call wait."""

    def __call__(self, phrases: tuple[Phrase, ...], then: Rendered) -> None:
        """Call ``then`` in the session's thread, now or later."""


def note_unfit(record: CallRecord, at_s: float, serial: int, unfit: Sequence[Unfit]) -> None:
    """Values that are said as they are written: which they were and why, never what they were."""
    for one in unfit:
        log.warning("call %s: prompt %s: {%s}: %s", record.call_id, one.prompt, one.placeholder, one.reason)
        facts = {"prompt": one.prompt, "placeholder": one.placeholder, "reason": one.reason}
        record.note(at_s, "value_said_plainly", serial=serial, **facts)
