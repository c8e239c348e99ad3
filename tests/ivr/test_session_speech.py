"""Spoken answers in a session: the leg listens, the flow is told, the record keeps the words."""

from __future__ import annotations

from pathlib import Path

from ivr.events import SpeechHeard, SpeechStarted
from ivr.flow.load import parse_flow
from ivr.record import CallRecord
from ivr.session import Session
from tests.fakes.leg import Clock, FakeLeg
from tests.ivr.test_session_secrets import rendering

FLOW = parse_flow(
    """
flow: spoken
nodes:
  m: {menu: m, keys: {1: bills}, words: {bills: [bill]}}
  bills: {end: bills}
"""
)


def started(folder: Path) -> tuple[Session, FakeLeg, CallRecord]:
    leg = FakeLeg()
    record = CallRecord(folder, "Line", FLOW.name, "sha512-x", "en", leg.caller, leg.called)
    session = Session(FLOW, leg, record, rendering, {}, Path("beep.wav"), Clock())
    session.start()
    return session, leg, record


def test_the_prompt_stops_when_the_caller_speaks_and_the_words_decide(tmp_path: Path) -> None:
    session, leg, record = started(tmp_path)
    asked = next(step for step in record.steps if step["kind"] == "listen_for")
    assert ("start_listening", asked["serial"], ("bill",), "en") in leg.asked
    session.tell(SpeechStarted(1.0, asked["serial"]))
    assert leg.verbs()[-1] == "stop_playing"
    session.tell(SpeechHeard(2.0, asked["serial"], "my bill", 0.9))
    assert leg.verbs()[-2:] == ["stop_listening", "play"]
    heard = next(step for step in record.steps if step["kind"] == "speech_heard")
    assert heard["text"] == "my bill"
