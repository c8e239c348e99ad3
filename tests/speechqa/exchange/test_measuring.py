"""From another program's file to an analysis: what is measured, what honestly is not, and with the sound."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import numpy as np
import pytest
from hypothesis import given, settings

from speechqa.analysis import Analysis, json_schema
from speechqa.engines.vad import VoiceActivity
from speechqa.errors import ExchangeError
from speechqa.exchange import ctm, rttm, textgrid, vcon, webvtt
from speechqa.exchange.assemble import assemble, over_sound
from speechqa.exchange.document import Document
from speechqa.exchange.measure import Given, measure_transcript
from speechqa.exchange.parties import cast
from speechqa.exchange.transcript import Cue, TimedWord, ordered
from speechqa.stages import analyze, judge
from speechqa.timeline import Timeline
from tests.speechqa.exchange.calls import CALL, DATA, KNOWN, RUBRIC
from tests.speechqa.exchange.test_round_trips import calls
from tests.speechqa.exchange.threshold import Threshold
from tests.speechqa.sounds import bursts, noise, write

THRESHOLD = Threshold()
VALID = jsonschema.Draft202012Validator(json_schema())
AT = datetime(2026, 11, 22, tzinfo=UTC)


def measured(
    tmp_path: Path, text: str, name: str = "x", detector: VoiceActivity | None = THRESHOLD, **given_values: Any
) -> Analysis:
    path = tmp_path / name
    path.write_text(text, encoding="utf-8")
    made = measure_transcript([path], Given(**given_values), detector=detector)
    VALID.validate(made.to_json())
    return made


def test_exact_edges_measure_what_the_sound_measured(tmp_path: Path) -> None:
    """A TextGrid with speech and words gives the very measures of the call that it was written of."""
    wanted = judge(replace(CALL, turns=()), RUBRIC)
    for name, text in {"g": textgrid.write(KNOWN.analysis), "v": vcon.write(KNOWN, AT)}.items():
        made = measured(tmp_path, text, name, language="en")
        assert made.overlaps is not None and wanted.overlaps is not None
        assert [(each.by, each.kind) for each in made.overlaps] == [(each.by, each.kind) for each in wanted.overlaps]
        assert made.pace["agent"].speech_rate_wpm == pytest.approx(wanted.pace["agent"].speech_rate_wpm)  # type: ignore[union-attr]
        assert made.score.total == wanted.score.total
        assert made.recording.layout == "transcript" and made.recording.sample_rate_hz is None


@pytest.mark.parametrize(
    ("name", "says"),
    [("whisperx.json", "where the file's words do"), ("voices.vtt", "where the file's cues do")],
)
def test_rough_edges_leave_short_things_unmeasured(name: str, says: str) -> None:
    made = measure_transcript([DATA / name])
    document = made.to_json()
    VALID.validate(document)
    assert (made.pauses, made.overlaps, made.latency) == (None, None, None)
    assert made.pace["agent"] is not None and made.pace["agent"].articulation_rate_sps is None
    assert made.pace["agent"].speech_rate_wpm is not None and made.findings is not None
    assert made.listening is not None and made.listening.agent_sentence_pause_share is None
    assert made.listening.agent_talk_share is not None
    assert any(says in note for note in made.notes)
    assert any("does not say how long the call is" in note for note in made.notes)
    stops = next(each for each in made.ending.criteria if each.id == "stops_talking")
    assert stops.met in (True, None)
    assert {each.id: each.points for each in made.score.sections}["listening"] != 0


def test_silence_and_length_of_the_call_are_measured_where_the_file_tells_them() -> None:
    made = measure_transcript([DATA / "contact-lens.json"])
    assert [(each.start_s, each.end_s, each.kind) for each in made.silences] == [(8.1, 11.9, "dead_air")]
    assert made.duration_s == 21.4
    assert {each.rule for each in made.findings or ()} >= {"dated_next_step"}
    assert not any("how long the call is" in note for note in made.notes)


def test_aligned_words_measure_pauses_and_overlaps(tmp_path: Path) -> None:
    text = ctm.write(KNOWN.analysis)
    assert measured(tmp_path, text).overlaps is None
    made = measured(tmp_path, text, aligned=True)
    assert [(each.by, each.kind) for each in made.overlaps or ()] == [("agent", "interruption")]
    assert made.pauses is not None


def test_speech_without_words_has_timing_and_nothing_of_wording(tmp_path: Path) -> None:
    made = measured(tmp_path, rttm.write(KNOWN.analysis))
    assert made.findings is None and made.ending.score is None and made.words == ()
    assert made.pace["agent"] is not None and made.pace["agent"].speech_rate_wpm is None
    assert made.overlaps and made.latency is not None and made.latency.agent_median_s is not None
    assert [each.kind for each in made.silences] == ["dead_air"]
    assert any("no words" in note for note in made.notes)


def test_nobody_named_is_one_channel() -> None:
    made = measure_transcript([DATA / "whisper.json"])
    assert made.pace == {"agent": None, "customer": None} and made.overlaps is None
    assert made.score.total is None and len(made.words) == 22


def test_a_diariser_s_speech_takes_a_recogniser_s_words() -> None:
    """Whisper names nobody and its times are rough; the RTTM names two speakers and has the edges."""
    given_one = Given(speech=DATA / "diarised.rttm", agent=("SPEAKER_00",))
    made = measure_transcript([DATA / "whisper.json"], given_one)
    VALID.validate(made.to_json())
    assert [turn.text.split()[0] for turn in made.turns if turn.text] == ["Good", "Hi,"]
    assert made.turns[0].start_s == 0.509 and len(made.words) == 22
    assert [each.by for each in made.overlaps or ()] == ["customer"]
    assert made.pauses


def test_two_files_are_the_agent_s_and_the_customer_s(tmp_path: Path) -> None:
    for name, start in (("agent", 0.5), ("customer", 4.0)):
        segments = [{"start": start, "end": start + 2.0, "text": f"Hello from the {name}."}]
        (tmp_path / f"{name}.json").write_text(json.dumps({"segments": segments, "language": "en"}))
    made = measure_transcript([tmp_path / "agent.json", tmp_path / "customer.json"])
    assert [(turn.party, turn.start_s) for turn in made.turns] == [("agent", 0.5), ("customer", 4.0)]
    assert made.recording.file == "agent.json and customer.json"


def test_the_machine_is_neither_party_nor_dead_air(tmp_path: Path) -> None:
    text = "WEBVTT\n\n" + "\n\n".join(
        [
            "00:00.000 --> 00:09.000\n<v IVR>Your call may be recorded.",
            "00:09.500 --> 00:11.000\n<v Agent>Good morning.",
            "00:11.500 --> 00:12.000\n<v Customer>Hello.",
        ]
    )
    made = measured(tmp_path, text)
    assert made.announcements == ({"start_s": 0.0, "end_s": 9.0},) and made.silences == ()
    assert {turn.party for turn in made.turns} == {"agent", "customer"}


def test_nothing_heard_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ExchangeError, match="holds no words and no speech"):
        measured(tmp_path, '{"segments": []}', "silent.json")
    with pytest.raises(ExchangeError, match="one file, or two"):
        measure_transcript([DATA / "words.ctm"] * 3)


@pytest.mark.parametrize(("given_one", "language"), [("english", "en"), ("de", "de"), (None, "en")])
def test_the_language_is_the_file_s_or_said_to_be_a_guess(tmp_path: Path, given_one: str | None, language: str) -> None:
    segments = [{"start": 0.0, "end": 1.0, "text": "Hello.", "speaker": "Agent"}]
    made = measured(tmp_path, json.dumps({"segments": segments, "language": given_one}))
    assert made.language == language
    assert any("taken for English" in note for note in made.notes) == (given_one is None)


@given(calls())
@settings(max_examples=25)
def test_every_import_is_a_valid_analysis(tmp_path_factory: pytest.TempPathFactory, document: Document) -> None:
    folder = tmp_path_factory.getbasetemp()
    for write_one in (rttm.write, ctm.write, webvtt.write, textgrid.write):
        text = write_one(document.analysis)
        try:
            measured(folder, text, "any")
        except ExchangeError as error:
            assert "holds no words" in str(error) or "only comments" in str(error) or "is empty" in str(error)
            assert not document.analysis.words


def test_words_of_nobody_go_to_the_one_who_speaks_under_them() -> None:
    heard = replace(CALL, words=(), turns=(), speech={"agent": Timeline.of((0, 2)), "customer": Timeline.of((3, 5))})
    words = [TimedWord(None, "a", 0.5, 1.0), TimedWord(None, "b", 3.2, 3.6), TimedWord(None, "ghost", 8.0, 8.4)]
    transcript = ordered("whisper", words=words)
    made = over_sound(transcript, cast(transcript, "x"), heard, mixed=False)
    assert [(word.party, word.text) for word in made.conversation.words] == [("agent", "a"), ("customer", "b")]
    assert made.notes == ("1 of 3 words have no speech of their speaker under them and were left out.",)
    assert not made.one_channel


def test_in_a_mixed_recording_each_speaks_where_the_file_says_so() -> None:
    both = {"agent": Timeline.of((0.4, 2.1), (2.9, 5)), "customer": Timeline()}
    heard = replace(CALL, words=(), turns=(), speech=both)
    transcript = ordered("vtt", cues=[Cue("Agent", "one two", 0.2, 2.4), Cue("Customer", "three", 2.8, 5.2)])
    made = over_sound(transcript, cast(transcript, "x"), heard, mixed=True)
    assert made.conversation.speech == {"agent": Timeline.of((0.4, 2.1)), "customer": Timeline.of((2.9, 5))}
    assert made.sound_mixed and not made.one_channel


def test_estimated_words_share_a_cue_by_their_letters() -> None:
    transcript = ordered("vtt", cues=[Cue("Agent", "I understand", 1.0, 3.4)])
    made = assemble(transcript, cast(transcript, "x"), "en")
    assert [(word.text, round(word.start_s, 3), round(word.end_s, 3)) for word in made.conversation.words] == [
        ("I", 1.0, 1.218),
        ("understand", 1.218, 3.4),
    ]


SPOKEN = {"agent": [(0.5, 2.5), (6.0, 8.0)], "customer": [(3.0, 5.5)]}


def stereo(path: Path, *, swapped: bool = False) -> Path:
    """Speech-like noise where `SPOKEN` says, the customer left and the agent right unless swapped."""
    sides = [bursts(9.0, *SPOKEN["customer"]), bursts(9.0, *SPOKEN["agent"])]
    return write(path, *(reversed(sides) if swapped else sides))


def test_sides_that_do_not_match_the_words_are_exchanged(tmp_path: Path) -> None:
    cues = [
        "WEBVTT",
        "00:00.400 --> 00:02.600\n<v Agent>Good morning.",
        "00:02.900 --> 00:05.600\n<v Customer>Hello, my bill.",
        "00:05.900 --> 00:08.100\n<v Agent>I see.",
    ]
    text = "\n\n".join(cues)
    for swapped in (False, True):
        sound = stereo(tmp_path / "call.wav", swapped=swapped)
        made = measured(tmp_path, text, "x.vtt", audio=(sound,))
        assert made.recording.roles_swapped is swapped
        assert [turn.party for turn in made.turns] == ["agent", "customer", "agent"]
        assert [turn.text for turn in made.turns] == ["Good morning.", "Hello, my bill.", "I see."]
        assert made.turns[0].start_s == pytest.approx(0.5, abs=0.05)
        assert made.pauses is not None and made.overlaps == ()
        assert any("its sides were exchanged" in note for note in made.notes) is swapped
    kept = measured(tmp_path, text, "x.vtt", audio=(stereo(tmp_path / "call.wav", swapped=True),), roles="keep")
    assert kept.words == () and any("were left out" in note for note in kept.notes)


def test_a_mono_recording_is_shared_out_by_the_file(tmp_path: Path) -> None:
    """The customer talks more, all in the one channel; nothing is exchanged and nobody is said to be untold apart."""
    sound = write(tmp_path / "mono.wav", bursts(9.0, *SPOKEN["customer"], *SPOKEN["agent"][:1]))
    text = "WEBVTT\n\n00:00.400 --> 00:02.600\n<v Agent>Yes.\n\n00:02.900 --> 00:05.600\n<v Customer>Hello, my bill."
    made = measured(tmp_path, text, "x.vtt", audio=(sound,))
    assert made.recording.layout == "mono" and made.recording.roles is None
    assert [(turn.party, round(turn.start_s, 1)) for turn in made.turns] == [("agent", 0.5), ("customer", 3.0)]
    assert (made.overlaps, made.latency) == (None, None) and made.pauses is not None
    assert not any("exchanged" in note or note.startswith("Mono recording") for note in made.notes)
    assert any("overlaps and latency are not measured" in note for note in made.notes)


@pytest.mark.parametrize("found", [2, 3, 1, None])
def test_a_mono_analysis_keeps_the_parties_that_voices_told_apart(tmp_path: Path, found: int | None) -> None:
    """Read back in, it names who was told apart, as estimated; one that was not divided names nobody."""
    raw = json.loads(json.dumps(KNOWN.raw))
    voices = None if found is None else {"found": found, "confidence": 0.9, "engine": "none"}
    raw["recording"] |= {"layout": "mono", "roles": None, "voices": voices}
    made = measured(tmp_path, json.dumps(raw), "analysis.json", language="en")
    if found in (2, 3):
        assert {word.party for word in made.words} == {"agent", "customer"} and made.pace["customer"] is not None
        assert made.overlaps_reliable is False and made.pressure is None and "estimated" in (made.score.caveat or "")
        assert not any("cut the customer off" in each.text for each in made.advice)
        assert any("told apart by their voices" in note for note in made.notes)
    else:
        assert made.pace == {"agent": None, "customer": None} and made.score.caveat is None


@pytest.mark.engine
@pytest.mark.slow
def test_another_recogniser_s_words_over_the_recording(shared: Path, tmp_path: Path) -> None:
    """The words of our own analysis, exported and imported over the same sound, give the same measures."""
    sound = shared / "data" / "dialogues" / "call-11-00.wav"
    whole = analyze(sound)
    from speechqa.exchange.document import document_of

    text = ctm.write(document_of(whole.to_json(), "x").analysis)
    again = measured(tmp_path, text, "call.ctm", None, audio=(sound,), language="en")
    assert again.speech == whole.speech
    assert [(each.by, each.kind) for each in again.overlaps or ()] == [(o.by, o.kind) for o in whole.overlaps or ()]
    assert len(again.words) == len(whole.words)
    assert again.score.total == pytest.approx(whole.score.total, abs=2)
    assert np.isclose(again.quality.agent.snr_db, whole.quality.agent.snr_db)  # type: ignore[union-attr]
    assert again.engines.asr == "file: ctm"


def test_noise_without_speech_gives_no_words(tmp_path: Path) -> None:
    sound = write(tmp_path / "quiet.wav", noise(5, -65), noise(5, -65, seed=2))
    text = "WEBVTT\n\n00:01.000 --> 00:02.000\n<v Agent>Thank you.\n"
    made = measured(tmp_path, text, "x.vtt", audio=(sound,))
    assert made.words == () and made.speech == ()
    assert "2 of 2 words have no speech of their speaker under them and were left out." in made.notes
