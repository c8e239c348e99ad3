"""The line under many calls at once: ``python -m benchmarks.many_calls [--levels 50,100,200,250]``.

Each level is a line of its own: cells of four legs (a tenth more legs than calls), Kamailio in front as ``ivr
kamailio`` writes it, SIPp as the callers. Every call hears a prompt, cuts it short with a key, consents with a second
one, and hears a long prompt while both directions are recorded. A call that ends after ``--call-s`` is followed by a
new one, so that so many are up all the time; twice as many are made in all.

One call of ten has its audio at a socket of this program, which answers every packet, presses RFC 4733 keys and
measures: gaps between packets (kernel's time of arrival), digit→silence, lost packets. The others' audio is echoed by
SIPp, and their keys are SIP INFO. SIPp, Kamailio and this program share the machine's cores with the line; what each
used is printed.

CPU: of the cells, the voice and the supervisor together, over the time when all calls are up. Memory: their
proportional set size (PSS). Recordings: every call's record must be there, both files whole, equally long, and as long
as the call's recording by its own record.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import shutil
import sys
import tempfile
import time
import wave
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from benchmarks.audio_probe import Phones
from benchmarks.cells import Cells, cells, children, cpu_s, front
from benchmarks.line import percentiles
from benchmarks.scenarios import Outcome, Sipp, scenario
from clearline.vcon import read_vcon
from ivr.status import share_mb

FLOW = """
flow: load
languages: [en]
defaults: {no_input: 60s, give_up: goodbye}
nodes:
  welcome: {say: tone, next: consent}
  consent: {consent: recording, prompt: quiet, yes: long, no: goodbye}
  long: {say: [music, more], next: goodbye}
  goodbye: {end: quiet}
"""
PROBED = 10
"""One call of so many is measured packet by packet."""
KEYS_MS = (1200, 1500)
"""From the ACK to the first key, and from that to the second."""
SHORT_S = 0.2
"""A recording may be so much shorter than its record says."""


@dataclass(frozen=True, slots=True)
class Recordings:
    """What is on disk of all calls."""

    records: int
    recorded: int
    not_whole: int
    shortest_less_s: float


def main() -> int:
    options = _options()
    if shutil.which("sipp") is None or not Path("/usr/sbin/kamailio").exists():
        print("SIPp or Kamailio is missing (Debian: sip-tester, kamailio); nothing was measured.", file=sys.stderr)
        return 2
    levels = []
    for calls in options.levels:
        with tempfile.TemporaryDirectory(prefix="clearline-load-") as folder:
            levels.append(level(Path(folder), calls, options.call_s))
        print(json.dumps(levels[-1]) if options.json else shown(levels[-1]), flush=True)
    return int(any(each["failed_percent"] >= 0.1 for each in levels))


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--levels", type=lambda text: [int(n) for n in text.split(",")], default=[50, 100, 200, 250])
    parser.add_argument("--call-s", type=float, default=20.0, help="how long a call lasts")
    parser.add_argument("--json", action="store_true", help="one JSON object per level")
    return parser.parse_args()


def level(folder: Path, calls: int, call_s: float) -> dict[str, Any]:
    """So many calls at once, each so long, twice over."""
    (folder / "flow.yaml").write_text(FLOW)
    count = math.ceil(1.1 * calls / 4)
    with (
        cells(folder, count, folder / "flow.yaml", prompt_s=call_s) as line,
        front(folder, line) as (kamailio, address),
    ):
        figures = _load(folder, line, address, kamailio.pid, calls, call_s)
        time.sleep(1.5)  # the last records
    return figures | asdict(recordings((folder / "calls").glob("2*/*/")))


def _load(folder: Path, line: Cells, address: str, kamailio: int, calls: int, call_s: float) -> dict[str, Any]:
    phones = Phones(keys=2, apart=60, talks=b"\x15" * 160)
    probed = max(1, calls // PROBED)
    bulk = _ring(
        folder / "bulk", address, calls - probed, call_s, scenario(keys=[("1", ms) for ms in KEYS_MS]), "-rtp_echo"
    )
    probes = _ring(folder / "probes", address, probed, call_s, scenario(str(phones.socket.getsockname()[1])))
    processes = {
        "line": children(line.process.pid),
        "kamailio": children(kamailio),
        "sipp": [bulk.process.pid, probes.process.pid],
    }
    begun_s = time.monotonic()
    _until(phones, begun_s + call_s)
    processes["this program"] = [os.getpid()]
    before, before_s, talking = (
        {name: cpu_s(*pids) for name, pids in processes.items()},
        time.monotonic(),
        _talking(line),
    )
    _until(phones, begun_s + 1.8 * call_s)
    passed_s = time.monotonic() - before_s
    used = {name: (cpu_s(*pids) - before[name]) / passed_s for name, pids in processes.items()}
    shares = {pid: share_mb(pid) or 0.0 for pid in processes["line"]}
    while bulk.process.poll() is None or probes.process.poll() is None:
        phones.turn()
    return _figures(calls, talking, used, shares, line, phones, [bulk.outcome(), probes.outcome()])


def _ring(folder: Path, address: str, calls: int, call_s: float, text: str, *options: str) -> Sipp:
    """``calls`` at a time, twice as many in all; SIPp's ``-d`` is what is left of a call after its keys."""
    rest_s = call_s - (sum(KEYS_MS) / 1000 if "INFO" in text else 0)
    numbers = [
        "-m",
        str(2 * calls),
        "-l",
        str(calls),
        "-r",
        f"{calls / call_s * 1.1:.2f}",
        "-d",
        str(round(1000 * rest_s)),
    ]
    return Sipp(folder, address, text, *numbers, *options)


def _until(phones: Phones, until_s: float) -> None:
    while time.monotonic() < until_s:
        phones.turn()


def _talking(line: Cells) -> int:
    return sum(cell.talking for cell in line.status.cells)


def _figures(
    calls: int,
    talking: int,
    used: dict[str, float],
    shares: dict[int, float],
    line: Cells,
    phones: Phones,
    outcomes: Sequence[Outcome],
) -> dict[str, Any]:
    made, failed = sum(each.made for each in outcomes), sum(each.failed for each in outcomes)
    streams = list(phones.streams.values())
    silent = [1000 * stream.silent_s for stream in streams if stream.silent_s is not None]
    parent = line.process.pid
    return {
        "calls_at_once": calls,
        "talking_then": talking,
        "calls_made": made,
        "failed": failed,
        "failed_percent": round(100 * failed / max(1, made), 3),
        "cpu_per_call_percent": round(100 * used["line"] / calls, 2),
        "cores_used": {name: round(cores, 2) for name, cores in used.items()},
        "pss_mb_per_call": round(sum(shares.values()) / calls, 2),
        "pss_mb_parent": shares.get(parent, 0.0),
        "invite_to_200_ms": percentiles([ms for each in outcomes for ms in each.answered_ms]),
        "rtp_gap_ms": percentiles([gap for stream in streams for gap in stream.gaps_ms]),
        "rtp_lost": sum(stream.lost for stream in streams),
        "digit_to_silence_ms": percentiles(silent),
    }


def recordings(calls: Iterable[Path]) -> Recordings:
    """Every folder's record, and whether its two files are whole, alike and as long as the record says."""
    records = recorded = bad = 0
    less_s = 0.0
    for folder in calls:
        record = folder / "call.vcon.json"
        if not record.exists():
            continue
        records += 1
        vcon = read_vcon(record)
        both = [dialog for dialog in vcon.dialog if dialog.type == "recording"]
        if not both or vcon.summary is None or vcon.summary.recording_start is None:
            continue
        recorded += 1
        whole = vcon.dialog[0]
        assert whole.duration is not None
        due_s = whole.duration - (vcon.summary.recording_start - whole.start).total_seconds()
        lengths = {wav_s(folder / name) for name in ("caller.wav", "agent.wav")}
        less_s = max(less_s, due_s - min(lengths))
        bad += len(lengths) != 1 or min(lengths) < due_s - SHORT_S
    return Recordings(records, recorded, bad, round(less_s, 3))


def wav_s(file: Path) -> float:
    """The length of a PCM16 file, -1 when it is not a whole one."""
    try:
        with wave.open(str(file)) as wav:
            frames = wav.getnframes()
            return frames / wav.getframerate() if len(wav.readframes(frames)) == 2 * frames else -1.0
    except (wave.Error, OSError, EOFError):
        return -1.0


def shown(figures: dict[str, Any]) -> str:
    """One level as lines for people."""
    rows = []
    for name, value in figures.items():
        text = ", ".join(f"{key} {part}" for key, part in value.items()) if isinstance(value, dict) else str(value)
        rows.append(f"{name.replace('_', ' '):24} {text}")
    return "\n".join([*rows, ""])


if __name__ == "__main__":
    sys.exit(main())
