"""Where a call stands in its flow: a value that can be stored, compared and taken up again."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from ivr.commands import HangUpReason

Phase = Literal["new", "saying", "listening", "recording", "ringing", "talking", "closing", "ended"]


@dataclass(frozen=True, slots=True)
class State:
    """One call at one moment.

    ``serial`` is the last one given to a command. ``playing``, ``timer`` and ``pending`` (a recording or a transfer)
    are the serials still awaited, 0 for none. ``ahead`` holds keys pressed before they were asked for. ``no_inputs``
    and ``no_matches`` count within the node, ``steps`` over the whole call. ``closing`` is why the call is ended.
    """

    phase: Phase = "new"
    node: str = ""
    language: str = ""
    serial: int = 0
    playing: int = 0
    timer: int = 0
    pending: int = 0
    ahead: str = ""
    no_inputs: int = 0
    no_matches: int = 0
    steps: int = 0
    closing: HangUpReason = "finished"
