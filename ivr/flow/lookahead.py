"""What a call is about to say: the flow's own reading of it, run ahead. Pure.

A prompt that holds a value can only be made when the value is known, which is often earlier than it is said: while the
prompt before it is heard, while a menu waits for its key. ``upcoming`` tells of such phrases, so that they can be made
meanwhile. It is a guess: what the caller does otherwise, or a value that changes, makes what was foreseen useless.
"""

from __future__ import annotations

from collections.abc import Iterator

from ivr.commands import Phrase, Play
from ivr.events import DigitPressed, Event, PromptEnded, TimerExpired
from ivr.flow.interpret import advance
from ivr.flow.model import Flow
from ivr.flow.nodes.question import Question
from ivr.flow.state import State

STEPS = 3
"""Prompts that are heard one after the other, and looked beyond."""
MOST = 6
"""Phrases that are told of: what is far off is made later."""


def upcoming(flow: Flow, state: State, at_s: float) -> tuple[Phrase, ...]:
    """Phrases with values that will be said when the caller listens to the end, or presses a key; the nearest first."""
    found: dict[Phrase, None] = {}
    states = [state]
    for _ in range(STEPS):
        after: list[State] = []
        for now in states:
            for event in _next(flow, now, at_s):
                then, commands = advance(flow, now, event)
                spoken = [phrase for command in commands if isinstance(command, Play) for phrase in command.phrases]
                found |= dict.fromkeys(phrase for phrase in spoken if phrase.values)
                after.append(then)
        states = after[:MOST]
        if len(found) >= MOST or not states:
            break
    return tuple(found)[:MOST]


def _next(flow: Flow, state: State, at_s: float) -> Iterator[Event]:
    """What may happen that needs nobody's answer: the end of a prompt or of a wait, and one key of a question."""
    if state.playing:
        yield PromptEnded(at_s, state.playing)
    elif state.timer and state.phase in ("queueing", "asking"):
        yield TimerExpired(at_s, state.timer)
    node = flow.nodes.get(state.node)
    if isinstance(node, Question) and state.phase in ("saying", "listening") and not state.input:
        yield from (DigitPressed(at_s, key) for key in node.answers if len(key) == 1)
