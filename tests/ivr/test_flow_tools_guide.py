"""The guide to the tools says what is so: every command in it runs and prints what it shows, every example holds."""

from __future__ import annotations

import fnmatch
import re
import shlex
import shutil
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ivr.cli import app
from ivr.flow.load import parse_flow
from ivr.flow.testing.run import run_tests
from ivr.flow.testing.script import WORDS

ROOT = Path(__file__).parents[2]
GUIDE = (ROOT / "docs" / "flow-tools.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
SESSION = re.findall(r"```console\n(.*?)```", GUIDE, re.DOTALL)


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder like the one that the guide is read in, with a changed draft beside the shipped flow."""
    for name in ("flows", "drafts"):
        shutil.copytree(ROOT / "flows", tmp_path / name)
    changed = tmp_path / "drafts" / "support.yaml"
    changed.write_text(changed.read_text(encoding="utf-8") + "# changed\n", encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(line: str) -> tuple[int, str]:
    """One line of a shell session; ``printf '...' | ivr ...`` is typed into it."""
    typed, _, command = line.rpartition(" | ")
    words = shlex.split(command)
    assert words[0] == "ivr"
    text = shlex.split(typed)[1].encode().decode("unicode_escape") if typed else ""
    done = CliRunner().invoke(app, words[1:], input=text)
    return done.exit_code, done.output


def test_every_command_runs_and_prints_what_the_guide_shows(checkout: Path) -> None:
    ran = 0
    for block in SESSION:
        for step in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]:
            command, *shown = step.rstrip("\n").split("\n")
            code, output = run(command)
            assert code == 0, f"{command}\n{output}"
            ran += 1
            for line in shown:
                wanted = re.sub(r"([\[\]?*])", r"[\1]", line).replace("...", "*")
                assert any(fnmatch.fnmatchcase(told, wanted) for told in output.splitlines()), (
                    f"{command}\n{line}\n{output}"
                )
    assert ran >= 14
    assert (checkout / "support.svg").read_text().startswith("<svg")
    assert "</testsuites>" in (checkout / "report.xml").read_text()


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_every_example_loads_and_its_tests_hold(example: str) -> None:
    flow = parse_flow(example)
    assert [found.told("guide") for found in run_tests(flow) if not found.passed] == []


def test_every_word_of_a_test_and_every_command_is_in_the_guide() -> None:
    assert {word for word in WORDS if not re.search(rf"`{word}\b", GUIDE)} == set()
    for command in (
        "test",
        "simulate",
        "graph",
        "schema",
        "publish",
        "versions",
        "rollback",
        "promote",
        "close",
        "open",
        "closed",
        "ring",
    ):
        assert f"ivr {command}" in GUIDE
