"""One call: every event goes through the flow, every command to the leg, and both into the record.

The session lives in the thread that owns the leg. It knows no SIP, renders no audio (``Rendering`` does, elsewhere, and
comes back), reads no wall clock (``clock`` gives seconds since the answer) and never sleeps: ``tick`` is called often.
"""

from __future__ import annotations

import logging
from collections import deque
from collections.abc import Callable, Mapping
from datetime import UTC
from pathlib import Path

from ivr.both_sides import BothSides, Trouble
from ivr.commands import (
    BeginSensitive,
    BookCallback,
    CancelTimer,
    Command,
    DropMessage,
    EndSensitive,
    HangUp,
    JoinQueue,
    LeaveQueue,
    ListenFor,
    Lookup,
    NoteConsent,
    Phrase,
    Play,
    PlayMessage,
    RecordMessage,
    RememberLanguage,
    StartTimer,
    StopListening,
    StopMessage,
    StopPlaying,
    Transfer,
)
from ivr.events import (
    CallbackBooked,
    CallbackRefused,
    CallerHungUp,
    CallStarted,
    DigitPressed,
    Event,
    HoursSwitched,
    LookupAnswered,
    LookupFailed,
    MessageRecorded,
    PromptEnded,
    QueueAnswered,
    QueueEnded,
    QueueFailed,
    TimerExpired,
    TransferAnswered,
    TransferEnded,
    TransferFailed,
)
from ivr.flow.interpret import advance, begin
from ivr.flow.lookahead import upcoming
from ivr.flow.model import Flow
from ivr.keypad import KeySequence
from ivr.leg import AgentPressed, CallerHeld, CallLeg, LegNotice
from ivr.lookups import Answer, Asking
from ivr.messages import BEEP, Messages
from ivr.office import Office
from ivr.queueing import Wait
from ivr.record import CallRecord, HungUp
from ivr.rendering import Rendering
from ivr.saying import Saying
from ivr.secrecy import fit_to_record, hidden_notice
from ivr.sip_uri import user_of
from ivr.transfers import Transfers

log = logging.getLogger(__name__)

RECORDING = "recording"


class Session:
    """One answered call in one flow. ``targets`` maps the names that the flow may transfer to onto SIP URIs; ``closed``
    tells which of the flow's hours somebody has closed for now; ``foresee`` may make phrases before they are wanted. An
    agent who presses ``pause_key`` pauses the recording and goes on with it; ``trouble`` hears of recordings that fail.
    """

    def __init__(
        self,
        flow: Flow,
        leg: CallLeg,
        record: CallRecord,
        rendering: Rendering,
        targets: Mapping[str, str],
        beep: Path,
        clock: Callable[[], float],
        asking: Asking | None = None,
        office: Office | None = None,
        closed: Callable[[], tuple[str, ...]] = lambda: (),
        foresee: Callable[[tuple[Phrase, ...]], None] = lambda phrases: None,
        pause_key: str = "",
        trouble: Trouble = lambda kind, sentence: None,
    ) -> None:
        self.record = record
        self.ended = False
        self._flow = flow
        self._leg = leg
        self._saying = Saying(leg, record, rendering, clock, self._said, foresee)
        self._targets = targets
        self._transfers = Transfers(leg, record, rendering, targets, clock, self.tell)
        self._clock = clock
        self._asking = asking
        self._office = office
        self._closed = closed
        self._closed_now: tuple[str, ...] = ()
        self._wait: Wait | None = None
        self._state = begin(flow)
        self._timers: dict[int, float] = {}
        self._coming: deque[Event] = deque()
        self._busy = False
        self._listening = 0
        self._secret = False
        self._recording = BothSides(leg, record, trouble)
        self._pause_keys = KeySequence(pause_key)
        self._messages = Messages(leg, record, beep, self._recording.failed)
        self._agent_hung_up = False
        self._waits = False

    @property
    def language(self) -> str:
        """The language that the call is in."""
        return self._state.language

    @property
    def awaits_somebody(self) -> bool:
        """Whether the caller waits for an agent, or talks with one."""
        return self._state.phase in ("ringing", "queueing", "talking")

    def start(self) -> None:
        """The call was answered."""
        began = self.record.started.astimezone(UTC).isoformat("T", "seconds")
        caller, called = user_of(self._leg.caller), user_of(self._leg.called)
        language = self._office.language(caller, called, self._flow.languages) if self._office is not None else ""
        self._closed_now = self._closed()
        self.tell(CallStarted(self._clock(), caller, called, began, language, self._closed_now))

    def look_at_hours(self) -> None:
        """Has somebody closed hours for now, or opened them again? Call it every second or so."""
        closed = self._closed()
        if closed != self._closed_now:
            self._closed_now = closed
            self.tell(HoursSwitched(self._clock(), closed))

    def tell(self, notice: LegNotice | Event) -> None:
        """Something happened: to the record, and what concerns the flow through the flow."""
        if self.ended:
            return
        if isinstance(notice, AgentPressed):
            self._agent_pressed(notice)
        else:
            self._happened(notice)

    def _agent_pressed(self, notice: AgentPressed) -> None:
        """The agent's keys are nobody's business but for the sequence that pauses the recording."""
        if self._pause_keys.press(notice.digit, notice.at_s) and self._state.phase == "talking":
            self._recording.toggle_pause(notice.at_s)

    def _happened(self, notice: CallerHeld | Event) -> None:
        if isinstance(notice, TransferAnswered | TransferFailed | TransferEnded):
            if self._wait is not None and notice.serial == self._wait.asked.serial:
                self._of_queue(self._wait, notice)
                return
        self.record.happened(hidden_notice(notice) if self._secret else notice)
        event = self._received(notice)
        if event is not None:
            self._through_flow(event)

    def _of_queue(self, wait: Wait, notice: TransferAnswered | TransferFailed | TransferEnded) -> None:
        """The target of a queue: what it does is the queue's business, and the flow hears the queue."""
        self.record.happened(notice)
        event = wait.read(notice)
        if isinstance(event, QueueAnswered):
            self.record.joined(event.at_s, wait.asked.queue, wait.uri)
            self._agent_hung_up = False
        elif isinstance(event, QueueEnded):
            self.record.left(event.at_s)
            self._recording.show(event.at_s, "agent")
            self._agent_hung_up = True
        if event is not None:
            self.tell(event)

    def tick(self) -> None:
        """Due timers, the end of a message, a target that nobody picks up."""
        now_s = self._clock()
        for serial, due_s in sorted(self._timers.items(), key=lambda timer: timer[1]):
            if due_s <= now_s and self._timers.pop(serial, None) is not None:
                self.tell(TimerExpired(now_s, serial))
        self._recording.watch(now_s)
        self._recorded(self._messages.watch(now_s))
        if self._wait is not None:
            self._wait.tick(now_s)
        self._transfers.tick(now_s)

    def close(self) -> None:
        """The line is closing: end the call from our side."""
        if not self.ended:
            self._end("line")

    # What happens to the call

    def _received(self, notice: CallerHeld | Event) -> Event | None:
        """Keep the books; the event for the flow, None when it is not the flow's business."""
        match notice:
            case CallerHeld(at_s, held):
                self.record.held(at_s, held)
                return None
            case DigitPressed(at_s, digit):
                return self._pressed(notice, at_s, digit)
            case PromptEnded(at_s, serial):
                return self._prompt_ended(notice, at_s, serial)
            case TransferAnswered(at_s):
                self._transfers.answered(at_s)
                self._agent_hung_up = False
                return notice
            case TransferEnded(at_s) | TransferFailed(at_s):
                self._recording.show(at_s, "agent")
                self._agent_hung_up = isinstance(notice, TransferEnded)
                self._transfers.over()
                self.record.left(at_s)
                return notice
            case _:
                return notice

    def _pressed(self, event: DigitPressed, at_s: float, digit: str) -> Event | None:
        if not self._secret:
            self.record.pressed(at_s, digit)
        self._agent_hung_up = False
        recorded = self._messages.press(digit, at_s)
        self._recorded(recorded)
        return event if recorded is None else None

    def _prompt_ended(self, event: PromptEnded, at_s: float, serial: int) -> Event | None:
        if serial == BEEP:
            self._recorded(self._messages.beeped(at_s))
            return None
        self._saying.over(serial)
        return event

    def _through_flow(self, event: Event) -> None:
        """One event after the other: a command may bring about the next one while it is carried out."""
        self._coming.append(event)
        if self._busy:
            return
        self._busy = True
        try:
            while self._coming and not self.ended:
                event = self._coming.popleft()
                self._state, commands = advance(self._flow, self._state, event)
                for command in commands:
                    self._carry_out(command)
                self._note_waiting(self._state.phase in ("ringing", "queueing"))
                if isinstance(event, CallerHungUp):
                    self._end("customer")
        finally:
            self._busy = False
        self._look_ahead()

    def _look_ahead(self) -> None:
        """Have made what will be said with values that are known already, while something else is heard."""
        if not self.ended:
            self._saying.foresee(upcoming(self._flow, self._state, self._clock()))

    def _note_waiting(self, waits: bool) -> None:
        """Whether the caller waits for somebody: what is heard meanwhile is nobody's speech."""
        if waits != self._waits and not self.ended:
            self._waits = waits
            self.record.waits(self._clock(), waits)

    # What is asked of the call

    def _carry_out(self, command: Command) -> None:
        if self.ended:
            return
        self.record.asked(self._clock(), fit_to_record(command))
        match command:
            case Play(serial, phrases):
                self._saying.say(serial, phrases)
            case StopPlaying(serial):
                self._saying.stop(serial)
            case StartTimer(serial, after_s):
                self._timers[serial] = self._clock() + after_s
            case CancelTimer(serial):
                self._timers.pop(serial, None)
            case NoteConsent(purpose, given):
                self._consented(purpose, given)
            case RecordMessage():
                self._recorded(self._messages.take(command, self._clock()))
            case StopMessage(serial):
                self._recorded(self._messages.stop(self._clock(), serial))
            case PlayMessage(serial):
                self._saying.play_back(serial, self._messages.last())
            case DropMessage():
                self._messages.drop()
            case Transfer():
                self._transfers.begin(command)
            case Lookup():
                self._look_up(command)
            case JoinQueue():
                self._join_queue(command)
            case LeaveQueue(serial):
                if self._wait is not None and self._wait.asked.serial == serial:
                    self._wait.leave(self._clock())
            case BookCallback():
                self._book_callback(command)
            case RememberLanguage(language):
                if self._office is not None:
                    self._office.remember(user_of(self._leg.caller), language)
            case ListenFor(serial, phrases, language):
                self._listening = serial
                self._leg.start_listening(serial, phrases, language)
            case StopListening(serial):
                self._stop_listening(serial)
            case BeginSensitive():
                self._secret = True
                self._recording.hide(self._clock(), "node")
            case EndSensitive():
                self._secret = False
                self._recording.show(self._clock(), "node")
            case HangUp():
                self._end("line")
            case _:
                pass  # EnterNode, LeaveNode, NoteScore: for the record only

    def _said(self, serial: int) -> None:
        self.tell(PromptEnded(self._clock(), serial))

    def _look_up(self, asked: Lookup) -> None:
        def answered(answer: Answer) -> None:
            first, second = answer
            if isinstance(first, int) and isinstance(second, tuple):
                self.tell(LookupAnswered(self._clock(), asked.serial, first, second))
            elif isinstance(first, str) and isinstance(second, int):
                self.tell(LookupFailed(self._clock(), asked.serial, first, second))

        if self._asking is None:
            answered(("unreachable", 0))
        else:
            self._asking(asked, answered)

    def _stop_listening(self, serial: int) -> None:
        if self._listening == serial:
            self._listening = 0
            self._leg.stop_listening()

    def _consented(self, purpose: str, given: bool) -> None:
        now_s = self._clock()
        self.record.consented(now_s, purpose, given)
        if purpose == RECORDING:
            self._recording.allow(given, now_s)

    def _recorded(self, message: MessageRecorded | None) -> None:
        """A message of the caller is kept; None is no message."""
        if message is not None:
            self._agent_hung_up = False
            self.tell(message)

    def _join_queue(self, asked: JoinQueue) -> None:
        uri = self._targets.get(asked.queue)
        if uri is None or self._office is None:
            log.error("call %s: no queue named %r (see --target)", self.record.call_id, asked.queue)
            self.tell(QueueFailed(self._clock(), asked.serial, "closed"))
            return
        self._wait = Wait(asked, uri, self._office.queues, self._leg, self.tell, self._clock())

    def _book_callback(self, asked: BookCallback) -> None:
        now_s, record = self._clock(), self.record
        booked = self._office is not None and self._office.callbacks.book(
            asked.queue, asked.number, record.call_id, self.language, record.moment(now_s)
        )
        self.tell(CallbackBooked(now_s, asked.serial) if booked else CallbackRefused(now_s, asked.serial))

    def _end(self, by: HungUp) -> None:
        """Once: keep a message under way, let go of the leg, close the books."""
        if self.ended:
            return
        now_s = self._clock()
        recorded = self._messages.stop(now_s)
        if recorded is not None:
            self.record.happened(recorded)
        if self._wait is not None:
            self._wait.leave(now_s)
        self._note_waiting(False)
        self.ended = True
        self._transfers.over()
        self._saying.close()
        self._timers.clear()
        self.record.language = self.language
        self.record.vanished = self._leg.vanished
        self.record.ended(now_s, "agent" if self._agent_hung_up else by)
        self._leg.hang_up()
