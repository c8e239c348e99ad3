"""Who is the agent: by what the user says, by names, by order and words; and what is refused."""

from __future__ import annotations

import pytest

from speechqa.errors import ExchangeError
from speechqa.exchange.assemble import assemble
from speechqa.exchange.parties import Role, cast, weighed
from speechqa.exchange.transcript import Cue, Transcript, ordered
from tests.speechqa.measures.talks import ENGLISH


def said(*labels: str | None) -> Transcript:
    """Each label says something for two seconds, one after the other."""
    return ordered("vtt", cues=[Cue(label, "some words", 3.0 * i, 3.0 * i + 2) for i, label in enumerate(labels)])


@pytest.mark.parametrize(
    ("labels", "roles"),
    [
        (("Agent", "Customer"), ("agent", "customer")),
        (("CUSTOMER", "AGENT"), ("customer", "agent")),
        (("caller", "Tom"), ("customer", "agent")),
        (("Agent (Ines)", "Mr Hale"), ("agent", "customer")),
        (("IVR", "agent_1", "Client"), ("machine", "agent", "customer")),
        (("SYSTEM", "SPEAKER_00", "SPEAKER_01"), ("machine", "agent", "customer")),
        (("Agent 1", "Agent 2", "Customer"), ("agent", "agent", "customer")),
        (("SPEAKER_01", "SPEAKER_00"), ("agent", "customer")),
        (("A",), ("agent",)),
    ],
)
def test_roles_of_labels(labels: tuple[str, ...], roles: tuple[Role, ...]) -> None:
    who = cast(said(*labels), "x")
    assert tuple(who.role(label) for label in labels) == roles


def test_what_the_user_says_comes_first() -> None:
    who = cast(said("Agent", "Customer"), "x", agent=["customer"], customer=["Agent"])
    assert (who.role("Agent"), who.role("Customer")) == ("customer", "agent")
    assert cast(said("S0", "S1"), "x", agent=["S1"]).roles == {"S1": "agent", "S0": "customer"}
    three = cast(said("S0", "S1", "S2"), "x", agent=["S1", "S2"])
    assert three.roles == {"S1": "agent", "S2": "agent", "S0": "customer"}


def test_a_supposition_is_said() -> None:
    (note,) = cast(said("S1", "S0"), "x").notes
    assert note.startswith("S1 speaks first and was taken for the agent") and "--agent S0" in note
    assert "only speaker" in cast(said("S1"), "x").notes[0]
    assert cast(said("Agent", "S1"), "x").notes == ()


def test_others_are_left_out_and_said() -> None:
    who = cast(said("S0", "S1", "S2"), "x", agent=["S0"], customer=["S1"])
    assert (who.role("S2"), who.role(None)) == (None, None)
    assert who.notes == ("Left out: S2 2 s, neither agent nor customer.",)


@pytest.mark.parametrize(
    ("labels", "agent", "says"),
    [
        (("S0", "S1", "S2"), (), r"x holds 3 speakers \(S0 2 s, S1 2 s, S2 2 s\)"),
        (("S0", "S1", "S2"), ("S0",), "holds 3 speakers"),
        (("S0", "S1"), ("S9",), "no speaker 'S9'; its speakers: S0, S1"),
        ((None,), ("S9",), "does not tell speakers apart"),
    ],
)
def test_what_cannot_be_told_is_refused(labels: tuple[str | None, ...], agent: tuple[str, ...], says: str) -> None:
    with pytest.raises(ExchangeError, match=says):
        cast(said(*labels), "x", agent=agent)


def test_words_outweigh_the_order_of_speaking() -> None:
    """The caller speaks first; the other answers for a company and offers help."""
    heard = ordered(
        "vtt",
        cues=[
            Cue("S0", "Hello? Is anybody there?", 0.0, 2.0),
            Cue("S1", "Good morning, Larkspur Energy, this is Ines speaking. How can I help you?", 2.5, 6.0),
            Cue("S0", "My bill is too high.", 6.5, 8.0),
            Cue("S1", "Is there anything else I can help you with?", 9.0, 11.0),
        ],
    )
    first = cast(heard, "x")
    assert first.roles == {"S0": "agent", "S1": "customer"}
    who = weighed(first, assemble(heard, first, "en").conversation, ENGLISH)
    assert who.roles == {"S0": "customer", "S1": "agent"}
    assert "by their words" in who.notes[0]
    named = cast(heard, "x", agent=["S0"])
    assert weighed(named, assemble(heard, named, "en").conversation, ENGLISH) == named
