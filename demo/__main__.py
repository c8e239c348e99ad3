"""``make demo``: a caller rings the line, talks to an agent, and the call is scored. No telephone, no network.

Four programs take part, as they would in an office: the line (``ivr serve``), a caller and an agent (``ivr call``, each
with its own SIP endpoint), and the analysis (``speechqa analyze``). All talk on 127.0.0.1,
on ports that the system chose.
"""

from __future__ import annotations

import json
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, ExitStack, contextmanager
from pathlib import Path
from typing import IO

from rich.console import Console
from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

from demo.voices import render_conversation

HERE = Path(__file__).parent
CALLS, REPORT = Path("calls"), Path("report.html")
CALL_TAKES_S = 56.0


class DemoError(RuntimeError):
    """The demo cannot go on; one sentence."""


def main() -> int:
    """The whole demo; 0 when the call was made and scored."""
    console = Console()
    console.print("[bold]Clearline demo[/bold]: a caller rings the line, talks to an agent, and the call is scored.\n")
    try:
        record = _call(console)
    except DemoError as error:
        console.print(f"The demo stopped: {error}", style="red", markup=False)
        return 1
    code = _analyze(record)
    if code == 0:
        _goodbye(console, record)
    return code


def _call(console: Console) -> Path:
    """Make the call; the path of its record."""
    with ExitStack() as stack:
        room = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="clearline-demo-")))
        progress = stack.enter_context(_progress(console))
        port = _free_port()
        line = stack.enter_context(_line(f"service=sip:127.0.0.1:{port}"))  # makes its prompts meanwhile
        _voices(room, progress)
        starting = progress.add_task("Starting the line and the agent's phone", total=None)
        agent = stack.enter_context(_running("ivr", "call", "--listen", f"127.0.0.1:{port}", *_script(room, "agent")))
        _ready(agent, "the agent's phone")
        address = json.loads(_ready(line, "the line"))["address"]
        progress.update(starting, total=1, completed=1)
        ringing = progress.add_task(f"A caller rings {address} and talks", total=CALL_TAKES_S)
        caller = stack.enter_context(_running("ivr", "call", address, *_script(room, "caller")))
        record = _record(line, lambda s: progress.update(ringing, completed=s), caller)
        progress.update(ringing, total=1, completed=1)
        return record


def _free_port() -> int:
    """A UDP port that is free now; the line must know the agent's before the agent can be started."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def _voices(room: Path, progress: Progress) -> None:
    task = progress.add_task("Making the two voices of the conversation", total=None)
    render_conversation(room, lambda done, of: progress.update(task, completed=done, total=of))
    for script in ("caller", "agent"):
        shutil.copy(HERE / f"{script}.yaml", room)


def _script(room: Path, who: str) -> tuple[str, str]:
    return "--script", str(room / f"{who}.yaml")


def _line(target: str) -> AbstractContextManager[subprocess.Popen[str]]:
    return _running("ivr", "serve", "--bind", "127.0.0.1:0", "--calls", str(CALLS), "--target", target, "--json")


@contextmanager
def _running(command: str, *arguments: str) -> Iterator[subprocess.Popen[str]]:
    """One of our own programs, ended when the demo leaves."""
    program = [sys.executable, "-m", f"{command}.cli", *arguments]
    process = subprocess.Popen(program, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    try:
        yield process
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()


def _ready(process: subprocess.Popen[str], who: str) -> str:
    """The line that a program prints when it can be rung."""
    line = _stdout(process).readline()
    if not line:
        raise DemoError(f"{who} did not start: {_complaint(process)}")
    return line.strip()


def _record(line: subprocess.Popen[str], tick: Callable[[float], None], caller: subprocess.Popen[str]) -> Path:
    """Wait for the call to be made and stored."""
    began_s = time.monotonic()
    while caller.poll() is None:
        tick(time.monotonic() - began_s)
        time.sleep(0.1)
    if caller.returncode:
        raise DemoError(f"the caller's script failed: {_complaint(caller)}")
    for text in _stdout(line):
        notice = json.loads(text)
        if notice["event"] == "stored":
            return Path(notice["record"])
        if notice["event"] == "not_stored":
            raise DemoError(f"the call was not stored: {notice['reason']}")
    raise DemoError(f"the line ended before the call was stored: {_complaint(line)}")


def _stdout(process: subprocess.Popen[str]) -> IO[str]:
    assert process.stdout is not None
    return process.stdout


def _complaint(process: subprocess.Popen[str]) -> str:
    process.terminate()
    _, errors = process.communicate(timeout=10)
    return errors.strip().splitlines()[-1] if errors.strip() else "it said nothing"


def _analyze(record: Path) -> int:
    """The scorecard on the terminal and the report beside it; the exit code."""
    arguments: Sequence[str] = (
        str(record.parent),
        "--html",
        str(REPORT),
        "--json",
        str(record.with_name("analysis.json")),
    )
    return subprocess.run([sys.executable, "-m", "speechqa.cli", "analyze", *arguments], check=False).returncode


def _goodbye(console: Console, record: Path) -> None:
    console.print(
        f"\n[bold]The report[/bold]   {REPORT.resolve()}  (open it in a browser: every finding can be played)"
    )
    console.print(f"[bold]The call[/bold]     {record.parent}")
    console.print(
        "\n[bold]Keep the line up:[/bold]  .venv/bin/ivr serve\n"
        "and ring  sip:support@127.0.0.1:5060  with any SIP phone on this machine.\n"
        "--target service=sip:ADDRESS names the phone that takes transfers."
    )


def _progress(console: Console) -> Progress:
    return Progress(
        SpinnerColumn(), TextColumn("{task.description}"), BarColumn(), TimeElapsedColumn(), console=console
    )


if __name__ == "__main__":
    sys.exit(main())
