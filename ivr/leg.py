"""What a call session needs of a call, whoever carries it (SIP in ``ivr.sip.leg``, a typed fake in the tests).

A leg is answered when a session gets it. What happens on it is told as ``LegNotice`` values: events of ``ivr.events``
that a leg can know, and ``CallerHeld``. All calls and notices belong to one thread.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from ivr.events import (
    CallerHungUp,
    DigitPressed,
    PromptEnded,
    SpeechHeard,
    SpeechStarted,
    TransferAnswered,
    TransferEnded,
    TransferFailed,
)


@dataclass(frozen=True, slots=True)
class CallerHeld:
    """The caller put the line on hold (``held``) or came back."""

    at_s: float
    held: bool


@dataclass(frozen=True, slots=True)
class AgentPressed:
    """A key of whoever was rung for the caller; the flow does not hear it."""

    at_s: float
    digit: str


LegNotice = (
    PromptEnded
    | DigitPressed
    | TransferAnswered
    | TransferFailed
    | TransferEnded
    | SpeechStarted
    | SpeechHeard
    | CallerHungUp
    | CallerHeld
    | AgentPressed
)


class CallLeg(Protocol):
    """One caller on the line, with everything that a flow can ask for. Nothing here blocks or raises for lost calls."""

    @property
    def caller(self) -> str:
        """The caller's SIP URI as SIP said it."""

    @property
    def called(self) -> str:
        """The SIP URI that was rung."""

    @property
    def vanished(self) -> bool:
        """Whether the caller's end was no hang-up: no audio came any more, or the network refused."""

    def play(self, serial: int, files: Sequence[Path], more: bool = False) -> None:
        """Play these files without a gap instead of what plays now; ``PromptEnded(serial)`` unless stopped.

        With ``more`` the prompt goes on by ``play_on``, and does not end before that.
        """

    def play_on(self, serial: int, files: Sequence[Path], more: bool = False) -> None:
        """The next files of the prompt that plays; nothing happens when another plays, or none."""

    def stop_playing(self) -> None:
        """Fall silent at once."""

    def start_recording(self, caller: Path, agent: Path) -> None:
        """Record the caller, and all that the caller hears, into two files that start with the same sample."""

    def stop_recording(self) -> None:
        """End both files; harmless when nothing is recorded."""

    def start_hiding(self) -> None:
        """From here on recordings hold silence of both sides; their length goes on."""

    def stop_hiding(self) -> None:
        """Recordings hold what is said again."""

    def start_message(self, file: Path) -> None:
        """Record the caller alone into one more file and watch for silence."""

    def message_silence_s(self) -> float:
        """Seconds since the caller last spoke in the message, or since it began."""

    def stop_message(self) -> None:
        """End the message's file."""

    def start_listening(self, serial: int, phrases: tuple[str, ...], language: str) -> None:
        """Recognise what the caller says, best these phrases; ``SpeechStarted`` and ``SpeechHeard`` until stopped."""

    def stop_listening(self) -> None:
        """Recognise no more; what was being recognised is not told."""

    def ring(self, serial: int, uri: str, briefing: Sequence[Path] = ()) -> None:
        """Ring a SIP URI and bridge it when it answers; the caller hears ringing. One ``Transfer…`` notice follows.

        Who answers hears the ``briefing`` first, and is bridged after it; hanging up during it is declining.
        """

    @property
    def briefs(self) -> bool:
        """Whether somebody has answered and hears the briefing now."""

    def start_waiting(self) -> None:
        """The caller hears ringing between the prompts, whoever is rung, until somebody is bridged."""

    def stop_waiting(self) -> None:
        """No ringing any more but that of ``ring``."""

    def stop_ringing(self) -> None:
        """Give the transfer up, or end the conversation; no notice follows."""

    def hang_up(self) -> None:
        """End the call, the transfer too; no notice follows."""
