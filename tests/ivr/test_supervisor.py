"""The parent of processes, with real processes that are small: started, heard, started again, drained, ended."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.backoff import Backoff
from ivr.status import CellStatus, LineStatus, read_status, share_mb, totals, write_status

PROGRAM = """
import json, os, signal, sys, time
from ivr.supervisor import Supervisor, Worker, signals

def say(name, what):
    print(json.dumps({"from": name, **what}), flush=True)

def talks(tell):
    # Ends at SIGINT, or a second after SIGTERM: its last call.
    with signals() as came:
        tell({"event": "ready", "pid": os.getpid()})
        while signal.SIGINT not in came:
            time.sleep(0.01)
            if signal.SIGTERM in came:
                tell({"event": "draining"})
                time.sleep(LAST)
                return 0
    tell({"event": "stopped"})
    return 0

def serves(tell):
    tell({"event": "ready", "pid": os.getpid()})
    while True:
        time.sleep(1)

def breaks(tell):
    raise ValueError("always")

TASKS = {"talks": talks, "serves": serves, "breaks": breaks}
LAST = float(sys.argv[1])
workers = [Worker(name, TASKS[name.split("-")[0]], carries=name.startswith("talks")) for name in sys.argv[3:]]
print(json.dumps({"exit": Supervisor(workers, say, drain_s=float(sys.argv[2])).run()}), flush=True)
"""


class Parent:
    """A running supervisor; ``next`` reads what it prints."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.process = process
        self.told: list[dict[str, object]] = []

    def next(self, **facts: object) -> dict[str, object]:
        """The first thing with these facts that was not asked for yet (pytest-timeout is the limit)."""
        while not (found := [what for what in self.told if facts.items() <= what.items()]):
            assert self.process.stdout is not None
            line = self.process.stdout.readline()
            assert line, f"{facts} was never told, but {self.told}"
            self.told.append(json.loads(line))
        self.told.remove(found[0])
        return found[0]


@contextmanager
def parent(*workers: str, last_s: float = 0.0, drain_s: float = 60.0) -> Iterator[Parent]:
    command = [sys.executable, "-c", PROGRAM, str(last_s), str(drain_s), *workers]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        try:
            yield Parent(process)
        finally:
            process.kill()


def gone(pid: object) -> bool:
    assert isinstance(pid, int)
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return True
    return False


def test_a_killed_worker_is_started_again_and_the_others_go_on() -> None:
    with parent("talks-1", "talks-2", "serves") as line:
        one, two = (
            line.next(**{"from": "talks-1", "event": "ready"}),
            line.next(**{"from": "talks-2", "event": "ready"}),
        )
        assert isinstance(one["pid"], int)
        os.kill(one["pid"], signal.SIGKILL)
        assert line.next(event="died")["how"] == "by signal 9"
        again = line.next(**{"from": "talks-1", "event": "ready"})
        assert again["pid"] != one["pid"] and not gone(two["pid"])
        line.process.send_signal(signal.SIGINT)
        assert line.next(exit=0) and line.process.wait() == 0
        assert gone(again["pid"]) and gone(two["pid"])


def test_sigterm_lets_a_worker_end_by_itself_before_the_others_are_ended() -> None:
    with parent("talks-1", "serves", last_s=0.3) as line:
        for name in ("talks-1", "serves"):
            line.next(**{"from": name, "event": "ready"})
        line.process.send_signal(signal.SIGTERM)
        line.next(**{"from": "talks-1", "event": "draining"})
        assert line.next(exit=0)
        assert not [what for what in line.told if what.get("event") in ("died", "stopped")]


@pytest.mark.parametrize("ended_by", ["a second signal", "the time for it"])
def test_draining_ends_at(ended_by: str) -> None:
    with parent("talks-1", last_s=0.0, drain_s=0.2 if ended_by == "the time for it" else 60) as line:
        pid = line.next(event="ready")["pid"]
        assert isinstance(pid, int)
        os.kill(pid, signal.SIGSTOP)  # it hears no SIGTERM, as one that is busy with its calls
        line.process.send_signal(signal.SIGTERM)
        if ended_by == "a second signal":
            line.process.send_signal(signal.SIGTERM)
        os.kill(pid, signal.SIGCONT)
        assert line.next(exit=0)


def test_a_worker_that_always_breaks_is_tried_ever_more_seldom() -> None:
    with parent("breaks", "talks-1") as line:
        for _ in range(3):
            assert line.next(event="died")["how"] == "with 70"
        line.process.send_signal(signal.SIGINT)
        assert line.next(exit=0)


def test_workers_end_when_their_parent_is_killed() -> None:
    with parent("talks-1") as line:
        pid = line.next(event="ready")["pid"]
        line.process.kill()
        line.process.wait()
        while not gone(pid):  # pytest-timeout is the limit
            os.sched_yield()


@given(st.lists(st.floats(0, 120), max_size=30))
def test_waiting_grows_while_lives_are_short_and_has_an_end(lives: list[float]) -> None:
    backoff, expected_s = Backoff(first_s=0.5, most_s=30.0, calm_s=60.0), 0.0
    for lived_s in lives:
        expected_s = 0.0 if lived_s >= 60 else expected_s
        assert backoff.after(lived_s) == expected_s
        expected_s = min(30.0, max(0.5, 2 * expected_s))


def test_the_first_restart_is_at_once() -> None:
    backoff = Backoff(first_s=0.5, most_s=4.0)
    assert [backoff.after(1.0) for _ in range(6)] == [0.0, 0.5, 1.0, 2.0, 4.0, 4.0]
    assert [backoff.after(100.0), backoff.after(1.0)] == [0.0, 0.5]


def test_the_status_is_read_as_it_was_written(tmp_path: Path) -> None:
    calls = tmp_path
    cell = CellStatus("cell-1", os.getpid(), "sip:127.0.0.1:5060", 4, 4, 10, 1, 2, 3.5, share_mb(os.getpid()))
    status = LineStatus(1000.0, os.getpid(), "support", False, (cell,), {"voice": None})
    write_status(calls, status)
    assert read_status(calls, 1001.0) == status
    assert not status.takes_calls and totals(status.cells) == (4, 4)
    assert read_status(calls, 1010.0) is None, "it was written long ago"
    write_status(calls, LineStatus(1000.0, 2**22 + 1, "support", False, (cell,), {}))
    assert read_status(calls, 1001.0) is None, "its process is gone"
    assert read_status(calls / "elsewhere", 1001.0) is None
