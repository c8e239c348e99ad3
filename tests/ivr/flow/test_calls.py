"""Calls whose course is known."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.commands import (
    CancelTimer,
    EnterNode,
    HangUp,
    LeaveNode,
    NoteConsent,
    Phrase,
    Play,
    RecordMessage,
    StartTimer,
    StopMessage,
    StopPlaying,
    Transfer,
)
from ivr.events import CallStarted, DigitPressed, MessageRecorded, PromptEnded, TimerExpired, TransferFailed
from ivr.flow.interpret import advance, begin
from ivr.flow.load import load_flow
from tests.ivr.flow.phone import Phone, flow_of

SHIPPED = Path(__file__).parents[3] / "flows" / "support.yaml"

MENU = """
main: {menu: main_menu, keys: {1: bills, 2: faults}}
bills: {end: bills}
faults: {end: faults}
person: {end: person}
"""


def support() -> Phone:
    return Phone(load_flow(SHIPPED)).ring()


def test_every_command_of_a_short_call_in_order() -> None:
    call = Phone(flow_of("a: {say: hello, next: b}\nb: {end: goodbye}")).ring().listen().listen()
    assert call.commands == [
        EnterNode("a", "say"),
        Play(1, (Phrase("hello", "en"),)),
        LeaveNode("a", "next"),
        EnterNode("b", "end"),
        Play(2, (Phrase("goodbye", "en"),)),
        LeaveNode("b", "finished"),
        HangUp("finished"),
    ]
    assert call.state.phase == "ended"


def test_main_job_of_the_shipped_flow_from_welcome_to_the_agent() -> None:
    call = support().listen().press("1")
    assert NoteConsent("recording", True) in call.last
    call.press("1")
    assert call.hears == ["bills"]
    call.listen().listen()
    assert call.asked(Transfer)[0].target == "service"
    call.pick_up()
    assert call.state.phase == "talking"
    call.agent_hangs_up()
    assert call.path == ["welcome", "consent", "main", "bills", "person", "agent"]
    assert call.hung_up == "finished"


def test_nobody_free_leads_to_a_message_and_a_goodbye() -> None:
    call = support().listen().press("2").press("0").listen().refuse("busy")
    assert call.hears == ["transfer_failed"]
    call.listen().press("1")
    assert call.hears == ["leave_message"]
    call.listen()
    assert call.asked(RecordMessage) == [RecordMessage(call.state.pending, "message", 120.0, 3.0)]
    call.spoke()
    assert call.hears == ["message_thanks"]
    call.listen()
    assert call.hears == ["goodbye"]
    assert call.listen().hung_up == "finished"


@pytest.mark.parametrize(("key", "kind"), [("1", "complaint"), ("2", "compliment")])
def test_complaints_and_compliments_have_a_channel(key: str, kind: str) -> None:
    call = support().listen().press("1").press("3" + key).listen()
    assert call.asked(RecordMessage)[0].kind == kind
    assert call.spoke().listen().hears == ["goodbye"]


def test_a_key_silences_the_menu_at_once_and_no_late_end_follows() -> None:
    call = Phone(flow_of(MENU)).ring()
    playing = call.state.playing
    assert call.press("2").last[0] == StopPlaying(playing)
    assert call.hears == ["faults"]
    assert call.tell(PromptEnded(1.0, playing)) == ()


def test_without_barge_in_the_key_waits_for_the_last_word() -> None:
    call = Phone(flow_of(MENU.replace("}}", "}, barge_in: false}", 1))).ring()
    assert call.press("2").last == ()
    assert call.listen().path == ["main", "faults"]


def test_silence_is_met_with_words_each_time_and_a_person_at_last() -> None:
    call = Phone(flow_of(MENU, "defaults: {give_up: person}")).ring().listen()
    assert call.asked(StartTimer) == [StartTimer(2, 6.0)]
    assert call.silence().hears == ["no_input_1", "main_menu"]
    assert call.silence().hears == ["no_input_2", "main_menu"]
    assert call.silence().hears == ["no_input_3", "person"]
    assert call.exits == [("main", "no_input")]


def test_wrong_keys_and_silences_are_counted_apart() -> None:
    call = Phone(flow_of(MENU, "defaults: {give_up: person}")).ring()
    assert call.press("7").hears == ["no_match_1", "main_menu"]
    assert call.silence().hears == ["no_input_1", "main_menu"]
    assert call.press("8").hears == ["no_match_2", "main_menu"]
    assert call.silence().hears == ["no_input_2", "main_menu"]
    assert call.press("9").hears == ["no_match_3", "person"]
    assert call.exits == [("main", "no_match")]


def test_counts_begin_anew_at_every_node() -> None:
    flow = flow_of("a: {menu: a, keys: {1: b}}\nb: {menu: b, keys: {1: a}}")
    call = Phone(flow).ring().press("7").press("1").press("7")
    assert call.hears == ["no_match_1", "b"]


@pytest.mark.parametrize(("presses", "reason"), [("", "no_input"), ("777", "no_match")])
def test_where_nobody_can_help_the_call_ends_politely(presses: str, reason: str) -> None:
    call = Phone(flow_of("main: {menu: main_menu, keys: {1: main}}")).ring().press(presses)
    if not presses:
        call.silence().silence().silence()
    assert call.hears == [f"{reason}_3", "gave_up"]
    assert call.listen().hung_up == reason


def test_the_nearest_policy_wins() -> None:
    flow = flow_of(
        "main: {menu: m, keys: {1: bye}, tries: 1, no_input: 500ms, no_input_says: hey}\nbye: {end: bye}",
        "defaults: {tries: 5, no_input: 9s, give_up: bye, no_match_says: [what]}",
    )
    call = Phone(flow).ring().listen()
    assert call.asked(StartTimer)[0].after_s == 0.5
    assert call.silence().hears == ["hey", "bye"]
    assert Phone(flow).ring().press("5").hears == ["what", "bye"]


def test_the_last_prompt_serves_for_all_further_times() -> None:
    call = Phone(flow_of("m: {menu: m, keys: {1: m}, tries: 9, no_match_says: [one, two]}")).ring()
    assert [call.press("5").hears[0] for _ in range(4)] == ["one", "two", "two", "two"]


def test_star_repeats_and_zero_reaches_a_person_everywhere() -> None:
    call = support()
    assert call.press("*").hears == ["welcome"]
    assert call.path == ["welcome"]
    call.listen()
    assert call.press("*").hears == ["consent_recording"]
    assert call.press("0").path == ["welcome", "consent", "person"]
    assert call.exits[-1] == ("consent", "0")


def test_star_and_zero_can_be_changed_and_switched_off() -> None:
    flow = flow_of(MENU, "defaults: {anywhere: {0: bills, '*': , '#': repeat}}")
    assert Phone(flow).ring().press("0").path == ["main", "bills"]
    assert Phone(flow).ring().press("*").hears == ["no_match_1", "main_menu"]
    assert Phone(flow).ring().press("#").hears == ["main_menu"]


def test_zero_leads_to_the_give_up_where_no_node_is_called_person() -> None:
    nodes = "main: {menu: m, keys: {1: main}}\nhelp: {end: help}"
    assert Phone(flow_of(nodes, "defaults: {give_up: help}")).ring().press("0").path == ["main", "help"]
    off = "defaults: {give_up: help, anywhere: {0: }}"
    assert Phone(flow_of(nodes, off)).ring().press("0").hears == ["no_match_1", "m"]
    assert Phone(flow_of("main: {menu: m, keys: {1: main}}")).ring().press("0").hears == ["no_match_1", "m"]


def test_a_menu_key_goes_before_the_same_key_anywhere() -> None:
    flow = flow_of("main: {menu: m, keys: {0: bye}}\nbye: {end: bye}\nperson: {end: person}")
    assert Phone(flow).ring().press("0").path == ["main", "bye"]


def test_keys_pressed_ahead_answer_the_menus_to_come() -> None:
    flow = flow_of(
        """
        hello: {say: hello, next: main, barge_in: false}
        main: {menu: main, keys: {1: sub}}
        sub: {menu: sub, keys: {2: bye}}
        bye: {end: bye}
        """
    )
    call = Phone(flow).ring().press("12")
    assert call.hears == ["hello"]
    assert call.listen().hears == ["bye"]


def test_a_key_cuts_an_announcement_short_and_is_kept() -> None:
    flow = flow_of("a: {say: a, next: b}\nb: {say: b, next: main}\n" + MENU)
    call = Phone(flow).ring().press("2")
    assert call.path == ["a", "b", "main", "faults"]


def test_keys_ahead_do_not_skip_what_must_be_heard() -> None:
    flow = flow_of("a: {say: a, next: b}\nb: {say: b, next: main, barge_in: false}\n" + MENU)
    call = Phone(flow).ring().press("2")
    assert call.hears == ["b"]
    assert call.listen().path == ["a", "b", "main", "faults"]


def test_a_key_ahead_that_no_choice_knows_is_forgotten_not_counted() -> None:
    call = Phone(flow_of("a: {say: a, next: main}\n" + MENU)).ring().press("7")
    assert call.hears == ["main_menu"]
    assert call.state.no_matches == 0
    assert call.press("7").hears == ["no_match_1", "main_menu"]


def test_a_key_pressed_before_the_question_is_no_consent() -> None:
    call = support().press("1")
    assert call.hears == ["consent_recording"]
    assert not any(isinstance(command, NoteConsent) for command in call.commands)


def test_silence_is_no_consent_and_the_call_goes_on() -> None:
    call = support().listen().silence().silence()
    assert NoteConsent("recording", False) in call.last
    assert call.hears == ["no_input_2", "main_menu"]


def test_consent_keys_and_prompt_can_be_named() -> None:
    flow = flow_of(
        "c: {consent: survey, yes: y, no: n, prompt: may_we, keys: {5: yes, 6: no}}\ny: {end: y}\nn: {end: n}"
    )
    call = Phone(flow).ring()
    assert call.hears == ["may_we"]
    assert call.press("6").last[1] == NoteConsent("survey", False)
    assert call.path == ["c", "n"]


def test_while_it_rings_the_caller_is_not_left_in_silence() -> None:
    call = support().listen().press("1").press("0").listen()
    assert call.asked(StartTimer)[0].after_s <= 8.0
    assert call.silence().hears == ["waiting"]
    assert call.silence().hears == ["waiting"]
    playing = call.state.playing
    assert call.pick_up().last == (StopPlaying(playing),)


def test_words_meanwhile_are_said_as_it_rings_and_stop_at_the_answer() -> None:
    flow = flow_of("t: {transfer: service, meanwhile: hold, failed: bye, next: bye}\nbye: {end: bye}")
    call = Phone(flow).ring()
    assert call.last == (
        EnterNode("t", "transfer"),
        Play(1, (Phrase("hold", "en"),)),
        Transfer(2, "service", 30.0),
    )
    call.listen()
    timer = call.state.timer
    assert call.pick_up().last == (CancelTimer(timer),)
    assert call.agent_hangs_up().hears == ["bye"]


@pytest.mark.parametrize(
    ("reason", "node"), [("busy", "b"), ("no_answer", "n"), ("declined", "other"), ("unreachable", "other")]
)
def test_each_failure_has_its_exit(reason: str, node: str) -> None:
    flow = flow_of("t: {transfer: x, busy: b, no_answer: n, failed: other}\nb: {end: b}\nn: {end: n}\nother: {end: o}")
    call = Phone(flow).ring()
    call.tell(TransferFailed(1.0, call.state.pending, reason))  # type: ignore[arg-type]
    assert call.path == ["t", node]
    assert call.exits == [("t", reason)]


def test_a_connection_that_fails_during_the_talk_is_the_end_of_the_talk() -> None:
    flow = flow_of("t: {transfer: x, failed: sorry, next: survey}\nsorry: {end: s}\nsurvey: {end: v}")
    assert Phone(flow).ring().pick_up().refuse("unreachable").path == ["t", "survey"]


def test_keys_while_it_rings_or_records_do_nothing() -> None:
    call = support().listen().press("1").press("0").listen()
    assert call.press("0159*#A").last == ()
    call.refuse("declined").listen()
    assert call.hears == ["offer_message"]
    call.press("1").listen()
    assert call.state.phase == "recording"
    assert call.press("0159*#").state.phase == "recording"


def test_a_key_during_the_words_begins_the_recording() -> None:
    flow = flow_of("r: {record: message, prompt: say_it, max: 10s, silence: 1s, next: bye}\nbye: {end: bye}")
    call = Phone(flow).ring().press("5")
    assert call.last == (StopPlaying(1), RecordMessage(2, "message", 10.0, 1.0))


def test_a_call_that_goes_round_ends_with_words() -> None:
    call = Phone(flow_of("a: {say: a, next: b}\nb: {say: b, next: a}", "max_steps: 10")).ring()
    for _ in range(10):
        call.listen()
    assert call.hears == ["call_limit"]
    assert call.listen().hung_up == "budget"
    assert len(call.path) == 11


def test_repeating_for_ever_uses_up_the_steps_too() -> None:
    call = Phone(flow_of("m: {menu: m, keys: {1: m}}", "max_steps: 10")).ring().press("*" * 30)
    assert call.hears == ["call_limit"]


def test_a_menu_that_leads_to_itself_with_keys_ahead_ends() -> None:
    flow = flow_of("a: {say: a, next: m, barge_in: false}\nm: {menu: m, keys: {1: m}}", "max_steps: 10")
    assert Phone(flow).ring().press("1" * 30).listen().hears == ["call_limit"]


def test_hanging_up_while_recording_keeps_the_message() -> None:
    call = support().listen().press("1").press("31").listen()
    serial = call.state.pending
    assert call.hang_up().last == (StopMessage(serial), LeaveNode("complaint", "hung_up"))
    assert call.tell(MessageRecorded(9.0, serial, 3.0, "stopped")) == ()


def test_hanging_up_before_the_answer_leaves_nothing_to_do() -> None:
    call = Phone(flow_of(MENU)).hang_up()
    assert (call.state.phase, call.commands) == ("ended", [])
    assert call.ring().commands == []


def test_an_event_before_the_call_or_a_second_start_changes_nothing() -> None:
    flow = flow_of(MENU)
    state = begin(flow)
    for event in (
        PromptEnded(0.0, 0),
        TimerExpired(0.0, 0),
        DigitPressed(0.0, "1"),
        MessageRecorded(0.0, 0, 1.0, "key"),
    ):
        assert advance(flow, state, event) == (state, ())
    state, _ = advance(flow, state, CallStarted(0.0))
    assert advance(flow, state, CallStarted(1.0)) == (state, ())


def test_the_language_of_the_call_is_the_first_of_the_flow() -> None:
    call = Phone(flow_of(MENU, "languages: [uk, en]")).ring()
    assert call.asked(Play)[0].phrases[0].language == "uk"
