"""Runs the tests of a flow: each is one simulated call, thousands a second; no audio, no clock.

A test stops at its first step that does not hold, and says where it stands in the file and what happened instead.
``hears`` and ``reaches`` look at what came since the first of the acts just before them, and the call goes on by itself
until the line waits for somebody; what is found moves the look-out behind it, so a list holds in its order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from ivr.commands import RecordMessage, Transfer
from ivr.events import TransferAnswered, TransferEnded, TransferFailed
from ivr.flow.model import Flow
from ivr.flow.simulate import Pace, Simulation, steady
from ivr.flow.testing.script import FlowTest, Press, Step

RINGING_S = 2.0
SHOWN = 8


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one test. ``step`` and ``why`` are the first step that did not hold, and what was there instead.

    ``path`` are the nodes in order, ``exits`` pairs of node and exit, ``heard`` the prompts, ``length_s`` the length of
    the call in virtual seconds.
    """

    test: FlowTest
    step: Step | None
    why: str
    path: tuple[str, ...]
    exits: tuple[tuple[str, str], ...]
    heard: tuple[str, ...]
    languages: frozenset[str]
    length_s: float

    @property
    def passed(self) -> bool:
        """Whether every step held."""
        return self.step is None

    def told(self, file: str) -> str:
        """One line: where, which test, what was wrong, and the call so far."""
        at = f"{file}:{self.step.line}:{self.step.column}" if self.step else f"{file}:{self.test.line}"
        shown = self.heard[-SHOWN:]
        heard = (", ..., " if len(self.heard) > SHOWN else "") + ", ".join(shown) or "nothing"
        return (
            f"{at}: test '{self.test.name}': {self.why}. "
            f"The call went {' > '.join(self.path) or 'nowhere'}; heard: {heard.removeprefix(', ')}."
        )


class Unmet(Exception):
    """A step did not hold; the message says what was there instead."""


def run_tests(flow: Flow, pace: Pace = steady) -> list[Verdict]:
    """Every test of this flow, in the order of the file."""
    return [run_one(flow, test, pace) for test in flow.tests]


def run_one(flow: Flow, test: FlowTest, pace: Pace = steady) -> Verdict:
    """One test of this flow."""
    run = _Run(flow, test, pace)
    failed, why = run.through(test.steps)
    call = run.call
    return Verdict(
        test,
        failed,
        why,
        tuple(call.path),
        tuple(call.exits),
        tuple(heard.prompt for heard in call.heard),
        frozenset(call.languages),
        call.now_s,
    )


class _Run:
    """One test under way."""

    def __init__(self, flow: Flow, test: FlowTest, pace: Pace) -> None:
        given = {step.word: step.value for step in test.steps}
        self.call = Simulation(
            flow,
            caller=given.get("caller", ""),
            called=given.get("called", ""),
            at=given.get("clock", ""),
            language=given.get("known language", ""),
            pace=pace,
        )
        self.listened = self.walked = 0
        self.acting = False

    def through(self, steps: tuple[Step, ...]) -> tuple[Step | None, str]:
        """The first step that did not hold, and why; None and nothing when all did."""
        for step in steps:
            act = ACTING.get(step.word)
            try:
                if act is not None:
                    act(self, step.value)
                    self.acting = True
                elif step.word in EXPECTING:
                    EXPECTING[step.word](self, step.value)
                    self.acting = False
            except Unmet as unmet:
                return step, str(unmet)
        return None, ""

    # What happens

    def takes_effect(self) -> None:
        """The first act after an expectation: only what comes from here on counts for the next one."""
        if not self.acting:
            self.listened = sum(heard.from_s < self.call.now_s for heard in self.call.heard)
            self.walked = len(self.call.path)

    def presses(self, press: Press) -> None:
        if press.during:
            if not self.call.until_saying(press.during):
                raise Unmet(f"the keys were to be pressed while '{press.during}' is said, but {self._stand()}")
        elif not press.at_once:
            self.call.hear_out()
        self._must_be_up()
        self.takes_effect()
        self.call.press(press.keys)

    def is_silent(self, _: None) -> None:
        self.call.hear_out()
        self._must_be_up()
        self.takes_effect()
        if not self.call.is_silent():
            raise Unmet(f"nothing waits for the caller: {self._stand()}")

    def speaks(self, seconds: float) -> None:
        self.call.hear_out()
        self.takes_effect()
        if not self.call.speaks(seconds):
            raise Unmet(f"nothing is being recorded: {self._stand()}")

    def waits(self, seconds: float) -> None:
        self.takes_effect()
        self.call.pass_time(seconds)

    def hangs_up(self, _: None) -> None:
        self._must_be_up()
        self.takes_effect()
        self.call.hang_up()

    def transfer(self, outcome: str) -> None:
        self._until(lambda: self.call.open(Transfer) is not None)
        self.takes_effect()
        self.call.pass_time(RINGING_S)
        if outcome == "answered":
            rung = self.call.answer(TransferAnswered, to=Transfer, last=False)
        else:
            rung = self.call.answer(TransferFailed, outcome, to=Transfer)
        if not rung:
            raise Unmet(f"nobody is being rung: {self._stand()}")

    def agent_hangs_up(self, _: None) -> None:
        self.takes_effect()
        if not self.call.answer(TransferEnded, to=Transfer):
            raise Unmet(f"no agent is on the line: {self._stand()}")

    # What must come of it

    def hears(self, prompts: tuple[str, ...]) -> None:
        for prompt in prompts:
            if not self._until(lambda prompt=prompt: self._heard(prompt)):  # type: ignore[misc]
                since = [heard.prompt for heard in self.call.heard[self.listened :]]
                raise Unmet(f"expected to hear '{prompt}', heard {_listed(since)}, and {self._stand()}")

    def never_hears(self, prompts: tuple[str, ...]) -> None:
        self.call.hear_out()
        for heard in self.call.heard:
            if heard.prompt in prompts:
                raise Unmet(f"'{heard.prompt}' was heard after {heard.from_s:.1f} s")

    def reaches(self, nodes: tuple[str, ...]) -> None:
        for node in nodes:
            if not self._until(lambda node=node: self._came_to(node)):  # type: ignore[misc]
                raise Unmet(f"expected to reach '{node}', but {self._stand()}")

    def never_reaches(self, nodes: tuple[str, ...]) -> None:
        self.call.hear_out()
        for node in nodes:
            if node in self.call.path:
                raise Unmet(f"the call came to '{node}'")

    def ends(self, reason: str) -> None:
        self.call.hear_out()
        if not self.call.ended:
            raise Unmet(f"expected the end of the call, but {self._stand()}")
        if reason and reason != self.call.ended:
            raise Unmet(f"expected the end '{reason}', but {self._stand()}")

    def records(self, kind: str) -> None:
        if not self._until(lambda: any(message.kind == kind for message in self.call.recorded)):
            found = _listed([message.kind for message in self.call.recorded])
            raise Unmet(f"expected a recording of a {kind}, recorded {found}, and {self._stand()}")

    def rings(self, target: str) -> None:
        if not self._until(lambda: target in self.call.rung):
            raise Unmet(f"expected '{target}' to be rung, rung was {_listed(self.call.rung)}, and {self._stand()}")

    def consents(self, wanted: Mapping[str, bool]) -> None:
        for purpose, given in wanted.items():
            noted = self.call.consents.get(purpose)
            if noted is not given:
                said = "no answer" if noted is None else _yes(noted)
                raise Unmet(f"expected {_yes(given)} to {purpose}, noted was {said}")

    def sets(self, wanted: Mapping[str, Any]) -> None:
        known = self.call.variables
        for name, value in wanted.items():
            if name not in known:
                raise Unmet(f"expected {name} to be {value!r}, but nothing is stored under that name")
            if not same(value, known[name]):
                raise Unmet(f"expected {name} to be {value!r}, but it is {known[name]!r}")

    def language(self, language: str) -> None:
        if self.call.language != language:
            raise Unmet(f"expected the language {language}, but the call is in {self.call.language}")

    def within(self, seconds: float) -> None:
        if self.call.now_s > seconds:
            raise Unmet(f"expected at most {seconds:g} s since the answer, but it is {self.call.now_s:.1f} s")

    def _heard(self, prompt: str) -> bool:
        call = self.call
        for number in range(self.listened, len(call.heard)):
            if call.heard[number].prompt == prompt:
                self.listened = number + 1
                return True
        coming = next((heard for heard in call.saying if heard.prompt == prompt and heard.from_s > call.now_s), None)
        if coming is None:
            return False
        call.pass_time(coming.from_s - call.now_s)
        return self._heard(prompt)

    def _came_to(self, node: str) -> bool:
        path = self.call.path
        if node in path[self.walked :]:
            self.walked = path.index(node, self.walked) + 1
            return True
        return bool(path) and path[-1] == node

    def _until(self, holds: Callable[[], bool]) -> bool:
        """Hear on until it holds or the line waits for somebody."""
        while not holds():
            if not self.call.goes_on or not self.call.next_due():
                return holds()
        return True

    def _must_be_up(self) -> None:
        if self.call.ended:
            raise Unmet(f"the call was already over: {self._stand()}")

    def _stand(self) -> str:
        """Where the call stands, in a supervisor's words."""
        call = self.call
        at = call.path[-1] if call.path else ""
        if call.waiting == "ended":
            return f"the call ended ({call.ended.replace('_', ' ')}) at '{at}'"
        asked = call.unanswered
        if isinstance(asked, Transfer):
            ringing = "is ringing" if call.state.phase == "ringing" else "is talking with the caller"
            return f"'{asked.target}' {ringing} at '{at}'"
        if isinstance(asked, RecordMessage):
            return f"the line records a {asked.kind} at '{at}'"
        if asked is not None:
            return f"the line waits for the answer to a {type(asked).__name__} at '{at}'"
        return f"the line waits for the caller at '{at}'"


def same(written: object, value: object) -> bool:
    """Whether a stored value is what the test wrote: texts as they are, numbers by value, yes and no as truth."""
    if isinstance(value, bool):
        return written in (("true", "yes") if value else ("false", "no"))
    if isinstance(value, int | float) and isinstance(written, str):
        try:
            return float(written) == float(value)
        except ValueError:
            return False
    return written == value or str(value) == written


def _listed(names: list[str]) -> str:
    return ", ".join(f"'{name}'" for name in names) or "nothing"


def _yes(given: bool) -> str:
    return "yes" if given else "no"


ACTING: Mapping[str, Callable[[_Run, Any], None]] = {
    "key": _Run.presses,
    "keys": _Run.presses,
    "silence": _Run.is_silent,
    "speaks": _Run.speaks,
    "wait": _Run.waits,
    "hang up": _Run.hangs_up,
    "transfer": _Run.transfer,
    "agent hangs up": _Run.agent_hangs_up,
}
EXPECTING: Mapping[str, Callable[[_Run, Any], None]] = {
    "hears": _Run.hears,
    "never hears": _Run.never_hears,
    "reaches": _Run.reaches,
    "never reaches": _Run.never_reaches,
    "ends": _Run.ends,
    "records": _Run.records,
    "rings": _Run.rings,
    "consents": _Run.consents,
    "sets": _Run.sets,
    "language": _Run.language,
    "within": _Run.within,
}
