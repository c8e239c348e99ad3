"""A transcript judged without sound: the command, what it cannot tell, and what it refuses."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from speechqa.analysis import json_schema
from speechqa.cli import app
from speechqa.errors import TurnsUnusable
from speechqa.rubric.load import load_rubric
from speechqa.written_call import judge_written, read_written_call

RUBRIC = load_rubric()
MET = ("recap", "next_step_dated", "offer_more_help", "positive_close", "no_renewed_apology", "no_reproach")
GOOD = [
    ("agent", "Good morning, this is Ines. How can I help?"),
    ("customer", "Hello, my name is Jana Novak. The cake for my party came late and nobody told me why."),
    ("agent", "I am sorry to hear that, Mrs Novak. What would you like us to do about it?"),
    ("customer", "I would like a new one, please, before the weekend."),
    ("agent", "I will send you a new one tomorrow at nine. Is there anything else I can help you with?"),
    ("customer", "No, that is all."),
    ("agent", "Thank you for calling, have a nice day."),
]


def call(lines: list[tuple[str, str]], **more: Any) -> dict[str, Any]:
    turns, at_s = [], 0.0
    for party, text in lines:
        end_s = at_s + 0.35 * max(1, len(text.split()))
        turns.append({"party": party, "start_s": at_s, "end_s": end_s, "text": text})
        at_s = end_s + 0.4
    return {"language": "en", "turns": turns, "hung_up": None, **more}


def judged(lines: list[tuple[str, str]], **more: Any) -> dict[str, Any]:
    return judge_written(read_written_call(json.dumps(call(lines, **more)), "call.json"), RUBRIC).to_json()


def criteria(document: dict[str, Any]) -> dict[str, bool | None]:
    return {each["id"]: each["met"] for each in document["ending"]["criteria"]}


def test_the_command_writes_the_parts_of_an_analysis(tmp_path: Path) -> None:
    (tmp_path / "turns.json").write_text(json.dumps(call(GOOD, hung_up="customer")))
    out = tmp_path / "out.json"
    done = CliRunner().invoke(app, ["judge", str(tmp_path / "turns.json"), "--json", str(out)])
    document = json.loads(out.read_text(encoding="utf-8"))
    assert (done.exit_code, document["schema"]) == (0, "speechqa.judgement/1")
    for part in ("ending", "findings", "refusals", "emotion", "conflict", "complaint", "offers", "questions", "score"):
        schema = {**json_schema()["properties"][part], "$defs": json_schema()["$defs"]}
        jsonschema.validate(document[part], schema)
    assert [criteria(document)[each] for each in MET] == [True] * 6
    assert document["ending"]["hung_up"] == "customer"
    assert {"dated_next_step", "asks_wish", "uses_name"} <= {each["rule"] for each in document["findings"]}
    assert document["score"]["rubric_digest"] == RUBRIC.digest


def test_one_missed_thing_is_missed_and_a_better_ending_quotes_the_agents_own_step() -> None:
    bad = [*GOOD[:4], ("agent", "I will send you a new one tomorrow at nine. Sorry again for the terrible cake."),
           ("customer", "Fine, good bye."), ("agent", "Bye.")]  # fmt: skip
    document = judged(bad)
    assert criteria(document)["no_renewed_apology"] is False
    assert criteria(document)["offer_more_help"] is False
    better = document["ending"]["better"]
    assert better["steps"][0]["quote"] == "I will send you a new one tomorrow at nine."
    assert "I will send you a new one tomorrow at nine." in better["text"]
    assert "orry" not in better["text"]


def test_nothing_is_invented_where_the_agent_named_no_step() -> None:
    document = judged([*GOOD[:2], ("agent", "Hm. That happens."), ("customer", "I see."), ("agent", "Bye.")])
    assert document["ending"]["better"] is None
    assert judged(GOOD)["ending"]["better"] is None


def test_an_empty_transcript_is_null_and_said() -> None:
    document = judged([])
    assert (document["score"]["total"], document["ending"]["score"], document["refusals"]) == (None, None, None)
    assert "The transcript is empty: nothing is judged." in document["notes"]


@pytest.mark.parametrize("party", ["agent", "customer"])
def test_one_party_alone_is_no_call(party: str) -> None:
    document = judged([each for each in GOOD if each[0] == party])
    assert document["score"]["total"] is None
    assert document["score"]["human_must_look"]
    assert f"Only the {party} speaks: there is no call between two people to score." in document["notes"]


def test_turns_out_of_order_and_over_each_other_are_said() -> None:
    turns = [
        {"party": "customer", "start_s": 5.0, "end_s": 9.0, "text": "My bill is wrong."},
        {"party": "agent", "start_s": 0.0, "end_s": 3.0, "text": "Hello, how can I help?"},
        {"party": "agent", "start_s": 2.0, "end_s": 4.0, "text": "Are you there?"},
    ]
    text = json.dumps({"language": "en", "turns": turns})
    notes = judge_written(read_written_call(text, "call.json"), RUBRIC).notes
    assert "The turns were not in order of time and have been put in order." in notes
    assert "Turns of the agent lie over each other: check who said what." in notes
    assert not any("order of time" in note or "lie over" in note for note in judged(GOOD)["notes"])


@pytest.mark.parametrize(
    ("lines", "more", "reason"),
    [
        ([], {}, "The transcript is empty"),
        (GOOD[:1], {}, "Only the agent speaks"),
        (GOOD, {"language": "xx"}, "There is no lexicon for 'xx'"),
    ],
)
def test_a_call_without_a_score_says_why_at_once(
    tmp_path: Path, lines: list[tuple[str, str]], more: dict[str, Any], reason: str
) -> None:
    (tmp_path / "turns.json").write_text(json.dumps(call(lines, **more)))
    done = CliRunner().invoke(app, ["judge", str(tmp_path / "turns.json")])
    first, second = done.stdout.splitlines()[:2]
    assert first.startswith("Score: none")
    assert second.startswith(reason)


def test_a_language_without_a_lexicon_is_not_scored_silently() -> None:
    document = judged(GOOD, language="xx")
    assert (document["score"]["total"], document["ending"]["score"], document["findings"]) == (None, None, None)
    assert any("no lexicon for 'xx'" in note for note in document["notes"])


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "call.json, line 1, column 2: this is not JSON"),
        ("[]", "a call is written as"),
        ("null", "there is no call in it"),
        (
            '{"language": "en", "turns": [{"party": "agent", "start_s": 0, "end_s": 9e9, "text": "a"}]}',
            "more than a day",
        ),
        ('{"language": "en"}', "'turns' field required"),
        ('{"language": "en", "turns": [{"party": "me", "start_s": 0, "end_s": 1, "text": ""}]}', "turn 1: 'party'"),
        (
            '{"language": "en", "turns": [{"party": "agent", "start_s": 2, "end_s": 1, "text": "a"}]}',
            "turn 1: it begins",
        ),
        ('{"language": "en", "turns": [{"party": "agent", "start_s": NaN, "end_s": 1, "text": "a"}]}', "turn 1"),
        ('{"language": "en", "turns": [], "hung_up": "nobody"}', "'hung_up'"),
        (
            '{"language": "en", "duration_s": 1, "turns": [{"party": "agent", "start_s": 0, "end_s": 2, "text": "a"}]}',
            "duration_s is 1",
        ),
        ("[" * 100_000, "JSON|deeply"),
    ],
)
def test_bad_input_is_one_sentence(text: str, message: str) -> None:
    with pytest.raises(TurnsUnusable, match=message) as found:
        read_written_call(text, "call.json")
    assert "\n" not in str(found.value)


def test_the_command_refuses_with_code_2(tmp_path: Path) -> None:
    path = tmp_path / "turns.json"
    path.write_text('{"language": "en"}')
    for args in ([str(path)], [str(tmp_path / "none.json")], [str(path), "--rubric", "nosuch"]):
        done = CliRunner().invoke(app, ["judge", *args])
        assert (done.exit_code, done.stdout) == (2, "")


TEXTS = st.sampled_from([text for _, text in GOOD] + ["", "...", "no", "I'm afraid we can't refund it.", "—"])


@settings(max_examples=40, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(["agent", "customer"]), TEXTS), max_size=8), st.sampled_from([None, "agent"]))
def test_laws_of_judging(lines: list[tuple[str, str]], hung_up: str | None) -> None:
    document = judged(lines, hung_up=hung_up)
    assert document == judged(lines, hung_up=hung_up)
    total = document["score"]["total"]
    assert total is None or 0 <= total <= 100
    assert total is not None or document["score"]["human_must_look"]
    ends = max((turn["end_s"] for turn in call(lines)["turns"]), default=0.0)
    for each in (*(document["findings"] or ()), *(document["refusals"] or ())):
        assert 0 <= each["start_s"] <= each["end_s"] <= ends + 1e-3
    for change in document["score"]["changes"]:
        assert change["total"] == total + change["gain"]
