"""The command: what it writes, what it says, how it ends. Run as people run it, in a process of its own."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.speechqa.sounds import bursts, noise, write


def speechqa(*arguments: str | Path) -> subprocess.CompletedProcess[str]:
    command = [sys.executable, "-m", "speechqa.cli", *map(str, arguments)]
    return subprocess.run(command, capture_output=True, text=True, timeout=150)


def test_help_loads_no_engine() -> None:
    code = (
        "import sys, speechqa.cli; print([m for m in ('numpy', 'faster_whisper', 'scipy', 'rich') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.stdout.strip() in ("[]", "['rich']")


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.wav", b"", "is empty"),
        ("text.wav", b"hello" * 99, "not a sound file"),
        ("film.mp4", b"\0\0\0 ftypisom", "ffmpeg"),
    ],
)
def test_bad_input_is_one_sentence_and_exit_2(tmp_path: Path, name: str, content: bytes, says: str) -> None:
    (tmp_path / name).write_bytes(content)
    done = speechqa("analyze", tmp_path / name)
    assert done.returncode == 2
    assert says in done.stderr and len(done.stderr.splitlines()) == 1
    assert done.stdout == ""


def test_misuse_is_exit_2(tmp_path: Path) -> None:
    sound = write(tmp_path / "a.wav", noise(1, -20))
    assert "both --agent and --customer" in speechqa("analyze", "--agent", sound).stderr
    done = speechqa("analyze", sound, "--json", tmp_path / "none" / "a.json")
    assert done.returncode == 2 and "There is no folder" in done.stderr
    done = speechqa("analyze", sound, "--team", "north")
    assert done.returncode == 2 and "--team needs the calls to compare with" in done.stderr
    done = speechqa("analyze", sound, "--compare", tmp_path)
    assert done.returncode == 2 and "holds no analysis" in done.stderr
    done = speechqa("analyze", sound, "--model", tmp_path)
    assert done.returncode == 2 and "model.bin is missing" in done.stderr


@pytest.mark.engine
def test_a_silent_call_is_analysed_not_refused(tmp_path: Path) -> None:
    sound = write(tmp_path / "call.wav", bursts(8), bursts(8))
    done = speechqa("analyze", sound, "--json", "-")
    assert done.returncode == 0, done.stderr
    analysis = json.loads(done.stdout)
    assert analysis["schema"] == "speechqa.analysis/1"
    assert analysis["speech"] == analysis["words"] == []


@pytest.mark.engine
def test_two_files_json_report_and_scorecard(shared: Path, tmp_path: Path) -> None:
    calls = shared / "data" / "bank-calls"
    name = "eb82ec7b5f0944ca.wav"
    out, page = tmp_path / "analysis.json", tmp_path / "report.html"
    done = speechqa(
        "analyze",
        "--agent",
        calls / "agent" / name,
        "--customer",
        calls / "caller" / name,
        "--json",
        out,
        "--html",
        page,
    )
    assert done.returncode == 0, done.stderr
    assert "Total" in done.stdout and done.stderr == ""
    analysis = json.loads(out.read_text())
    assert analysis["recording"]["layout"] == "two-files"
    assert analysis["recording"]["offset_s"]["agent"] == pytest.approx(2.03, abs=0.05)
    assert len(analysis["words"]) > 60
    assert page.read_text().lstrip().lower().startswith("<!doctype html")
