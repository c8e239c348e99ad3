"""A call that is typed: keys, words and silence in, what the line says and does out. The same ``advance`` as a call.

Input is one line at a time, from a terminal or a pipe; the call stands still until the next line comes.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Callable, Iterable
from dataclasses import fields
from pathlib import Path
from typing import Any

from ivr.commands import (
    BookCallback,
    CancelTimer,
    Command,
    EnterNode,
    JoinQueue,
    LeaveNode,
    LeaveQueue,
    ListenFor,
    Lookup,
    Phrase,
    Play,
    StartTimer,
    StopListening,
    StopMessage,
    StopPlaying,
    Transfer,
)
from ivr.flow import world
from ivr.flow.nodes.hours import ALL
from ivr.flow.schema import KEYS, read_seconds
from ivr.flow.simulate import Simulation

PLAYERS = (
    ("aplay", "-q"),
    ("afplay",),
    ("paplay",),
    ("ffplay", "-nodisp", "-autoexit", "-loglevel", "error"),
)
QUIET = (StopPlaying, StartTimer, CancelTimer, StopMessage, LeaveNode, LeaveQueue, ListenFor, StopListening)
HELP = """keys           type them: 1, 4711#, *  (of several, each comes while the line answers the one before)
words          type them, and the line hears them spoken
(empty line)   say nothing until the line's patience is over
/wait 10s      let time pass
/transfer X    answered, busy, no_answer, declined or unreachable
/lookup X      ok, not_found, timeout, unreachable, refused, unreadable, or JSON: {"balance": 12.5}
/queue X       answered, full, timeout or closed
/callback X    booked or refused
/agent_hangs_up
/close X       somebody closes the hours X for now (all of them without a name); /open X opens them again
/speak 12s     speak into the recording
/state         where the call stands, and what it knows
/hang_up       the caller is gone (as at the end of the input)"""

Say = Callable[[str], None]
Voice = Callable[[Phrase], None]


class Speaker:
    """Plays prompts through the machine's own player; says once why it cannot."""

    def __init__(self, audio: Callable[[Phrase], Path], complain: Say) -> None:
        self._audio = audio
        self._complain = complain
        found = next((player for player in PLAYERS if shutil.which(player[0])), None)
        self._player: tuple[str, ...] | None = found
        if found is None:
            names = ", ".join(player[0] for player in PLAYERS)
            complain(f"Nothing is played: this machine has no player ({names}).")

    def __call__(self, phrase: Phrase) -> None:
        """Play the phrase to its end."""
        if self._player is None:
            return
        try:
            played = subprocess.run(
                [*self._player, str(self._audio(phrase))], stdin=subprocess.DEVNULL, capture_output=True, check=False
            )
        except (OSError, ValueError) as error:
            self._gives_up(str(error))
        else:
            said = played.stderr.decode(errors="replace").strip()
            if played.returncode or said:  # ffplay ends with 0 even where there is no sound device
                self._gives_up("is there a sound device?")

    def _gives_up(self, why: str) -> None:
        name = self._player[0] if self._player else ""
        self._player = None
        self._complain(f"Nothing is played from here on: {name} could not ({why}).")


class Talk:
    """One typed call. ``say`` shows a line, ``text`` gives the words of a phrase, ``voice`` makes them heard."""

    def __init__(
        self,
        begin: Callable[[Callable[[float, Command], None]], Simulation],
        say: Say,
        text: Callable[[Phrase], str | None],
        voice: Voice | None = None,
    ) -> None:
        self._say = say
        self._text = text
        self._voice = voice
        self._node = ""
        self.call = begin(self._show)

    def run(self, lines: Iterable[str]) -> None:
        """Carry on the call with these lines, until it or they end; then tell how it went."""
        self._stand()
        for line in lines:
            self._act(line.strip())
            if self.call.ended:
                break
        if not self.call.ended:
            self.call.hang_up()
        self._say(f"The call ended ({self.call.ended.replace('_', ' ')}) after {self.call.now_s:.1f} s.")
        self._say(f"Path: {' > '.join(self.call.path)}")

    def _act(self, line: str) -> None:
        act, _, rest = line.partition(" ")
        if line.startswith("/"):
            known = SLASH.get(act)
            if known is None:
                self._say(f"There is no {act} here. /help lists what there is.")
                return
            known(self, rest.strip())
        elif not line:
            if not self.call.is_silent():
                self._say("Nothing waits for the caller.")
        elif set(line) <= set(KEYS):
            self.call.press(line)
        else:
            self._speak_words(line)
        if not line.startswith(("/state", "/help")):
            self._stand()

    def _speak_words(self, words: str) -> None:
        if not self.call.says(words):
            self._say("The line does not listen for words here; it takes keys.")

    def _stand(self) -> None:
        """Hear what is said, and tell what the line waits for."""
        waiting = self.call.hear_out()
        if waiting == "caller":
            due_s = self.call.patience_s
            self._say(f"          ... waits for you, {due_s:.0f} s")
        elif waiting == "message":
            self._say("          ... records you: /speak 10s, a key, or an empty line for silence")
        elif waiting == "answer":
            asked = self.call.unanswered
            self._say(f"          ... {_awaited(asked)}")

    def _show(self, at_s: float, command: Command) -> None:
        if isinstance(command, EnterNode):
            self._node = command.node
        elif isinstance(command, Play):
            for phrase in command.phrases:
                words = self._text(phrase)
                self._say(f"{at_s:7.1f} s  {self._node:<18} {words if words is not None else f'({phrase.prompt})'}")
                if self._voice is not None:
                    self._voice(phrase)
        elif not isinstance(command, QUIET):
            self._say(f"{at_s:7.1f} s  {self._node:<18} [{described(command)}]")

    def _tell_state(self, _: str) -> None:
        state = self.call.state
        for field in fields(state):
            value = getattr(state, field.name)
            if value not in (0, "", ()) and field.name not in ("values", "trail", "calls", "closing"):
                self._say(f"{field.name:>12}: {', '.join(value) if isinstance(value, tuple) else value}")
        for name, value in state.values:
            self._say(f"{'knows':>12}: {name} = {value!r}")
        for what, nodes in (("menus", state.trail), ("returns to", state.calls)):
            if nodes:
                self._say(f"{what:>12}: {' > '.join(name for name, _ in nodes)}")
        self._say(f"{'path':>12}: {' > '.join(self.call.path)}")
        for purpose, given in self.call.consents.items():
            self._say(f"{'consent':>12}: {purpose} {'yes' if given else 'no'}")

    def _wait(self, length: str) -> None:
        seconds = self._seconds(length)
        if seconds is not None:
            self.call.pass_time(seconds)

    def _speak(self, length: str) -> None:
        seconds = self._seconds(length)
        if seconds is not None and not self.call.speaks(seconds):
            self._say("Nothing is being recorded.")

    def _seconds(self, length: str) -> float | None:
        try:
            return read_seconds(length)
        except ValueError:
            self._say(f"'{length}' is no length of time: write 10s, 500ms or 2m.")
            return None

    def _transfer(self, outcome: str) -> None:
        self._answer(outcome, world.TRANSFERS, world.transfer, "Nobody is being rung.")

    def _queue(self, outcome: str) -> None:
        self._answer(outcome, world.QUEUES, world.queue, "The caller is in no queue.")

    def _callback(self, outcome: str) -> None:
        self._answer(outcome, world.CALLBACKS, world.callback, "No callback is being booked.")

    def _lookup(self, answer: str) -> None:
        if answer.startswith("{"):
            content = world.as_json(answer)
            if not isinstance(content, dict):
                self._say('That is not JSON. Write as in /lookup {"balance": 12.5}')
            elif not world.lookup(self.call, content):
                self._say("Nothing is being looked up.")
        else:
            self._answer(answer, world.LOOKUPS, world.lookup, "Nothing is being looked up.")

    def _answer(
        self, outcome: str, outcomes: tuple[str, ...], answer: Callable[[Simulation, str], bool], otherwise: str
    ) -> None:
        if outcome not in outcomes:
            self._say(f"'{outcome}' is none of: {', '.join(outcomes)}.")
        elif not answer(self.call, outcome):
            self._say(otherwise)

    def _agent_hangs_up(self, _: str) -> None:
        if not world.agent_hangs_up(self.call):
            self._say("No agent is on the line.")

    def _close(self, hours: str) -> None:
        self.call.switch(tuple(sorted({*self.call.state.closed, hours or ALL})))

    def _open(self, hours: str) -> None:
        self.call.switch(tuple(name for name in self.call.state.closed if hours and name != hours))

    def _hang_up(self, _: str) -> None:
        self.call.hang_up()

    def _help(self, _: str) -> None:
        self._say(HELP)


def described(command: Any) -> str:
    """A command in a few words: what it is, and what it says of itself."""
    name = re.sub(r"(?<!^)(?=[A-Z])", " ", type(command).__name__).lower()
    told = [
        f"{field.name.removesuffix('_s').replace('_', ' ')} {value}"
        for field in fields(command)
        if field.name not in ("serial", "stop_keys", "beep") and (value := getattr(command, field.name)) not in ((), "")
    ]
    return f"{name}: {', '.join(told)}" if told else name


def _awaited(asked: Command | None) -> str:
    if isinstance(asked, Transfer):
        return f"'{asked.target}' is rung: /transfer busy (or answered, ...), /agent_hangs_up, /wait 30s"
    if isinstance(asked, Lookup):
        return f"{asked.method} {asked.url}: /lookup ok (or timeout, not_found, JSON, ...), /wait 3s"
    if isinstance(asked, JoinQueue):
        return f"waits in the queue '{asked.queue}': /queue answered (or full, ...), /agent_hangs_up, /wait 30s"
    if isinstance(asked, BookCallback):
        return f"books a callback to {asked.number}: /callback booked or refused"
    return f"waits for {described(asked)}"


SLASH: dict[str, Callable[[Talk, str], None]] = {
    "/help": Talk._help,
    "/state": Talk._tell_state,
    "/wait": Talk._wait,
    "/speak": Talk._speak,
    "/transfer": Talk._transfer,
    "/lookup": Talk._lookup,
    "/queue": Talk._queue,
    "/callback": Talk._callback,
    "/agent_hangs_up": Talk._agent_hangs_up,
    "/close": Talk._close,
    "/open": Talk._open,
    "/hang_up": Talk._hang_up,
}
