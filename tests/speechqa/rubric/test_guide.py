"""docs/rubrics.md says what is so: every command in it runs and prints what it shows, the example is sound."""

from __future__ import annotations

import fnmatch
import json
import re
import shlex
from pathlib import Path

import pytest
from typer.testing import CliRunner

from speechqa.cli import app
from speechqa.evidence import CONFLICT
from speechqa.facts import NAMES
from speechqa.rubric.check import check_paths
from speechqa.rubric.form import CriterionForm
from speechqa.rubric.rubrics import SHIPPED
from speechqa.written_call import judge_written, read_written_call
from tests.speechqa.rubric.reviews import REVIEWS
from tests.speechqa.test_judge import GOOD, RUBRIC, call

GUIDE = (Path(__file__).parents[3] / "docs" / "rubrics.md").read_text(encoding="utf-8")
EXAMPLE = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)[0]
STEPS = [
    step.rstrip("\n").split("\n")
    for block in re.findall(r"```console\n(.*?)```", GUIDE, re.DOTALL)
    for step in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]
]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the files that the guide speaks of."""
    (tmp_path / "team.yaml").write_text(EXAMPLE, encoding="utf-8")
    broken = (SHIPPED / "standard.yaml").read_text(encoding="utf-8").replace("points: 20", "points: 25")
    broken = broken.replace("{0: 0, 50: 10, 100: 20}", "{0: 0, 100: 25}")
    (tmp_path / "broken.yaml").write_text(broken.partition("# earns")[2].partition("\n")[2], encoding="utf-8")
    (tmp_path / "turns.json").write_text(json.dumps(call(GOOD)))
    (tmp_path / "reviews.csv").write_text(REVIEWS)
    folder = tmp_path / "analyses"
    folder.mkdir()
    for name, cuts in (("first", 0), ("second", 3)):
        made = judge_written(read_written_call(json.dumps(call(GOOD)), name), RUBRIC).to_json()
        made["score"]["facts"]["agent_interruptions"] = cuts
        made["score"]["total"] = 100 if name == "first" else 80
        made["score"]["facts"].update(ending_score=100, credit_kinds=4, agent_speech_rate_wpm=150)
        (folder / f"{name}.json").write_text(json.dumps(made))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.mark.parametrize("step", STEPS, ids=[step[0] for step in STEPS])
def test_every_command_prints_what_the_guide_shows(desk: Path, step: list[str]) -> None:
    command, *shown = step
    words = shlex.split(command)
    assert words[0] == "speechqa"
    done = CliRunner().invoke(app, words[1:])
    assert done.exit_code == (1 if "broken" in command else 0), done.output
    for line in shown:
        wanted = re.sub(r"([\[\]?*])", r"[\1]", line).replace("...", "*")
        assert any(fnmatch.fnmatchcase(told, wanted) for told in done.output.splitlines()), f"{line}\n{done.output}"


def test_the_example_is_sound_but_for_its_sum(desk: Path) -> None:
    assert [each.what for each in check_paths([desk / "team.yaml"])] == []


def test_every_fact_and_key_is_in_the_guide() -> None:
    assert all(f"`{name}`" in GUIDE for name in NAMES)
    assert all(f"`{key}`" in GUIDE for key in CriterionForm.model_fields if key != "id")


def test_the_example_of_the_conflict_guide_is_sound_and_its_facts_are_all_there(tmp_path: Path) -> None:
    guide = (Path(__file__).parents[3] / "docs" / "conflict.md").read_text(encoding="utf-8")
    example = guide.split("```yaml\n")[1].split("```")[0]
    (tmp_path / "retention.yaml").write_text(example, encoding="utf-8")
    assert check_paths([tmp_path / "retention.yaml"]) == []
    new = NAMES[NAMES.index("conflicts") :]
    assert [name for name in (*new, *CONFLICT) if f"`{name}`" not in guide] == []
