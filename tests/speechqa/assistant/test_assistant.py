"""The language model that may propose: what is sent, what of its answer stands, and every way in which it can fail."""

from __future__ import annotations

import json
import socket
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from speechqa.analysis import json_schema
from speechqa.assistant.answer import find, read_answer
from speechqa.assistant.endpoint import Endpoint, propose
from speechqa.assistant.prompt import LONGEST, Line, messages
from speechqa.cli import app
from speechqa.errors import AssistantError
from tests.speechqa.assistant.server import Model, serving
from tests.speechqa.test_judge import GOOD, call

LINES = (
    Line("agent", 0.0, 3.0, "Good morning, how can I help?"),
    Line("customer", 3.5, 8.0, "The cake came late, and it has the wrong name on it."),
    Line("agent", 8.5, 12.0, "I will send you a new one tomorrow at nine."),
)
ANSWER = {
    "summary": "A cake came late; a new one comes tomorrow.",
    "criteria": [
        {
            "criterion": "next_step_dated",
            "met": True,
            "quote": "a new one tomorrow at nine",
            "reason": "A day, an hour.",
        },
        {"criterion": "positive_close", "met": True, "quote": "Have a lovely day!", "reason": "Invented."},
        {"criterion": "brilliance", "met": True, "quote": "how can I help", "reason": "No such criterion."},
        {"criterion": "next_step_dated", "met": False, "quote": "how can I help", "reason": "Named twice."},
        {"criterion": "recap", "met": False, "quote": "nine", "reason": "One word shows nothing."},
    ],
}


def test_what_is_sent_and_what_of_the_answer_stands() -> None:
    model = Model(said=f"Here you are:\n```json\n{json.dumps(ANSWER)}\n```")
    with serving(model) as url:
        proposal = propose(Endpoint(url, key="secret"), LINES)
    (listed, _, _), (path, headers, body) = model.asked
    assert (listed, path) == ("/v1/models", "/v1/chat/completions")
    assert (headers["Authorization"], body["model"], body["temperature"]) == ("Bearer secret", "tiny-1", 0)
    assert "2. customer: The cake came late" in body["messages"][1]["content"]
    assert (proposal.model, proposal.summary) == ("tiny-1", "A cake came late; a new one comes tomorrow.")
    (kept,) = proposal.criteria
    assert (kept.criterion, kept.met, kept.evidence[0].start_s, proposal.dropped) == ("next_step_dated", True, 8.5, 4)
    assert "person has to check" in proposal.note


def free_port() -> int:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        return int(taken.getsockname()[1])


@pytest.mark.parametrize(
    ("model", "said"),
    [
        (Model(status=500), "answered with the status 500"),
        (Model(status=307), "answered with the status 307"),
        (Model(raw=b"<html>no</html>"), "did not answer with JSON"),
        (Model(raw=b'{"choices": []}'), "did not answer as a chat API does"),
        (Model(raw=b'{"error": "no model"}'), "did not answer as a chat API does"),
        (Model(said="I would rather not."), "did not answer in the form"),
        (Model(said='{"summary": ["a", "b"]}'), "did not answer in the form"),
        (Model(said="[" * 5000), "did not answer in the form"),
        (Model(raw=b" " * 1_500_000), "answered with more than 1000 kB"),
        (Model(models={"data": []}), "names no model"),
        (Model(models=[1]), "names no model"),
    ],
)
def test_every_bad_answer_is_one_sentence(model: Model, said: str) -> None:
    with serving(model) as url, pytest.raises(AssistantError, match=said) as refused:
        propose(Endpoint(url), LINES)
    assert str(refused.value).count(". ") == 0 and str(refused.value).endswith(".")


def test_a_server_that_never_comes_to_an_end_is_left() -> None:
    with (
        serving(Model(said=json.dumps(ANSWER), drip_s=0.05)) as url,
        pytest.raises(AssistantError, match=r"did not answer within 0\.3 s"),
    ):
        propose(Endpoint(url, model="tiny-1", timeout_s=0.3), LINES)


def test_nobody_there() -> None:
    with pytest.raises(AssistantError, match="cannot be reached"):
        propose(Endpoint(f"http://127.0.0.1:{free_port()}/v1"), LINES)


def judged(tmp_path: Path, *options: str) -> tuple[Any, dict[str, Any]]:
    (tmp_path / "turns.json").write_text(json.dumps(call(GOOD)))
    out = tmp_path / "out.json"
    done = CliRunner().invoke(app, ["judge", str(tmp_path / "turns.json"), "--json", str(out), *options])
    return done, json.loads(out.read_text()) if out.exists() else {}


def test_nothing_is_sent_unless_it_is_asked_for(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    model = Model(said=json.dumps(ANSWER))
    with serving(model) as url:
        _, without = judged(tmp_path)
        assert (model.asked, without["proposal"]) == ([], None)
        monkeypatch.setenv("CLEARLINE_ASSISTANT__URL", url)
        _, off = judged(tmp_path, "--assistant", "off")
        assert (model.asked, off) == ([], without)
        done, asked = judged(tmp_path)
    assert len(model.asked) == 2 and asked["proposal"]["summary"] in done.output
    schema = {**json_schema()["properties"]["proposal"], "$defs": json_schema()["$defs"]}
    jsonschema.validate(asked["proposal"], schema)
    assert asked["score"] == without["score"]
    assert any("was sent to the assistant at 127.0.0.1" in note for note in asked["notes"])


def test_an_assistant_that_fails_costs_a_note_and_no_analysis(tmp_path: Path) -> None:
    _, without = judged(tmp_path)
    done, found = judged(tmp_path, "--assistant", f"http://127.0.0.1:{free_port()}/v1")
    assert (done.exit_code, found["score"], found["proposal"]) == (0, without["score"], None)
    assert "cannot be reached" in found["notes"][-1] and "Nothing was proposed" in found["notes"][-1]


def test_an_address_that_is_none_is_refused_before_any_work(tmp_path: Path) -> None:
    done, found = judged(tmp_path, "--assistant", "ftp://models")
    assert (done.exit_code, found) == (2, {})
    assert "is no address of an assistant" in done.output


def test_of_a_long_call_the_middle_is_left_out() -> None:
    many = [Line("agent", float(i), i + 1.0, f"turn number {i} {'word ' * 20}") for i in range(1000)]
    sent = messages(many)[1]["content"]
    assert len(sent) <= LONGEST + 100
    assert sent.startswith("1. agent: turn number 0") and "1000. agent: turn number 999" in sent
    assert "[the middle of the call is left out]" in sent


ANYTHING = st.recursive(st.none() | st.booleans() | st.integers() | st.text(), lambda x: st.lists(x, max_size=3))
CRITERION = st.fixed_dictionaries(
    {"criterion": st.sampled_from(["recap", "no_reproach", "x"])},
    optional={"met": st.none() | st.booleans(), "quote": st.sampled_from(["the wrong name", "nine"]) | st.text()},
)


@given(
    st.text() | st.fixed_dictionaries({"summary": ANYTHING, "criteria": st.lists(CRITERION) | ANYTHING}).map(json.dumps)
)
@settings(max_examples=150, deadline=None)
def test_whatever_a_model_says_only_what_stands_in_the_call_is_kept(said: str) -> None:
    try:
        proposal = read_answer(said, "m", LINES)
    except AssistantError:
        return
    for each in proposal.criteria:
        assert [find(place.quote, LINES) for place in each.evidence] == list(each.evidence) != []
