"""The analysis document: its schema, honest nulls, and the whole way from sound where the engines are there."""

from __future__ import annotations

import json
import subprocess
import sys
import wave
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from speechqa.analysis import (
    Analysis,
    AnalyzedRecording,
    AnalyzedVoices,
    Engines,
    PartyQuality,
    Quality,
    json_schema,
)
from speechqa.call_score import CallScore
from speechqa.conversation import Conversation, Party, other
from speechqa.judgement import Alone
from speechqa.rubric.load import load_rubric
from speechqa.stages import Judged, analyze, assembled, judge
from speechqa.timeline import Timeline
from tests.speechqa.measures.talks import ENGLISH, talk
from tests.speechqa.measures.test_laws import conversations

DIALOGUES = Path(__file__).parents[3] / "shared" / "data" / "dialogues"
SCORE = Path(__file__).parents[3] / "shared" / "bench" / "score_analysis.py"
VALIDATOR = jsonschema.Draft202012Validator(json_schema())
RUBRIC = load_rubric()

CALL = talk(
    [
        ("agent", 0.0, "Good morning, this is Ines. How can I help?"),
        ("customer", 4.0, "Hello, my name is Jana Novak. The cake came late and the"),
        ("agent", 7.3, "As I said before, that is not my problem, you should have called."),
        ("customer", 12.0, "So nobody helps me?"),
        ("agent", 17.5, "I will send a new one tomorrow at nine. Anything else?"),
        ("customer", 21.5, "No, thank you."),
        ("agent", 22.8, "Thank you for calling, have a nice day."),
    ],
    duration_s=26.5,
)


def document(judged: Judged, *, mono: bool = False) -> dict[str, Any]:
    """The document of a judged conversation as if it came from an 8 kHz file."""
    call = judged.conversation
    roles = None if mono else {"agent": 1, "customer": 0}
    return Analysis(
        duration_s=call.duration_s,
        language=call.language,
        recording=AnalyzedRecording(
            "a.wav", "00", 8000, "mono" if mono else "stereo", roles, None, False, {"agent": 0.0, "customer": 0.0}, 1.0
        ),  # type: ignore[arg-type]
        engines=Engines("none", "none", "0"),
        speech=(),
        words=(),
        turns=(),
        pace=judged.pace,
        pauses=judged.pauses,
        silences=judged.silences,
        overlaps=judged.overlaps,
        latency=judged.latency,
        listening=judged.listening,
        ending=judged.ending,
        findings=judged.findings,
        quality=Quality(PartyQuality(-20.0, None, 0.0), None, None),
        score=judged.score,
        advice=judged.advice,
        notes=judged.notes,
        fillers=judged.fillers,
        patience=judged.patience,
        questions=judged.questions,
        pressure=judged.pressure,
        standings=judged.standings,
    ).to_json()


def test_the_schema_is_sound() -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema())


def test_a_known_call() -> None:
    made = document(judge(CALL, RUBRIC))
    VALIDATOR.validate(made)
    assert next(iter(made)) == "schema"
    assert [(each["by"], each["kind"]) for each in made["overlaps"]] == [("agent", "interruption")]
    assert {each["rule"] for each in made["findings"]} >= {"reproach", "not_my_problem", "dated_next_step"}
    assert [each["kind"] for each in made["silences"]] == ["dead_air"]
    met = {each["id"]: each["met"] for each in made["ending"]["criteria"]}
    assert (met["next_step_dated"], met["offer_more_help"], met["positive_close"]) == (True, True, True)
    assert 0 < made["score"]["total"] < 100
    assert [(each["party"], each["outcome"]) for each in made["questions"]] == [
        ("agent", "answered"),
        ("customer", "answered"),
        ("agent", "answered"),
    ]
    assert made["patience"]["broken"] == 2
    assert made["fillers"]["agent"]["found"] == []
    assert made["silences"][0]["after"] == "customer" and made["silences"][0]["broken_by"] == "agent"
    assert made["pressure"]["moments"][0]["cause"] == "complaint"
    assert any("cut the customer off once at 00:07" in each["text"] for each in made["advice"])
    assert json.loads(json.dumps(made, allow_nan=False)) == made


@given(conversations(), st.booleans(), st.sampled_from(["en", "en-GB", "xx"]))
@settings(max_examples=40, deadline=None)
def test_every_document_is_valid(call: Conversation, mono: bool, language: str) -> None:
    bare = Conversation(call.duration_s, language, call.speech, call.words)
    VALIDATOR.validate(document(judge(bare, RUBRIC, mono=mono), mono=mono))


def test_people_told_apart_by_voice_get_a_score_to_be_doubted_and_no_points_for_overlaps() -> None:
    judged = judge(CALL, RUBRIC, estimated=True)
    made = assembled(
        judged,
        recording=AnalyzedRecording(
            "a.wav", "00", 8000, "mono", None, 0.8, False, {"agent": 0.0, "customer": 0.0}, 1.0,
            AnalyzedVoices(2, 0.9, "none"),
        ),
        engines=Engines("none", "none", "0"),
        quality=Quality(None, None, None),
    ).to_json()  # fmt: skip
    VALIDATOR.validate(made)
    assert made["overlaps_reliable"] is False and isinstance(made["overlaps"], list)
    assert made["listening"]["agent_talk_over_per_minute"] is None
    assert "human must look" in made["score"]["caveat"] and made["pace"]["agent"]["speech_rate_wpm"] > 0
    rated = {each["id"]: each["points"] for part in made["score"]["sections"] for each in part["criteria"]}
    apart = judge(CALL, RUBRIC).score
    known = {each.id: each.points for part in apart.sections for each in part.criteria}
    lost = {name for name in known if known[name] is not None and rated[name] is None}
    assert lost and all(rated[name] == pytest.approx(known[name], abs=1e-3) for name in known.keys() - lost)
    assert apart.caveat is None


def test_no_advice_and_no_pressure_rest_on_overlaps_that_cannot_be_seen() -> None:
    seen, estimated = judge(CALL, RUBRIC), judge(CALL, RUBRIC, estimated=True)
    assert any("cut the customer off" in each.text for each in seen.advice)
    assert [each for each in seen.advice if "cut the customer off" not in each.text] == list(estimated.advice)
    assert seen.pressure is not None and estimated.pressure is None


@pytest.mark.parametrize(("party", "named"), [("agent", True), ("agent", False), ("customer", True)])
def test_of_one_voice_its_own_measures_are_taken_and_nothing_that_needs_two(party: Party, named: bool) -> None:
    """Pace, pauses and fillers are those of the same voice in the whole call; wording is judged of a known agent."""
    own = Conversation(CALL.duration_s, "en", {party: CALL.speech[party]}, CALL.words_of(party))
    judged = judge(own, RUBRIC, mono=True, alone=Alone(party, named))
    whole = judge(CALL, RUBRIC)
    VALIDATOR.validate(document(judged, mono=True))
    rate, wanted = judged.pace[party], whole.pace[party]
    assert rate and wanted and rate.words == wanted.words
    assert judged.pace[other(party)] is None and judged.pauses is not None
    assert (judged.findings is not None) == (named and party == "agent")
    assert not judged.findings or {each.rule for each in judged.findings} <= {f.rule for f in whole.findings or ()}
    assert (judged.overlaps, judged.latency, judged.listening, judged.score.total) == (None, None, None, None)
    assert "One voice is heard" in judged.notes[0]


def test_one_channel_has_honest_nulls() -> None:
    made = document(judge(CALL, RUBRIC, mono=True), mono=True)
    assert made["pace"] == {"agent": None, "customer": None}
    assert (made["overlaps"], made["pauses"], made["latency"], made["findings"]) == (None, None, None, None)
    assert (made["ending"]["score"], made["score"]["total"]) == (None, None)
    assert "on one channel" in made["notes"][0]


def test_a_language_without_a_lexicon_is_not_judged() -> None:
    judged = judge(Conversation(CALL.duration_s, "xx", CALL.speech, CALL.words), RUBRIC)
    assert (judged.findings, judged.ending.score) == (None, None)
    assert "no lexicon for 'xx'" in judged.notes[0]
    assert len(judged.overlaps or ()) == 1


def test_a_party_that_was_never_heard_is_named() -> None:
    judged = judge(Conversation(30.0, "en", {"agent": Timeline.of((0, 2)), "customer": Timeline()}), RUBRIC)
    assert judged.notes == ("The customer was never heard.", "No words of the agent were recognised.")
    assert judged.score.total is None  # silence alone is too little of the rubric


def test_the_score_names_what_it_cost() -> None:
    sections = {each.id: each for each in judge(CALL, RUBRIC).score.sections}
    assert isinstance(judge(CALL, RUBRIC).score, CallScore)
    assert [each.points for each in sections["listening"].costs] == [pytest.approx(5)]


def test_the_document_is_written_whole(tmp_path: Path) -> None:
    made = Analysis(**{**_fields(judge(CALL, RUBRIC))})
    made.write(tmp_path / "out.json")
    assert json.loads((tmp_path / "out.json").read_text(encoding="utf-8")) == made.to_json()
    assert [path.name for path in tmp_path.iterdir()] == ["out.json"]


def _fields(judged: Judged) -> dict[str, Any]:
    recording = AnalyzedRecording("a.wav", "00", 8000, "stereo", {"agent": 1, "customer": 0}, None, False, {}, None)
    own = (
        "pace",
        "pauses",
        "silences",
        "overlaps",
        "latency",
        "listening",
        "ending",
        "findings",
        "score",
        "advice",
        "notes",
    )
    return {
        **{name: getattr(judged, name) for name in own},
        "duration_s": judged.conversation.duration_s,
        "language": "en",
        "recording": recording,
        "engines": Engines("none", "none", "0"),
        "speech": (),
        "words": (),
        "turns": (),
        "quality": Quality(None, None, None),
    }


def test_importing_the_package_loads_no_engine() -> None:
    code = (
        "import sys, speechqa; heavy = {'numpy', 'faster_whisper', 'onnxruntime', 'soundfile', 'pydantic'};"
        "print(heavy & set(sys.modules))"
    )
    assert subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout == "set()\n"


def test_the_package_offers_its_functions() -> None:
    import speechqa

    assert speechqa.analyze is analyze
    assert speechqa.judge is judge
    assert speechqa.Analysis is Analysis
    with pytest.raises(AttributeError, match="no attribute 'listen_to'"):
        speechqa.listen_to  # noqa: B018


def test_the_lexicon_is_read_once() -> None:
    from speechqa.rubric.load import load_lexicon

    assert load_lexicon("en") is ENGLISH


@pytest.mark.engine
def test_from_sound_to_document(tmp_path: Path) -> None:
    """A stereo file of silence: everything is there, and what could not be measured is null."""
    path = tmp_path / "silence.wav"
    with wave.open(str(path), "wb") as sound:
        sound.setnchannels(2)
        sound.setsampwidth(2)
        sound.setframerate(8000)
        sound.writeframes(bytes(4 * 8000 * 5))
    stages: list[str] = []
    made = analyze(path, progress=lambda stage, share: stages.append(stage)).to_json()
    VALIDATOR.validate(made)
    assert made["pace"]["agent"]["speech_rate_wpm"] is None
    assert (made["ending"]["score"], made["words"], made["turns"]) == (None, [], [])
    assert [(each["start_s"], each["end_s"]) for each in made["silences"]] == [(0.0, 5.0)]
    assert "The agent was never heard." in made["notes"]
    assert stages[0] == "load" and stages[-1] == "measures"


@pytest.mark.engine
@pytest.mark.slow
@pytest.mark.skipif(not DIALOGUES.is_dir(), reason="needs ../shared/data/dialogues")
def test_a_real_dialogue_is_measured_true(tmp_path: Path) -> None:
    name = "call-11-04"
    truth = tmp_path / "truth"
    truth.mkdir()
    (truth / f"{name}.truth.json").write_bytes((DIALOGUES / f"{name}.truth.json").read_bytes())
    analysis = analyze(DIALOGUES / f"{name}.wav")
    VALIDATOR.validate(analysis.to_json())
    analysis.write(tmp_path / f"{name}.json")
    command = [sys.executable, str(SCORE), str(truth), str(tmp_path), "--json"]
    figures = json.loads(subprocess.run(command, capture_output=True, text=True, check=True).stdout)
    assert (figures["floor_taken_f1"], figures["dead_air_f1"], figures["ending_agreement"]) == (1, 1, 1)
    assert figures["false_interruptions"] == 0
    assert figures["rate_error_max_pct"] <= 8
