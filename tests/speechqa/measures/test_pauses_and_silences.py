from __future__ import annotations

from dataclasses import replace

import pytest

from speechqa.conversation import Conversation
from speechqa.measures import pauses, silences
from speechqa.timeline import Timeline
from tests.speechqa.measures.talks import ENGLISH, talk, words_of


def test_pauses_have_edges_length_and_place() -> None:
    conversation = talk(
        [
            ("agent", 0.0, "I see it."),
            ("agent", 1.05, "The line"),
            ("agent", 2.3, "was down."),
            ("agent", 4.4, "Sorry."),
        ]
    )
    found = pauses.measure(conversation, ENGLISH)
    assert [(p.start_s, p.end_s) for p in found] == [
        (pytest.approx(a), pytest.approx(b)) for a, b in ((0.9, 1.05), (1.65, 2.3), (2.9, 4.4))
    ]
    assert [p.length for p in found] == ["brief", "medium", "long"]
    assert [p.at_sentence_end for p in found] == [True, False, True]


def test_the_gap_between_turns_is_no_pause() -> None:
    assert pauses.measure(talk([("agent", 0.0, "Yes?"), ("customer", 1.0, "It broke.")]), ENGLISH) == ()


def test_a_recogniser_without_punctuation_leaves_pauses_as_sentence_ends() -> None:
    (pause,) = pauses.measure(talk([("agent", 0.0, "i see it"), ("agent", 1.6, "the line was down")]), ENGLISH)
    assert pause.at_sentence_end


def test_sentence_pause_share() -> None:
    conversation = talk([("agent", 0.0, "One. Two."), ("agent", 1.1, "Three.")])
    found = pauses.sentence_pauses(conversation, "agent", ENGLISH)
    assert (found.ends, found.paused, found.share) == (2, 1, 0.5)
    assert pauses.sentence_pauses(conversation, "customer", ENGLISH).share is None


def test_dead_air_from_three_seconds_on() -> None:
    two = talk([("agent", 0.0, "Right."), ("customer", 3.2, "Hello?")])
    three = talk([("agent", 0.0, "Right."), ("customer", 3.4, "Hello?")])
    assert silences.measure(two, ENGLISH) == ()
    (found,) = silences.measure(three, ENGLISH)
    assert (found.start_s, found.end_s, found.kind, found.severe) == (
        pytest.approx(0.3),
        pytest.approx(3.4),
        "dead_air",
        False,
    )


@pytest.mark.parametrize(
    "asked", ["One moment please.", "Please bear with me while I check that.", "Would you hold the line?"]
)
def test_an_announced_wait_is_kept_apart(asked: str) -> None:
    conversation = talk([("agent", 0.0, asked), ("agent", 15.0, "Thank you.")])
    (found,) = silences.measure(conversation, ENGLISH)
    assert (found.kind, found.severe) == ("announced", True)
    assert found.quote == asked


def test_an_announced_wait_that_the_customer_agrees_to() -> None:
    conversation = talk(
        [("agent", 0.0, "One moment please."), ("customer", 1.1, "Okay."), ("agent", 9.0, "Thank you.")]
    )
    assert [each.kind for each in silences.measure(conversation, ENGLISH)] == ["announced"]


def test_a_wait_that_only_the_customer_asked_for_is_dead_air() -> None:
    conversation = talk([("customer", 0.0, "One moment please."), ("agent", 9.0, "Yes?")])
    assert [each.kind for each in silences.measure(conversation, ENGLISH)] == ["dead_air"]


def test_hold_and_prompts_are_not_dead_air() -> None:
    conversation = replace(
        talk([("agent", 0.0, "One moment please."), ("agent", 30.0, "Thank you.")], duration_s=40.0),
        hold=Timeline.of((2.0, 20.0)),
        announcements=Timeline.of((22.0, 27.5), (31.0, 40.0)),
    )
    assert [(each.start_s, each.kind) for each in silences.measure(conversation, ENGLISH)] == [
        (pytest.approx(0.9), "hold")
    ]


def test_a_call_in_which_nobody_speaks_is_one_silence() -> None:
    (found,) = silences.measure(Conversation(30.0, "en", {}), ENGLISH)
    assert (found.start_s, found.end_s, found.kind, found.severe) == (0, 30, "dead_air", True)


def test_a_click_does_not_divide_a_silence() -> None:
    conversation = Conversation(
        10.0, "en", {"agent": Timeline.of((0, 1), (5, 5.05), (9, 10))}, tuple(words_of("agent", 0, "Hm"))
    )
    assert len(silences.measure(conversation, ENGLISH)) == 1


def test_a_silence_says_whose_turn_it_followed_and_who_broke_it() -> None:
    call = talk([("customer", 0.0, "Are you there?"), ("agent", 6.0, "Yes.")], duration_s=12.0)
    found = silences.measure(call, ENGLISH)
    assert [(each.after, each.broken_by) for each in found] == [("customer", "agent"), ("agent", None)]


def test_a_dead_line_is_no_dead_air() -> None:
    call = talk([("agent", 0.0, "Hello there.")], duration_s=30.0)
    dead = replace(call, dead_line=Timeline.of((5, 30)))
    found = silences.measure(dead, ENGLISH)
    assert [(each.kind, each.start_s, each.end_s) for each in found] == [
        ("dead_air", pytest.approx(0.6), 5),
        ("dead_line", 5, 30),
    ]
