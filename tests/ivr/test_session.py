"""One call without SIP, audio or waiting: what the session asks of the leg, and what it writes down."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from ivr.commands import Phrase
from ivr.events import CallerHungUp, DigitPressed, PromptEnded, TransferAnswered, TransferEnded, TransferFailed
from ivr.flow.load import load_flow
from ivr.leg import CallerHeld
from ivr.prompting.placeholders import Unfit
from ivr.record import CallRecord, store
from ivr.rendering import Rendered
from ivr.session import Session
from tests.fakes.leg import Clock, FakeLeg

FLOW = load_flow(Path(__file__).parents[1] / "sip/flow.yaml")


@dataclass
class Render:
    """Renders at once, or when the test says so; ``broken`` prompts cannot be said."""

    broken: set[str] = field(default_factory=set)
    late: bool = False
    waiting: list[Callable[[], None]] = field(default_factory=list)

    def __call__(self, phrases: tuple[Phrase, ...], then: Callable[[Sequence[Path] | str], None]) -> None:
        bad = [phrase.prompt for phrase in phrases if phrase.prompt in self.broken]
        result: Sequence[Path] | str = f"no {bad[0]}" if bad else [Path(f"{phrase.prompt}.wav") for phrase in phrases]
        if self.late:
            self.waiting.append(lambda: then(result))
        else:
            then(result)


@dataclass
class Call:
    """A session with everything around it."""

    session: Session
    leg: FakeLeg
    clock: Clock
    render: Render
    record: CallRecord

    def press(self, *digits: str) -> None:
        for digit in digits:
            self.session.tell(DigitPressed(self.clock(), digit))

    def at(self, seconds: float) -> None:
        self.clock.now_s = seconds
        self.session.tick()

    def heard(self) -> None:
        """What plays now is heard to its end."""
        serial = next(asked[1] for asked in reversed(self.leg.asked) if asked[0] == "play")
        assert isinstance(serial, int)
        self.session.tell(PromptEnded(self.clock(), serial))

    def kinds(self) -> list[str]:
        return [step["kind"] for step in self.record.steps]

    def step(self, kind: str) -> dict[str, object]:
        return next(step for step in self.record.steps if step["kind"] == kind)


@pytest.fixture
def call(tmp_path: Path) -> Call:
    leg, clock, render = FakeLeg(), Clock(), Render()
    record = CallRecord(tmp_path, "Line", FLOW.name, "sha512-x", "en", leg.caller, leg.called)
    targets = {"service": "sip:agent@10.0.0.9"}
    session = Session(FLOW, leg, record, render, targets, Path("beep.wav"), clock)
    session.start()
    return Call(session, leg, clock, render, record)


def to_the_menu(call: Call) -> None:
    call.press("1", "1")


def to_the_agent(call: Call) -> None:
    to_the_menu(call)
    call.press("1")


def to_the_message(call: Call) -> None:
    to_the_menu(call)
    call.press("2")
    call.heard()


def test_the_greeting_is_played(call: Call) -> None:
    assert call.leg.asked == [("play", 1, "welcome.wav")]
    assert call.step("call_started")["caller"] == "+4712345678"


def test_a_key_stops_the_prompt_before_the_next_one_sounds(call: Call) -> None:
    call.press("1")
    assert call.leg.verbs() == ["play", "stop_playing", "play"]


def test_a_prompt_that_comes_after_it_was_stopped_is_not_played(call: Call) -> None:
    call.render.late = True
    call.press("1")  # the consent question is being rendered
    call.press("1")  # and answered already
    for ready in call.render.waiting:
        ready()
    assert [asked[2] for asked in call.leg.asked if asked[0] == "play"] == ["welcome.wav", "main_menu.wav"]


def test_a_prompt_that_cannot_be_said_does_not_end_the_call(call: Call) -> None:
    call.render.broken.add("consent_recording")
    call.press("1")
    assert call.step("prompt_failed")["reason"] == "no consent_recording"
    assert not call.session.ended


def test_timers_by_the_clock(call: Call) -> None:
    call.heard()
    call.heard()  # the consent question; then silence
    assert "timer_expired" not in call.kinds()
    call.at(2.9)
    assert "timer_expired" not in call.kinds()
    call.at(3.0)
    assert call.kinds().count("timer_expired") == 1


def test_recording_begins_with_consent_and_only_with_it(call: Call) -> None:
    call.press("1")
    assert "start_recording" not in call.leg.verbs()
    call.clock.now_s = 4.5
    call.press("1")
    assert call.leg.verbs().count("start_recording") == 1
    assert call.record.recording_at_s == 4.5
    assert call.record.consents[0]["given"] is True


def test_no_consent_no_recording(call: Call) -> None:
    call.press("1", "2")
    assert call.record.consents[0]["given"] is False
    assert "start_recording" not in call.leg.verbs() and not call.record.folder.exists()


def test_a_full_disk_costs_the_recording_not_the_call(call: Call) -> None:
    call.leg.disk_full = True
    to_the_menu(call)
    assert call.step("recording_failed")["reason"] == "No space left on device"
    assert call.record.recording_at_s is None and not call.session.ended
    call.press("2")
    call.heard()
    call.heard()  # the beep
    assert call.step("message_recorded")["duration_s"] == 0.0


@pytest.mark.parametrize(
    ("silence_s", "at_s", "key", "reason"),
    [(0.0, 5.0, "", "max_length"), (1.2, 2.0, "", "silence"), (0.0, 1.5, "#", "key")],
)
def test_how_a_message_ends(call: Call, silence_s: float, at_s: float, key: str, reason: str) -> None:
    to_the_message(call)
    assert call.leg.asked[-1] == ("play", -1, "beep.wav")
    call.heard()
    assert call.leg.asked[-1] == ("start_message", "message-1.wav")
    call.leg.silence_s = silence_s
    call.clock.now_s = at_s
    call.press(*key)
    call.session.tick()
    assert call.step("message_recorded") == {
        "at_s": at_s, "kind": "message_recorded", "serial": call.step("record_message")["serial"],
        "duration_s": at_s, "reason": reason,
    }  # fmt: skip
    assert call.leg.asked[-2:] == [("stop_message",), ("play", call.leg.asked[-1][1], "thanks.wav")]


def test_a_message_cut_by_hanging_up_is_kept(call: Call) -> None:
    to_the_message(call)
    call.heard()
    call.clock.now_s = 2.5
    call.session.tell(CallerHungUp(2.5))
    assert call.session.ended and call.record.hung_up == "customer"
    assert [message.file for message in call.record.messages] == ["message-1.wav"]


def test_hanging_up_during_the_beep_leaves_no_message(call: Call) -> None:
    to_the_message(call)
    call.session.tell(CallerHungUp(1.0))
    assert call.record.messages == [] and call.session.ended


def test_a_target_that_nobody_picks_up_is_given_up_in_time(call: Call) -> None:
    to_the_agent(call)
    assert call.leg.asked[-1] == ("ring", "sip:agent@10.0.0.9")
    call.at(1.99)
    assert "stop_ringing" not in call.leg.verbs()
    call.at(2.0)
    assert "stop_ringing" in call.leg.verbs()
    assert call.step("transfer_failed")["reason"] == "no_answer"


def test_an_answered_agent_is_not_given_up_and_joins_the_record(call: Call) -> None:
    to_the_agent(call)
    serial = call.step("transfer")["serial"]
    assert isinstance(serial, int)
    call.session.tell(TransferAnswered(1.0, serial))
    call.at(60.0)
    assert "stop_ringing" not in call.leg.verbs()
    assert [party.name for party in call.record.agents] == ["service"]
    call.session.tell(TransferEnded(61.0, serial))
    call.clock.now_s = 62.0
    call.heard()
    call.heard()
    assert call.session.ended and call.record.hung_up == "agent", "the line only closed what the agent had ended"


def test_an_unknown_target_is_unreachable(tmp_path: Path) -> None:
    leg, clock = FakeLeg(), Clock()
    record = CallRecord(tmp_path, "Line", FLOW.name, "", "en")
    session = Session(FLOW, leg, record, Render(), {}, Path("beep.wav"), clock)
    session.start()
    for digit in "111":
        session.tell(DigitPressed(0.0, digit))
    failed = next(step for step in record.steps if step["kind"] == "transfer_failed")
    assert failed["reason"] == "unreachable" and not session.ended


def test_hold_is_history_and_not_the_flows_business(call: Call) -> None:
    call.session.tell(CallerHeld(1.0, True))
    call.session.tell(CallerHeld(3.0, False))
    assert [event.event for event in call.record.history][2:] == ["hold", "unhold"]
    assert call.leg.verbs() == ["play"]


def test_after_the_end_nothing_happens_and_nothing_is_written(call: Call) -> None:
    call.session.tell(CallerHungUp(1.0))
    steps, asked = len(call.record.steps), len(call.leg.asked)
    call.press("1")
    call.at(100.0)
    call.session.close()
    call.session.tell(TransferFailed(2.0, 9, "busy"))
    assert (len(call.record.steps), len(call.leg.asked)) == (steps, asked)


def test_the_line_closing_ends_the_call_from_our_side(call: Call) -> None:
    call.session.close()
    assert call.record.hung_up == "line" and call.leg.verbs()[-1] == "hang_up"


def test_the_record_that_is_stored(call: Call) -> None:
    call.clock.now_s = 1.0
    to_the_menu(call)
    call.clock.now_s = 9.0
    call.session.tell(CallerHungUp(9.0))
    path = store(call.record)
    from clearline.vcon import read_vcon

    vcon = read_vcon(path)
    assert vcon.parties[0].tel == "tel:+4712345678"
    assert vcon.dialog[0].recordings == [1, 2] and vcon.dialog[0].duration == 9.0
    assert (vcon.dialog[1].start - vcon.dialog[0].start).total_seconds() == pytest.approx(1.0, abs=0.002)
    summary = vcon.summary
    assert summary is not None and summary.hung_up == "customer" and summary.language == "en"
    assert [file.name for file in sorted(path.parent.iterdir())] == ["agent.wav", "call.vcon.json", "caller.wav"]


class Staged:
    """Rendering in the test's hands: each call gives the next files, or a reason, of what is to be said."""

    def __init__(self) -> None:
        self.then: list[Rendered] = []

    def __call__(self, phrases: tuple[Phrase, ...], then: Rendered) -> None:
        self.then.append(then)


def staged(folder: Path) -> tuple[Call, Staged]:
    leg, clock, render = FakeLeg(), Clock(), Staged()
    record = CallRecord(folder, "Line", FLOW.name, "sha512-x", "en", leg.caller, leg.called)
    session = Session(FLOW, leg, record, render, {"service": "sip:a@10.0.0.9"}, Path("beep.wav"), clock)
    session.start()
    return Call(session, leg, clock, Render(), record), render


def test_a_prompt_begins_with_its_first_files_and_goes_on_with_those_that_follow(tmp_path: Path) -> None:
    call, render = staged(tmp_path)
    render.then[0]([Path("fixed.wav")], True)
    render.then[0]([Path("value.wav"), Path("end.wav")])
    assert call.leg.asked == [("play", 1, "fixed.wav"), ("play_on", 1, "value.wav", "end.wav", False)]


def test_files_of_a_prompt_that_was_stopped_are_heard_no_more(tmp_path: Path) -> None:
    call, render = staged(tmp_path)
    render.then[0]([Path("fixed.wav")], True)
    call.press("1")
    render.then[0]([Path("value.wav")])
    assert ("play_on", 1, "value.wav", False) not in call.leg.asked


def test_what_could_be_said_of_a_broken_prompt_is_heard_to_its_end(tmp_path: Path) -> None:
    call, render = staged(tmp_path)
    render.then[0]([Path("fixed.wav")], True)
    render.then[0]("the voice cannot say one of its values", True)
    render.then[0](())
    assert call.leg.asked == [("play", 1, "fixed.wav"), ("play_on", 1, True), ("play_on", 1, False)]
    assert call.step("prompt_failed")["reason"] == "the voice cannot say one of its values"
    assert "prompt_ended" not in call.kinds()


def test_a_value_that_is_said_plainly_is_noted_without_the_value(tmp_path: Path) -> None:
    call, render = staged(tmp_path)
    render.then[0]([Path("all.wav")], False, [Unfit("welcome", "due:date", "this is no date: give one")])
    noted = call.step("value_said_plainly")
    assert (noted["prompt"], noted["placeholder"], noted["reason"]) == (
        "welcome",
        "due:date",
        "this is no date: give one",
    )
    assert call.leg.asked == [("play", 1, "all.wav")]


def test_what_will_be_said_with_values_is_foreseen_once(tmp_path: Path) -> None:
    (tmp_path / "flow.yaml").write_text(
        "flow: two\nnodes:\n  one: {say: welcome, next: two}\n"
        "  two: {say: balance, values: {sum: 12}, next: bye}\n  bye: {end: goodbye}\n",
        encoding="utf-8",
    )
    leg, clock, foreseen = FakeLeg(), Clock(), []
    record = CallRecord(tmp_path, "Line", "two", "sha512-x", "en", leg.caller, leg.called)
    session = Session(
        load_flow(tmp_path / "flow.yaml"), leg, record, Render(), {}, Path("beep.wav"), clock, foresee=foreseen.append
    )
    session.start()
    balance = Phrase("balance", "en", (("sum", 12),))
    assert foreseen == [(balance,)], "while the welcome is heard"
    session.tell(DigitPressed(clock(), "9"))
    session.tell(PromptEnded(clock(), 99))
    assert foreseen == [(balance,)]
