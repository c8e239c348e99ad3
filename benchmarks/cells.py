"""A line of many cells for measurements, with tones for prompts, and Kamailio in front of it.

``cells`` starts ``python -m benchmarks.cells``, the product's own supervisor; only the prompts are made here.
"""

from __future__ import annotations

import json
import os
import queue
import random
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from ivr.commands import Phrase
from ivr.front.kamailio import CONFIG, Cell, Front, files
from ivr.prompting.parts import Part, Parts
from ivr.status import LineStatus, read_status
from ivr.tones import silence, tone, write_wav

HERE = "127.0.0.1"
START_S = 60.0


class Tones:
    """A tone of its own for each prompt, ``seconds`` long; prompts whose name begins with ``quiet`` are silent."""

    def __init__(self, folder: Path, seconds: float = 30.0) -> None:
        self._folder = folder
        self._seconds = seconds

    def parts(self, phrase: Phrase) -> Parts:
        """One file, made on first use."""
        path = self._folder / f"{phrase.prompt}.wav"

        def make() -> Path:
            if not path.exists():
                write_wav(path, self._sound(phrase.prompt))
            return path

        return Parts((Part(path, make),))

    def hold(self) -> Path | None:
        """Who waits hears ringing."""
        return None

    def warm(self, language: str, ids: Iterable[str]) -> None:
        """Tones need no voice."""

    def _sound(self, prompt: str) -> Any:
        return (
            silence(self._seconds)
            if prompt.startswith("quiet")
            else tone(340 + sum(prompt.encode()) % 40 * 15, self._seconds)
        )


@dataclass
class Cells:
    """A running line of cells; ``told`` gets what it tells, as JSON objects."""

    process: subprocess.Popen[str]
    calls: Path
    addresses: list[str] = field(default_factory=list)
    legs: int = 0
    told: queue.SimpleQueue[dict[str, Any]] = field(default_factory=queue.SimpleQueue)

    def next(self, *events: str, within_s: float = 30.0) -> dict[str, Any]:
        """The next notice of one of these kinds; raises queue.Empty when none comes in time."""
        until_s = time.monotonic() + within_s
        while True:
            what = self.told.get(timeout=max(0.001, until_s - time.monotonic()))
            if what["event"] in events:
                return what

    @property
    def status(self) -> LineStatus:
        """As ``ivr status`` has it; waits until there is one."""
        until_s = time.monotonic() + START_S
        while (status := read_status(self.calls, time.time())) is None or not all(c.address for c in status.cells):
            if time.monotonic() > until_s:
                raise TimeoutError("the line writes no status")
            time.sleep(0.05)
        return status


@contextmanager
def cells(folder: Path, count: int, flow: Path, **options: Any) -> Iterator[Cells]:
    """A line of so many cells under ``folder``; ``options`` are fields of ``LineSettings`` and ``prompt_s``."""
    given = {"folder": str(folder), "count": count, "flow": str(flow), **options}
    command = [sys.executable, "-m", "benchmarks.cells", json.dumps(given)]
    log = (folder / "line.log").open("ab")
    with log, subprocess.Popen(command, stdout=subprocess.PIPE, stderr=log, text=True) as process:
        line = Cells(process, folder / "calls")
        threading.Thread(target=_read, args=(line,), daemon=True).start()
        try:
            ready = line.next("ready", within_s=START_S)
            line.addresses, line.legs = ready["cells"], ready["legs"]
            yield line
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGINT)
            process.wait(30)


def _read(line: Cells) -> None:
    assert line.process.stdout is not None
    for text in line.process.stdout:
        line.told.put(json.loads(text))


def serve(given: dict[str, Any]) -> int:
    """The line's process."""
    from ivr.flow.load import load_flow
    from ivr.line import LineSettings, parse_allow
    from ivr.serving import Serving, serve_cells

    folder, count, flow = Path(given.pop("folder")), given.pop("count"), load_flow(Path(given.pop("flow")))
    tones = folder / "tones"
    tones.mkdir(exist_ok=True)
    given["allow"] = parse_allow(given.get("allow", ()))
    prompts = Tones(tones, given.pop("prompt_s", 30.0))
    line = LineSettings(**{"port": 0, "calls": folder / "calls", **given})

    def say(text: str, **facts: Any) -> None:
        print(json.dumps(facts), flush=True)

    def ready(addresses: Sequence[str], legs: int) -> None:
        say("", event="ready", cells=list(addresses), legs=legs)

    return serve_cells(Serving(line, lambda caller: flow, prompts, lambda: None, say, ready), count)


@contextmanager
def front(folder: Path, line: Cells) -> Iterator[tuple[subprocess.Popen[bytes], str]]:
    """Kamailio as ``ivr kamailio`` writes it, its flood limit out of the way: all load comes from one address."""
    program = shutil.which("kamailio") or "/usr/sbin/kamailio"
    port = free_port()
    behind = tuple(
        Cell(cell.address.split(":")[1], int(cell.address.rsplit(":", 1)[1]), cell.legs) for cell in line.status.cells
    )
    made = Front(HERE, port, behind, (f"{HERE}/32",), flood=100_000, foreground=True)
    for name, text in files(made, folder).items():
        (folder / name).write_text(text)
    command = [program, "-f", str(folder / CONFIG), "-DD", "-E", "-m", "128", "-M", "16", "-Y", str(folder)]
    log = (folder / "kamailio.log").open("wb")
    with log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        try:
            _wait_for_front(port, process, folder)
            yield process, f"{HERE}:{port}"
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(15)


def _wait_for_front(port: int, process: subprocess.Popen[bytes], folder: Path) -> None:
    until_s = time.monotonic() + START_S
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind((HERE, 0))
        udp.settimeout(0.3)
        udp.connect((HERE, port))
        here = udp.getsockname()[1]
        while process.poll() is None and time.monotonic() < until_s:
            with _missing_is_fine():
                udp.send(
                    f"OPTIONS sip:{HERE}:{port} SIP/2.0\r\n"
                    f"Via: SIP/2.0/UDP {HERE}:{here};branch=z9hG4bK{time.time()}\r\n"
                    f"From: <sip:a@{HERE}>;tag=1\r\nTo: <sip:{HERE}>\r\nCall-ID: {time.time()}\r\nCSeq: 1 OPTIONS\r\n"
                    "Max-Forwards: 70\r\nContent-Length: 0\r\n\r\n".encode()
                )
                if udp.recv(65536).startswith(b"SIP/2.0 200"):
                    time.sleep(2.5)  # the cells' first OPTIONS
                    return
            time.sleep(0.1)
    raise RuntimeError(f"kamailio does not answer: {(folder / 'kamailio.log').read_text()[-2000:]}")


@contextmanager
def _missing_is_fine() -> Iterator[None]:
    try:
        yield
    except (TimeoutError, ConnectionRefusedError):
        pass


def free_ports(count: int) -> int:
    """The first of so many UDP ports in a row that were free a moment ago."""
    while True:
        first = random.randrange(20000, 60000)
        with ExitStack() as held:
            try:
                for port in range(first, first + count):
                    held.enter_context(socket.socket(socket.AF_INET, socket.SOCK_DGRAM)).bind((HERE, port))
            except OSError:
                continue
            return first


def free_port() -> int:
    """A UDP port that was free a moment ago."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind((HERE, 0))
        return int(probe.getsockname()[1])


def cpu_s(*pids: int) -> float:
    """User and system time of processes so far (Linux); one that is gone counts nothing."""
    total = 0
    for pid in pids:
        try:
            text = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()
        except OSError:
            continue
        total += int(text[11]) + int(text[12])
    return total / os.sysconf("SC_CLK_TCK")


def children(pid: int) -> list[int]:
    """The process and all that descend from it (Linux)."""
    found, coming = [], [pid]
    while coming:
        one = coming.pop()
        found.append(one)
        try:
            tasks = Path(f"/proc/{one}/task").iterdir()
            coming += [int(child) for task in tasks for child in (task / "children").read_text().split()]
        except OSError:
            continue
    return found


if __name__ == "__main__":
    sys.exit(serve(json.loads(sys.argv[1])))
