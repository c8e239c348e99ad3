"""A line of several processes, real ones: killed, drained, and what that does to calls."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from ivr.status import LineStatus, read_status
from tests.sip.peers import EXERCISE, ROOT, Call, Line, free_port, scripted
from tests.sip.test_hostile import SDP, request
from tests.sip.test_serve import ivr

pytestmark = pytest.mark.sip
STEPS: list[Any] = [{"expect": "speech"}, {"wait": "2500ms"}, {"hang_up": None}]


@contextmanager
def cells(calls: Path, count: int) -> Iterator[tuple[Line, dict[str, Any]]]:
    """A line of so many cells, and what it said when it was ready; ended at once."""
    nobody = f"sip:nobody@127.0.0.1:{free_port()}"
    command = [sys.executable, "-m", "tests.sip.cells_line", str(calls), nobody, str(EXERCISE), str(count)]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        try:
            up = Line(process, "", calls)
            ready = up.next("ready")
            up.address = ready["address"]
            yield up, ready
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
            assert process.wait(20) == 0


def running(line: Line) -> LineStatus:
    """The status, once every cell in it talks to the parent (pytest-timeout is the limit)."""
    while (status := read_status(line.calls, time.time())) is None or not all(cell.address for cell in status.cells):
        time.sleep(0.05)
    return status


def test_a_killed_cell_takes_no_other_call_with_it_and_comes_back(tmp_path: Path) -> None:
    with cells(tmp_path / "calls", 3) as (up, ready):
        assert ready["legs"] == 12 and len(set(ready["cells"])) == 3
        before = running(up)
        callers = [scripted(tmp_path / f"caller-{n}", STEPS, address) for n, address in enumerate(ready["cells"])]
        for _ in callers:
            up.next("answered")
        victim = before.cells[1]
        os.kill(victim.pid, signal.SIGKILL)
        assert up.next("died")["cell"] == "cell-2"
        stored = [up.next("stored") for _ in range(2)]
        assert {each["cell"] for each in stored} == {"cell-1", "cell-3"}
        assert all(Call(Path(each["record"])).hung_up == "customer" for each in stored)
        for caller in (callers[0], callers[2]):
            caller.outcome()
        while (after := running(up)).cells[1].pid in (0, victim.pid):
            time.sleep(0.05)
        assert [cell.restarts for cell in after.cells] == [0, 1, 0]
        again = after.cells[1]
        scripted(tmp_path / "again", [{"expect": "speech"}, {"hang_up": None}], again.address).outcome()
        assert up.next("stored")["cell"] == "cell-2"
        seen = json.loads(ivr("status", "--calls", str(up.calls), "--json").stdout)
        assert seen["takes_calls"] and [cell["legs"] for cell in seen["cells"]] == [4, 4, 4]
    assert read_status(tmp_path / "calls", time.time()) is None
    assert ivr("status", "--calls", str(tmp_path / "calls")).returncode == 1


def test_draining_finishes_the_running_call_and_sends_new_callers_elsewhere(tmp_path: Path) -> None:
    with cells(tmp_path / "calls", 2) as (up, ready):
        running(up)
        steps = [{"expect": "speech"}, {"wait": "4s"}, {"press": "2"}, {"hang_up": None}]
        caller = scripted(tmp_path / "caller", steps, ready["cells"][0])
        up.next("answered")
        up.process.send_signal(signal.SIGTERM)
        while not (status := read_status(up.calls, time.time())) or not status.draining:
            time.sleep(0.05)
        assert not status.takes_calls
        answer = refused(ready["cells"][0])
        assert answer.startswith("SIP/2.0 503") and re.search(r"^Retry-After: \d+\r$", answer, re.MULTILINE)
        caller.outcome()  # the whole script: nobody hung up on it
        assert up.next("stored")["hung_up"] == "customer"
        assert up.process.wait(20) == 0


def refused(address: str) -> str:
    """The final answer to an INVITE."""
    host, port = address.removeprefix("sip:").split(":")
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind(("127.0.0.1", 0))
        udp.settimeout(10)
        udp.connect((host, int(port)))
        call_id = uuid.uuid4().hex
        udp.send(request("INVITE", address, udp.getsockname()[1], call_id, SDP))
        while (answer := udp.recv(65536).decode()).startswith("SIP/2.0 1"):
            pass
        udp.send(request("ACK", address, udp.getsockname()[1], call_id, tag=re.findall(r"To:.*tag=(\S+)", answer)[0]))
        return answer


@pytest.mark.engine
def test_the_shipped_line_in_two_cells_with_its_health(tmp_path: Path) -> None:
    """One voice serves both cells; the health address follows the line's state."""
    import urllib.request

    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    command = [sys.executable, "-m", "ivr.cli", "serve", "--cells", "2", "--bind", "127.0.0.1:0", "--json"]
    command += [
        "--calls",
        str(tmp_path / "calls"),
        "--health",
        f"127.0.0.1:{port}",
        "--target",
        "service=sip:127.0.0.1:9",
    ]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as process:
        line = Line(process, "", tmp_path / "calls")
        try:
            ready = line.next("ready")
            steps = [{"listen": "1s"}, {"hang_up": None}]
            for n, address in enumerate(ready["cells"]):
                scripted(tmp_path / f"caller-{n}", steps, address).outcome()
            running(line)
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/health", timeout=10) as answer:
                told = json.load(answer)
            assert answer.status == 200 and told["takes_calls"] and len(told["cells"]) == 2
            assert {line.next("stored")["cell"] for _ in range(2)} == {"cell-1", "cell-2"}
        finally:
            process.send_signal(signal.SIGTERM)
        assert process.wait(20) == 0


def test_two_lines_on_one_address_are_told_apart_in_one_sentence(tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as other:
        other.bind(("127.0.0.1", 0))
        port = other.getsockname()[1]
        where = ("--bind", f"127.0.0.1:{port}", "--calls", str(tmp_path))
        done = ivr("serve", "--cells", "2", "--flow", str(ROOT / "flows/survey.yaml"), *where)
    assert done.returncode == 2 and str(port) in done.stderr and "in use" in done.stderr
    assert "Traceback" not in done.stderr
