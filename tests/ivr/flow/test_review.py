"""What the caller may do with a message before it is kept: hear it, record it again, keep it."""

from __future__ import annotations

from pathlib import Path

from ivr.commands import DropMessage, PlayMessage
from ivr.events import DigitPressed, PromptEnded
from ivr.flow.testing.run import run_tests
from ivr.record import CallRecord
from ivr.session import Session
from tests.fakes.leg import Clock, FakeLeg
from tests.ivr.flow.phone import Phone, flow_of
from tests.ivr.test_session import Call, Render

NODES = """
m: {record: message, announced: true, review: true, next: bye}
bye: {end: bye}
person: {transfer: service, failed: bye}
"""


def recorded() -> Phone:
    call = Phone(flow_of(NODES)).ring().listen().spoke()
    assert call.hears == ["message_review"]
    return call


def test_the_caller_keeps_it() -> None:
    assert recorded().press("1").path == ["m", "bye"]


def test_the_caller_hears_it_and_is_asked_again() -> None:
    call = recorded().press("2")
    assert len(call.asked(PlayMessage)) == 1
    assert call.listen().hears == ["message_review"]
    assert call.press("2").press("1").path == ["m", "bye"], "a key cuts it short"


def test_the_caller_records_it_again() -> None:
    call = recorded().press("3")
    assert call.asked(DropMessage) == [DropMessage()]
    assert call.hears == ["leave_message"]
    assert call.listen().spoke().hears == ["message_review"]


def test_silence_and_wrong_keys_are_met_and_then_it_is_kept() -> None:
    silent = recorded().silence()
    assert silent.hears == ["no_input_1", "message_review"]
    assert silent.silence().silence().path == ["m", "bye"]
    wrong = recorded().press("7")
    assert wrong.hears == ["no_match_1", "message_review"]
    assert wrong.press("77").path == ["m", "bye"]


def test_keys_that_work_anywhere_work_here() -> None:
    assert recorded().press("*").hears == ["message_review"]
    assert recorded().press("0").path == ["m", "person"]


def test_without_a_review_nothing_is_asked() -> None:
    call = Phone(flow_of(NODES.replace(", review: true", ""))).ring().listen().spoke()
    assert call.path == ["m", "bye"]
    own = Phone(flow_of(NODES.replace("review: true", "review: all_right"))).ring().listen().spoke()
    assert own.hears == ["all_right"]


def test_it_can_be_tested_in_the_flow() -> None:
    test = "[speaks: 5s, hears: message_review, key: 2, hears: recording, key: 3, speaks: 2s, key: 1, reaches: bye]"
    flow = flow_of(NODES, f"tests: {{again: {test}}}")
    assert [verdict.why for verdict in run_tests(flow)] == [""]


def test_the_line_plays_the_file_and_forgets_what_is_recorded_again(tmp_path: Path) -> None:
    leg, clock = FakeLeg(), Clock()
    record = CallRecord(tmp_path, "Line", "test", "sha512-x", "en", leg.caller, leg.called)
    session = Session(flow_of(NODES), leg, record, Render(), {}, Path("beep.wav"), clock)
    session.start()
    call = Call(session, leg, clock, Render(), record)
    call.heard()  # the prompt
    session.tell(PromptEnded(1.0, -1))  # the beep
    clock.now_s = 3.0
    call.press("#")
    first = record.folder / record.messages[0].file
    call.press("2")
    assert leg.asked[-1][0] == "play" and leg.asked[-1][2:] == (first.name,)
    session.tell(DigitPressed(4.0, "3"))
    assert record.messages == []
    assert not first.exists()
