"""One call's prompts: made elsewhere, heard as they come, noted where they cannot be said."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from ivr.commands import Phrase
from ivr.leg import CallLeg
from ivr.prompting.placeholders import Unfit
from ivr.record import CallRecord
from ivr.rendering import Rendering, note_unfit

log = logging.getLogger(__name__)


class Saying:
    """``ended(serial)`` is called for a prompt of which nothing is heard, else the leg tells of its end.

    ``foresee`` may make phrases before they are wanted.
    """

    def __init__(
        self,
        leg: CallLeg,
        record: CallRecord,
        rendering: Rendering,
        clock: Callable[[], float],
        ended: Callable[[int], None],
        foresee: Callable[[tuple[Phrase, ...]], None],
    ) -> None:
        self._leg, self._record, self._rendering = leg, record, rendering
        self._clock, self._ended, self._foresee = clock, ended, foresee
        self._foreseen: tuple[Phrase, ...] = ()
        self._playing = 0

    def say(self, serial: int, phrases: tuple[Phrase, ...]) -> None:
        """Instead of what is said now."""
        self._playing = serial
        begun = False

        def rendered(files: Sequence[Path] | str, more: bool = False, unfit: Sequence[Unfit] = ()) -> None:
            nonlocal begun
            if self._playing != serial:  # stopped, or replaced, before it was ready
                return
            note_unfit(self._record, self._clock(), serial, unfit)
            if isinstance(files, str):
                log.error("call %s: a prompt cannot be said: %s", self._record.call_id, files)
                self._record.note(self._clock(), "prompt_failed", serial=serial, reason=files)
                files = ()
            if begun:
                self._leg.play_on(serial, files, more)
            elif files or more:
                begun = True
                self._leg.play(serial, files, more)
            else:
                self._ended(serial)

        self._rendering(phrases, rendered)

    def play_back(self, serial: int, file: Path | None) -> None:
        """A message as it was left; None is none."""
        if file is None:
            self._ended(serial)
        else:
            self._playing = serial
            self._leg.play(serial, [file])

    def stop(self, serial: int) -> None:
        """Fall silent, where this is what is being said."""
        if self._playing == serial:
            self._playing = 0
            self._leg.stop_playing()

    def over(self, serial: int) -> None:
        """It was heard to its end."""
        if self._playing == serial:
            self._playing = 0

    def foresee(self, coming: tuple[Phrase, ...]) -> None:
        """These may be said soon: have made what was not foreseen before."""
        new = tuple(phrase for phrase in coming if phrase not in self._foreseen)
        self._foreseen = coming
        if new:
            self._foresee(new)

    def close(self) -> None:
        """The call is over: what is being made is not heard any more."""
        self._playing = 0
