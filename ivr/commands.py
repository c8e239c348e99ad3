"""What a flow asks of a call.

Commands are values; the session carries them out in order. ``serial`` names the step that asked, and comes back in the
event that answers (see events.py). Nothing here knows SIP, files or audio.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

HangUpReason = Literal["finished", "no_input", "no_match", "budget", "failed"]


@dataclass(frozen=True, slots=True)
class Phrase:
    """One prompt as the flow names it: an id of the catalogue, a language, and the values of its placeholders."""

    prompt: str
    language: str
    values: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Play:
    """Say these phrases, one after the other; ends with ``PromptEnded`` unless stopped."""

    serial: int
    phrases: tuple[Phrase, ...]


@dataclass(frozen=True, slots=True)
class StopPlaying:
    """Fall silent at once (barge-in). No ``PromptEnded`` follows."""

    serial: int


@dataclass(frozen=True, slots=True)
class StartTimer:
    """Ask for ``TimerExpired`` with this serial after so many seconds."""

    serial: int
    after_s: float


@dataclass(frozen=True, slots=True)
class CancelTimer:
    """Forget that timer; a ``TimerExpired`` already under way is dropped by the flow."""

    serial: int


@dataclass(frozen=True, slots=True)
class NoteConsent:
    """Store the caller's answer to a consent question with the call.

    ``purpose`` is what was asked for (``recording`` starts or withholds the recording of both sides).
    """

    purpose: str
    given: bool


@dataclass(frozen=True, slots=True)
class RecordMessage:
    """Record the caller's message into a file of its own; ends with ``MessageRecorded``.

    It stops after ``max_s`` seconds, after ``silence_s`` seconds of silence, on a key out of ``stop_keys``, or by
    ``StopMessage``.
    """

    serial: int
    kind: Literal["message", "complaint", "compliment"]
    max_s: float
    silence_s: float
    stop_keys: str = "#"
    beep: bool = True


@dataclass(frozen=True, slots=True)
class StopMessage:
    """End the message recording of this serial; ``MessageRecorded`` with reason ``stopped`` follows."""

    serial: int


@dataclass(frozen=True, slots=True)
class Transfer:
    """Ring a named target of the allow-list and bridge it; ``TransferAnswered`` or ``TransferFailed`` follows."""

    serial: int
    target: str
    ring_s: float


@dataclass(frozen=True, slots=True)
class RememberLanguage:
    """The caller chose this language: hand it in with ``CallStarted`` when the same caller rings again."""

    language: str


@dataclass(frozen=True, slots=True)
class EnterNode:
    """The call has come to this node: for the record and for reports, nothing is heard."""

    node: str
    kind: str


@dataclass(frozen=True, slots=True)
class LeaveNode:
    """The call left this node by this exit: for the record and for reports, nothing is heard."""

    node: str
    exit: str


@dataclass(frozen=True, slots=True)
class HangUp:
    """End the call politely (a goodbye has been said where one was due)."""

    reason: HangUpReason


Command = (
    Play
    | StopPlaying
    | StartTimer
    | CancelTimer
    | NoteConsent
    | RecordMessage
    | StopMessage
    | Transfer
    | RememberLanguage
    | EnterNode
    | LeaveNode
    | HangUp
)
