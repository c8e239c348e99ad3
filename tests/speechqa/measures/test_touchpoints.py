"""Touchpoints: the line's record and what a bare recording tells, each with how it left the customer."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from speechqa.conflict_map import CallEmotion
from speechqa.conversation import Conversation
from speechqa.measures import emotion, questions, touchpoints
from speechqa.measures.touchpoints import Step, Touchpoint
from speechqa.timeline import Timeline
from tests.speechqa.measures.talks import ENGLISH, Line, talk

STEPS = (
    Step(-4.0, "enter_node", "welcome", node_kind="say"),
    Step(-1.0, "leave_node", "welcome", "next"),
    Step(-1.0, "enter_node", "main", node_kind="menu"),
    Step(5.0, "leave_node", "main", "no_input"),
    Step(5.0, "enter_node", "person", node_kind="queue"),
    Step(5.0, "join_queue", "service"),
    Step(130.0, "queue_answered"),
    Step(160.0, "queue_ended"),
)
CALM: tuple[Line, ...] = (
    ("agent", 131.0, "Good morning."),
    ("customer", 133.0, "Who pays for the repair?"),
    ("customer", 150.0, "Great, thank you so much."),
)


def journey(lines: tuple[Line, ...], steps: tuple[Step, ...] = STEPS) -> tuple[Touchpoint, ...]:
    call = talk(lines, duration_s=170.0)
    curve = emotion.measure(call, ENGLISH)
    return touchpoints.measure(call, steps, CallEmotion.of(curve) if curve else None, questions.measure(call, ENGLISH))


def test_every_contact_of_a_recorded_call_in_order() -> None:
    found = journey(CALM)
    assert [(each.kind, each.name, each.start_s, each.end_s) for each in found] == [
        ("node", "welcome", -4.0, -1.0),
        ("node", "main", -1.0, 5.0),
        ("queue", "service", 5.0, 130.0),
        ("agent", "service", 130.0, 160.0),
    ]
    assert [each.mood for each in found] == [None, "dissatisfied", "dissatisfied", "delighted"]
    assert found[1].outcome == "no_input" and found[2].reason == "Waited 125 s; answered."
    assert found[3].questions_open == 1


@pytest.mark.parametrize(
    ("last", "mood"),
    [
        ("This is ridiculous, I am furious.", "dissatisfied"),
        ("My number is seven four nine two.", "satisfied"),
        ("Great, thank you so much.", "delighted"),
    ],
)
def test_how_the_agent_left_the_customer(last: str, mood: str) -> None:
    assert journey((*CALM[:2], ("customer", 150.0, last)))[-1].mood == mood


def test_who_hangs_up_in_the_queue_is_dissatisfied() -> None:
    found = journey((), (*STEPS[:6], Step(40.0, "caller_hung_up")))
    assert (found[-1].kind, found[-1].outcome, found[-1].mood) == ("queue", "hung up", "dissatisfied")


@pytest.mark.parametrize(("kind", "mood"), [("menu", "dissatisfied"), ("say", "dissatisfied"), ("end", None)])
@pytest.mark.parametrize("left", [Step(6.0, "caller_hung_up"), Step(6.0, "leave_node", "main", "hung_up")])
def test_hanging_up_is_a_drop_off_but_for_the_goodbye(kind: str, mood: str | None, left: Step) -> None:
    (found,) = journey((), (Step(1.0, "enter_node", "main", node_kind=kind), left))
    assert (found.outcome, found.mood, found.end_s) == ("hung up", mood, 6.0)


def test_a_desk_that_does_not_pick_up_and_one_that_does() -> None:
    steps = (
        Step(1.0, "transfer", "anna"),
        Step(9.0, "transfer_failed", outcome="no_answer"),
        Step(9.0, "transfer", "ben"),
        Step(12.0, "transfer_answered"),
        Step(30.0, "transfer_ended"),
    )
    found = journey((), steps)
    assert [(each.kind, each.name, each.outcome) for each in found] == [
        ("ringing", "anna", "no_answer"),
        ("ringing", "ben", "answered"),
        ("agent", "ben", "ended"),
    ]
    assert [each.mood for each in found] == ["dissatisfied", None, None]


def test_a_queue_rings_its_desks_itself() -> None:
    """As the line writes it: the desks' own steps stand between those of the queue."""
    steps = (
        Step(1.0, "join_queue", "service"),
        Step(2.3, "transfer_failed", outcome="busy"),
        Step(10.3, "transfer_answered"),
        Step(10.3, "queue_answered"),
        Step(11.3, "transfer_ended"),
        Step(11.3, "queue_ended"),
        Step(11.4, "join_queue", "again"),
        Step(12.0, "leave_queue"),
    )
    assert [(each.kind, each.name, each.start_s, each.end_s, each.outcome) for each in journey((), steps)] == [
        ("queue", "service", 1.0, 10.3, "answered"),
        ("agent", "service", 10.3, 11.3, "ended"),
        ("queue", "again", 11.4, 12.0, "left"),
    ]


def test_a_bare_recording_tells_announcements_hold_and_the_agent() -> None:
    call = replace(talk(CALM), announcements=Timeline.of((0, 4)), hold=Timeline.of((4, 125)))
    found = touchpoints.measure(call, (), None, None)
    assert [(each.kind, each.mood) for each in found] == [
        ("announcement", None),
        ("hold", "dissatisfied"),
        ("agent", None),
    ]


KINDS = (
    *("enter_node", "leave_node", "join_queue", "leave_queue", "queue_answered", "queue_failed", "queue_ended"),
    *("transfer", "transfer_answered", "transfer_failed", "transfer_ended", "caller_hung_up", "digit_pressed"),
)


@given(st.lists(st.builds(Step, st.floats(-20, 200), st.sampled_from(KINDS), st.sampled_from(["", "a"])), max_size=12))
@settings(max_examples=100, deadline=None)
def test_whatever_was_written_down_every_touchpoint_lasts(steps: list[Step]) -> None:
    ordered = tuple(sorted(steps, key=lambda each: each.at_s))
    found = touchpoints.measure(Conversation(100.0, "en", {}), ordered, None, None)
    assert all(each.start_s <= each.end_s for each in found)
    assert [each.start_s for each in found] == sorted(each.start_s for each in found)
