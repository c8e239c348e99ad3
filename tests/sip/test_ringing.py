"""``ivr ring``: the line rings somebody and reminds them of an appointment; nobody picks up."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.ivr.test_flow_commands import ivr
from tests.sip.peers import ROOT, Call, free_port, scripted

REMINDER = str(ROOT / "flows" / "reminder.yaml")


def rung(tmp_path: Path, port: int, *options: str) -> tuple[int, dict[str, Any]]:
    command = [sys.executable, "-m", "ivr.cli", "ring", f"sip:ann@127.0.0.1:{port}", "--flow", REMINDER, "--json"]
    where = ["--calls", str(tmp_path / "calls")]
    done = subprocess.run([*command, *where, *options], cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert "Traceback" not in done.stderr, done.stderr
    facts: dict[str, Any] = json.loads(done.stdout)
    return done.returncode, facts


@pytest.mark.sip
@pytest.mark.engine
def test_who_picks_up_is_reminded_and_confirms(tmp_path: Path) -> None:
    port = free_port()
    steps = [
        {"ring": "500ms"},
        {"expect": "speech"},
        {"wait": "1s"},
        {"press": "1"},
        {"expect": "hang_up", "within": "30s"},
    ]
    ann = scripted(tmp_path / "ann", steps, "--listen", f"127.0.0.1:{port}")
    code, facts = rung(tmp_path, port)
    ann.outcome()
    assert (code, facts["answered"], facts["hung_up"]) == (0, True, "line")
    call = Call(Path(facts["record"]))
    assert call.nodes[:2] == ["hello", "appointment"]
    assert "confirmed" in call.nodes
    assert call.step("call_started")["caller"] == "ann"
    summary = call.vcon.summary
    assert summary is not None
    assert summary.model_dump()["outbound"] is True


@pytest.mark.sip
@pytest.mark.engine
@pytest.mark.parametrize("declines", [True, False])
def test_nobody_picks_up(tmp_path: Path, declines: bool) -> None:
    port = free_port()
    if declines:
        scripted(tmp_path / "ann", [{"decline": "busy"}], "--listen", f"127.0.0.1:{port}")
    code, facts = rung(tmp_path, port, "--within", "1.5")
    assert (code, facts) == (1, {"answered": False, "status": 486 if declines else 487})
    assert not list((tmp_path / "calls").glob("2*"))


@pytest.mark.parametrize(
    ("words", "message"),
    [
        (["nobody", "--flow", REMINDER], "'nobody' is no SIP address; write it like sip:service@10.0.0.5:5060"),
        (["sip:a@127.0.0.1", "--flow", REMINDER, "--give", "dy=1"], "--give 'dy=1': write NAME=VALUE with a variable"),
        (["sip:a@127.0.0.1", "--flow", "none.yaml"], "none.yaml:1:1: error: cannot be read"),
    ],
)
def test_what_cannot_be_rung_is_one_sentence(words: list[str], message: str) -> None:
    code, _, error = ivr("ring", *words)
    assert code == 2
    assert error.splitlines()[-1].startswith(message)
    assert "Traceback" not in error
