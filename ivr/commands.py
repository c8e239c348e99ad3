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
    values: tuple[tuple[str, str | int | float | bool], ...] = ()


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
class PlayMessage:
    """Let the caller hear the message that was recorded last; ``PromptEnded`` with this serial follows."""

    serial: int


@dataclass(frozen=True, slots=True)
class DropMessage:
    """Forget the message that was recorded last: another one is recorded in its place."""


@dataclass(frozen=True, slots=True)
class Transfer:
    """Ring a named target of the allow-list and bridge it; ``TransferAnswered`` or ``TransferFailed`` follows.

    ``whisper`` is said to whoever picks up, before caller and target hear each other.
    """

    serial: int
    target: str
    ring_s: float
    whisper: tuple[Phrase, ...] = ()


@dataclass(frozen=True, slots=True)
class Lookup:
    """Ask a web service; ``LookupAnswered`` (JSON, flattened under ``into``) or ``LookupFailed`` follows.

    ``{settings.<name>}`` in ``url`` and ``headers`` stands for a setting that no record holds. ``timeout_s``
    holds for each of the ``1 + retries`` tries. When ``sensitive``, ``url`` and ``body`` must not be kept.
    """

    serial: int
    method: Literal["GET", "POST"]
    url: str
    headers: tuple[tuple[str, str], ...] = ()
    body: str = ""
    timeout_s: float = 5.0
    retries: int = 1
    into: str = "result"
    sensitive: bool = False


@dataclass(frozen=True, slots=True)
class JoinQueue:
    """Let the caller wait: ``QueueMoved`` tells the place, ``QueueAnswered`` or ``QueueFailed`` the end."""

    serial: int
    queue: str
    max_wait_s: float


@dataclass(frozen=True, slots=True)
class LeaveQueue:
    """The caller of that ``JoinQueue`` waits no longer."""

    serial: int


@dataclass(frozen=True, slots=True)
class BookCallback:
    """Put this number on the queue's list of people to ring; ``CallbackBooked`` or ``CallbackRefused`` follows.

    When ``sensitive``, the record must not hold ``number``; the list does.
    """

    serial: int
    queue: str
    number: str
    sensitive: bool = False


@dataclass(frozen=True, slots=True)
class NoteScore:
    """Store a survey's answer with the call; ``score`` is None when the caller passed the question by."""

    survey: Literal["csat", "nps", "ces", "servqual"]
    item: str
    score: int | None


@dataclass(frozen=True, slots=True)
class BeginSensitive:
    """From here on keys are secret: none goes into a record, log or trace, and recordings hold silence meanwhile."""


@dataclass(frozen=True, slots=True)
class EndSensitive:
    """Keys are ordinary again."""


@dataclass(frozen=True, slots=True)
class ListenFor:
    """Recognise what the caller says until ``StopListening``; each utterance is a ``SpeechHeard``.

    ``phrases`` are the expected ones, none for free speech.
    """

    serial: int
    phrases: tuple[str, ...]
    language: str


@dataclass(frozen=True, slots=True)
class StopListening:
    """Stop the recogniser of this serial."""

    serial: int


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
    | PlayMessage
    | DropMessage
    | Transfer
    | Lookup
    | JoinQueue
    | LeaveQueue
    | BookCallback
    | NoteScore
    | BeginSensitive
    | EndSensitive
    | ListenFor
    | StopListening
    | RememberLanguage
    | EnterNode
    | LeaveNode
    | HangUp
)
