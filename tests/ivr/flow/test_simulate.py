"""A simulated call: what is heard when, what waits for whom, and that virtual time is like the real one."""

from __future__ import annotations

from itertools import pairwise

from hypothesis import given
from hypothesis import strategies as st

from ivr.commands import EnterNode, Phrase, RecordMessage, Transfer
from ivr.events import TransferAnswered, TransferEnded, TransferFailed
from ivr.flow.pace import reading
from ivr.flow.simulate import Simulation
from tests.ivr.flow.phone import flow_of

FLOW = flow_of(
    """
    welcome: {say: [hello, news], next: main}
    main: {menu: main_menu, keys: {1: message, 2: agent}}
    message: {record: message, max: 30s, silence: 3s, next: bye}
    agent: {transfer: service, meanwhile: connecting, ring: 20s, failed: bye, next: bye}
    bye: {end: goodbye}
    """,
    "defaults: {no_input: 5s}",
)


def heard(call: Simulation) -> list[str]:
    return [found.prompt for found in call.heard]


def test_time_passes_as_prompts_are_heard() -> None:
    call = Simulation(FLOW, pace=lambda phrase: 1.5 if phrase.prompt == "hello" else 3.0)
    assert (heard(call), call.waiting) == (["hello"], "prompt")
    call.pass_time(2.0)
    assert heard(call) == ["hello", "news"]
    assert call.hear_out() == "caller"
    assert [(found.from_s, found.until_s) for found in call.heard] == [(0.0, 1.5), (1.5, 4.5), (4.5, 7.5)]
    assert call.now_s == 7.5


def test_a_key_cuts_what_is_said_and_what_had_not_begun_was_not_heard() -> None:
    call = Simulation(FLOW)
    call.pass_time(1.0)
    call.press("2")
    assert heard(call) == ["hello", "connecting"]
    assert call.heard[0].cut and call.heard[0].until_s == 1.0
    assert call.waiting == "answer"


def test_pressing_during_a_prompt_that_comes_later() -> None:
    call = Simulation(FLOW)
    assert call.until_saying("main_menu")
    assert call.now_s == 5.0
    assert not call.until_saying("hello")


def test_silence_runs_the_timer_out() -> None:
    call = Simulation(FLOW)
    for time in (1, 2, 3):
        assert call.is_silent()
        assert call.saying[0].prompt == f"no_input_{time}"
    call.hear_out()
    assert (call.ended, call.waiting) == ("no_input", "ended")
    assert not call.is_silent()


def test_a_message_ends_by_silence_by_key_at_its_longest_or_by_hanging_up() -> None:
    def recording() -> Simulation:
        call = Simulation(FLOW)
        call.press("1")
        assert call.hear_out() == "message"
        return call

    call = recording()
    began = call.now_s
    assert call.speaks(10.0)
    assert call.now_s == began + 13.0
    call = recording()
    assert call.speaks(100.0)
    assert not call.speaks(1.0)
    call = recording()
    call.pass_time(4.0)
    call.press("#")
    assert call.path[-1] == "bye"
    call = recording()
    call.hang_up()
    assert (call.ended, [kept.kind for kept in call.recorded]) == ("hung_up", ["message"])


def test_a_transfer_is_answered_refused_or_rings_out() -> None:
    def ringing() -> Simulation:
        call = Simulation(FLOW)
        call.press("2")
        assert isinstance(call.unanswered, Transfer)
        return call

    call = ringing()
    assert call.answer(TransferAnswered, to=Transfer, last=False)
    call.pass_time(600.0)
    assert call.state.phase == "talking"
    assert call.answer(TransferEnded)
    assert call.path[-1] == "bye"
    assert not call.answer(TransferEnded)
    call = ringing()
    assert not call.answer(TransferFailed, "busy", to=RecordMessage)
    assert call.answer(TransferFailed, "busy")
    assert call.exits[-1] == ("agent", "busy")
    call = ringing()
    call.pass_time(20.0)
    assert call.exits[-1] == ("agent", "no_answer")


def test_pace_by_the_length_of_the_text() -> None:
    pace = reading(lambda phrase: "x" * 30 if phrase.prompt == "hello" else None, 15.0)
    assert pace(Phrase("hello", "en")) == 2.0
    assert pace(Phrase("unknown", "en")) == 2.0


def test_who_watches_sees_every_command_with_its_time() -> None:
    seen: list[tuple[float, str]] = []
    call = Simulation(
        FLOW, watch=lambda at_s, command: seen.append((at_s, command.node)) if isinstance(command, EnterNode) else None
    )
    call.hear_out()
    assert seen == [(0.0, "welcome"), (4.0, "main")]


acts = st.sampled_from(["press", "silent", "speak", "wait", "answer", "refuse", "hang up", "hear"])


@given(st.lists(st.tuples(acts, st.sampled_from("0123456789*#"), st.floats(0.1, 40)), max_size=25))
def test_whatever_the_caller_does_time_goes_on_and_the_call_ends_or_waits(course: list[tuple[str, str, float]]) -> None:
    call = Simulation(FLOW)
    for act, key, seconds in course:
        before = call.now_s
        if act == "press":
            call.press(key)
        elif act == "silent":
            call.is_silent()
        elif act == "speak":
            call.speaks(seconds)
        elif act == "wait":
            call.pass_time(seconds)
        elif act == "answer":
            call.answer(TransferAnswered, to=Transfer, last=False)
        elif act == "refuse":
            call.answer(TransferFailed, "busy", to=Transfer)
        elif act == "hang up":
            call.hang_up()
        else:
            call.hear_out()
        assert call.now_s >= before
        assert (call.waiting == "ended") == (call.state.phase == "ended")
        assert call.waiting != "nothing" or call.state.phase == "talking"
        times = [(found.from_s, found.until_s) for found in call.heard]
        assert times == sorted(times)
        assert all(first[1] <= second[0] for first, second in pairwise(times))
