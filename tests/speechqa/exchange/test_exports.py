"""What is written, read by others: Praat, praatio, webvtt-py, the vCon schema, the shape of Contact Lens, csv."""

from __future__ import annotations

import base64
import csv
import gzip
import io
import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import webvtt as captions
from hypothesis import given, settings
from hypothesis import strategies as st
from praatio import textgrid as praat_files

from speechqa.errors import ExchangeError
from speechqa.exchange import contact_lens, ctm, rttm, tables, textgrid, vcon, webvtt
from speechqa.exchange.document import Document, document_of
from tests.peers import SHARED, needs_shared
from tests.speechqa.exchange.calls import CALL, DATA, KNOWN, analysed
from tests.speechqa.exchange.test_round_trips import calls

AT = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
SUITE = SHARED / "suites" / "vcon"
LENS_SCHEMA = json.loads(Path(contact_lens.__file__).with_name("contact_lens.schema.json").read_text(encoding="utf-8"))
LENS = jsonschema.Draft202012Validator(LENS_SCHEMA)


def vcon_faults(document: object) -> list[str]:
    schema = json.loads((SUITE / "vcon_json_schema.json").read_text(encoding="utf-8"))
    checker = jsonschema.Draft7Validator(schema, format_checker=jsonschema.Draft7Validator.FORMAT_CHECKER)
    return [fault.message for fault in checker.iter_errors(document)]


def test_rttm_and_ctm_lines() -> None:
    assert rttm.write(KNOWN.analysis).splitlines()[0] == "SPEAKER a_call 2 0.500 2.700 <NA> <NA> agent <NA> <NA>"
    lines = ctm.write(KNOWN.analysis).splitlines()
    assert lines[:3] == [";; channel B agent", ";; channel A customer", "a_call A 4.000 0.300 Hello, 1.000"]


def test_contact_lens_characteristics() -> None:
    shaped = contact_lens.shaped(KNOWN.analysis)
    LENS.validate(shaped)
    found = shaped["ConversationCharacteristics"]
    assert found["Interruptions"]["InterruptionsByInterrupter"] == {
        "AGENT": [{"BeginOffsetMillis": 7300, "EndOffsetMillis": 7600, "DurationMillis": 300}]
    }
    assert found["NonTalkTime"]["Instances"] == [
        {"BeginOffsetMillis": 13200, "EndOffsetMillis": 17500, "DurationMillis": 4300}
    ]
    assert found["TalkSpeed"]["DetailsByParticipant"]["AGENT"]["AverageWordsPerMinute"] == 200
    assert found["TotalConversationDurationMillis"] == 26500
    assert "Sentiment" not in found
    assert {"reproach", "not_my_problem"} <= set(shaped["Categories"]["MatchedCategories"])
    assert shaped["CustomerMetadata"] == {"ContactId": "c-42"}


def test_the_published_shape_is_the_schema_s() -> None:
    """The sample follows the administrator guide; a schema that refused it would be no measure of ours."""
    LENS.validate(json.loads((DATA / "contact-lens.json").read_text(encoding="utf-8")))


def test_what_was_not_measured_is_not_in_contact_lens() -> None:
    raw = {**KNOWN.raw, "overlaps": None, "pace": {"agent": None, "customer": None}}
    found = contact_lens.shaped(document_of(raw, "x").analysis)["ConversationCharacteristics"]
    assert "Interruptions" not in found and found["TalkSpeed"] == {"DetailsByParticipant": {}}


@given(calls())
@settings(max_examples=30)
def test_every_contact_lens_file_has_the_shape(document: Document) -> None:
    LENS.validate(json.loads(contact_lens.write(document.analysis)))


def test_webvtt_py_reads_the_captions() -> None:
    read = captions.from_string(webvtt.write(KNOWN.analysis), strict=True)
    assert [(each.voice, each.start, each.text) for each in read][:2] == [
        ("Agent", "00:00:00.500", "Good morning, this is Ines."),
        ("Agent", "00:00:02.000", "How can I help?"),
    ]


@given(calls())
@settings(max_examples=30)
def test_webvtt_py_reads_any_captions_strictly(document: Document) -> None:
    text = webvtt.write(document.analysis)
    assert len(captions.from_string(text, strict=True)) == text.count(" --> ")


def test_praat_reads_the_textgrid(tmp_path: Path) -> None:
    """Praat itself, by parselmouth."""
    import parselmouth
    from parselmouth.praat import call

    path = tmp_path / "call.TextGrid"
    path.write_text(textgrid.write(KNOWN.analysis), encoding="utf-8")
    grid = parselmouth.read(str(path))
    names = [call(grid, "Get tier name", i + 1) for i in range(call(grid, "Get number of tiers"))]
    assert names == [
        *(f"{party} {kind}" for party in ("agent", "customer") for kind in ("speech", "words", "turns", "overlaps")),
        "silences",
    ]
    words = names.index("agent words") + 1
    assert call(grid, "Get label of interval", words, 2) == "Good"
    assert call(grid, "Get start time of interval", words, 2) == pytest.approx(0.5)
    assert call(grid, "Get total duration") == pytest.approx(26.5)
    overlaps = names.index("agent overlaps") + 1
    assert call(grid, "Count intervals where", overlaps, "is equal to", "interruption") == 1


@given(calls())
@settings(max_examples=15)
def test_praatio_reads_any_textgrid(tmp_path_factory: pytest.TempPathFactory, document: Document) -> None:
    path = tmp_path_factory.getbasetemp() / "any.TextGrid"
    path.write_text(textgrid.write(document.analysis), encoding="utf-8")
    grid = praat_files.openTextgrid(str(path), includeEmptyIntervals=False, reportingMode="error")
    assert len(grid.tierNames) == 9
    for party in ("agent", "customer"):
        spoken = [each for each in document.analysis.speech if each.party == party]
        assert len(grid.getTier(f"{party} speech").entries) == len(spoken)


@needs_shared
@pytest.mark.parametrize("started", [None, "2026-11-22T10:00:00+00:00"])
def test_a_new_vcon_satisfies_the_working_group_s_schema(started: str | None) -> None:
    record = json.loads(vcon.write(analysed(CALL, started=started), AT, version="0.1.0"))
    assert vcon_faults(record) == []
    assert [(each["type"], each["vendor"], each["product"]) for each in record["analysis"]] == [
        ("report", "Clearline", "speechqa 0.1.0"),
        ("transcript", "Clearline", "speechqa 0.1.0"),
    ]
    assert len(record["dialog"]) == (1 if started else 0)
    assert record["analysis"][0].get("dialog") == (0 if started else None)
    assert record["analysis"][0]["schema"] == "speechqa.analysis/1"


@needs_shared
@pytest.mark.parametrize("name", ["ab_call_ext_rec", "ab_call_ext_rec_analysis", "ab_call_int_rec"])
def test_a_given_vcon_keeps_all_it_has(name: str) -> None:
    given_one = (SUITE / "examples" / f"{name}.vcon").read_text(encoding="utf-8")
    before: dict[str, Any] = json.loads(given_one)
    after = json.loads(vcon.write(KNOWN, AT, record=given_one, name=name))
    assert vcon_faults(after) == []
    for key, value in before.items():
        if key != "analysis":
            assert after[key] == value
    assert after["analysis"][: len(before["analysis"])] == before["analysis"]
    assert [each["vendor"] for each in after["analysis"][len(before["analysis"]) :]] == ["Clearline", "Clearline"]
    assert after["analysis"][-1]["dialog"] == 0


def test_an_analysis_is_not_added_twice() -> None:
    once = vcon.write(KNOWN, AT)
    again = vcon.write(KNOWN, AT.replace(hour=12), record=once)
    assert json.loads(again) == json.loads(once)
    other = json.loads(vcon.write(analysed(CALL), AT, record=once))
    assert [each["type"] for each in other["analysis"]] == ["report", "transcript", "report"], "the same transcript"


def test_unknown_members_stay() -> None:
    record = {"uuid": "u", "created_at": "2026-01-01T00:00:00Z", "parties": [{"x-crm": 7}], "group": [1], "x": {"y": 2}}
    after = json.loads(vcon.write(KNOWN, AT, record=json.dumps(record)))
    assert {key: after[key] for key in record} == record


@needs_shared
@pytest.mark.parametrize("zipped", [False, True])
def test_a_signed_vcon_becomes_the_prior_of_a_new_one(zipped: bool) -> None:
    inner = json.dumps({"uuid": "018e2f6e-aaaa-8000-8000-000000000001", "parties": [{"name": "A"}], "dialog": []})
    content = gzip.compress(inner.encode()) if zipped else inner.encode()
    signed = {"payload": base64.urlsafe_b64encode(content).decode().rstrip("="), "signatures": [{}]}
    after = json.loads(vcon.write(KNOWN, AT, record=json.dumps(signed)))
    assert vcon_faults(after) == []
    assert after["amended"] == {"uuid": "018e2f6e-aaaa-8000-8000-000000000001"} != after["uuid"]
    assert after["parties"] == [{"name": "A"}]


def test_a_signed_redacted_vcon_keeps_where_it_came_from() -> None:
    """``amended`` and ``redacted`` exclude each other in the draft; what the record says itself stays."""
    inner = json.dumps({"uuid": "u", "parties": [], "redacted": {"uuid": "v", "type": "pii"}})
    signed = {"payload": base64.urlsafe_b64encode(inner.encode()).decode().rstrip("="), "signatures": [{}]}
    after = json.loads(vcon.write(KNOWN, AT, record=json.dumps(signed)))
    assert after["redacted"] == {"uuid": "v", "type": "pii"} and "amended" not in after and after["uuid"] != "u"


@pytest.mark.parametrize(
    ("record", "says"),
    [('{"ciphertext": "x"}', "encrypted"), ("{", "line 1"), ('{"parties": [], "critical": ["zz"]}', "extension zz")],
)
def test_a_record_that_cannot_be_added_to_is_refused(record: str, says: str) -> None:
    with pytest.raises(ExchangeError, match=says) as caught:
        vcon.write(KNOWN, AT, record=record, name="call.vcon.json")
    assert "call.vcon.json" in str(caught.value) and "\n" not in str(caught.value)


def table(name: str, *documents: Document) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(tables.write(documents or (KNOWN,), name), newline="")))


def test_the_tables_of_a_call() -> None:
    assert table("turns")[0] == {
        "call": "c-42",
        "party": "agent",
        "start_s": "0.5",
        "end_s": "3.2",
        "speech_rate_wpm": "200.0",
        "text": "Good morning, this is Ines. How can I help?",
    }
    assert [row["word"] for row in table("words")[:2]] == ["Good", "morning,"]
    reproach = next(row for row in table("findings") if row["rule"] == "reproach")
    assert (reproach["party"], reproach["credit"], reproach["quote"][:9]) == ("agent", "false", "As I said")


def test_one_line_of_measures_per_call() -> None:
    rows = table("measures", KNOWN, analysed(CALL, file="second.wav"))
    assert [row["recording.file"] for row in rows] == ["a call.wav", "second.wav"]
    first = rows[0]
    assert (first["pace.agent.speech_rate_wpm"], first["overlaps.agent.interruption"]) == ("200.0", "1")
    assert (first["silences.dead_air"], first["silences.dead_air_s"]) == ("1", "4.3")
    assert first["score.total"] == str(KNOWN.raw["score"]["total"])
    assert first["quality.customer"] == "" and first["quality.agent.active_level_dbov"] == "-20.5"
    assert first["findings.to_avoid"] == "2"


def test_what_was_not_measured_is_an_empty_cell() -> None:
    unmeasured = document_of({**KNOWN.raw, "overlaps": None, "findings": None}, "x")
    row = table("measures", unmeasured)[0]
    assert (row["overlaps.agent.interruption"], row["findings.to_avoid"]) == ("", "")


@pytest.mark.parametrize(
    "text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "  =1", "\r=1", "＝1", '=HYPERLINK("http://x")', "=cmd|'/c'!A1"]
)
def test_no_text_is_a_formula(text: str) -> None:
    raw = {**KNOWN.raw, "turns": [{"party": "agent", "start_s": 0, "end_s": 1, "text": text}]}
    row = table("turns", document_of(raw, "x"))[0]
    assert row["text"] == f"'{text}"
    assert (row["start_s"], row["speech_rate_wpm"]) == ("0.0", "")


@given(st.text(max_size=30))
@settings(max_examples=100)
def test_texts_come_back_from_a_table(text: str) -> None:
    raw = {**KNOWN.raw, "turns": [{"party": "agent", "start_s": -2.5, "end_s": 1, "text": text}]}
    row = table("turns", document_of(raw, "x"))[0]
    assert row["text"].removeprefix("'") == text.replace("\0", "").removeprefix("'")
    assert float(row["start_s"]) == -2.5
