"""The other ends of the line in tests: processes started, awaited by what they print, ended by id."""

from __future__ import annotations

import json
import os
import socket
import subprocess
import sys
import wave
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from clearline.vcon import Vcon, read_vcon
from tests.peers import program

ROOT = Path(__file__).parents[2]
SCENARIOS = Path(__file__).with_name("scenarios")
EXERCISE = Path(__file__).with_name("flow.yaml")
RATE_HZ = 8000


@dataclass
class Line:
    """A running line: its address and what it tells."""

    process: subprocess.Popen[str]
    address: str
    calls: Path
    told: list[dict[str, Any]] = field(default_factory=list)
    read: int = 0

    @property
    def host_port(self) -> str:
        return self.address.removeprefix("sip:")

    @property
    def udp(self) -> tuple[str, int]:
        host, port = self.host_port.split(":")
        return host, int(port)

    def next(self, event: str) -> dict[str, Any]:
        """The next notice of this kind, waiting for it (pytest-timeout is the limit)."""
        while True:
            for index in range(self.read, len(self.told)):
                if self.told[index]["event"] == event:
                    self.read = index + 1
                    return self.told[index]
            self.told.append(self._line())

    def _line(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        text = self.process.stdout.readline()
        assert text, f"the line died with exit code {self.process.wait()}"
        parsed: dict[str, Any] = json.loads(text)
        return parsed

    def stored(self) -> Call:
        """The next call whose record is written."""
        return Call(Path(self.next("CallStored")["record"]))


@dataclass(frozen=True)
class Call:
    """A stored call."""

    file: Path

    @property
    def folder(self) -> Path:
        return self.file.parent

    @property
    def vcon(self) -> Vcon:
        return read_vcon(self.file)

    @property
    def steps(self) -> list[dict[str, Any]]:
        steps: list[dict[str, Any]] = self.vcon.attached("clearline.steps")
        return steps

    def step(self, kind: str, **facts: Any) -> dict[str, Any]:
        """The first step of this kind with these facts."""
        return next(s for s in self.steps if s["kind"] == kind and facts.items() <= s.items())

    @property
    def nodes(self) -> list[str]:
        return [step["node"] for step in self.steps if step["kind"] == "enter_node"]

    @property
    def hung_up(self) -> str | None:
        summary = self.vcon.summary
        assert summary is not None
        return summary.hung_up

    def audio(self, name: str) -> npt.NDArray[np.int16]:
        return audio(self.folder / name)


def audio(file: Path) -> npt.NDArray[np.int16]:
    """The samples of a PCM16 file."""
    with wave.open(str(file), "rb") as wav:
        assert (wav.getframerate(), wav.getnchannels(), wav.getsampwidth()) == (RATE_HZ, 1, 2)
        return np.frombuffer(wav.readframes(wav.getnframes()), dtype=np.int16)


def loudness(samples: npt.NDArray[np.int16], hz: float) -> float:
    """The amplitude of one frequency in PCM16 units: the whole stretch as one discrete Fourier bin."""
    turns = np.exp(-2j * np.pi * hz / RATE_HZ * np.arange(len(samples)))
    return float(2 * abs(np.mean(samples * turns))) if len(samples) else 0.0


def sounding(samples: npt.NDArray[np.int16], hz: float, above: float = 500.0) -> tuple[float, float] | None:
    """First and last second at which this frequency sounds (20 ms windows), None when it never does."""
    frame = RATE_HZ // 50
    heard = [i for i in range(len(samples) // frame) if loudness(samples[i * frame : (i + 1) * frame], hz) > above]
    return (heard[0] / 50, (heard[-1] + 1) / 50) if heard else None


def free_port() -> int:
    """A UDP port that was free a moment ago."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def appears(folder: Path, pattern: str) -> Path:
    """Wait for a file (pytest-timeout is the limit)."""
    while not (found := sorted(folder.glob(pattern))):
        os.sched_yield()
    return found[0]


@contextmanager
def line(
    calls: Path,
    agent: str,
    vanish_s: float = 20.0,
    allow: str = "127.0.0.0/8",
    flow: Path = EXERCISE,
    legs: int = 4,
    **settings: Any,
) -> Iterator[Line]:
    """A line with tones for prompts, up and ready; ended by SIGTERM. ``settings``: see ``tone_line``."""
    command = [
        sys.executable,
        "-m",
        "tests.sip.tone_line",
        str(calls),
        agent,
        str(vanish_s),
        str(flow),
        str(legs),
        json.dumps(settings),
        allow,
    ]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True)
    try:
        up = Line(process, "", calls)
        up.address = up.next("ready")["address"]
        yield up
    finally:
        process.terminate()
        code = process.wait(15)
        if process.stdout is not None:
            process.stdout.close()
    assert code == 0, f"the line ended with {code}"


@dataclass
class ScriptedCall:
    """An ``ivr call`` under way."""

    process: subprocess.Popen[str]
    folder: Path
    errors: str = ""

    def end(self) -> None:
        """Kill it if it still runs, and read what it left in the pipes."""
        self.process.kill()
        self.process.communicate()

    def outcome(self, failed: bool = False) -> dict[str, Any]:
        """What came of it, when it is over."""
        if self.process.returncode is None:
            _, self.errors = self.process.communicate(timeout=60)
        assert self.process.returncode == (1 if failed else 0), self.errors
        result: dict[str, Any] = json.loads((self.folder / "outcome.json").read_text())
        return result

    def step(self, number: int) -> dict[str, Any]:
        step: dict[str, Any] = self.outcome()["steps"][number - 1]
        return step


STARTED: list[ScriptedCall] = []
"""Every phone of the running test; a fixture ends what is left."""


def scripted(folder: Path, steps: list[Any], *where: str) -> ScriptedCall:
    """``ivr call`` with these steps; ``where`` is an address to ring, or ``--listen`` and one to be rung at."""
    folder.mkdir(parents=True, exist_ok=True)
    script = folder / "script.yaml"
    script.write_text(json.dumps(steps))  # JSON is YAML
    command = [sys.executable, "-m", "ivr.cli", "call", *where, "--script", str(script)]
    command += ["--json", str(folder / "outcome.json"), "--record", str(folder)]
    process = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    call = ScriptedCall(process, folder)
    STARTED.append(call)
    assert process.stdout is not None
    if "--listen" in where:
        assert process.stdout.readline().startswith("ready sip:")
    return call


def sipp(scenario: str, address: str, *options: str, cwd: Path) -> None:
    """One run of SIPp with a scenario of ``scenarios/``, to its end; fails when a call failed."""
    with sipp_running(scenario, address, *options, cwd=cwd):
        pass


@dataclass
class Sipp:
    """A run of SIPp."""

    allowed_to_fail: bool = False


@contextmanager
def sipp_running(scenario: str, address: str, *options: str, cwd: Path) -> Iterator[Sipp]:
    """SIPp while the block runs, and on to its end; fails when a call failed, unless the block allowed it."""
    run = Sipp()
    found = program("sipp")
    assert found is not None
    command = [found, address, "-sf", str(SCENARIOS / f"{scenario}.xml"), "-i", "127.0.0.1", "-nostdin"]
    options = options or ("-m", "1")
    with subprocess.Popen(
        [*command, *options], cwd=cwd, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
    ) as process:
        try:
            yield run
            told, _ = process.communicate(timeout=60)
        except BaseException:
            process.kill()
            raise
    assert process.returncode == 0 or run.allowed_to_fail, told[-3000:]
