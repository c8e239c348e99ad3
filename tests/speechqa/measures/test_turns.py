from __future__ import annotations

from dataclasses import replace

import pytest

from speechqa.conversation import Conversation, Word
from speechqa.timeline import Timeline
from speechqa.turns import acknowledges, build_turns, utterances
from tests.speechqa.measures.talks import ENGLISH, from_words, talk, words_of


def test_a_pause_inside_a_turn_does_not_divide_it() -> None:
    conversation = talk([("agent", 0.0, "I am looking."), ("agent", 2.5, "Here it is."), ("customer", 5.0, "Good.")])
    assert [(turn.party, turn.text) for turn in conversation.turns] == [
        ("agent", "I am looking. Here it is."),
        ("customer", "Good."),
    ]


def test_the_other_taking_the_floor_divides_a_turn() -> None:
    conversation = talk(
        [("agent", 0.0, "What is the number?"), ("customer", 1.5, "Four seven one."), ("agent", 2.8, "Thank you.")]
    )
    assert [turn.party for turn in conversation.turns] == ["agent", "customer", "agent"]


def test_a_backchannel_in_a_pause_does_not_divide_a_turn() -> None:
    conversation = talk(
        [("customer", 0.0, "It broke on Monday."), ("agent", 1.4, "Mm-hmm."), ("customer", 1.9, "And then again.")]
    )
    assert [turn.text for turn in conversation.turns_of("customer")] == ["It broke on Monday. And then again."]


def test_a_short_answer_to_a_question_divides_the_turn() -> None:
    conversation = talk([("agent", 0.0, "Is it on?"), ("customer", 1.1, "Yes."), ("agent", 1.6, "Then press reset.")])
    assert [turn.text for turn in conversation.turns_of("agent")] == ["Is it on?", "Then press reset."]


def test_an_attempt_inside_talk_does_not_divide_it() -> None:
    conversation = talk(
        [
            ("agent", 0.0, "The reading was estimated and that is why the amount was so high this month."),
            ("customer", 1.2, "Could I just say"),
        ]
    )
    assert len(conversation.turns_of("agent")) == 1


def test_three_seconds_of_silence_end_a_turn() -> None:
    conversation = talk([("agent", 0.0, "Let me see."), ("agent", 4.0, "Here it is.")])
    assert len(conversation.turns) == 2


def test_words_with_loose_edges_stay_with_their_utterance() -> None:
    words = [
        *words_of("agent", 0.2, "Good morning Ann"),
        Word("agent", "speaking.", 1.45, 1.75),  # the speech ends at 1.3
        *words_of("agent", 3.0, "How are you?"),
    ]
    speech = {"agent": Timeline.of((0.0, 1.3), (3.0, 3.9)), "customer": Timeline()}
    conversation = Conversation(4.0, "en", speech, tuple(words))
    first, second = utterances(conversation, "agent")
    assert [word.text for word in first.words] == ["Good", "morning", "Ann", "speaking."]
    assert [word.text for word in second.words] == ["How", "are", "you?"]


def test_a_word_far_from_any_speech_was_invented() -> None:
    speech = {"agent": Timeline.of((0.0, 0.6)), "customer": Timeline()}
    words = (*words_of("agent", 0.0, "Hello there."), *words_of("agent", 5.0, "Thank you."))
    (turn,) = build_turns(Conversation(9.0, "en", speech, words), ENGLISH)
    assert turn.text == "Hello there."


@pytest.mark.parametrize("text", ["Mm-hmm.", "Yeah.", "I see.", "Okay, right.", "Uh-huh.", "Of course.", "Yes, sure."])
def test_acknowledgements(text: str) -> None:
    assert acknowledges(words_of("agent", 0, text), ENGLISH)


@pytest.mark.parametrize(
    "text", ["What I meant was", "Could I just say", "But no", "The invoice too", "Hold on", "Yes but"]
)
def test_content_is_no_acknowledgement(text: str) -> None:
    assert not acknowledges(words_of("agent", 0, text), ENGLISH)


def test_invented_words_in_a_short_sound_are_no_content() -> None:
    misheard = [Word("agent", "Yeah,", 1.0, 1.4, 0.6), Word("agent", "feel.", 1.4, 1.4, 0.3)]
    assert acknowledges(misheard, ENGLISH)


def test_nobody_speaks() -> None:
    assert build_turns(Conversation(10.0, "en", {}), ENGLISH) == ()


def test_every_word_with_speech_is_in_one_turn() -> None:
    conversation = talk([("agent", 0.0, "One two three."), ("customer", 1.0, "Four."), ("agent", 2.0, "Five six.")])
    assert sorted(word.text for turn in conversation.turns for word in turn.words) == sorted(
        word.text for word in conversation.words
    )


def test_words_of_nobody_make_no_turn() -> None:
    conversation = from_words([])
    assert replace(conversation, words=tuple(words_of("agent", 0, "Hello"))).turns == ()


def test_who_pauses_shortly_while_the_other_already_talks_has_not_left_the_turn() -> None:
    said = from_words(
        [
            *words_of("agent", 0.0, "The box is on its way to you and"),
            *words_of("agent", 2.75, "it should be there soon"),
            *words_of("customer", 2.2, "But I was told that it would be here today"),
        ]
    )
    assert len(said.turns_of("agent")) == 1
