"""One advance of one call: a draft of the next state and the commands so far. It lives only inside ``advance``."""

from __future__ import annotations

from ivr.commands import (
    CancelTimer,
    Command,
    EnterNode,
    HangUp,
    HangUpReason,
    LeaveNode,
    Phrase,
    Play,
    StartTimer,
    StopMessage,
    StopPlaying,
)
from ivr.flow.model import Flow, Node
from ivr.flow.state import Phase, State

LONGEST_AHEAD = 20
GAVE_UP = "gave_up"
CALL_LIMIT = "call_limit"


class Step:
    """What the nodes do to a call, in the words of the trade."""

    __slots__ = (
        "ahead",
        "closing",
        "commands",
        "flow",
        "language",
        "no_inputs",
        "no_matches",
        "node",
        "pending",
        "phase",
        "playing",
        "preface",
        "serial",
        "steps",
        "target",
        "timer",
    )

    def __init__(self, flow: Flow, state: State) -> None:
        self.flow = flow
        self.commands: list[Command] = []
        self.target: str | None = None
        self.preface: tuple[str, ...] = ()
        self.phase: Phase = state.phase
        self.node = state.node
        self.language = state.language
        self.serial = state.serial
        self.playing = state.playing
        self.timer = state.timer
        self.pending = state.pending
        self.ahead = state.ahead
        self.no_inputs = state.no_inputs
        self.no_matches = state.no_matches
        self.steps = state.steps
        self.closing: HangUpReason = state.closing

    def state(self) -> State:
        """The draft as a value."""
        return State(
            self.phase,
            self.node,
            self.language,
            self.serial,
            self.playing,
            self.timer,
            self.pending,
            self.ahead,
            self.no_inputs,
            self.no_matches,
            self.steps,
            self.closing,
        )

    def say(self, prompts: tuple[str, ...], phase: Phase = "saying") -> None:
        """Speak these prompts, after whatever was left to be said first."""
        self.hush()
        self.phase = phase
        self.playing = self.give_serial()
        phrases = tuple(Phrase(prompt, self.language) for prompt in self.preface + prompts)
        self.preface = ()
        self.commands.append(Play(self.playing, phrases))

    def say_first(self, prompt: str) -> None:
        """Put this prompt before whatever is said next in this step, in whichever node."""
        self.preface = (*self.preface, prompt)

    def hush(self) -> None:
        """Fall silent."""
        if self.playing:
            self.commands.append(StopPlaying(self.playing))
            self.playing = 0

    def wait(self, seconds: float) -> None:
        """Let the node's timer run out after so many seconds."""
        self.cancel_wait()
        self.timer = self.give_serial()
        self.commands.append(StartTimer(self.timer, seconds))

    def cancel_wait(self) -> None:
        """Stop the node's timer."""
        if self.timer:
            self.commands.append(CancelTimer(self.timer))
            self.timer = 0

    def give_serial(self) -> int:
        """A number that no command of this call has had."""
        self.serial += 1
        return self.serial

    def keep_ahead(self, key: str) -> None:
        """Remember a key that was pressed before it was asked for."""
        if len(self.ahead) < LONGEST_AHEAD:
            self.ahead += key

    def leave(self, node: Node, exit: str, target: str | None = None) -> None:
        """Go out by this exit, to the node it names or to ``target``; an exit that leads nowhere ends the call."""
        self.hush()
        self.cancel_wait()
        self.pending = 0
        self.commands.append(LeaveNode(node.name, exit))
        self.target = target if target is not None else node.exits.get(exit)
        if self.target is None:
            self._hang_up("finished")

    def enter_target(self) -> None:
        """Come to the node that the last one led to, unless the call has taken all its steps."""
        assert self.target is not None
        node = self.flow.nodes[self.target]
        self.target = None
        self.node = node.name
        self.no_inputs = self.no_matches = 0
        self.commands.append(EnterNode(node.name, node.kind))
        if self.afford():
            node.enter(self)

    def afford(self) -> bool:
        """Take one step of the call's budget; when it is used up, say so, and end the call."""
        self.steps += 1
        if self.steps <= self.flow.max_steps:
            return True
        self.close("budget", (CALL_LIMIT,))
        return False

    def close(self, reason: HangUpReason, prompts: tuple[str, ...]) -> None:
        """Say the last words, then hang up."""
        self.cancel_wait()
        self.pending = 0
        self.ahead = ""
        self.closing = reason
        self.say(prompts, "closing")

    def finish(self) -> None:
        """The last words have been heard."""
        self.commands.append(LeaveNode(self.node, self.closing))
        self._hang_up(self.closing)

    def caller_gone(self) -> None:
        """Nobody is left to hear anything; what the caller recorded is kept."""
        if self.phase == "recording":
            self.commands.append(StopMessage(self.pending))
        if self.node:
            self.commands.append(LeaveNode(self.node, "hung_up"))
        self._end()

    def _hang_up(self, reason: HangUpReason) -> None:
        self.commands.append(HangUp(reason))
        self._end()

    def _end(self) -> None:
        self.phase = "ended"
        self.playing = self.timer = self.pending = 0
        self.ahead = ""
