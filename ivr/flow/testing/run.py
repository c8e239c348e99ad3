"""Runs the tests of a flow: each is one simulated call, thousands a second; no audio, no clock.

A test stops at its first step that does not hold, and says where it stands in the file and what happened instead.
``hears`` and ``reaches`` look at what came since the first of the acts just before them, and the call goes on by itself
until the line waits for somebody; what is found moves the look-out behind it, so a list holds in its order.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from functools import partial
from typing import Any

from ivr.commands import BookCallback, JoinQueue, Lookup, RecordMessage, Transfer
from ivr.flow import world
from ivr.flow.model import Flow
from ivr.flow.nodes.hours import ALL
from ivr.flow.pace import Pace, steady
from ivr.flow.simulate import Simulation
from ivr.flow.testing.script import FlowTest, Press, Saying, Step
from ivr.flow.testing.verdict import Verdict

MOMENT_S = 0.2


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
        begin = {**dict(flow.variables), **given.get("given", {})}
        self.call = Simulation(
            replace(flow, variables=tuple(begin.items())),
            caller=given.get("caller", ""),
            called=given.get("called", ""),
            at=given.get("clock", ""),
            language=given.get("known language", ""),
            closed=given.get("closed", ()),
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
        self._wait_for(press.during, press.at_once)
        self.takes_effect()
        self.call.press(press.keys)

    def _wait_for(self, prompt: str, at_once: bool) -> None:
        """Until this prompt is being said; where none is named, until the line listens."""
        if prompt and not self.call.until_saying(prompt):
            raise Unmet(f"the caller was to act while '{prompt}' is said, but {self._stand()}")
        if not prompt and not at_once:
            self.call.hear_out()
        self._must_be_up()

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

    def says(self, said: Saying) -> None:
        self._wait_for(said.during, at_once=False)
        self.takes_effect()
        if not self.call.says(said.words, said.confidence):
            raise Unmet(f"the line does not listen for words: {self._stand()}")

    def transfer(self, outcome: str) -> None:
        self._answers(Transfer, lambda: world.transfer(self.call, outcome), "nobody is being rung")

    def lookup(self, answer: Any) -> None:
        self._answers(Lookup, lambda: world.lookup(self.call, answer), "nothing is being looked up")

    def queue(self, outcome: str | tuple[int, float]) -> None:
        def answer() -> bool:
            return (
                world.queue(self.call, outcome) if isinstance(outcome, str) else world.queue_moves(self.call, *outcome)
            )

        self._answers(JoinQueue, answer, "the caller is in no queue")

    def callback(self, outcome: str) -> None:
        self._answers(BookCallback, lambda: world.callback(self.call, outcome), "no callback is being booked")

    def closes(self, hours: tuple[str, ...]) -> None:
        self.takes_effect()
        self.call.switch(tuple(sorted({*self.call.state.closed, *hours})))

    def opens(self, hours: tuple[str, ...]) -> None:
        self.takes_effect()
        self.call.switch(() if ALL in hours else tuple(name for name in self.call.state.closed if name not in hours))

    def agent_hangs_up(self, _: None) -> None:
        self.takes_effect()
        if not world.agent_hangs_up(self.call):
            raise Unmet(f"no agent is on the line: {self._stand()}")

    def _answers(self, asked: type, answer: Callable[[], bool], otherwise: str) -> None:
        """The world answers after a moment."""
        self._until(lambda: self.call.open(asked) is not None)
        self.takes_effect()
        self.call.pass_time(MOMENT_S)
        if not answer():
            raise Unmet(f"{otherwise}: {self._stand()}")

    # What must come of it

    def hears(self, prompts: tuple[str, ...]) -> None:
        for prompt in prompts:
            if not self._until(partial(self._heard, prompt)):
                since = [heard.prompt for heard in self.call.heard[self.listened :]]
                raise Unmet(f"expected to hear '{prompt}', heard {_listed(since)}, and {self._stand()}")

    def never_hears(self, prompts: tuple[str, ...]) -> None:
        self.call.hear_out()
        for heard in self.call.heard:
            if heard.prompt in prompts:
                raise Unmet(f"'{heard.prompt}' was heard after {heard.from_s:.1f} s")

    def reaches(self, nodes: tuple[str, ...]) -> None:
        for node in nodes:
            if not self._until(partial(self._came_to, node)):
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

    def looks_up(self, request: str) -> None:
        asked = self._asked(Lookup, lambda lookup: f"{lookup.method} {lookup.url}", request)
        if request not in asked:
            raise Unmet(f"expected '{request}' to be looked up, looked up was {_listed(asked)}, and {self._stand()}")

    def joins(self, queue: str) -> None:
        joined = self._asked(JoinQueue, lambda join: join.queue, queue)
        if queue not in joined:
            raise Unmet(f"expected the queue '{queue}', joined was {_listed(joined)}, and {self._stand()}")

    def books(self, number: str) -> None:
        booked = self._asked(BookCallback, lambda booking: booking.number, number)
        if number not in booked:
            raise Unmet(f"expected a callback to '{number}', booked was {_listed(booked)}, and {self._stand()}")

    def scores(self, wanted: Mapping[str, Any]) -> None:
        for item, score in wanted.items():
            if item not in self.call.scores:
                raise Unmet(f"expected the score {score} for {item}, but that was not answered; {self._stand()}")
            noted = self.call.scores[item]
            if not same(score, noted) and not (noted is None and score == "none"):
                raise Unmet(f"expected the score {score} for {item}, noted was {'none' if noted is None else noted}")

    def _asked(self, kind: type, told: Callable[[Any], str], wanted: str) -> list[str]:
        """What the flow asked for of this kind, once ``wanted`` is among it or the line waits for somebody."""

        def found() -> list[str]:
            return [told(command) for command in self.call.asked if isinstance(command, kind)]

        self._until(lambda: wanted in found())
        return found()

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
        if isinstance(asked, JoinQueue):
            waits = "waits in" if call.state.phase == "queueing" else "talks with an agent of"
            return f"the caller {waits} the queue '{asked.queue}' at '{at}'"
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
    "says": _Run.says,
    "silence": _Run.is_silent,
    "speaks": _Run.speaks,
    "wait": _Run.waits,
    "hang up": _Run.hangs_up,
    "transfer": _Run.transfer,
    "lookup": _Run.lookup,
    "queue": _Run.queue,
    "callback": _Run.callback,
    "agent hangs up": _Run.agent_hangs_up,
    "closes": _Run.closes,
    "opens": _Run.opens,
}
EXPECTING: Mapping[str, Callable[[_Run, Any], None]] = {
    "hears": _Run.hears,
    "never hears": _Run.never_hears,
    "reaches": _Run.reaches,
    "never reaches": _Run.never_reaches,
    "ends": _Run.ends,
    "records": _Run.records,
    "rings": _Run.rings,
    "looks up": _Run.looks_up,
    "joins": _Run.joins,
    "books": _Run.books,
    "scores": _Run.scores,
    "consents": _Run.consents,
    "sets": _Run.sets,
    "language": _Run.language,
    "within": _Run.within,
}
