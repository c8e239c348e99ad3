"""Who is the agent: by what is said, in made-up and real words, in either order."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from speechqa.conversation import Conversation, Word
from speechqa.engines.diarize import Division
from speechqa.hearing import EngineNames, Heard
from speechqa.lexicon import Lexicon
from speechqa.recording import load_recording
from speechqa.roles import LAYOUT_RIGHT, settle_roles, weigh_roles
from speechqa.timeline import Span, Timeline
from tests.speechqa.measures.talks import ENGLISH, talk
from tests.speechqa.measures.test_laws import conversations
from tests.speechqa.sounds import noise, write

CALL = talk(
    [
        ("agent", 0.0, "Good morning, Harbour Clinic, this is Laura. What can I do for you?"),
        ("customer", 5.0, "Hello, I need to move my appointment. My son is ill."),
        ("agent", 10.0, "May I have your full name?"),
        ("customer", 12.0, "Ann Lee."),
        ("agent", 14.0, "Bear with me for a moment. Is there anything else I can do?"),
        ("customer", 20.0, "No, that was everything."),
    ],
    duration_s=24.0,
)
VAGUE = talk(
    [("agent", 0.0, "Hello?"), ("customer", 2.0, "Hello, can you send me a picture of it?"), ("agent", 6.0, "Yes.")],
    duration_s=8.0,
)


def heard(tmp_path: Path, conversation: Conversation) -> Heard:
    sound = write(tmp_path / "call.wav", noise(1, -60, seed=1), noise(1, -60, seed=2))
    return Heard(load_recording(sound), replace(conversation, turns=()), EngineNames("none", "none", "0"))


def test_the_one_who_greets_for_a_company_and_offers_help_is_the_agent() -> None:
    verdict = weigh_roles(CALL, ENGLISH)
    assert verdict.right > 0.99 and not verdict.swapped and not verdict.doubtful
    assert {each.sign for each in verdict.signs} >= {"answers_for_company", "offers_help", "states_matter"}
    assert all(each.quote and each.start_s < each.end_s for each in verdict.signs)


def test_exchanged_sides_are_seen() -> None:
    verdict = weigh_roles(CALL.swapped(), ENGLISH)
    assert verdict.right < 0.01 and verdict.swapped


def test_little_evidence_changes_nothing() -> None:
    for conversation in (VAGUE, VAGUE.swapped(), Conversation(9.0, "en", {})):
        assert not weigh_roles(conversation, ENGLISH).swapped
    assert weigh_roles(Conversation(9.0, "en", {}), ENGLISH).right == pytest.approx(LAYOUT_RIGHT)
    assert weigh_roles(CALL, Lexicon("xx")).right == pytest.approx(LAYOUT_RIGHT)


@given(conversations(), st.floats(0.01, 0.99))
def test_the_mirrored_call_has_the_mirrored_answer(call: Conversation, assumed: float) -> None:
    right = weigh_roles(call, ENGLISH, assumed).right
    assert weigh_roles(call.swapped(), ENGLISH, 1 - assumed).right == pytest.approx(1 - right)


def test_an_impossible_assumption_is_refused() -> None:
    with pytest.raises(ValueError, match="probability"):
        weigh_roles(CALL, ENGLISH, 1.0)


def test_swapped_sides_are_exchanged_with_everything_that_was_heard(tmp_path: Path) -> None:
    wrong = heard(tmp_path, CALL.swapped())
    settled = settle_roles(wrong, ENGLISH)
    assert settled.recording.roles == {"agent": 0, "customer": 1} and settled.recording.roles_swapped
    assert settled.recording.lanes["agent"] == wrong.recording.lanes["customer"]
    assert settled.conversation == replace(CALL, turns=())
    assert settled.recording.roles_confidence is not None and settled.recording.roles_confidence > 0.9
    assert "--roles keep" in settled.notes[-1] and "Harbour Clinic" in settled.notes[-1]


def test_one_option_decides(tmp_path: Path) -> None:
    right, wrong = heard(tmp_path, CALL), heard(tmp_path, CALL.swapped())
    kept = settle_roles(wrong, ENGLISH, "keep")
    assert (kept.conversation, kept.recording.roles_swapped, kept.notes) == (wrong.conversation, False, wrong.notes)
    assert settle_roles(right, ENGLISH, "swap").conversation == wrong.conversation
    assert settle_roles(right, None).recording.roles_confidence == pytest.approx(LAYOUT_RIGHT)


def test_what_the_record_states_is_doubted_not_changed(tmp_path: Path) -> None:
    wrong = heard(tmp_path, CALL.swapped())
    stated = replace(wrong, recording=replace(wrong.recording, roles_confidence=1.0))
    settled = settle_roles(stated, ENGLISH)
    assert settled.conversation == wrong.conversation and not settled.recording.roles_swapped
    assert "--roles swap" in settled.notes[-1]
    assert settle_roles(replace(heard(tmp_path, CALL), recording=stated.recording), ENGLISH).notes == ()


def test_mono_has_no_sides(tmp_path: Path) -> None:
    mono = load_recording(write(tmp_path / "mono.wav", noise(1, -40)))
    alone = Heard(mono, CALL, EngineNames("none", "none", "0"))
    assert settle_roles(alone, ENGLISH, "swap") is alone


def test_real_calls_in_either_order(shared: Path) -> None:
    """What six pairs of people said, transcribed by people."""
    found = sorted((shared / "data" / "bank-calls" / "transcript").glob("*.json"))
    assert len(found) == 6
    for path in found:
        call = _transcribed(json.loads(path.read_text()))
        assert not weigh_roles(call, ENGLISH).doubtful, path.name
        assert weigh_roles(call.swapped(), ENGLISH).swapped, path.name


def _transcribed(segments: list[dict[str, object]]) -> Conversation:
    words = []
    for segment in segments:
        party = "agent" if segment["speaker_role"] == "agent" else "customer"
        start_s = int(str(segment["start_ms"])) / 1000
        for i, text in enumerate(str(segment["human_transcript"]).split()):
            if not text.startswith(("[", "<")):
                words.append(Word(party, text, start_s + i * 0.3, start_s + i * 0.3 + 0.28))  # type: ignore[arg-type]
    speech = {
        party: Timeline(Span(word.start_s, word.end_s) for word in words if word.party == party)
        for party in ("agent", "customer")
    }
    return Conversation(100.0, "en", speech, tuple(words))  # type: ignore[arg-type]


def by_voice(tmp_path: Path, conversation: Conversation) -> Heard:
    sound = write(tmp_path / "mono.wav", noise(1, -60))
    found = Division((conversation.speech["agent"], conversation.speech["customer"]), 2, 0.9)
    recording = load_recording(sound)
    return Heard(recording, replace(conversation, turns=()), EngineNames("none", "none", "0"), division=found)


def test_the_voices_of_a_mono_recording_are_named_by_what_they_say(tmp_path: Path) -> None:
    settled = settle_roles(by_voice(tmp_path, CALL), ENGLISH)
    exchanged = settle_roles(by_voice(tmp_path, CALL.swapped()), ENGLISH)
    assert settled.conversation.words == exchanged.conversation.words
    assert settled.recording.roles is None and (settled.recording.roles_confidence or 0) > 0.9
    assert "heard first" in settled.notes[-1] and "--roles swap" in settled.notes[-1]
    assert "heard second" in exchanged.notes[-1] and "--roles keep" in exchanged.notes[-1]


def test_without_telling_words_the_first_voice_is_the_agent_and_little_sure(tmp_path: Path) -> None:
    settled = settle_roles(by_voice(tmp_path, VAGUE), None)
    assert settled.conversation.words == VAGUE.words
    assert settled.recording.roles_confidence == pytest.approx(0.7)
    kept = settle_roles(by_voice(tmp_path, CALL.swapped()), ENGLISH, "keep")
    assert kept.conversation.words == CALL.swapped().words


def test_a_mono_recording_that_was_not_divided_keeps_its_one_lane(tmp_path: Path) -> None:
    mono = by_voice(tmp_path, CALL)
    undivided = replace(mono, division=Division(mono.division.voices, 1, 0.7)) if mono.division else mono
    assert settle_roles(undivided, ENGLISH) is undivided


def only_voice(tmp_path: Path, lines: list[tuple[str, float, str]]) -> Heard:
    """A mono recording with one voice, all in the agent's lane."""
    said = talk([("agent", start_s, text) for _, start_s, text in lines], duration_s=24.0)  # type: ignore[misc]
    heard = by_voice(tmp_path, said)
    return replace(heard, division=Division((said.speech["agent"], Timeline()), 1, 0.9))


def test_the_only_voice_is_named_by_what_it_says(tmp_path: Path) -> None:
    agents = [("agent", 0.0, "Good morning, Harbour Clinic, this is Laura. What can I do for you?")]
    found = settle_roles(only_voice(tmp_path, agents), ENGLISH)
    assert found.alone and found.conversation.speech["agent"] and (found.recording.roles_confidence or 0) > 0.9
    assert "taken for the agent's" in found.notes[-1] and "--roles swap" in found.notes[-1]
    customers = [
        ("customer", 0.0, "Hello, I need to move my appointment. My son is ill."),
        ("customer", 9.0, "No, that was everything."),
    ]
    found = settle_roles(only_voice(tmp_path, customers), ENGLISH)
    assert found.alone and found.conversation.speech["customer"] and not found.conversation.speech["agent"]
    assert "taken for the customer's" in found.notes[-1]
    swapped = settle_roles(only_voice(tmp_path, agents), ENGLISH, "swap")
    assert swapped.conversation.speech["customer"] and swapped.recording.roles_confidence == 1.0


def test_the_only_voice_without_telling_words_stays_unnamed(tmp_path: Path) -> None:
    found = settle_roles(only_voice(tmp_path, [("agent", 0.0, "It is raining here today.")]), ENGLISH)
    assert found.alone and found.recording.roles_confidence is None and found.conversation.speech["agent"]
    assert "could not be told" in found.notes[-1]


def test_one_voice_that_says_both_sides_is_taken_for_two_people(tmp_path: Path) -> None:
    both = [
        ("agent", 0.0, "Good morning, Harbour Clinic, this is Laura. What can I do for you?"),
        ("customer", 9.0, "Hello, I need to move my appointment. My son is ill."),
    ]
    found = settle_roles(only_voice(tmp_path, both), ENGLISH)
    assert not found.alone and not found.divided and "two people who sound alike" in found.notes[-1]
