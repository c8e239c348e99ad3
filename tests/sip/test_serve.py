"""``ivr serve``, ``ivr check``, ``ivr call``: refusals in one sentence, a clean end, the shipped flow."""

from __future__ import annotations

import json
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from clearline.vcon import read_vcon
from tests.sip.peers import ROOT, scripted

FLOW = str(ROOT / "tests/sip/flow.yaml")


def ivr(*arguments: str) -> subprocess.CompletedProcess[str]:
    """One ``ivr`` command to its end."""
    command = [sys.executable, "-m", "ivr.cli", *arguments]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)


def refusal(*arguments: str) -> str:
    """The one sentence of a command that exits with 2."""
    done = ivr(*arguments)
    assert done.returncode == 2, done
    assert "Traceback" not in done.stderr and done.stdout == ""
    assert len(done.stderr.strip().splitlines()) == 1, done.stderr
    return done.stderr.strip()


def write(path: Path, text: str) -> str:
    path.write_text(text)
    return str(path)


@pytest.mark.sip
def test_a_port_in_use_is_said_plainly(tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
        said = refusal("call", "--listen", f"127.0.0.1:{port}", "--script", write(tmp_path / "s.yaml", "- hang_up\n"))
    assert str(port) in said and "in use" in said and "--bind" in said


def test_a_missing_flow(tmp_path: Path) -> None:
    assert "no.yaml" in refusal("serve", "--bind", "127.0.0.1:0", "--flow", str(tmp_path / "no.yaml"))


def test_broken_yaml_names_its_line(tmp_path: Path) -> None:
    flow = write(tmp_path / "flow.yaml", "flow: x\nnodes:\n  a: {say: [\n")
    assert "flow.yaml:" in refusal("serve", "--bind", "127.0.0.1:0", "--flow", flow)


def test_an_unknown_node_names_itself(tmp_path: Path) -> None:
    flow = write(tmp_path / "flow.yaml", "flow: x\nlanguages: [en]\nnodes:\n  a: {say: welcome, next: nowhere}\n")
    assert "nowhere" in refusal("serve", "--bind", "127.0.0.1:0", "--flow", flow)


@pytest.mark.parametrize("bind", ["5060", "127.0.0.1:99999", "phone:5060"])
def test_a_bad_address(bind: str) -> None:
    assert "127.0.0.1:5060" in refusal("serve", "--bind", bind)


def test_an_open_address_needs_an_allow_list() -> None:
    assert "--allow" in refusal("serve", "--bind", "0.0.0.0:0")


def test_a_bad_target() -> None:
    assert "service=sip:" in refusal("serve", "--target", "service")


def test_check_tells_right_from_wrong(tmp_path: Path) -> None:
    assert ivr("check", FLOW).returncode == 0
    wrong = write(tmp_path / "wrong.yaml", "flow: x\nlanguages: [en]\nnodes:\n  a: {say: welcome, next: nowhere}\n")
    done = ivr("check", wrong)
    assert done.returncode == 1 and "wrong.yaml:4" in done.stdout and "nowhere" in done.stdout
    problems = json.loads(ivr("check", wrong, "--json").stdout)
    assert problems[0]["severity"] == "error" and problems[0]["line"] == 4
    assert ivr("check", str(tmp_path / "missing")).returncode == 2


@pytest.mark.sip
def test_nobody_answers_the_scripted_call(tmp_path: Path) -> None:
    script = write(tmp_path / "s.yaml", "- expect: answer\n  within: 1s\n")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
    done = ivr("call", f"sip:127.0.0.1:{port}", "--script", script)
    assert done.returncode == 1 and "not answered" in done.stderr


@pytest.mark.sip
@pytest.mark.engine
def test_the_shipped_line_greets_and_a_signal_ends_it_with_the_record_written(tmp_path: Path) -> None:
    """The real voice; Ctrl-C in the middle of a call loses nothing."""
    calls = tmp_path / "calls"
    command = [sys.executable, "-m", "ivr.cli", "serve", "--bind", "127.0.0.1:0", "--calls", str(calls), "--json"]
    with subprocess.Popen(
        [*command, "--target", "service=sip:127.0.0.1:9"], cwd=ROOT, stdout=subprocess.PIPE, text=True
    ) as line:
        assert line.stdout is not None
        try:
            ready = json.loads(line.stdout.readline())
            assert ready["event"] == "ready" and ready["legs"] == 4
            steps = [{"listen": "1s"}, {"press": "1"}, {"listen": "500ms"}, {"press": "1"}, {"expect": "hang_up"}]
            caller = scripted(tmp_path / "caller", steps, ready["address"])
            assert json.loads(line.stdout.readline())["event"] == "answered"
            while not list(calls.glob("*/*/caller.wav")):
                assert line.poll() is None
        finally:
            line.send_signal(signal.SIGINT)
        stored = json.loads(line.stdout.readline())
        assert line.wait(15) == 0
    assert stored["event"] == "stored" and stored["hung_up"] == "line"
    caller.outcome()
    vcon = read_vcon(Path(stored["record"]))
    assert vcon.dialog[0].recordings == [1, 2]
    assert vcon.summary is not None and vcon.summary.flow == "support"
