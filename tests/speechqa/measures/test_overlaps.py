from __future__ import annotations

from dataclasses import replace

import pytest

from speechqa.conversation import Conversation, Fall, Party, Word
from speechqa.measures import overlaps, pace
from speechqa.timeline import Timeline
from tests.speechqa.measures.talks import ENGLISH, Line, from_words, talk, words_of

LONG = "The reading on the first of the month was estimated and that is why it was so high."


def kinds(*lines: Line) -> list[tuple[Party, str]]:
    return [(each.by, each.kind) for each in overlaps.measure(talk(lines), ENGLISH)]


@pytest.mark.parametrize("text", ["Mm-hmm.", "Yeah.", "I see.", "Okay, right."])
def test_an_acknowledgement_inside_talk_is_a_backchannel(text: str) -> None:
    assert kinds(("agent", 0.0, LONG), ("customer", 2.0, text)) == [("customer", "backchannel")]


@pytest.mark.parametrize("text", ["What I meant was", "And also the invoice", "Could I just say", "But it never came"])
def test_content_inside_talk_is_an_attempt(text: str) -> None:
    found = overlaps.measure(talk([("agent", 0.0, LONG), ("customer", 2.0, text)]), ENGLISH)
    assert [(each.by, each.kind, each.yielded) for each in found] == [("customer", "attempt", "customer")]


def test_an_answer_at_the_very_end_of_a_question_is_terminal() -> None:
    assert kinds(("agent", 0.0, "What is the number?"), ("customer", 0.95, "It is four seven one.")) == [
        ("customer", "terminal")
    ]


def test_a_short_yes_at_the_end_of_a_question_is_terminal_even_when_the_asker_goes_on() -> None:
    lines: list[Line] = [
        ("agent", 0.0, "Is the light on?"),
        ("customer", 1.0, "Yes."),
        ("agent", 1.6, "Then press it."),
    ]
    assert kinds(*lines) == [("customer", "terminal")]


@pytest.mark.parametrize(
    "cut",
    [
        "The driver marked the street as closed and the",
        "It can go out again tomorrow or you...",
        "I wanted to ask because -",
    ],
)
def test_cutting_off_mid_sentence_is_an_interruption(cut: str) -> None:
    end_s = 0.3 * len(cut.split())
    found = overlaps.measure(
        talk([("customer", 0.0, cut), ("agent", end_s - 0.45, "No, that is not how it works here.")]), ENGLISH
    )
    assert [(each.by, each.kind, each.yielded) for each in found] == [("agent", "interruption", "customer")]
    assert found[0].quote.startswith("No, that is not")


@pytest.mark.parametrize(
    "words",
    [
        "Mrs Novak, may I stop you there? Which of the two addresses is it?",
        "I understand, and when did you send the letter?",
        "Sorry to interrupt, first I need to know the number.",
        "Mrs Novak, one thing at a time is there a neighbour who could take it in.",
        "Mrs Novak, one moment which of the two evenings would you prefer.",
        "Mrs Novak, is it still raining.",
    ],
)
def test_a_gentle_cut_with_a_question_is_a_redirect(words: str) -> None:
    assert kinds(("customer", 0.0, "And then my sister wrote to them and the"), ("agent", 2.2, words)) == [
        ("agent", "redirect")
    ]


def test_the_question_may_come_after_a_pause() -> None:
    lines: list[Line] = [
        ("customer", 0.0, "And then my sister wrote to them and the"),
        ("agent", 2.2, "Mrs Novak, may I stop you there."),
        ("agent", 5.2, "First I need to know the number."),
    ]
    assert kinds(*lines) == [("agent", "redirect")]


def test_yes_but_is_no_redirect() -> None:
    words = "Yes but you have to understand that it is not so, is it?"
    assert kinds(("customer", 0.0, "And then my sister wrote to them and the"), ("agent", 2.2, words)) == [
        ("agent", "interruption")
    ]


@pytest.mark.parametrize(
    "words",
    ["Mrs Novak, there is a neighbour who took it in.", "Mrs Novak, we know what it does."],
)
def test_calling_by_name_without_a_question_is_no_redirect(words: str) -> None:
    assert kinds(("customer", 0.0, "And then my sister wrote to them and the"), ("agent", 2.2, words)) == [
        ("agent", "interruption")
    ]


def test_only_the_agent_redirects() -> None:
    words = "Sorry to interrupt, which number do you need?"
    assert kinds(("agent", 0.0, "It can go out again tomorrow and the"), ("customer", 1.95, words)) == [
        ("customer", "interruption")
    ]


def test_both_start_after_a_silence() -> None:
    lines: list[Line] = [
        ("agent", 0.0, "Let me see."),
        ("customer", 2.0, "It is fine."),
        ("agent", 2.1, "Here it is now."),
    ]
    assert kinds(*lines) == [("agent", "simultaneous_start")]


def test_talking_over_somebody_who_does_not_stop_for_more_than_a_second_is_an_attempt() -> None:
    lines: list[Line] = [("agent", 0.0, LONG), ("customer", 3.0, "But I paid it last week and your colleague said so.")]
    assert kinds(*lines) == [("customer", "attempt")]


def test_less_than_a_tenth_of_a_second_is_no_overlap() -> None:
    assert kinds(("agent", 0.0, "Is it on?"), ("customer", 0.85, "Yes it is.")) == []


def test_a_misheard_sound_stays_a_backchannel() -> None:
    conversation = talk([("agent", 0.0, LONG), ("customer", 2.0, "I have.")])
    assert [each.kind for each in overlaps.measure(conversation, ENGLISH)] == ["backchannel"]


def test_talk_over_rate_is_per_minute_of_the_customer() -> None:
    conversation = talk([("customer", 0.0, LONG), ("agent", 2.0, "But it never came")])
    found = overlaps.measure(conversation, ENGLISH)
    assert overlaps.talk_over_rate(found, conversation) == pytest.approx(60 / (0.3 * len(LONG.split())))
    assert overlaps.talk_over_rate((), Conversation(1.0, "en", {})) is None


def test_without_words_timing_alone_tells() -> None:
    conversation = replace(talk([("agent", 0.0, LONG), ("customer", 2.0, "Mm-hmm.")]), words=())
    assert [each.kind for each in overlaps.measure(conversation, ENGLISH)] == ["backchannel"]


def test_contradictory_input_is_refused() -> None:
    with pytest.raises(ValueError, match="lasts a finite time"):
        overlaps.measure(Conversation(float("nan"), "en", {}), ENGLISH)


CUT_MID_SENTENCE = [
    ("customer", 0.0, "I went to the shop and they told me that it was all settled."),
    ("agent", 3.75, "Your new card is on the way and it will be there by Friday noon."),
]


@pytest.mark.parametrize(("steepness", "kind", "cut_word"), [(0.9, "interruption", True), (0.3, "terminal", None)])
def test_how_the_voice_fell_silent_tells_a_cut_from_an_end(steepness: float, kind: str, cut_word: bool | None) -> None:
    bare = talk(CUT_MID_SENTENCE)
    said = replace(bare, falls={"customer": (Fall(bare.speech["customer"].end_s, steepness),)})
    (event,) = overlaps.measure(said, ENGLISH)
    assert (event.kind, event.cut_word) == (kind, cut_word)


def test_words_the_recogniser_does_not_believe_in_are_a_hum() -> None:
    holder = words_of("customer", 0.0, "so I called them and asked them what it was that they had sent me")
    hum = [Word("agent", "in", 2.0, 2.1, 0.3), Word("agent", "a", 2.1, 2.2, 0.4), Word("agent", "month", 2.2, 2.5, 0.8)]
    sure = [replace(word, confidence=0.9) for word in hum]
    kinds = [overlaps.measure(from_words([*holder, *said]), ENGLISH)[0].kind for said in (hum, sure)]
    assert kinds == ["backchannel", "attempt"]


@pytest.mark.parametrize(("lasted_s", "kind"), [(0.3, "backchannel"), (0.45, "attempt")])
def test_more_words_than_fit_into_the_time_are_a_hum(lasted_s: float, kind: str) -> None:
    holder = words_of("customer", 0.0, "so I called them and asked them what it was that they had sent me")
    step_s = lasted_s / 3
    said = [
        Word("agent", text, 2 + n * step_s, 2 + (n + 1) * step_s, 0.9) for n, text in enumerate(["in", "a", "month"])
    ]
    call = from_words([*holder, *said])
    call = replace(call, speech={**call.speech, "agent": Timeline.of((2.0, 2.47))})
    assert [event.kind for event in overlaps.measure(call, ENGLISH)] == [kind]


def test_the_stretch_that_was_cut_off_is_the_whole_run() -> None:
    said = talk([("customer", 0.0, "Hello there."), *((p, at + 5.0, text) for p, at, text in CUT_MID_SENTENCE)])
    said = replace(said, falls={"customer": (Fall(said.speech["customer"].end_s, 0.95),)})
    events = overlaps.measure(said, ENGLISH)
    cut = overlaps.cut_off(events, said)
    assert cut["agent"] == Timeline()
    assert [span.start_s for span in cut["customer"]] == [5.0]
    whole, counted = (pace.measure(said, "customer", ENGLISH, cut_off=each) for each in (None, cut["customer"]))
    assert counted.words == whole.words
    assert counted.speech_rate_wpm == pytest.approx(60 * 2 / 0.6)


def test_a_party_that_was_only_cut_off_still_has_a_pace() -> None:
    said = talk(CUT_MID_SENTENCE)
    everything = said.speech["customer"].closed(1.0)
    assert pace.measure(said, "customer", ENGLISH, cut_off=everything).speech_rate_wpm == pytest.approx(200.0)
