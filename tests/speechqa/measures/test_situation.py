"""How a call came to its end, and refusals."""

# ruff: noqa: E501

from __future__ import annotations

import pytest

from speechqa.conversation import Party
from speechqa.measures import ending, refusals
from tests.speechqa.measures.talks import ENGLISH, Line, talk

OPEN: list[Line] = [
    ("agent", 0.0, "Good morning, this is Ines. How can I help?"),
    ("customer", 5.0, "Hello, my router is broken since yesterday and I have no internet at all in my house."),
    ("agent", 12.0, "I am sorry to hear that. May I have your customer number, please?"),
    ("customer", 18.0, "Yes, it is four five six."),
]


def ended(lines: list[Line], hung_up: Party | None = None, after_s: float = 1.0) -> ending.Ending:
    bare = talk([*OPEN, *lines])
    return ending.measure(talk([*OPEN, *lines], duration_s=bare.duration_s + after_s, hung_up=hung_up), ENGLISH)


def met(found: ending.Ending) -> dict[str, bool | None]:
    return {each.id: each.met for each in found.criteria}


@pytest.mark.parametrize(
    ("lines", "kind"),
    [
        ([("agent", 22.0, "Thank you. I will check the line and")], "cut_off"),
        ([("agent", 22.0, "Thank you, let me just—")], "cut_off"),
        ([("agent", 22.0, "Thank you. I will put you through to my colleague in the technical team.")], "transferred"),
        (
            [
                ("agent", 22.0, "Thank you. Let me transfer you to the technical team."),
                ("customer", 28.0, "Okay, thanks."),
                ("agent", 29.5, "You're welcome."),
            ],
            "transferred",
        ),
        ([("agent", 22.0, "Thank you. I can't transfer you. The line is down. Bye.")], "closed"),
        (
            [
                ("agent", 22.0, "I could put you through to my colleague."),
                ("customer", 26.0, "No, please do not."),
                ("agent", 28.0, "Then I look at it myself, and we see what the line says about the router today."),
            ],
            "closed",
        ),
        ([("agent", 22.0, "We will look at it. Bye.")], "closed"),
    ],
)
def test_situations(lines: list[Line], kind: str) -> None:
    found = ended(lines)
    assert found.situation.kind == kind
    closed = kind == "closed"
    assert met(found)["next_step_dated"] is (False if closed else None)
    reasons = {each.reason for each in found.criteria if each.id == "next_step_dated"}
    assert reasons == {found.situation.reason}


def test_what_was_done_counts_in_a_call_that_was_cut_off() -> None:
    found = ended([("agent", 22.0, "I will send you a new router tomorrow at nine. And if it does not come, then the")])
    assert (found.situation.kind, met(found)["next_step_dated"]) == ("cut_off", True)


def test_hanging_up_on_the_customer_is_no_cut() -> None:
    lines: list[Line] = [("agent", 22.0, "That is how it is."), ("customer", 24.0, "But you said that the")]
    found = ended(lines, hung_up="agent", after_s=0.0)
    assert (found.situation.kind, met(found)["not_hung_up_on"]) == ("closed", False)


def test_two_lines_and_a_voicemail_are_not_held_against_the_agent() -> None:
    brief = talk([("agent", 0.0, "Good morning, Clearline."), ("customer", 2.0, "Oh, wrong number, sorry.")])
    found = ending.measure(brief, ENGLISH)
    assert (found.situation.kind, met(found)["recap"]) == ("brief", None)
    left = [
        ("customer", 0.0, "You have reached the voicemail of Jana Novak. Please leave a message after the tone."),
        ("agent", 8.0, "Hello Mrs Novak, this is Ines of Clearline about the router that you asked for on Monday."),
    ]
    found = ending.measure(talk(left), ENGLISH)  # type: ignore[arg-type]
    assert (found.situation.kind, met(found)["offer_more_help"]) == ("voicemail", None)


def test_how_fast_somebody_hung_up() -> None:
    found = ended([("agent", 22.0, "Thank you for calling, have a nice day.")], hung_up="customer", after_s=1.5)
    assert found.hung_up_after_s == pytest.approx(1.5)


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("I'm afraid we can't refund the fee, because the month is over. What I can do is send a new one.", (True, True, None)),
        ("That's our policy.", (False, False, "footballer")),
        ("I'm so so sorry, I'm afraid we can't refund it.", (False, False, "nurse")),
        ("I'm afraid we can't refund it. They decided that upstairs.", (False, False, "nurse")),
    ],
)  # fmt: skip
def test_refusals(said: str, wanted: tuple[bool, bool, str | None]) -> None:
    found = refusals.measure(talk([*OPEN, ("agent", 22.0, said)]), ENGLISH)
    assert [(each.explains, each.offers_instead, each.pattern) for each in found[:1]] == [wanted]


def test_the_same_no_again_is_the_footballers() -> None:
    no = "Unfortunately that is not possible."
    lines: list[Line] = [("agent", 22.0, no), ("customer", 25.0, "But why?"), ("agent", 27.0, no)]
    found = refusals.measure(talk([*OPEN, *lines]), ENGLISH)
    assert [(each.repeats, each.pattern) for each in found] == [(0, None), (1, "footballer")]


def test_a_quoted_or_the_customers_no_is_no_refusal() -> None:
    lines: list[Line] = [
        ("agent", 22.0, "You said that you can't refund it."),
        ("customer", 26.0, "I'm afraid we can't accept that."),
    ]
    assert refusals.measure(talk([*OPEN, *lines]), ENGLISH) == ()
