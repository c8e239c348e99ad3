"""docs/exchange.md says what is so: every command in it runs, and prints or refuses what it shows."""

from __future__ import annotations

import fnmatch
import json
import re
import shlex
import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from typer.testing import CliRunner

from speechqa.cli import app
from tests.speechqa.exchange.calls import CALL, DATA, analysed
from tests.speechqa.sounds import bursts, write

GUIDE = (Path(__file__).parents[3] / "docs" / "exchange.md").read_text(encoding="utf-8")
CODE = re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL)


@dataclass(frozen=True)
class Step:
    command: str
    shown: tuple[str, ...]

    @property
    def refused(self) -> bool:
        return any("say who is who" in line or ", line " in line for line in self.shown)


STEPS = [
    Step(lines[0], tuple(lines[1:]))
    for block in re.findall(r"```console\n(.*?)```", GUIDE, re.DOTALL)
    for step in re.split(r"^\$ ", block, flags=re.MULTILINE)[1:]
    if (lines := step.rstrip("\n").split("\n"))
]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with the files that the guide speaks of."""
    (tmp_path / "tables").mkdir()
    (tmp_path / "analysis.json").write_text(json.dumps(analysed(CALL, file="call.wav").raw))
    (tmp_path / "second.json").write_text(json.dumps(analysed(CALL, file="second.wav").raw))
    (tmp_path / "record.vcon.json").write_text('{"parties": [{"name": "Jana"}, {"name": "Ines"}], "dialog": []}')
    for name in ("whisperx.json", "contact-lens.json", "whisper.json", "diarised.rttm"):
        shutil.copy(DATA / name, tmp_path / name)
    for name, start in (("agent", 0.5), ("customer", 4.0)):
        segments = [{"start": start, "end": start + 3, "text": "Good morning to you."}]
        (tmp_path / f"{name}.json").write_text(json.dumps({"segments": segments, "language": "en"}))
    cues = [f"00:0{3 * i}.000 --> 00:0{3 * i + 2}.000\n<v S{i}>Hello." for i in range(3)]
    (tmp_path / "meeting.vtt").write_text("WEBVTT\n\n" + "\n\n".join(cues) + "\n")
    good, bad = "SPEAKER a 1 0.0 1 <NA> <NA> s", "SPEAKER a 1 2.0 -1 <NA> <NA> s"
    (tmp_path / "broken.rttm").write_text(f"{good}\n{bad}\n")
    write(tmp_path / "call.wav", bursts(26.5, (4.0, 7.6), (12.0, 13.2)), bursts(26.5, (0.5, 3.2), (17.5, 20.8)))
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(step: Step) -> None:
    words = shlex.split(step.command)
    assert words[0] == "speechqa"
    done = CliRunner().invoke(app, words[1:])
    assert done.exit_code == (2 if step.refused else 0), f"{step.command}\n{done.output}"
    for line in step.shown:
        wanted = re.sub(r"([\[\]?*])", r"[\1]", line).replace("...", "*")
        assert any(fnmatch.fnmatchcase(told.rstrip(), wanted) for told in done.output.splitlines()), (
            f"{step.command}\n{line}\n{done.output}"
        )


def test_every_command_runs_and_prints_what_the_guide_shows(desk: Path) -> None:
    ran = [step for step in STEPS if "--audio" not in step.command]
    for step in ran:
        run(step)
    assert len(ran) >= 15
    assert {path.name for path in (desk / "tables").iterdir()} == {
        "turns.csv",
        "words.csv",
        "findings.csv",
        "measures.csv",
    }
    assert (desk / "calls.csv").read_bytes().startswith(b"\xef\xbb\xbfduration_s,")
    assert len((desk / "calls.csv").read_text("utf-8-sig").splitlines()) == 3
    assert json.loads((desk / "record.vcon.json").read_text())["parties"] == [{"name": "Jana"}, {"name": "Ines"}]
    assert (desk / "report.html").read_text("utf-8").lstrip().lower().startswith("<!doctype html")


@pytest.mark.engine
def test_the_commands_with_a_recording_run(desk: Path) -> None:
    """The sound is noise, in which no detector finds a voice; that the words are then left out is the point."""
    for step in STEPS[:6]:
        run(step)
    for step in (step for step in STEPS if "--audio" in step.command):
        run(step)
    measured = json.loads((desk / "measured.json").read_text())
    assert (measured["recording"]["layout"], measured["quality"]["one_way"]) == ("stereo", None) or measured["quality"]
    assert measured["words"] == [] and any("were left out" in note for note in measured["notes"])


def test_the_python_example_runs(desk: Path) -> None:
    (code,) = CODE
    exec(compile(code, "docs/exchange.md", "exec"), {})
    assert json.loads((desk / "measured.json").read_text())["turns"][0]["party"] == "agent"


def test_help_names_every_option_and_shows_examples() -> None:
    for command in ("export", "measure"):
        done = CliRunner().invoke(app, [command, "--help"], env={"COLUMNS": "200"})
        assert done.exit_code == 0 and "Examples:" in done.output


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["export", "analysis.json", "--to", "mp3"], "There is no format 'mp3'"),
        (["export", "analysis.json", "second.json", "--to", "vtt"], "one at a time"),
        (["export", "analysis.json", "--to", "vtt", "--table", "turns"], "--table go with --to csv"),
        (["export", "analysis.json", "--to", "ctm", "--into", "x"], "--into goes with --to vcon"),
        (["export", "analysis.json", "--to", "csv"], "into a folder"),
        (["export", "analysis.json", "--to", "csv", "--table", "calls"], "There is no table 'calls'"),
        (["export", "analysis.json", "--to", "vtt", "-o", "none/x.vtt"], "There is no folder"),
        (["export", "whisperx.json", "--to", "vtt"], "is no analysis"),
        (["export", "call.wav", "--to", "vtt"], "call.wav"),
        (["measure", "call.wav"], "call.wav"),
        (["measure", "none.json"], "There is no file none.json"),
        (["measure", "whisperx.json", "--format", "docx"], "There is no format 'docx'"),
        (["measure", "whisperx.json", "--agent", "Bob"], "no speaker 'Bob'; its speakers: SPEAKER_01, SPEAKER_00"),
        (["measure", "whisperx.json", "--audio", "none.wav"], "There is no file none.wav"),
        (["measure", "whisperx.json", *["--audio", "call.wav"] * 3], "--audio once for the call, or twice"),
        (["measure", "whisperx.json", "--json", "none/x.json"], "There is no folder"),
        (["measure", "whisper.json", "--speech", "whisperx.json"], "whisperx.json does not say who speaks when"),
    ],
)
def test_misuse_is_one_sentence_and_exit_2(desk: Path, arguments: list[str], says: str) -> None:
    done = CliRunner().invoke(app, arguments)
    assert done.exit_code == 2, done.output
    assert says in done.stderr and len(done.stderr.splitlines()) == 1 and done.stdout == ""
