"""A scripted phone: rings the line, or is rung by it, and does what a script says (``ivr call``).

Each kind of step is a generator that yields until it is done; between two yields the endpoint gets its turn. So a
script is reactive: it hears the other side live and knows when it talks, stops or hangs up.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ivr.script import (
    Decline,
    Expect,
    HangUp,
    Hold,
    Listen,
    ListenForSilence,
    Press,
    Ring,
    Say,
    Script,
    ScriptFailed,
    Step,
    Wait,
)
from ivr.sip.accounts import Accounts
from ivr.sip.call import Ended, SipCall
from ivr.sip.endpoint import Endpoint
from ivr.sip.errors import NotACallable, RequestRefused
from ivr.sip.media import Ear, Player, Recorder, Switchboard
from ivr.trunks.model import Trunks

ANSWER_WITHIN_S = 30.0
REGISTER_WITHIN_S = 10.0
DECLINE_STATUS = {"busy": 486, "declined": 603, "unavailable": 480}
HEARD_FILE, SAID_FILE = "heard.wav", "said.wav"
_SPEECH_S = 0.1  # this much talk in one run is speech, not a click


@dataclass(slots=True)
class Outcome:
    """What came of a script: every step with its times (seconds since the answer), and why it failed, if it did."""

    address: str = ""
    answered: bool = False
    status: int = 0
    failed: str | None = None
    steps: list[dict[str, Any]] = field(default_factory=list)

    def to_json(self) -> dict[str, Any]:
        """As ``ivr call --json`` writes it."""
        return {
            "schema": "ivr.call/1",
            "address": self.address,
            "answered": self.answered,
            "status": self.status,
            "failed": self.failed,
            "steps": self.steps,
        }


class Phone:
    """One scripted call on an endpoint of its own. ``stopping`` ends it early; ``record`` keeps both sides; ``user`` is
    the number or name that rings; ``trunks`` are registered and may be rung through.
    """

    def __init__(
        self,
        script: Script,
        host: str = "127.0.0.1",
        port: int = 0,
        record: Path | None = None,
        stopping: Callable[[], bool] = lambda: False,
        user: str = "phone",
        trunks: Trunks | None = None,
    ) -> None:
        self._script = script
        self._record = record
        self._stopping = stopping
        self._endpoint = Endpoint(host, port, agent="Clearline phone")
        self._accounts = Accounts(self._endpoint, self._rung, user=user, trunks=trunks)
        self._board = Switchboard()
        self._ear = Ear(self._endpoint)
        self._recorders: tuple[Recorder, ...] = ()
        self._call: SipCall | None = None
        self._ended: Ended | None = None
        self._answered_at_s = 0.0
        self._begun_at_s = time.monotonic()
        self.outcome = Outcome(self._endpoint.address)

    @property
    def address(self) -> str:
        """The SIP URI of this phone."""
        return self._endpoint.address

    @property
    def registered(self) -> bool:
        """Whether every trunk that registers is registered."""
        return all(state.state in ("none", "registered") for state in self._accounts.states)

    @property
    def unregistered(self) -> str:
        """What the registrars of the trunks that are not registered said, as one sentence."""
        failed = [state for state in self._accounts.states if state.state not in ("none", "registered")]
        said = (f"'{state.name}' ({state.code} {state.reason})" for state in failed)
        return f"not registered: {', '.join(said)}"

    def wait_registered(self, within_s: float) -> bool:
        """Whether every trunk is registered in time."""
        until_s = time.monotonic() + within_s
        while not self.registered and time.monotonic() < until_s and not self._stopping():
            self._endpoint.tick()
            self._accounts.tick()
        return self.registered

    def ring(self, uri: str) -> Outcome:
        """Ring, and run the script once it is answered."""
        try:
            self._take(self._accounts.ring(uri))
        except NotACallable as error:
            return self._failed(str(error))
        return self._run(expects_answer=True)

    def listen(self) -> Outcome:
        """Wait to be rung, and run the script with that call."""
        while self._call is None and not self._stopping():
            self._endpoint.tick()
            self._accounts.tick()
        return self._run(expects_answer=False) if self._call is not None else self.outcome

    def close(self) -> None:
        """Hang up and let go of everything. Safe to call twice."""
        if not self._endpoint.closed:
            self._hang_up()
            self._accounts.close()
            self._endpoint.close()

    def _rung(self, call: SipCall) -> None:
        if self._call is not None:
            call.decline(DECLINE_STATUS["busy"])
            return
        self._take(call)

    def _take(self, call: SipCall) -> None:
        self._call = call
        self._begun_at_s = time.monotonic()
        call.on_connected = self._connected
        call.on_ended = self._over
        call.on_media = lambda: self._board.renew(call)
        self._board.connect(call, self._ear)

    def _connected(self) -> None:
        assert self._call is not None
        self._answered_at_s = time.monotonic()
        self.outcome.answered = True
        silence = Player(self._endpoint, [self._endpoint.silence_file()], loop=True)
        self._board.connect(silence, self._ear)
        if self._record is not None:
            self._record.mkdir(parents=True, exist_ok=True)
            heard = Recorder(self._endpoint, self._record / HEARD_FILE)
            said = Recorder(self._endpoint, self._record / SAID_FILE)
            self._recorders = (heard, said)
            self._board.connect(silence, heard, said)
            self._board.connect(self._call, heard)

    def _over(self, ended: Ended) -> None:
        self._ended = ended
        self.outcome.status = ended.status

    def _run(self, expects_answer: bool) -> Outcome:
        steps = list(enumerate(self._script.steps))
        try:
            if not expects_answer:
                steps = self._pick_up(steps)
            elif not isinstance(steps[0][1], Expect):  # a first `expect: answer` has its own patience
                self._finish(self._await_answer(ANSWER_WITHIN_S))
            for index, step in steps:
                self._do(index, step)
        except ScriptFailed as failure:
            self._failed(str(failure))
        self._hang_up()
        return self.outcome

    def _pick_up(self, steps: list[tuple[int, Step]]) -> list[tuple[int, Step]]:
        """Ring and Decline come before the answer; what is left of the steps comes after it."""
        assert self._call is not None
        if steps and isinstance(steps[0][1], Ring):
            self._call.ringing()
            self._do(*steps.pop(0))
        if steps and isinstance(steps[0][1], Decline):
            self._do(*steps.pop(0))
            return steps
        self._call.answer()
        self._finish(self._await_answer(ANSWER_WITHIN_S))
        return steps

    def _do(self, index: int, step: Step) -> None:
        noted: dict[str, Any] = {"step": index + 1, "verb": step.verb, "at_s": self._now()}
        self.outcome.steps.append(noted)
        try:
            self._finish(self._work(step))
        except (ScriptFailed, RequestRefused) as failure:
            raise ScriptFailed(f"{self._script.where(index)}: {failure}") from None
        finally:
            noted["until_s"] = self._now()

    def _finish(self, work: Iterator[None]) -> None:
        """Give the endpoint its turn until the step is done."""
        for _ in work:
            self._endpoint.tick()
            if self._stopping():
                raise ScriptFailed("stopped by a signal")

    def _work(self, step: Step) -> Iterator[None]:
        match step:
            case Wait(wait=for_s) | Ring(ring=for_s):
                return self._wait(for_s)
            case Press():
                return self._press(step)
            case Say():
                return self._say(step)
            case Listen(listen=for_s, within=within_s):
                return self._listen(for_s, within_s)
            case ListenForSilence(listen_for_silence=for_s, within=within_s):
                return self._listen_for_silence(for_s, within_s)
            case Expect(expect=what, within=within_s):
                return self._expect(what, within_s)
            case Hold(hold=for_s):
                return self._hold(for_s)
            case Decline(decline=how):
                return self._decline(how)
            case HangUp():
                return self._until_hung_up()
        raise ScriptFailed(f"the step {step.verb!r} is not known")

    def _wait(self, for_s: float) -> Iterator[None]:
        until_s = time.monotonic() + for_s
        while time.monotonic() < until_s:
            yield from self._here()

    def _press(self, step: Press) -> Iterator[None]:
        yield from self._here()
        assert self._call is not None
        self._call.press(step.press, step.via, round(step.for_ * 1000))
        until_s = time.monotonic() + len(step.press) * (step.for_ + 0.06)
        while self._ended is None and time.monotonic() < until_s:  # until the last key is released
            yield

    def _say(self, step: Say) -> Iterator[None]:
        ended: list[bool] = []
        try:
            player = Player(self._endpoint, [step.say], ended=lambda: ended.append(True))
        except OSError as error:
            raise ScriptFailed(f"{error}; it must be a PCM16 WAV file") from None
        assert self._call is not None
        said = self._recorders[1:]
        self._board.connect(player, self._call, *said)
        begun_s = time.monotonic()
        try:
            while not ended and not self._interrupted(step.until_interrupted, begun_s):
                yield from self._here()
        finally:
            self._board.disconnect(player)
            player.close()

    def _interrupted(self, after_s: float | None, begun_s: float) -> bool:
        run_s = min(self._ear.meter.run_s, time.monotonic() - begun_s)
        return after_s is not None and run_s >= after_s

    def _listen(self, for_s: float, within_s: float) -> Iterator[None]:
        before_s, until_s = self._ear.meter.spoken_s, time.monotonic() + within_s
        while self._ear.meter.spoken_s - before_s < for_s:
            heard_s = self._ear.meter.spoken_s - before_s
            self._in_time(until_s, f"heard {heard_s:.1f} s of speech in {within_s:g} s, not the {for_s:g} s expected")
            yield from self._here()

    def _listen_for_silence(self, for_s: float, within_s: float) -> Iterator[None]:
        begun_s = time.monotonic()
        while min(self._ear.meter.silent_s, time.monotonic() - begun_s) < for_s:
            self._in_time(begun_s + within_s, f"the other side was never silent for {for_s:g} s in {within_s:g} s")
            yield from self._here()

    def _expect(self, what: str, within_s: float) -> Iterator[None]:
        if not self.outcome.answered:
            yield from self._await_answer(within_s if what == "answer" else ANSWER_WITHIN_S)
        begun_s = time.monotonic()
        while not self._met(what, begun_s):
            self._in_time(
                begun_s + within_s, f"expected {what.replace('_', ' ')} within {within_s:g} s, but it did not come"
            )
            if what == "hang_up":
                yield
            else:
                yield from self._here()

    def _met(self, what: str, begun_s: float) -> bool:
        if what == "hang_up":
            return self._ended is not None
        if what == "answer":
            return self.outcome.answered
        if what == "speech":
            return self._ear.meter.run_s >= _SPEECH_S
        return min(self._ear.meter.silent_s, time.monotonic() - begun_s) >= _SPEECH_S * 5

    def _hold(self, for_s: float) -> Iterator[None]:
        assert self._call is not None
        self._call.put_on_hold(True)
        yield from self._wait(for_s)
        self._call.put_on_hold(False)

    def _decline(self, how: str) -> Iterator[None]:
        assert self._call is not None
        self._call.decline(DECLINE_STATUS[how])
        while self._ended is None:
            yield

    def _until_hung_up(self) -> Iterator[None]:
        assert self._call is not None
        self._call.hang_up()
        until_s = time.monotonic() + 3.0
        while self._ended is None and time.monotonic() < until_s:
            yield

    def _await_answer(self, within_s: float) -> Iterator[None]:
        until_s = time.monotonic() + within_s
        while not self.outcome.answered:
            if self._ended is not None:
                raise ScriptFailed(f"the call was not answered (SIP status {self._ended.status})")
            self._in_time(until_s, f"the call was not answered within {within_s:g} s")
            yield

    def _here(self) -> Iterator[None]:
        if self._ended is not None:
            raise ScriptFailed("the other side hung up")
        yield

    def _in_time(self, until_s: float, sentence: str) -> None:
        if time.monotonic() > until_s:
            raise ScriptFailed(sentence)

    def _now(self) -> float:
        return round(time.monotonic() - (self._answered_at_s or self._begun_at_s), 3)

    def _hang_up(self) -> None:
        if self._call is not None and self._ended is None:
            for _ in self._until_hung_up():
                self._endpoint.tick()
        self._board.disconnect(*self._recorders)
        for recorder in self._recorders:
            recorder.close()
        self._recorders = ()

    def _failed(self, sentence: str) -> Outcome:
        self.outcome.failed = sentence
        return self.outcome
