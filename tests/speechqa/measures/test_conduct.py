"""Filled pauses, patience, questions, pace under pressure, standing: known values."""

from __future__ import annotations

import pytest

from speechqa.conversation import Conversation
from speechqa.lexicon import Lexicon
from speechqa.measures import fillers, listening, overlaps, patience, pressure, questions, standing
from speechqa.timeline import Span, Timeline
from tests.speechqa.measures.talks import ENGLISH, from_words, talk, words_of


def test_fillers_are_counted_per_minute_of_speaking() -> None:
    call = talk(
        [("agent", 0.0, "Um, the bill is, uh, eighteen pounds."), ("customer", 5.0, "Mm."), ("agent", 6, "Hm.")]
    )
    found = fillers.measure(call, "agent", ENGLISH)
    assert [each.text for each in found.found or ()] == ["Um,", "uh,"]
    assert found.per_minute == pytest.approx(60 * 2 / 2.4)
    assert fillers.measure(call, "customer", ENGLISH).found == ()
    assert fillers.measure(call, "agent", Lexicon("xx")).found is None


def test_voice_without_words_is_pointed_at_not_counted() -> None:
    call = talk([("agent", 0.0, "The bill"), ("agent", 2.0, "is right.")])
    hummed = Conversation(4.0, "en", {"agent": call.speech["agent"] | Timeline.of((1.0, 1.4))}, call.words)
    from speechqa.turns import with_turns

    found = fillers.measure(with_turns(hummed, ENGLISH), "agent", ENGLISH)
    assert (found.wordless, found.found) == ((Span(1.0, 1.4),), ())


def test_patience_tells_who_ended_the_customers_silence() -> None:
    call = talk(
        [
            ("customer", 0.0, "My bill is wrong."),  # ends 1.2
            ("agent", 1.35, "Which number?"),  # broken after 0.15
            ("customer", 2.0, "I paid it."),  # ends 2.9
            ("customer", 4.8, "In March."),  # left for 1.9 s
            ("agent", 7.0, "Thank you, I see it now."),  # ends 5.4; broken after 1.6
        ]
    )
    found = patience.measure(call, ENGLISH)
    assert (found.broken, found.left) == (2, 1)
    assert found.median_s == pytest.approx(0.875)
    assert found.longest_left is not None and found.longest_left.start_s == pytest.approx(2.9)
    steps = {step.from_s: (step.broken, step.left) for step in found.distribution}
    assert steps == {0.0: (1, 0), 0.2: (0, 0), 0.5: (0, 0), 1.0: (1, 1), 2.0: (0, 0), 3.0: (0, 0)}


def test_a_hold_is_no_silence_of_the_customer() -> None:
    call = talk([("customer", 0.0, "All right."), ("agent", 9.0, "Back again.")])
    held = Conversation(10.0, "en", call.speech, call.words, call.turns, hold=Timeline.of((1, 8)))
    assert patience.measure(held, ENGLISH).broken == 0


def asked(*lines: tuple[str, float, str]) -> list[tuple[str, str, str | None]]:
    found = questions.measure(talk(lines), ENGLISH)  # type: ignore[arg-type]
    assert found is not None
    return [(each.party, each.outcome, each.answer.quote if each.answer else None) for each in found]


def test_a_question_and_its_answer() -> None:
    assert asked(("customer", 0.0, "When will it come?"), ("agent", 1.6, "On Friday.")) == [
        ("customer", "answered", "On Friday.")
    ]


def test_a_run_of_questions_shares_the_answer() -> None:
    found = asked(("agent", 0.0, "What is your name? And your number?"), ("customer", 3.0, "Ann, twelve."))
    assert [each[1] for each in found] == ["answered", "answered"]


def test_a_question_that_is_talked_over_is_unanswered() -> None:
    long = "Is that right? " + " ".join(["and"] * 20) + " so on."
    assert asked(("customer", 0.0, long), ("agent", 9.0, "The bill is fine."))[0][1:] == ("unanswered", None)
    assert asked(("customer", 0.0, "Is that right?"), ("agent", 12.0, "Good."))[0][1:] == ("unanswered", None)
    assert asked(("customer", 0.0, "Hello?"))[0][1:] == ("unanswered", None)


def test_asked_back_and_put_off() -> None:
    back = asked(("customer", 0.0, "Where is it?"), ("agent", 1.4, "What is the number?"))
    assert back[0] == ("customer", "asked_back", "What is the number?")
    off = [("customer", 0.0, "Where is it?"), ("agent", 1.4, "One moment please.")]
    assert asked(*off)[0][1] == "put_off"
    assert asked(*off, ("agent", 30.0, "It is in Leeds."))[0] == ("customer", "answered", "It is in Leeds.")


def test_without_punctuation_the_wording_tells() -> None:
    call = talk([("customer", 0.0, "could you tell me the number"), ("agent", 2.0, "it is twelve")])
    assert [each.party for each in questions.measure(call, ENGLISH) or ()] == ["customer"]
    assert questions.measure(call, Lexicon("xx")) is None


def test_the_agent_speeds_up_after_a_complaint() -> None:
    slow, fast = " ".join(["word"] * 30), " ".join(["word"] * 30)
    words = [
        *words_of("agent", 0.0, slow, 0.4),
        *words_of("customer", 12.5, "This is ridiculous."),
        *words_of("agent", 14.0, fast, 0.25),
        *words_of("customer", 22.0, "Then send another one."),
        *words_of("agent", 23.5, slow, 0.4),
    ]
    call = from_words(words)
    found = pressure.measure(call, ENGLISH, overlaps.measure(call, ENGLISH))
    assert [(each.cause, each.start_s, each.turn_start_s) for each in found.moments] == [("complaint", 12.5, 14.0)]
    assert (found.rate_wpm, found.own_norm_wpm) == (pytest.approx(240), pytest.approx(150))
    assert found.acceleration == pytest.approx(1.6)


def test_an_interruption_and_a_raised_emotion_press_too() -> None:
    line = " ".join(["word"] * 25)
    call = talk([("agent", 0.0, line), ("customer", 9.0, "well."), ("agent", 10.0, line)])
    cut = overlaps.Overlap(7.0, 7.5, "customer", "interruption", "no", "agent")
    assert [each.cause for each in pressure.measure(call, ENGLISH, [cut]).moments] == ["interruption"]
    found = pressure.measure(call, ENGLISH, [], Timeline.of((9.0, 9.2)))
    assert [each.cause for each in found.moments] == ["emotion"]
    late = pressure.measure(call, ENGLISH, [], Timeline.of((0.0, 0.1)), settings=pressure.PressureSettings(within_s=5))
    assert [each.turn_start_s for each in late.moments] == [0.0]
    assert pressure.measure(call, ENGLISH, []).acceleration is None


def test_the_percentile_is_the_mid_rank() -> None:
    assert standing.percentile(5, [1, 5, 5, 9]) == 50
    assert standing.percentile(10, [1, 2, 3]) == 100
    with pytest.raises(ValueError, match="at least one number"):
        standing.percentile(1, [])


def test_standing_against_team_and_language() -> None:
    calls = [standing.ReferenceCall("north", "en", 100.0 + i) for i in range(10)]
    calls += [standing.ReferenceCall("south", "en-GB", 200.0 + i) for i in range(10)]
    calls += [standing.ReferenceCall("north", "nb", 300.0, sha256="ab")]
    rates: dict[standing.Rate, float | None] = {"speech_rate_wpm": 150.0, "articulation_rate_sps": None}
    found = standing.measure(rates, "en", calls, team="north")
    assert [(each.against, each.name, each.calls, each.percentile) for each in found] == [
        ("team", "north", 10, 100),
        ("language", "en", 20, 50),
    ]
    few = standing.measure(rates, "nb", calls)
    assert [(each.calls, each.percentile, each.median) for each in few] == [(1, None, None)]
    assert standing.without(calls, "ab") == tuple(calls[:20])


def test_listening_in_the_first_minute() -> None:
    speech = {"agent": Timeline.of((10, 25), (70, 200)), "customer": Timeline.of((30, 60))}
    found = listening.measure(Conversation(200.0, "en", speech), "agent")  # type: ignore[arg-type]
    assert found.first_minute_listening_share == pytest.approx(30 / 45)
