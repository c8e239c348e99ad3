"""A line with trunks as a process, and calls that last."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from tests.sip.peers import EXERCISE, ROOT, Call, Line, sipp_running
from tests.sip.registrar import NORWAY, PASSWORDS, UK

LONG = ("refreshed", "vanished")
LASTING = Path(__file__).with_name("lasting.yaml")


@contextmanager
def trunk_line(folder: Path, trunks: str, *targets: str, cells: int = 0, front: str = "-") -> Iterator[Line]:
    """A line with these trunks, ready."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / "trunks.yaml").write_text(trunks)
    command = [sys.executable, "-m", "tests.sip.trunk_line", str(folder / "calls"), str(EXERCISE)]
    command += [str(folder / "trunks.yaml"), str(cells), front, *targets]
    passwords = {"PASSWORD_UK": PASSWORDS[UK], "PASSWORD_NORWAY": PASSWORDS[NORWAY], "PASSWORD_WRONG": "wrong"}
    with (folder / "line.log").open("w") as log:
        process = subprocess.Popen(
            command, cwd=ROOT, stdout=subprocess.PIPE, stderr=log, text=True, env={**os.environ, **passwords}
        )
    with process:
        try:
            up = Line(process, "", folder / "calls")
            up.address = up.next("ready")["address"]
            yield up
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
            code = process.wait(20)
    assert code == 0, (folder / "line.log").read_text()


class LongCalls:
    """Calls of a minute on a line of their own, under way while other tests run; SIPp fails when they go otherwise."""

    def __init__(self, line: Line) -> None:
        self._line = line
        self._over: dict[str, Call] = {}

    def __getitem__(self, scenario: str) -> Call:
        while scenario not in self._over:
            call = Call(Path(self._line.next("stored")["record"]))
            self._over[call.step("call_started")["called"]] = call
        return self._over[scenario]


@contextmanager
def long_calls(folder: Path) -> Iterator[LongCalls]:
    """One call by each scenario of ``LONG``."""
    numbers = "".join(f"  {scenario}: {LASTING}\n" for scenario in LONG)
    trunks = f"trunks:\n  plain: {{from: 127.0.0.1, session_timer: 90s}}\nnumbers:\n{numbers}"
    with trunk_line(folder / "line", trunks) as line, ExitStack() as stack:
        for scenario in LONG:
            stack.enter_context(sipp_running(scenario, line.host_port, "-s", scenario, "-m", "1", cwd=folder))
        yield LongCalls(line)
