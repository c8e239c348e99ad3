"""A call without a line: the very ``advance`` of a real call, driven with virtual time. Pure; no clock, no audio.

A ``Simulation`` plays what the flow says (each phrase as long as ``pace`` tells), lets timers run out, keeps what was
heard, where the call went and what it noted. Whoever holds it is the caller and the world: presses keys, is silent,
leaves a message, answers a transfer, hangs up. Times are seconds since the call was answered.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal, TypeVar

from ivr.commands import (
    CancelTimer,
    Command,
    EnterNode,
    HangUp,
    JoinQueue,
    LeaveNode,
    LeaveQueue,
    ListenFor,
    NoteConsent,
    NoteScore,
    Phrase,
    Play,
    PlayMessage,
    RecordMessage,
    StartTimer,
    StopListening,
    StopMessage,
    StopPlaying,
    Transfer,
)
from ivr.events import (
    CallerHungUp,
    CallStarted,
    DigitPressed,
    Event,
    HoursSwitched,
    MessageRecorded,
    PromptEnded,
    QueueFailed,
    RecordingEnd,
    SpeechHeard,
    TimerExpired,
    TransferFailed,
)
from ivr.flow.agenda import Agenda
from ivr.flow.interpret import State, advance, begin
from ivr.flow.journey import Journey
from ivr.flow.model import Flow
from ivr.flow.nodes.ask import CONFIRMING, Ask
from ivr.flow.pace import Heard, Pace, Track, steady

BETWEEN_KEYS_S = 0.25
RECORDING = "recording"
MOST_STEPS = 10_000

Waiting = Literal["prompt", "keys", "caller", "message", "answer", "nothing", "ended"]
Asked = TypeVar("Asked")


class Simulation(Journey):
    """One call on one flow, begun when made. ``watch`` sees each command with its time, just before it is done."""

    def __init__(
        self,
        flow: Flow,
        *,
        caller: str = "",
        called: str = "",
        at: str = "",
        language: str = "",
        closed: tuple[str, ...] = (),
        pace: Pace = steady,
        watch: Callable[[float, Command], None] | None = None,
    ) -> None:
        super().__init__()
        self.flow = flow
        self.state: State = begin(flow)
        self.now_s = 0.0
        self.commands: list[Command] = []
        self._pace = pace
        self._watch = watch
        self._track = Track()
        self._agenda = Agenda()
        self._playing = 0
        self._listening = 0
        self._recording_since_s = 0.0
        self.happens(CallStarted(0.0, caller, called, at, language, closed))

    @property
    def heard(self) -> list[Heard]:
        """Everything that has begun to sound, in order."""
        return self._track.begun(self.now_s)

    @property
    def saying(self) -> list[Heard]:
        """What is being said now and what follows it without a pause."""
        return self._track.coming(self.now_s) if self._playing else []

    @property
    def language(self) -> str:
        """The language that the call is in."""
        return self.state.language

    @property
    def variables(self) -> Mapping[str, Any]:
        """What the flow has stored with the call, by name."""
        return dict(self.state.values)

    @property
    def waiting(self) -> Waiting:
        """What has to come next for the call to go on; ``keys`` are the rest of an answer, or the time for them."""
        if self.ended:
            return "ended"
        if self.open(RecordMessage) is not None:
            return "message"
        if self.unanswered is not None:
            return "answer"
        if self._playing:
            return "prompt"
        if self._agenda.next_s is None:
            return "nothing"
        return "keys" if self.state.input and self.state.phase == "listening" and not self._reads_back else "caller"

    @property
    def _reads_back(self) -> bool:
        """Whether the answer is whole, and the caller is asked whether it is right."""
        return isinstance(self.flow.nodes.get(self.state.node), Ask) and self.state.part == CONFIRMING

    @property
    def goes_on(self) -> bool:
        """Whether the call goes on by itself, without the caller or the world."""
        return self.waiting in ("prompt", "keys")

    @property
    def patience_s(self) -> float:
        """Seconds until the next thing happens by itself; 0 when nothing will."""
        return 0.0 if self._agenda.next_s is None else self._agenda.next_s - self.now_s

    def open(self, kind: type[Asked]) -> Asked | None:
        """The command of this kind that still waits for its answer."""
        return next((command for command in self._agenda.asked.values() if isinstance(command, kind)), None)

    @property
    def unanswered(self) -> Command | None:
        """The command that still waits for its answer from the world: a recording, a transfer."""
        return next(iter(self._agenda.asked.values()), None)

    # Time

    def happens(self, event: Event) -> tuple[Command, ...]:
        """Tell the flow, and carry out what it asks."""
        self.state, commands = advance(self.flow, self.state, event)
        for command in commands:
            if self._watch is not None:
                self._watch(self.now_s, command)
            self._carry_out(command)
        self.commands += commands
        return commands

    def next_due(self) -> bool:
        """Let time pass until the next thing happens by itself; False when nothing will."""
        if self.ended or self._agenda.next_s is None:
            return False
        serial, due_s, event = self._agenda.take()
        if serial == self._playing:
            self._playing = 0
        self.now_s = max(self.now_s, due_s)
        self.happens(event(self.now_s))
        return True

    def pass_time(self, seconds: float) -> None:
        """Let so much time pass, with everything that happens in it."""
        until_s = self.now_s + seconds
        while not self.ended and self._agenda.next_s is not None and self._agenda.next_s <= until_s:
            self.next_due()
        self.now_s = max(self.now_s, until_s)

    def hear_out(self) -> Waiting:
        """Hear what is said until the line waits for somebody; what for."""
        for _ in range(MOST_STEPS):
            if not self.goes_on:
                break
            self.next_due()
        return self.waiting

    def until_saying(self, prompt: str) -> bool:
        """Hear what is said up to the middle of this prompt; False when it does not come."""
        for _ in range(MOST_STEPS):
            found = next((heard for heard in self.saying if heard.prompt == prompt), None)
            if found is not None:
                self.pass_time((max(found.from_s, self.now_s) + found.until_s) / 2 - self.now_s)
                return True
            if not self.goes_on:
                return False
            self.next_due()
        return False

    # The caller

    def press(self, keys: str) -> None:
        """Press these keys, one after the other, beginning now."""
        for number, key in enumerate(keys):
            if number:
                self.pass_time(BETWEEN_KEYS_S)
            message = self.open(RecordMessage)
            if message is not None and key in message.stop_keys:
                self.leaves_message("key")
            else:
                self.happens(DigitPressed(self.now_s, key))

    def says(self, words: str, confidence: float = 1.0) -> bool:
        """Say these words; False when the line does not listen for words."""
        if not self._listening:
            return False
        self.happens(SpeechHeard(self.now_s, self._listening, words, confidence))
        return True

    def is_silent(self) -> bool:
        """Hear what is said, then say nothing until a timer or a recording runs out; False when nothing waits."""
        self.hear_out()
        message = self.open(RecordMessage)
        if message is not None:
            limit_s = self._agenda.due_s(message.serial)
            self.pass_time(min(message.silence_s, limit_s - self.now_s))
            if self.open(RecordMessage) is message:
                self.leaves_message("silence")
            return True
        return self.next_due()

    def speaks(self, seconds: float) -> bool:
        """Speak so long into the recording, then be silent until it ends; False when nothing is recorded."""
        self.hear_out()
        message = self.open(RecordMessage)
        if message is None:
            return False
        limit_s = self._agenda.due_s(message.serial)
        self.pass_time(min(seconds, limit_s - self.now_s))
        return self.is_silent() if self.open(RecordMessage) is message else True

    def leaves_message(self, reason: RecordingEnd) -> None:
        """End the recording under way now."""
        serial = next(serial for serial, asked in self._agenda.asked.items() if isinstance(asked, RecordMessage))
        since_s = self._recording_since_s
        self._agenda.forget(serial)
        self.happens(MessageRecorded(self.now_s, serial, round(self.now_s - since_s, 3), reason))

    def hang_up(self) -> None:
        """The caller is gone."""
        self.happens(CallerHungUp(self.now_s))
        self.ended = self.ended or "hung_up"

    # The world

    def switch(self, closed: tuple[str, ...]) -> None:
        """Somebody closes these hours for now, and opens all others again."""
        self.happens(HoursSwitched(self.now_s, closed))

    def answer(
        self,
        event: Callable[..., Event],
        *values: Any,
        to: type | None = None,
        last: bool = True,
        stops_clock: bool = True,
    ) -> bool:
        """Answer what the flow asked for with ``event(at_s, serial, *values)``; False when nothing was asked.

        ``to`` is the kind of command that is answered, any unless given; ``last`` is False when more answers follow,
        ``stops_clock`` is False when the time in which one must come runs on.
        """
        asked = [serial for serial, command in self._agenda.asked.items() if to is None or isinstance(command, to)]
        if not asked:
            return False
        if last:
            self._agenda.forget(asked[-1])
        elif stops_clock:
            self._agenda.stop_clock(asked[-1])
        self.happens(event(self.now_s, asked[-1], *values))
        return True

    # What the flow asks

    def _carry_out(self, command: Any) -> None:
        if getattr(command, "serial", 0) and type(command) not in MECHANICS:
            self.asked.append(command)
        act = ACTS.get(type(command))
        if act is not None:
            act(self, command)
        elif hasattr(command, "serial"):
            self._agenda.ask(command)

    def _play(self, command: Play) -> None:
        self.languages |= {phrase.language for phrase in command.phrases}
        self._sound(command.serial, command.phrases)

    def _play_back(self, command: PlayMessage) -> None:
        """As long as anything is; under the name ``recording``."""
        self._sound(command.serial, (Phrase(RECORDING, self.language),))

    def _sound(self, serial: int, phrases: tuple[Phrase, ...]) -> None:
        until_s = self._track.add(phrases, self.now_s, self._pace)
        self._playing = serial
        self._agenda.expect(serial, until_s, lambda now_s: PromptEnded(now_s, serial))

    def _stop_playing(self, command: StopPlaying) -> None:
        self._agenda.stop_clock(command.serial)
        if self._playing == command.serial:
            self._playing = 0
            self._track.cut(self.now_s)

    def _start_timer(self, command: StartTimer) -> None:
        self._agenda.expect(
            command.serial, self.now_s + command.after_s, lambda now_s: TimerExpired(now_s, command.serial)
        )

    def _record(self, command: RecordMessage) -> None:
        self.recorded.append(command)
        self._recording_since_s = self.now_s
        self._agenda.ask(command)
        self._agenda.expect(
            command.serial,
            self.now_s + command.max_s,
            lambda now_s: MessageRecorded(now_s, command.serial, command.max_s, "max_length"),
        )

    def _ring(self, command: Transfer) -> None:
        self.rung.append(command.target)
        self._agenda.ask(command)
        self._agenda.expect(
            command.serial,
            self.now_s + command.ring_s,
            lambda now_s: TransferFailed(now_s, command.serial, "no_answer"),
        )

    def _join(self, command: JoinQueue) -> None:
        self._agenda.ask(command)
        self._agenda.expect(
            command.serial, self.now_s + command.max_wait_s, lambda now_s: QueueFailed(now_s, command.serial, "timeout")
        )

    def _listen(self, command: ListenFor) -> None:
        self._listening = command.serial

    def _listen_no_more(self, command: StopListening) -> None:
        self._listening = 0

    def _score(self, command: NoteScore) -> None:
        self.scores[command.item] = command.score

    def _enter(self, command: EnterNode) -> None:
        self.path.append(command.node)

    def _leave(self, command: LeaveNode) -> None:
        self.exits.append((command.node, command.exit))
        self._agenda.forget(*self._agenda.asked)

    def _consent(self, command: NoteConsent) -> None:
        self.consents[command.purpose] = command.given

    def _hang_up(self, command: HangUp) -> None:
        self.ended = command.reason
        self._agenda = Agenda()
        self._listening = 0

    def _forget_answer(self, command: StopMessage | CancelTimer | LeaveQueue) -> None:
        self._agenda.forget(command.serial)


MECHANICS = (Play, PlayMessage, StopPlaying, StartTimer, CancelTimer, StopMessage, LeaveQueue, ListenFor, StopListening)
"""What only makes the call go; everything else with a serial is something that the flow wants of somebody."""


ACTS: Mapping[type, Callable[[Simulation, Any], None]] = {
    Play: Simulation._play,
    PlayMessage: Simulation._play_back,
    StopPlaying: Simulation._stop_playing,
    StartTimer: Simulation._start_timer,
    CancelTimer: Simulation._forget_answer,
    RecordMessage: Simulation._record,
    StopMessage: Simulation._forget_answer,
    Transfer: Simulation._ring,
    JoinQueue: Simulation._join,
    LeaveQueue: Simulation._forget_answer,
    ListenFor: Simulation._listen,
    StopListening: Simulation._listen_no_more,
    NoteScore: Simulation._score,
    EnterNode: Simulation._enter,
    LeaveNode: Simulation._leave,
    NoteConsent: Simulation._consent,
    HangUp: Simulation._hang_up,
}
