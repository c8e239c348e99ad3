"""A call that waits for somebody, without SIP: queues, requests to be rung back, briefings, last time's language."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from ivr.callbacks import Callbacks
from ivr.events import (
    CallerHungUp,
    DigitPressed,
    TransferAnswered,
    TransferEnded,
)
from ivr.flow.load import parse_flow
from ivr.languages import RememberedLanguages
from ivr.office import Office
from ivr.queueing import Queues
from ivr.record import CallRecord
from ivr.session import Session
from ivr.sip_uri import user_of
from tests.fakes.leg import Clock, FakeLeg
from tests.ivr.test_session import Call, Render

HEAD = "flow: f\nlanguages: [en, nb]\nnodes:\n"
END = "  bye: {end: bye}\n  sorry: {end: sorry}\n"
Ringing = Callable[[str], Call]


@pytest.fixture
def ringing(tmp_path: Path) -> Ringing:
    """Calls of one line, each in a flow that begins with this node; a target is at the name ``service`` alone."""
    office = Office(Queues(3), Callbacks(tmp_path / "callbacks"), RememberedLanguages(tmp_path / "languages"))

    def ring(nodes: str) -> Call:
        leg, clock, render = FakeLeg(), Clock(), Render()
        flow = parse_flow(HEAD + nodes + END, "f.yaml")
        record = CallRecord(tmp_path, "Line", flow.name, "sha512-x", "en", leg.caller, leg.called)
        targets = {"service": "sip:agent@10.0.0.9"}
        session = Session(flow, leg, record, render, targets, Path("beep.wav"), clock, office=office)
        session.start()
        return Call(session, leg, clock, render, record)

    return ring


def serial_of(call: Call, kind: str) -> int:
    serial = call.step(kind)["serial"]
    assert isinstance(serial, int)
    return serial


def test_the_flow_hears_the_queue_and_the_record_both(ringing: Ringing) -> None:
    call = ringing("  q: {queue: service, failed: sorry}\n")
    call.at(0.1)
    serial = serial_of(call, "join_queue")
    call.session.tell(TransferAnswered(2.0, serial))
    assert call.step("queue_answered") == {"at_s": 2.0, "kind": "queue_answered", "serial": serial}
    call.session.tell(TransferEnded(9.0, serial))
    assert call.step("queue_ended")["at_s"] == 9.0
    assert call.record.hung_up == "agent"
    assert [party.name for party in call.record.agents] == ["service"]


def test_a_caller_who_hangs_up_makes_room(ringing: Ringing) -> None:
    first, second = (ringing("  q: {queue: service, failed: sorry}\n") for _ in range(2))
    first.at(0.1)
    second.at(0.1)
    assert second.step("queue_moved")["position"] == 2
    first.session.tell(CallerHungUp(1.0))
    assert "stop_ringing" in first.leg.verbs()
    second.at(1.1)
    assert ("ring", "sip:agent@10.0.0.9") in second.leg.asked


def test_a_key_leaves_the_queue(ringing: Ringing) -> None:
    call = ringing("  q: {queue: service, keys: {1: bye}, failed: sorry}\n")
    call.at(0.1)
    call.session.tell(DigitPressed(1.0, "1"))
    assert "stop_waiting" in call.leg.verbs()
    assert call.step("leave_queue")


def test_a_queue_without_a_target_is_closed(ringing: Ringing) -> None:
    call = ringing("  q: {queue: nowhere, failed: sorry}\n")
    assert call.step("queue_failed")["reason"] == "closed"


def test_a_secret_number_is_kept_for_ringing_back_and_nowhere_else(ringing: Ringing, tmp_path: Path) -> None:
    call = ringing(
        "  n: {ask: which, form: phone, digits: 8, sensitive: true, next: c}\n"
        "  c: {callback: service, number: n, next: bye, failed: sorry}\n"
    )
    call.press(*"22334455")
    call.heard()
    assert call.step("book_callback")["number"] == "hidden"
    assert "callback_booked" in call.kinds()
    assert "22334455" not in str(call.record.steps)
    (request,) = (tmp_path / "callbacks/service").iterdir()
    assert "22334455" in request.read_text()


def test_a_language_is_handed_in_the_next_time(ringing: Ringing) -> None:
    nodes = "  l: {language: {1: en, 2: nb}, remember: true, next: bye}\n"
    ringing(nodes).press("2")
    again = ringing(nodes)
    assert again.step("call_started")["language"] == "nb"
    assert again.session.language == "nb"


@pytest.mark.parametrize(("usual", "chosen", "begins"), [("nb", "", "nb"), ("xx", "", "en"), ("en", "2", "nb")])
def test_the_language_of_the_number_that_was_rung(tmp_path: Path, usual: str, chosen: str, begins: str) -> None:
    """Where the caller has chosen none: a choice of the caller wins, a language that the flow lacks is passed by."""
    languages = RememberedLanguages(tmp_path / "languages")
    office = Office(Queues(3), Callbacks(tmp_path / "callbacks"), languages, lambda called: usual)
    leg = FakeLeg()
    if chosen:
        languages.remember(user_of(leg.caller), "nb")
    flow = parse_flow(HEAD + "  m: {say: hello, next: bye}\n" + END, "f.yaml")
    record = CallRecord(tmp_path, "Line", flow.name, "sha512-x", "en", leg.caller, leg.called)
    session = Session(flow, leg, record, Render(), {}, Path("beep.wav"), Clock(), office=office)
    session.start()
    assert session.language == begins


BRIEFED = "  t: {transfer: service, whisper: who, ring: 5s, failed: sorry}\n"


def test_the_briefing_goes_with_the_ringing(ringing: Ringing) -> None:
    call = ringing(BRIEFED)
    assert ("ring", "sip:agent@10.0.0.9", "who.wav") in call.leg.asked
    call.leg.briefs = True
    call.at(6.0)
    assert "transfer_failed" not in call.kinds(), "the agent has picked up in time"
    call.leg.briefs = False
    call.at(6.1)
    assert call.step("transfer_failed")["reason"] == "no_answer"


def test_a_briefing_that_cannot_be_said_does_not_keep_the_caller_from_the_agent(tmp_path: Path) -> None:
    leg, clock, render = FakeLeg(), Clock(), Render(broken={"who"})
    flow = parse_flow(HEAD + BRIEFED + END, "f.yaml")
    record = CallRecord(tmp_path, "Line", flow.name, "sha512-x", "en", leg.caller, leg.called)
    session = Session(flow, leg, record, render, {"service": "sip:a@10.0.0.9"}, Path("beep.wav"), clock)
    session.start()
    assert ("ring", "sip:a@10.0.0.9") in leg.asked


@pytest.mark.parametrize("node", ["q: {queue: service, failed: sorry}", "t: {transfer: service, failed: sorry}"])
def test_the_record_tells_when_the_caller_waited(ringing: Ringing, node: str) -> None:
    call = ringing(f"  {node}\n")
    call.at(0.1)
    serial = serial_of(call, "join_queue" if "queue" in node else "transfer")
    call.at(4.0)
    call.session.tell(TransferAnswered(4.0, serial))
    call.at(9.0)
    call.session.tell(CallerHungUp(9.0))
    line = [(event.event, event.time) for event in call.record.history if event.party == 1]
    assert [event for event, _ in line] == ["join", "hold", "unhold", "drop"]
    assert (line[2][1] - line[0][1]).total_seconds() == pytest.approx(4.0)


def test_a_wait_that_the_caller_ends_is_over_with_the_call(ringing: Ringing) -> None:
    call = ringing("  t: {transfer: service, failed: sorry}\n")
    call.at(2.0)
    call.session.tell(CallerHungUp(2.0))
    assert [event.event for event in call.record.history if event.party == 1] == ["join", "hold", "unhold", "drop"]
