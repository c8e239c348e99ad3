"""The tools on flows on the command line: exit codes, one sentence for a mistake, machine-readable output."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ivr.cli import app

SUPPORT = str(Path(__file__).parents[2] / "flows" / "support.yaml")
BROKEN_TEST = """flow: f
nodes:
  a: {menu: ask, keys: {1: b}}
  b: {end: bye}
tests:
  one: [key: 1, ends]
  two: [silence, reaches: b]
"""


def ivr(*words: str, typed: str = "") -> tuple[int, str, str]:
    done = CliRunner().invoke(app, list(words), input=typed)
    assert done.exception is None or isinstance(done.exception, SystemExit), done.exception
    return done.exit_code, done.stdout, done.stderr


def test_a_failing_test_is_exit_code_1_and_says_where(tmp_path: Path) -> None:
    (tmp_path / "f.yaml").write_text(BROKEN_TEST)
    code, out, _ = ivr("test", str(tmp_path), "--junit", str(tmp_path / "report.xml"))
    assert code == 1
    assert f"{tmp_path / 'f.yaml'}:7:18: test 'two': expected to reach 'b'" in out
    assert "1 passed, 1 failed" in out
    assert 'failures="1"' in (tmp_path / "report.xml").read_text()


def test_json_and_the_coverage_that_is_wanted(tmp_path: Path) -> None:
    code, out, _ = ivr("test", SUPPORT, "--json")
    told = json.loads(out)
    assert (code, told["failed"]) == (0, 0)
    assert told["flows"][0]["coverage"]["nodes"]["percent"] == 100
    (tmp_path / "f.yaml").write_text(
        BROKEN_TEST.replace("  two: [silence, reaches: b]\n", "").replace("one: [key: 1, ends]", "one: [silence]")
    )
    code, _, err = ivr("test", str(tmp_path), "--at-least", "95")
    assert (code, "less than 95 %" in err) == (1, True)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("test", "no-such.yaml"), "no-such.yaml:1:1: error: cannot be read"),
        (("test", "EMPTY"), "no flow is here"),
        (("test", "BROKEN"), "this is not YAML"),
        (("test", SUPPORT, "--junit", "/no/such/folder/report.xml"), "/no/such/folder/report.xml: No such file"),
        (("test", SUPPORT, "--brand", "no-such-brand"), "no-such-brand"),
        (("graph", "BROKEN"), "this is not YAML"),
        (("simulate", "BROKEN"), "this is not YAML"),
        (("simulate", SUPPORT, "--clock", "noon"), "--clock: expected a date and a time, found 'noon'"),
        (("schema", "--out", "/no/such/folder/s.json"), "No such file"),
        (("publish", "BROKEN", "--author", "a", "--note", "n"), "this is not YAML"),
        (("publish", SUPPORT, "--author", "a", "--note", "n", "--target", "odd"), "odd"),
        (("rollback", "nothing"), "Nothing was published of a flow 'nothing'; there are: none."),
        (("promote", "nothing"), "Nothing was published of a flow 'nothing'"),
        (("versions", "../etc"), "'../etc' is no name of a flow; there are: none."),
    ],
)
def test_what_cannot_be_used_is_one_sentence_and_exit_code_2(
    words: tuple[str, ...], said: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    (tmp_path / "broken.yaml").write_text("flow: [")
    named = {"EMPTY": "empty", "BROKEN": "broken.yaml"}
    code, out, err = ivr(*(named.get(word, word) for word in words))
    assert code == 2, (out, err)
    assert said in err
    assert "Traceback" not in err
    assert not (tmp_path / "published").exists()


def test_a_draft_that_is_not_fit_is_exit_code_1(tmp_path: Path) -> None:
    (tmp_path / "f.yaml").write_text(BROKEN_TEST)
    words = ("publish", str(tmp_path / "f.yaml"), "--author", "a", "--note", "n", "--store", str(tmp_path / "kept"))
    code, _, err = ivr(*words)
    assert code == 1
    assert "test 'two'" in err and "is not published" in err
    assert not (tmp_path / "kept").exists()


def test_versions_as_lines_and_as_json(tmp_path: Path) -> None:
    store = ("--store", str(tmp_path / "kept"))
    assert ivr("versions", *store) == (0, f"Nothing is published in {tmp_path / 'kept'}.\n", "")
    assert ivr("publish", SUPPORT, "--author", "ann", "--note", "the first", *store)[0] == 0
    _, out, _ = ivr("versions", SUPPORT, *store)
    assert out.startswith("support:\n     1  ") and out.endswith("ann: the first  live\n")
    told = json.loads(ivr("versions", "--json", *store)[1])
    assert (told[0]["flow"], told[0]["stable"], told[0]["versions"][0]["author"]) == ("support", 1, "ann")


def test_a_typed_call() -> None:
    typed = "1\n\nhello\n/state\n/nonsense\n/wait soon\n/transfer busy\n/agent_hangs_up\n"
    typed += "0\n/transfer odd\n/transfer busy\n1\n/help\n/speak 9s\n"
    code, out, _ = ivr("simulate", SUPPORT, typed=typed)
    assert code == 0
    for said in (
        "Welcome to Blue Harbor Energy.",
        "[note consent: purpose recording, given True]",
        "I did not hear an answer.",
        "does not listen for words",
        "node: main",
        "There is no /nonsense here",
        "'soon' is no length of time",
        "Nobody is being rung.",
        "No agent is on the line.",
        "'odd' is none of: answered, busy",
        "[record message: kind message",
        "let time pass",
        "The call ended (finished)",
    ):
        assert said in out, said


def test_who_stops_typing_has_hung_up() -> None:
    code, out, _ = ivr("simulate", SUPPORT, "--json", "--caller", "+4722", typed="1\n")
    told = json.loads(out)
    assert (code, told["ended"], told["path"]) == (0, "hung_up", ["welcome", "consent", "main"])
    assert told["consents"] == {"recording": True}
    assert told["values"]["caller"] == "+4722"


def test_no_player_is_said_once_and_the_call_goes_on(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    code, out, err = ivr("simulate", SUPPORT, "--speak", typed="")
    assert code == 0
    assert err.count("this machine has no player (aplay, afplay, paplay, ffplay)") == 1
    assert "The call ended (hung up)" in out


def test_the_schema_on_standard_output_is_json() -> None:
    assert json.loads(ivr("schema")[1])["title"] == "Call flow"


def test_help_has_examples_and_the_commands_load_nothing_heavy() -> None:
    for command in ("test", "simulate", "graph", "schema", "publish", "versions", "rollback", "promote"):
        code, out, _ = ivr(command, "--help")
        assert code == 0 and f"ivr {command}" in out
    heavy = ("pydantic", "ruamel", "graphlay", "numpy", "pjsua2")
    program = f"import sys, ivr.cli; print([name for name in {heavy} if name in sys.modules])"
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=True).stdout == "[]\n"
