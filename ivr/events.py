"""What happens to a call, told to the flow.

Every event carries ``at_s``, seconds since the call was answered by the line, so that the flow never reads a clock.
Events that answer a command carry that command's ``serial``; a late one (its step is over) is dropped by the flow.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

TransferFailure = Literal["busy", "no_answer", "declined", "unreachable"]
LookupFailure = Literal["timeout", "unreachable", "refused", "unreadable"]
QueueFailure = Literal["full", "timeout", "closed"]
RecordingEnd = Literal["key", "silence", "max_length", "stopped"]


@dataclass(frozen=True, slots=True)
class CallStarted:
    """A caller rang and the line answered; the flow begins. The numbers are what SIP said (user part).

    ``at`` is the wall clock of the answer in UTC, ISO 8601 (``2026-11-22T03:21:18+00:00``); empty means unknown, and
    every opening hour counts as open. ``language`` is the one that this caller chose in an earlier call. ``closed`` are
    the hours that somebody has closed for now, by name; ``*`` is all of them.
    """

    at_s: float
    caller: str = ""
    called: str = ""
    at: str = ""
    language: str = ""
    closed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class HoursSwitched:
    """Somebody has closed hours for now, or opened them again, while the call is up: all that are closed, by name."""

    at_s: float
    closed: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class PromptEnded:
    """The last sample of everything in one ``Play`` was heard."""

    at_s: float
    serial: int


@dataclass(frozen=True, slots=True)
class DigitPressed:
    """One key, ``0``-``9``, ``*``, ``#`` or ``A``-``D``, however it travelled (RFC 4733 or SIP INFO)."""

    at_s: float
    digit: str


@dataclass(frozen=True, slots=True)
class TimerExpired:
    """A timer that ``StartTimer`` asked for."""

    at_s: float
    serial: int


@dataclass(frozen=True, slots=True)
class MessageRecorded:
    """A ``RecordMessage`` ended and is stored."""

    at_s: float
    serial: int
    duration_s: float
    reason: RecordingEnd


@dataclass(frozen=True, slots=True)
class TransferAnswered:
    """The target of a ``Transfer`` picked up; caller and target hear each other."""

    at_s: float
    serial: int


@dataclass(frozen=True, slots=True)
class TransferFailed:
    """The target of a ``Transfer`` did not pick up."""

    at_s: float
    serial: int
    reason: TransferFailure


@dataclass(frozen=True, slots=True)
class TransferEnded:
    """The target hung up after a conversation; the caller is back in the flow."""

    at_s: float
    serial: int


@dataclass(frozen=True, slots=True)
class LookupAnswered:
    """The web service answered a ``Lookup`` with a status below 300; ``values`` are its JSON as ivr/flow/values.py
    flattens it, under the lookup's ``into``.
    """

    at_s: float
    serial: int
    status: int
    values: tuple[tuple[str, str | int | float | bool], ...] = ()


@dataclass(frozen=True, slots=True)
class LookupFailed:
    """No usable answer to a ``Lookup`` after all retries; ``status`` is the HTTP status, 0 for none."""

    at_s: float
    serial: int
    reason: LookupFailure
    status: int = 0


@dataclass(frozen=True, slots=True)
class QueueMoved:
    """Where the caller of a ``JoinQueue`` stands now (1 is next) and the expected wait in seconds."""

    at_s: float
    serial: int
    position: int
    wait_s: float


@dataclass(frozen=True, slots=True)
class QueueAnswered:
    """An agent took the caller of a ``JoinQueue``; they hear each other."""

    at_s: float
    serial: int


@dataclass(frozen=True, slots=True)
class QueueFailed:
    """The caller of a ``JoinQueue`` cannot wait, or has waited the longest time."""

    at_s: float
    serial: int
    reason: QueueFailure


@dataclass(frozen=True, slots=True)
class QueueEnded:
    """The agent hung up after a conversation; the caller is back in the flow."""

    at_s: float
    serial: int


@dataclass(frozen=True, slots=True)
class CallbackBooked:
    """A ``BookCallback`` is on the list."""

    at_s: float
    serial: int


@dataclass(frozen=True, slots=True)
class CallbackRefused:
    """A ``BookCallback`` cannot be kept."""

    at_s: float
    serial: int


@dataclass(frozen=True, slots=True)
class SpeechStarted:
    """The caller began to speak during a ``ListenFor``; a ``SpeechHeard`` follows when the words are over."""

    at_s: float
    serial: int


@dataclass(frozen=True, slots=True)
class SpeechHeard:
    """What the recogniser of a ``ListenFor`` understood: the words, and how sure it is from 0 to 1.

    No words: it was a noise, or nothing that the recogniser could make out.
    """

    at_s: float
    serial: int
    text: str
    confidence: float


@dataclass(frozen=True, slots=True)
class CallerHungUp:
    """The caller is gone: hung up, or vanished from the network."""

    at_s: float


Event = (
    CallStarted
    | PromptEnded
    | DigitPressed
    | TimerExpired
    | MessageRecorded
    | TransferAnswered
    | TransferFailed
    | TransferEnded
    | LookupAnswered
    | LookupFailed
    | QueueMoved
    | QueueAnswered
    | QueueFailed
    | QueueEnded
    | CallbackBooked
    | CallbackRefused
    | SpeechStarted
    | SpeechHeard
    | HoursSwitched
    | CallerHungUp
)
