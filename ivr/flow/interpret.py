"""The flow's reading of a call: pure, so that a menu, a barge-in or a time-out is tested in microseconds without audio.

``begin`` gives the state of a call that has not been answered; every event then goes through ``advance``, in order, and
the commands are carried out in order. Nothing here can fail or wait: an event that answers something long over, or that
makes no sense now, changes nothing, and after the end of the call every event is ignored.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from ivr.commands import Command
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
    QueueMoved,
    SpeechHeard,
    SpeechStarted,
    TimerExpired,
    TransferAnswered,
    TransferEnded,
    TransferFailed,
)
from ivr.flow.model import Answer, Flow
from ivr.flow.nodes.language import REMEMBERED
from ivr.flow.state import State
from ivr.flow.step import Step

DIGITS = frozenset("0123456789*#ABCD")

__all__ = ["State", "advance", "begin"]


def begin(flow: Flow) -> State:
    """A call that is about to begin, in the flow's first language; ``CallStarted`` sets it going."""
    return State(language=flow.languages[0])


def advance(flow: Flow, state: State, event: Event) -> tuple[State, tuple[Command, ...]]:
    """What becomes of the call, and what is asked of it, when this happens."""
    reaction = REACTIONS.get(type(event))
    if state.phase == "ended" or reaction is None:
        return state, ()
    step = Step(flow, state, event.at_s)
    reaction(step, event)
    while step.target is not None:
        step.enter_target()
    return step.state(), tuple(step.commands)


def _call_started(step: Step, event: CallStarted) -> None:
    if step.phase == "new":
        step.target = step.flow.start
        step.began = event.at
        step.values = (("caller", event.caller), ("called", event.called), *step.flow.variables)
        step.closed = event.closed
        if event.language in step.flow.languages:
            step.language = event.language
            step.remember(((REMEMBERED, True),))


def _prompt_ended(step: Step, event: PromptEnded) -> None:
    if not step.playing or event.serial != step.playing:
        return
    step.playing = 0
    if step.phase == "closing":
        step.finish()
    else:
        step.flow.nodes[step.node].prompt_ended(step)


def _digit_pressed(step: Step, event: DigitPressed) -> None:
    if step.phase not in ("new", "closing") and event.digit in DIGITS:
        step.flow.nodes[step.node].digit(step, event.digit)


def _timer_expired(step: Step, event: TimerExpired) -> None:
    if step.timer and event.serial == step.timer:
        step.timer = 0
        step.flow.nodes[step.node].timer(step)


def _message_recorded(step: Step, event: MessageRecorded) -> None:
    if step.pending and event.serial == step.pending:
        step.flow.nodes[step.node].recorded(step)


def _transfer_answered(step: Step, event: TransferAnswered) -> None:
    if step.pending and event.serial == step.pending:
        step.flow.nodes[step.node].answered(step)


def _transfer_failed(step: Step, event: TransferFailed) -> None:
    if step.pending and event.serial == step.pending:
        step.flow.nodes[step.node].failed(step, event.reason)


def _transfer_ended(step: Step, event: TransferEnded) -> None:
    if step.pending and event.serial == step.pending:
        step.flow.nodes[step.node].ended(step)


def _caller_hung_up(step: Step, event: CallerHungUp) -> None:
    step.caller_gone()


def _hours_switched(step: Step, event: HoursSwitched) -> None:
    step.closed = event.closed


def _answered(step: Step, event: Answer) -> None:
    if step.pending and event.serial == step.pending:
        step.flow.nodes[step.node].told(step, event)


def _speech_started(step: Step, event: SpeechStarted) -> None:
    if step.hearing and event.serial == step.hearing and step.phase in ("saying", "listening"):
        step.flow.nodes[step.node].speaking(step)


def _speech_heard(step: Step, event: SpeechHeard) -> None:
    if step.hearing and event.serial == step.hearing and step.phase in ("saying", "listening"):
        step.flow.nodes[step.node].heard(step, event.text, event.confidence)


REACTIONS: dict[type, Callable[[Step, Any], None]] = {
    CallStarted: _call_started,
    PromptEnded: _prompt_ended,
    DigitPressed: _digit_pressed,
    TimerExpired: _timer_expired,
    MessageRecorded: _message_recorded,
    TransferAnswered: _transfer_answered,
    TransferFailed: _transfer_failed,
    TransferEnded: _transfer_ended,
    LookupAnswered: _answered,
    LookupFailed: _answered,
    QueueMoved: _answered,
    QueueAnswered: _answered,
    QueueFailed: _answered,
    QueueEnded: _answered,
    CallbackBooked: _answered,
    CallbackRefused: _answered,
    SpeechStarted: _speech_started,
    SpeechHeard: _speech_heard,
    HoursSwitched: _hours_switched,
    CallerHungUp: _caller_hung_up,
}
