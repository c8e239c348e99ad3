"""One advance of one call: a draft of the next state and the commands so far. It lives only inside ``advance``."""

from __future__ import annotations

from ivr.commands import (
    BeginSensitive,
    CancelTimer,
    Command,
    EndSensitive,
    EnterNode,
    HangUp,
    HangUpReason,
    LeaveNode,
    ListenFor,
    Phrase,
    Play,
    PlayMessage,
    StartTimer,
    StopListening,
    StopMessage,
    StopPlaying,
)
from ivr.flow.expressions import Expression
from ivr.flow.model import Flow, Node
from ivr.flow.state import Phase, State
from ivr.flow.values import Value, Values, is_of, owned, seen, without, without_value

LONGEST_AHEAD = 20
LONGEST_TRAIL = 20
GAVE_UP = "gave_up"
CALL_LIMIT = "call_limit"


class Step:
    """What the nodes do to a call, in the words of the trade."""

    __slots__ = (
        "ahead",
        "at_s",
        "began",
        "calls",
        "closed",
        "closing",
        "commands",
        "flow",
        "hearing",
        "hidden",
        "input",
        "language",
        "no_inputs",
        "no_matches",
        "node",
        "part",
        "pending",
        "phase",
        "playing",
        "preface",
        "returned",
        "serial",
        "steps",
        "target",
        "timer",
        "trail",
        "values",
    )

    def __init__(self, flow: Flow, state: State, at_s: float) -> None:
        self.flow = flow
        self.at_s = at_s
        self.commands: list[Command] = []
        self.target: str | None = None
        self.preface: tuple[Phrase, ...] = ()
        self.returned = ""
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
        self.hearing = state.hearing
        self.input = state.input
        self.part = state.part
        self.trail = state.trail
        self.calls = state.calls
        self.began = state.began
        self.values: Values = state.values
        self.hidden = state.hidden
        self.closed = state.closed

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
            self.hearing,
            self.input,
            self.part,
            self.trail,
            self.calls,
            self.began,
            self.values,
            self.hidden,
            self.closed,
        )

    def known(self) -> dict[str, Value]:
        """Every variable's value, as the flow of this node sees it."""
        values = seen(self.values, self.owner) if self.owner else dict(self.values)
        return {**values, "language": self.language}

    @property
    def owner(self) -> str:
        """The flow that this node came with, empty for the one that the call began in."""
        return self.node.rpartition(".")[0] if self.flow.parts else ""

    def work_out(self, expression: Expression) -> Value | None:
        """What an expression comes to now; ``None`` when it cannot be told."""
        return expression.work_out(self.known())

    def remember(self, values: Values, instead_of: str = "") -> None:
        """Give variables these values; what was kept of the answer ``instead_of`` is forgotten first."""
        if self.owner:
            values = tuple([(owned(name, self.owner), value) for name, value in values])
            instead_of = instead_of and owned(instead_of, self.owner)
        start = f"{instead_of}."
        kept = {name: value for name, value in self.values if not (instead_of and name.startswith(start))}
        self.values = tuple({**kept, **dict(values)}.items())

    def phrases(self, prompts: tuple[str, ...], more: Values = ()) -> tuple[Phrase, ...]:
        """Prompts as they are to be said now, with the values that this node gives to them."""
        node = self.flow.nodes.get(self.node)
        if node is None or not (node.values or more):
            return tuple([Phrase(prompt, self.language) for prompt in prompts])
        known = self.known()
        worked_out = [(name, given.work_out(known)) for name, given in node.values.items()]
        values = more + tuple([(name, "" if value is None else value) for name, value in worked_out])
        return tuple([Phrase(prompt, self.language, values) for prompt in prompts])

    def say(self, prompts: tuple[str, ...], phase: Phase = "saying", more: Values = ()) -> None:
        """Speak these prompts, after whatever was left to be said first; ``more`` values than the node's own."""
        self.hush()
        self.phase = phase
        self.playing = self.give_serial()
        phrases = self.preface + self.phrases(prompts, more)
        self.preface = ()
        self.commands.append(Play(self.playing, phrases))

    def play_back(self) -> None:
        """Let the caller hear what was recorded last."""
        self.hush()
        self.phase = "saying"
        self.playing = self.give_serial()
        self.commands.append(PlayMessage(self.playing))

    def say_first(self, prompt: str) -> None:
        """Put this prompt before whatever is said next in this step, in whichever node."""
        self.preface = self.preface + self.phrases((prompt,))

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
        self._put_away()
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
        self.no_inputs = self.no_matches = self.part = 0
        self.input = ""
        if node.stop:
            self._pass(node.name)
        self.commands.append(EnterNode(node.name, node.kind))
        if self.afford():
            node.enter(self)

    def _pass(self, name: str) -> None:
        """Note a menu on the trail; coming to it again cuts off what came after."""
        trail, stop = self.trail, (name, len(self.calls))
        cut = trail[: trail.index(stop)] if stop in trail else trail[-LONGEST_TRAIL:]
        self.trail = (*cut, stop)

    def before(self, name: str) -> str | None:
        """The menu before this node, if there is one."""
        for earlier, _ in reversed(self.trail):
            if earlier != name:
                return earlier
        return None

    def go_back(self, node: Node, key: str, target: str) -> None:
        """To the menu before this one, out of the sub-flows that were called since."""
        depth = next(depth for earlier, depth in reversed(self.trail) if earlier == target)
        while len(self.calls) > depth:
            self._close_part()
        self.leave(node, key, target)

    def call(self, node: str, part: str, given: dict[str, Value | None]) -> None:
        """Open a sub-flow: it returns to this node. Another flow begins with variables of its own."""
        open_ones = [name for name, _ in self.calls]
        kept = self.calls[: open_ones.index(node)] if node in open_ones else self.calls
        self.trail = tuple([stop for stop in self.trail if stop[1] <= len(kept)])
        self.calls = (*kept, (node, self.language))
        if part:
            begun = {**dict(self.flow.parts[part].variables), **given}
            told = tuple([(owned(name, part), value) for name, value in begun.items() if value is not None])
            self.values = (*without(self.values, part), *told)
            languages = self.flow.parts[part].languages
            self.language = self.language if self.language in languages else languages[0]

    def come_back(self, word: str) -> str:
        """Close the sub-flow; the node that called it, which goes on with this word."""
        caller, _ = self.calls[-1]
        self._close_part()
        self.trail = tuple([stop for stop in self.trail if stop[1] <= len(self.calls)])
        self.returned = word
        return caller

    def _close_part(self) -> None:
        """What the caller takes of another flow's variables is kept, the rest forgotten; a language that the caller
        chose there stays if it is spoken here.
        """
        (caller, language), self.calls = self.calls[-1], self.calls[:-1]
        part, taken = self.flow.nodes[caller].opens()
        if not part:
            return
        here, there = caller.rpartition(".")[0], seen(self.values, part)
        kept = without(self.values, part)
        for own, theirs in taken:
            own = owned(own, here) if here else own
            kept = without_value(kept, own)
            found = [(own + name[len(theirs) :], value) for name, value in there.items() if is_of(name, theirs)]
            kept += tuple(found)
        self.values = kept
        chosen = language in self.flow.parts[part].languages and self.language in self.flow.home(caller)[0].languages
        self.language = self.language if chosen else language

    def afford(self) -> bool:
        """Take one step of the call's budget of steps and time; when it is used up, say so, and end the call."""
        self.steps += 1
        if self.steps <= self.flow.max_steps and self.at_s <= self.flow.max_time_s:
            return True
        self.close("budget", (CALL_LIMIT,))
        return False

    def close(self, reason: HangUpReason, prompts: tuple[str, ...]) -> None:
        """Say the last words, then hang up."""
        self._put_away()
        self.ahead = ""
        self.closing = reason
        self.say(prompts, "closing")

    def give_up(self, reason: HangUpReason) -> None:
        """Nothing can be done for this caller: say so, and hang up."""
        self.close(reason, (GAVE_UP,))

    def hide(self) -> None:
        """Keys are secret from here on, until the node is left."""
        if not self.hidden:
            self.hidden = True
            self.commands.append(BeginSensitive())

    def listen_for(self, phrases: tuple[str, ...]) -> None:
        """Let a recogniser listen, until the node is left."""
        if not self.hearing:
            self.hearing = self.give_serial()
            self.commands.append(ListenFor(self.hearing, phrases, self.language))

    def _put_away(self) -> None:
        """What goes on for a node only: its timer, its recogniser, what it awaits, its secrecy."""
        self.cancel_wait()
        self.pending = 0
        if self.hearing:
            self.commands.append(StopListening(self.hearing))
            self.hearing = 0
        if self.hidden:
            self.hidden = False
            self.commands.append(EndSensitive())

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
        self.playing = self.timer = self.pending = self.hearing = 0
        self.hidden = False
        self.ahead = self.input = ""
