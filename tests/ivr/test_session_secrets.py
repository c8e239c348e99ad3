"""Keys that are secret: nothing that is kept of a call holds them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from ivr.commands import Lookup, Phrase
from ivr.events import CallerHungUp, DigitPressed
from ivr.flow.check import unset
from ivr.flow.load import parse_flow
from ivr.lookups import Answered
from ivr.record import CallRecord, store
from ivr.session import Session
from tests.fakes.leg import Clock, FakeLeg

FLOW = parse_flow(
    """
flow: secret
nodes:
  hello: {menu: hello, keys: {7: pin}}
  pin: {ask: pin, digits: 6, sensitive: true, next: sort, give_up: bye}
  sort: {branch: {pin == '864213': right}, else: bye}
  right: {menu: right, keys: {5: bye}}
  bye: {end: bye}
"""
)


def rendering(phrases: tuple[Phrase, ...], then: Callable[[Sequence[Path] | str], None]) -> None:
    then([Path(f"{phrase.prompt}.wav") for phrase in phrases])


def started(folder: Path) -> tuple[Session, FakeLeg, CallRecord]:
    leg = FakeLeg()
    record = CallRecord(folder, "Line", FLOW.name, "sha512-x", "en", leg.caller, leg.called)
    session = Session(FLOW, leg, record, rendering, {}, Path("beep.wav"), Clock())
    session.start()
    return session, leg, record


def press(session: Session, keys: str) -> None:
    for number, key in enumerate(keys):
        session.tell(DigitPressed(1.0 + number, key))


def test_no_artefact_of_a_call_holds_the_secret_keys(tmp_path: Path) -> None:
    session, leg, record = started(tmp_path)
    press(session, "7864213")
    assert session.language == "en"
    press(session, "5")
    session.tell(CallerHungUp(20.0))
    file = store(record)
    kept = [step.get("digit") for step in record.steps if step["kind"] == "digit_pressed"]
    assert kept == ["7", *["hidden"] * 6, "5"]
    assert [event.button for event in record.history if event.event == "keydown"] == ["7", "5"]
    for path in file.parent.rglob("*"):
        assert b"864213" not in path.read_bytes()
    assert leg.verbs().index("start_hiding") < leg.verbs().index("stop_hiding")


def test_secrecy_ends_however_the_question_is_left(tmp_path: Path) -> None:
    session, leg, record = started(tmp_path)
    press(session, "7")
    for _ in range(3):
        press(session, "1#")
    assert leg.verbs().count("start_hiding") == leg.verbs().count("stop_hiding") == 1
    assert "1" not in [step.get("digit") for step in record.steps]
    press(session, "4")
    assert [step.get("digit") for step in record.steps][-1] == "4"


def test_the_moment_of_the_call_is_told_to_the_flow(tmp_path: Path) -> None:
    _, _, record = started(tmp_path)
    began = next(step for step in record.steps if step["kind"] == "call_started")
    assert str(began["at"]).startswith(f"{record.started:%Y-%m-%dT%H:%M:%S}")
    assert str(began["at"]).endswith("+00:00")


ASKING = parse_flow(
    """
flow: asking
nodes:
  pin: {ask: pin, digits: 4, sensitive: true, next: look}
  look: {lookup: 'GET {settings.crm}/{pin}', ok: tell, error: bye}
  tell: {say: tell, values: {balance: result.balance}, next: bye}
  bye: {end: bye}
"""
)


def test_a_lookup_goes_out_and_its_secret_stays_out_of_the_record(tmp_path: Path) -> None:
    asked: list[tuple[Lookup, Answered]] = []
    record = CallRecord(tmp_path, "Line", ASKING.name, "sha512-x", "en")
    leg = FakeLeg()
    session = Session(
        ASKING, leg, record, rendering, {}, Path("beep.wav"), Clock(), lambda *question: asked.append(question)
    )
    session.start()
    press(session, "8642")
    question, then = asked[0]
    assert question.url == "{settings.crm}/8642"
    then((200, (("result.balance", 12.5),)))
    plays = [step for step in record.steps if step["kind"] == "play"]
    assert plays[-1]["phrases"][0]["values"] == (("balance", 12.5),)
    assert "8642" not in repr(record.steps)


def test_a_line_without_services_fails_the_lookup_at_once(tmp_path: Path) -> None:
    record = CallRecord(tmp_path, "Line", ASKING.name, "sha512-x", "en")
    session = Session(ASKING, FakeLeg(), record, rendering, {}, Path("beep.wav"), Clock())
    session.start()
    press(session, "8642")
    assert next(step for step in record.steps if step["kind"] == "lookup_failed")["reason"] == "unreachable"


def test_settings_that_a_lookup_names_must_be_there() -> None:
    assert unset(ASKING, ["crm"]) == []
    assert [problem.what for problem in unset(ASKING, [])] == ["the line has no setting 'crm'"]
