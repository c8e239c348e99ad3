"""Spoken answers: what is understood, what is rejected, what the recogniser is asked for."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.commands import ListenFor, StartTimer, StopListening, StopPlaying
from ivr.events import SpeechHeard, SpeechStarted
from ivr.flow.speech import understand
from tests.ivr.flow.phone import Phone, flow_of

ANSWERS = {"1": ("bill", "my invoice"), "2": ("broken", "not working"), "person": ("agent", "somebody", "no")}
NODES = """
m: {menu: m, keys: {1: bills, 2: faults}, words: {bills: [bill, my invoice], person: [agent]}}
bills: {end: bills}
faults: {end: faults}
person: {end: person}
"""


@pytest.mark.parametrize(
    ("said", "answer"),
    [
        ("bill", "1"),
        ("Um, I have a question about my bill, please.", "1"),
        ("my invoise is wrong", "1"),
        ("it is not workin", "2"),
        ("Agent!", "person"),
        ("no", "person"),
        ("not", None),
        ("pizza", None),
        ("", None),
        ("billiards", None),
        ("my bill is broken", None),
        ("invoice", None),
    ],
)
def test_what_is_understood(said: str, answer: str | None) -> None:
    assert understand(said, 1.0, ANSWERS, 0.6).answer == answer


def test_what_was_heard_badly_is_rejected() -> None:
    assert understand("bill", 0.59, ANSWERS, 0.6) == (None, 0.59)
    assert understand("bill", 0.6, ANSWERS, 0.6) == ("1", 0.6)
    assert understand("bill", 0.3, ANSWERS, 0.2).answer == "1"


@given(st.text(max_size=60), st.floats(-1, 2), st.floats(0.1, 1))
def test_sureness_is_a_share_and_decides(said: str, confidence: float, least: float) -> None:
    answer, sure = understand(said, confidence, ANSWERS, least)
    assert 0.0 <= sure <= 1.0
    assert answer is None or sure >= least


def call() -> tuple[Phone, int]:
    phone = Phone(flow_of(NODES)).ring()
    return phone, phone.asked(ListenFor)[0].serial


def test_a_menu_listens_for_its_phrases_and_goes_where_they_lead() -> None:
    phone, serial = call()
    assert phone.asked(ListenFor)[0].phrases == ("bill", "my invoice", "agent")
    phone.tell(SpeechHeard(1.0, serial, "my bill please", 0.9))
    assert (phone.path, phone.exits[0]) == (["m", "bills"], ("m", "1"))
    assert StopListening(serial) in phone.last
    other, serial = call()
    other.tell(SpeechHeard(1.0, serial, "an agent", 0.9))
    assert other.exits[0] == ("m", "person")


def test_what_is_not_understood_is_a_wrong_answer_and_listening_goes_on() -> None:
    phone, serial = call()
    phone.tell(SpeechHeard(1.0, serial, "pizza", 0.9))
    assert phone.hears == ["no_match_1", "m"]
    assert not phone.asked(ListenFor)
    phone.tell(SpeechHeard(2.0, serial, "agent", 0.9))
    assert phone.path == ["m", "person"]


def test_a_key_stops_the_recogniser_and_late_words_change_nothing() -> None:
    phone, serial = call()
    assert StopListening(serial) in phone.press("2").last
    assert phone.tell(SpeechHeard(2.0, serial, "agent", 0.9)) == ()


def test_words_during_a_prompt_that_must_be_heard_do_nothing() -> None:
    phone = Phone(flow_of(NODES.replace("words:", "barge_in: false, words:", 1))).ring()
    serial = phone.asked(ListenFor)[0].serial
    assert phone.tell(SpeechHeard(1.0, serial, "agent", 0.9)) == ()
    phone.listen()
    phone.tell(SpeechHeard(2.0, serial, "agent", 0.9))
    assert phone.path == ["m", "person"]


def test_what_the_line_must_be_able_to_do() -> None:
    assert flow_of(NODES).needs() == {"speech": "m"}


def test_a_caller_who_begins_to_speak_is_let_finish() -> None:
    phone, serial = call()
    phone.tell(SpeechStarted(1.0, serial))
    assert [type(command) for command in phone.last] == [StopPlaying, StartTimer]
    phone.tell(SpeechHeard(2.0, serial, "bill", 0.9))
    assert phone.path == ["m", "bills"]


def test_a_noise_without_words_is_waited_out() -> None:
    phone, serial = call()
    phone.tell(SpeechStarted(1.0, serial))
    phone.tell(SpeechHeard(2.0, serial, "", 0.0))
    assert [command.after_s for command in phone.asked(StartTimer)] == [6.0]
    assert phone.path == ["m"]


def test_a_prompt_that_must_be_heard_goes_on_over_speech() -> None:
    phone = Phone(flow_of(NODES.replace("words:", "barge_in: false, words:", 1))).ring()
    assert phone.tell(SpeechStarted(1.0, phone.asked(ListenFor)[0].serial)) == ()


def test_speech_does_not_disturb_keys_under_way() -> None:
    phone = Phone(flow_of(NODES.replace("{1: bills, 2: faults}", "{12: bills, 2: faults}"))).ring()
    serial = phone.asked(ListenFor)[0].serial
    phone.press("1")
    assert phone.tell(SpeechStarted(1.0, serial)) == ()
