"""Endings written for these tests: what each shows, and the traps."""

from __future__ import annotations

from dataclasses import replace

import pytest

from speechqa.conversation import Conversation, Party
from speechqa.measures import ending, silences
from speechqa.timeline import Timeline
from tests.speechqa.measures.talks import ENGLISH, Line, talk, words_of

START: tuple[Line, ...] = (
    ("agent", 50.0, "Hello, how can I help?"),
    ("customer", 53.0, "The heating does not work at all."),
)
AFTER_S = 57.0
GOOD = "So, to sum up, our fitter will come on Tuesday before noon and you get a message first."


def closing(*lines: Line, room_s: float = 1.0, hung_up: Party | None = None) -> dict[str, bool | None]:
    bare = talk([*START, *((party, AFTER_S + at_s, text) for party, at_s, text in lines)])
    conversation = replace(bare, duration_s=bare.duration_s + room_s, hung_up=hung_up)
    found = ending.measure(conversation, ENGLISH, silences.measure(conversation, ENGLISH))
    assert tuple(each.id for each in found.criteria) == ending.CRITERIA
    return {each.id: each.met for each in found.criteria}


def test_a_good_ending_meets_everything() -> None:
    met = closing(
        ("agent", 0.0, GOOD),
        ("agent", 6.0, "Is there anything else I can do for you?"),
        ("customer", 9.0, "No, that is all, thank you."),
        ("agent", 11.2, "Thank you for calling, Mr Lee, and have a good evening."),
        hung_up="customer",
    )
    assert met == {each: True for each in ending.CRITERIA}


def test_a_bad_ending_meets_little() -> None:
    met = closing(
        ("agent", 0.0, "Like I told you before, somebody will look at it at some point."),
        ("customer", 4.5, "And when is that?"),
        ("agent", 9.5, "No idea. I am so sorry once more for all this. Bye."),
        room_s=0.0,
        hung_up="agent",
    )
    assert {name for name, value in met.items() if value} == {"not_hung_up_on"}


@pytest.mark.parametrize(
    ("text", "dated"),
    [
        ("I'll ring you tomorrow at nine.", True),
        ("We will send the card within three working days.", True),
        ("My colleague Petra will be there on the fifth of May.", True),
        ("You will have the money back by Friday.", True),
        ("Someone will call you at some point.", False),
        ("We will get back to you as soon as possible.", False),
        ("It will come off your next bill.", False),
        ("You called us on Monday.", False),
        ("We will not be here tomorrow.", False),
    ],
)
def test_next_step_with_a_date(text: str, dated: bool) -> None:
    assert closing(("agent", 0.0, text), ("customer", 6.0, "Fine, bye."))["next_step_dated"] is dated


@pytest.mark.parametrize(
    ("text", "offered"),
    [
        ("Anything else?", True),
        ("Do you have any other questions?", True),
        ("Is there something more I could do today?", True),
        ("There is nothing else I can do.", False),
        ("I can't do anything more.", False),
    ],
)
def test_offer_of_more_help(text: str, offered: bool) -> None:
    assert closing(("agent", 0.0, text), ("customer", 6.0, "No."))["offer_more_help"] is offered


@pytest.mark.parametrize(
    ("lines", "clean"),
    [
        ((("agent", 0.0, "I am sorry about that. I will send a new one today."),), True),
        ((("agent", 0.0, "I will send a new one today. I am sorry about the mess."),), False),
        ((("agent", 0.0, "Again, we apologise for this."),), False),
        (
            (("agent", 0.0, "Sorry, could you repeat that?"), ("customer", 3.0, "No."), ("agent", 4.0, "Okay, bye.")),
            True,
        ),
    ],
)
def test_renewed_apology(lines: tuple[Line, ...], clean: bool) -> None:
    assert closing(*lines)["no_renewed_apology"] is clean


def test_early_words_are_outside_the_window() -> None:
    found = closing(
        ("agent", 0.0, "Right."), ("customer", 1.0, "Fine."), ("agent", 32.0, "Bye."), ("customer", 33.0, "Bye.")
    )
    assert found["offer_more_help"] is False


def test_closing_words_without_speech_under_them_do_not_count() -> None:
    speech = {"agent": Timeline.of((0.0, 1.0)), "customer": Timeline.of((2.0, 3.0))}
    words = (*words_of("agent", 0.0, "Okay, bye."), *words_of("agent", 4.0, "Thank you for calling."))
    from speechqa.turns import with_turns

    conversation = with_turns(Conversation(8.0, "en", speech, words), ENGLISH)
    found = {each.id: each.met for each in ending.measure(conversation, ENGLISH).criteria}
    assert found["positive_close"] is False


def test_stops_talking() -> None:
    assert closing(("agent", 0.0, "Goodbye."), ("customer", 1.0, "Bye."), room_s=0.0)["stops_talking"] is True
    assert closing(("agent", 0.0, "Goodbye."), room_s=0.1)["stops_talking"] is False
    assert closing(("agent", 0.0, "and then " * 30 + "bye."), room_s=2.0)["stops_talking"] is False


def test_hung_up_on() -> None:
    cut = closing(
        ("agent", 0.0, "It is as it is."), ("customer", 2.0, "But what about my"), room_s=0.0, hung_up="agent"
    )
    assert cut["not_hung_up_on"] is False
    assert closing(("agent", 0.0, "Goodbye then."), ("customer", 1.5, "Bye."))["not_hung_up_on"] is None


def test_evidence_can_be_heard() -> None:
    conversation = talk([*START, ("agent", AFTER_S, "Anything else?"), ("customer", AFTER_S + 2, "No.")])
    offer = next(each for each in ending.measure(conversation, ENGLISH).criteria if each.id == "offer_more_help")
    assert [(each.start_s, each.quote) for each in offer.evidence] == [(AFTER_S, "Anything else?")]


@pytest.mark.parametrize("lines", [(), (("customer", 0.0, "Hello? Is anybody there?"),)])
def test_without_an_agent_nothing_can_be_told(lines: tuple[Line, ...]) -> None:
    found = ending.measure(talk(lines), ENGLISH)
    assert all(each.met is None for each in found.criteria)


@pytest.mark.parametrize(
    ("last", "positive"),
    [
        ("Thanks, bye.", True),
        ("Okay, thank you.", True),
        ("Bye.", False),
        ("No thanks.", False),
    ],
)
def test_bare_thanks_close_in_the_last_words(last: str, positive: bool) -> None:
    met = closing(("agent", 0.0, GOOD), ("customer", 6.0, "Right, I see that."), ("agent", 8.0, last))
    assert met["positive_close"] is positive


def test_bare_thanks_before_the_last_words_are_no_close() -> None:
    met = closing(("agent", 0.0, "Thank you."), ("customer", 2.0, "And the bill, is it paid?"), ("agent", 5.0, "Yes."))
    assert met["positive_close"] is False


@pytest.mark.parametrize(
    ("customer", "agent", "begins_s", "fair"),
    [
        ("Right, that is all then, goodbye.", "Goodbye.", 3.0, True),
        ("But I still wanted to ask what the", "Goodbye.", 3.0, False),
        ("But I still wanted to ask you about the bill.", "Have a nice day, bye.", 1.0, False),
        ("And when do I get my money?", "Thank you, goodbye.", 3.0, False),
        ("And when do I get my money?", "On Friday at noon. Goodbye.", 3.0, True),
        ("Fine, I will do that.", "Have a nice day, bye.", 3.0, True),
    ],
)
def test_an_agent_who_hangs_up_has_let_the_customer_finish(
    customer: str, agent: str, begins_s: float, fair: bool
) -> None:
    met = closing(
        ("agent", -4.0, "It is done."), ("customer", 0.0, customer), ("agent", begins_s, agent), hung_up="agent"
    )
    assert met["not_hung_up_on"] is fair
