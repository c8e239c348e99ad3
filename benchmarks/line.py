"""How fast the line is: ``python -m benchmarks.line [--calls 200] [--json | --markdown]``. Needs SIPp.

Many calls at once, behind Kamailio: ``python -m benchmarks.many_calls``.

INVITE→200: SIPp's own clock. Digit→silence: from the first packet of an RFC 4733 key to the first silent packet of the
prompt, both at the caller's socket, while three calls talk at once. CPU: four calls, each hearing a prompt and
recorded on both sides. Alignment: pairs of recordings of one pattern, by how many samples they start and end apart.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time
from array import array
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from benchmarks.audio_probe import Phones
from benchmarks.cells import cpu_s

FLOW = """
flow: bench
languages: [en]
defaults: {no_input: 60s, give_up: goodbye}
nodes:
  welcome: {say: tone, next: consent}
  consent: {consent: recording, prompt: quiet, yes: long, no: goodbye}
  long: {say: tone, next: goodbye}
  goodbye: {end: quiet}
"""
SCENARIO = """<?xml version="1.0" encoding="UTF-8" ?>
<scenario name="bench">
  <send retrans="500" start_rtd="1"><![CDATA[
      INVITE sip:line@[remote_ip]:[remote_port] SIP/2.0
      Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
      From: <sip:bench@[local_ip]:[local_port]>;tag=[pid]T[call_number]
      To: <sip:line@[remote_ip]:[remote_port]>
      Call-ID: [call_id]
      CSeq: 1 INVITE
      Contact: <sip:bench@[local_ip]:[local_port]>
      Max-Forwards: 70
      Content-Type: application/sdp
      Content-Length: [len]

      v=0
      o=bench 1 1 IN IP4 [local_ip]
      s=-
      c=IN IP4 [local_ip]
      t=0 0
      m=audio RTP_PORT RTP/AVP 0 101
      a=rtpmap:0 PCMU/8000
      a=rtpmap:101 telephone-event/8000
  ]]></send>
  <recv response="100" optional="true"/>
  <recv response="200" rtd="1"/>
  <send><![CDATA[
      ACK sip:line@[remote_ip]:[remote_port] SIP/2.0
      Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
      From: <sip:bench@[local_ip]:[local_port]>;tag=[pid]T[call_number]
      To: <sip:line@[remote_ip]:[remote_port]>[peer_tag_param]
      Call-ID: [call_id]
      CSeq: 1 ACK
      Max-Forwards: 70
      Content-Length: 0

  ]]></send>
  <pause/>
  <send retrans="500"><![CDATA[
      BYE sip:line@[remote_ip]:[remote_port] SIP/2.0
      Via: SIP/2.0/[transport] [local_ip]:[local_port];branch=[branch]
      From: <sip:bench@[local_ip]:[local_port]>;tag=[pid]T[call_number]
      To: <sip:line@[remote_ip]:[remote_port]>[peer_tag_param]
      Call-ID: [call_id]
      CSeq: 2 BYE
      Max-Forwards: 70
      Content-Length: 0

  ]]></send>
  <recv response="200"/>
</scenario>
"""


def main() -> int:
    options = _options()
    if options.serve is not None:
        return serve(options.serve)
    if shutil.which("sipp") is None:
        print("SIPp is missing (Debian: sip-tester); nothing was measured.", file=sys.stderr)
        return 2
    figures: dict[str, Any] = {
        "machine": f"{platform.machine()}, {os.cpu_count()} cores, Python {platform.python_version()}"
    }
    with tempfile.TemporaryDirectory() as folder:
        with line(Path(folder)) as (process, address):
            figures |= latency(Path(folder), address, options.calls)
            figures |= load(Path(folder), address, process.pid, options.load_s)
        figures |= alignment(Path(folder), options.pairs)
    print(json.dumps(figures) if options.json else table(figures, options.markdown))
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--calls", type=int, default=200, help="calls for the latencies")
    parser.add_argument("--load-s", type=float, default=15.0, help="seconds of four calls at once")
    parser.add_argument("--pairs", type=int, default=100, help="pairs of recordings for the alignment")
    parser.add_argument("--json", action="store_true", help="figures as one JSON object")
    parser.add_argument("--markdown", action="store_true", help="a section for docs/benchmarks.md")
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    return parser.parse_args()


# The line under measurement, in a process of its own


def serve(folder: Path) -> int:
    """A line whose prompts are a long tone and a long silence."""
    from benchmarks.cells import Tones
    from ivr.cell import Cell
    from ivr.flow.load import load_flow
    from ivr.line import LineSettings

    flow = folder / "flow.yaml"
    flow.write_text(FLOW)
    stopped: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, frame: stopped.append(number))
    cell = Cell(LineSettings(port=0, calls=folder / "calls"), load_flow(flow), Tones(folder))
    print(cell.address, flush=True)
    cell.run(lambda: bool(stopped))
    return 0


@contextmanager
def line(folder: Path) -> Iterator[tuple[subprocess.Popen[str], str]]:
    command = [sys.executable, "-m", "benchmarks.line", "--serve", str(folder)]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout is not None
            yield process, process.stdout.readline().strip().removeprefix("sip:")
        finally:
            process.terminate()


def ring(folder: Path, address: str, phones: Phones, *options: str) -> subprocess.Popen[bytes]:
    """SIPp for the signalling, with the audio at ``phones``."""
    scenario = folder / "bench.xml"
    scenario.write_text(SCENARIO.replace("RTP_PORT", str(phones.socket.getsockname()[1])))
    command = ["sipp", address, "-sf", str(scenario), "-i", "127.0.0.1", "-nostdin", *options]
    return subprocess.Popen(command, cwd=folder, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)


def latency(folder: Path, address: str, calls: int) -> dict[str, Any]:
    phones = Phones(keys=1)
    options = ("-m", str(calls), "-l", "3", "-r", "4", "-d", "800", "-trace_rtt", "-rtt_freq", "1")
    process = ring(folder, address, phones, *options)
    while process.poll() is None:
        phones.turn()
    answered = [
        float(row.split(";")[1]) for file in folder.glob("*rtt.csv") for row in file.read_text().splitlines()[1:]
    ]
    silent = [stream.silent_s * 1000 for stream in phones.streams.values() if stream.silent_s is not None]
    return {
        "calls": calls,
        "failed_calls": "none" if process.returncode == 0 else "some (see SIPp)",
        "invite_to_200_ms": percentiles(answered),
        "digit_to_silence_ms": percentiles(silent),
    }


def load(folder: Path, address: str, pid: int, seconds: float) -> dict[str, Any]:
    """Four calls: the first key passes the welcome, the second gives consent; then a prompt and both recordings run."""
    phones = Phones(keys=2)
    process = ring(folder, address, phones, "-m", "4", "-l", "4", "-r", "100", "-d", str(round(seconds * 1000) + 4000))
    settled_s = time.monotonic() + 3.0
    while time.monotonic() < settled_s:
        phones.turn()
    before_s, begun_s = cpu_s(pid), time.monotonic()
    while time.monotonic() - begun_s < seconds:
        phones.turn()
    used = (cpu_s(pid) - before_s) / (time.monotonic() - begun_s)
    recording = len(list((folder / "calls").glob("*/*/caller.wav")))
    while process.poll() is None:
        phones.turn()
    return {
        "calls_at_once": len(phones.streams),
        "recorded_at_once": recording,
        "cpu_of_a_core_percent": round(used * 100, 1),
        "cpu_per_call_percent": round(used * 25, 2),
        "memory_mb": memory_mb(pid),
    }


def memory_mb(pid: int) -> float:
    """Resident memory of a process (Linux)."""
    return round(int(Path(f"/proc/{pid}/statm").read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE") / 1e6, 1)


def alignment(folder: Path, pairs: int) -> dict[str, Any]:
    """Both recorders of a leg hear one endless pattern; how many samples do the two files start and end apart?"""
    from ivr.sip.endpoint import Endpoint
    from ivr.sip.media import Player, Recorder, Switchboard
    from ivr.tones import write_wav
    from ivr.wavfile import HEADER_BYTES

    write_wav(folder / "pattern.wav", array("h", [n % 30000 - 15000 for n in range(0, 8000 * 3)]))
    endpoint, board = Endpoint("127.0.0.1", 0), Switchboard()
    pattern = Player(endpoint, [folder / "pattern.wav"], loop=True)
    for number in range(pairs):
        one, two = (Recorder(endpoint, folder / f"{side}{number}.wav") for side in ("said", "heard"))
        board.connect(pattern, one, two)
        until_s = time.monotonic() + 0.1 + random.random() / 10
        while time.monotonic() < until_s:
            endpoint.tick()
        board.disconnect(one, two)
        one.close()
        two.close()
    pattern.close()
    endpoint.close()
    starts, ends = [], []
    for number in range(pairs):
        said, heard = (
            array("h", (folder / f"{side}{number}.wav").read_bytes()[HEADER_BYTES:]) for side in ("said", "heard")
        )
        starts.append(abs(said[0] - heard[0]) if said and heard else -1)
        ends.append(abs(len(said) - len(heard)))
    return {
        "pairs": pairs,
        "start_together": sum(start == 0 for start in starts),
        "start_apart_max_samples": max(starts),
        "end_together": sum(end == 0 for end in ends),
        "end_apart_max_samples": max(ends),
    }


def percentiles(values: list[float]) -> dict[str, float]:
    """Count, p50, p95, p99 and the most, in the unit of the values."""
    if len(values) < 2:
        return {"count": len(values)}
    cut = statistics.quantiles(values, n=100, method="inclusive")
    named = {"p50": cut[49], "p95": cut[94], "p99": cut[98], "max": max(values)}
    return {"count": len(values), **{name: round(value, 1) for name, value in named.items()}}


def table(figures: dict[str, Any], markdown: bool) -> str:
    rows = []
    for name, value in figures.items():
        shown = ", ".join(f"{key} {part}" for key, part in value.items()) if isinstance(value, dict) else str(value)
        shown = shown.replace("p50 0.0,", "p50 under 1 (SIPp counts whole ms),")
        rows.append(f"| {name.replace('_', ' ')} | {shown} |" if markdown else f"{name:28} {shown}")
    if markdown:
        rows = ["## The line (`python -m benchmarks.line`)", "", "| what | figure |", "|---|---|", *rows]
    return "\n".join(rows)


if __name__ == "__main__":
    raise SystemExit(main())
