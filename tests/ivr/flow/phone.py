"""A caller on a flow, without a line: what a test presses and waits for, and what it then hears."""

from __future__ import annotations

from typing import TypeVar

from ivr.commands import Command, EnterNode, HangUp, LeaveNode, Play
from ivr.events import (
    CallerHungUp,
    CallStarted,
    DigitPressed,
    Event,
    MessageRecorded,
    PromptEnded,
    TimerExpired,
    TransferAnswered,
    TransferEnded,
    TransferFailed,
    TransferFailure,
)
from ivr.flow.interpret import State, advance, begin
from ivr.flow.load import parse_flow
from ivr.flow.model import Flow

Asked = TypeVar("Asked")


def flow_of(nodes: str, header: str = "") -> Flow:
    """A flow with these nodes, one a line; the first one is the start."""
    lines = "".join(f"  {line.strip()}\n" for line in nodes.strip().splitlines())
    return parse_flow(f"flow: test\n{header}\nnodes:\n{lines}")


class Phone:
    """Holds the state, remembers every command, answers with the right serials."""

    def __init__(self, flow: Flow) -> None:
        self.flow = flow
        self.state: State = begin(flow)
        self.commands: list[Command] = []
        self.last: tuple[Command, ...] = ()
        self.at_s = 0.0

    def tell(self, event: Event) -> tuple[Command, ...]:
        self.state, self.last = advance(self.flow, self.state, event)
        self.commands += self.last
        return self.last

    def ring(self) -> Phone:
        self.tell(CallStarted(0.0, "1001", "5060"))
        return self

    def press(self, keys: str) -> Phone:
        for key in keys:
            self.tell(DigitPressed(self.at_s, key))
        return self

    def listen(self) -> Phone:
        """Hear the prompt to its end."""
        assert self.state.playing, f"nothing is playing: {self.state}"
        self.tell(PromptEnded(self.at_s, self.state.playing))
        return self

    def silence(self) -> Phone:
        """Hear what is said, if anything, then say nothing until the timer runs out."""
        if self.state.playing:
            self.listen()
        assert self.state.timer, f"no timer runs: {self.state}"
        self.tell(TimerExpired(self.at_s, self.state.timer))
        return self

    def spoke(self, seconds: float = 5.0) -> Phone:
        self.tell(MessageRecorded(self.at_s, self.state.pending, seconds, "silence"))
        return self

    def pick_up(self) -> Phone:
        self.tell(TransferAnswered(self.at_s, self.state.pending))
        return self

    def refuse(self, reason: TransferFailure) -> Phone:
        self.tell(TransferFailed(self.at_s, self.state.pending, reason))
        return self

    def agent_hangs_up(self) -> Phone:
        self.tell(TransferEnded(self.at_s, self.state.pending))
        return self

    def hang_up(self) -> Phone:
        self.tell(CallerHungUp(self.at_s))
        return self

    @property
    def hears(self) -> list[str]:
        """The prompts of the newest command to play."""
        plays = [command for command in self.commands if isinstance(command, Play)]
        return [phrase.prompt for phrase in plays[-1].phrases] if plays else []

    @property
    def path(self) -> list[str]:
        """The nodes that the call has come to."""
        return [command.node for command in self.commands if isinstance(command, EnterNode)]

    @property
    def exits(self) -> list[tuple[str, str]]:
        return [(command.node, command.exit) for command in self.commands if isinstance(command, LeaveNode)]

    @property
    def hung_up(self) -> str | None:
        """Why the line hung up."""
        reasons = [command.reason for command in self.commands if isinstance(command, HangUp)]
        assert len(reasons) <= 1
        return reasons[0] if reasons else None

    def asked(self, kind: type[Asked]) -> list[Asked]:
        """The commands of this kind, out of the last event's."""
        return [command for command in self.last if isinstance(command, kind)]
