"""What a crash costs: ``python -m benchmarks.kills [--kills 100] [--seed 1]``. Needs SIPp.

Cells with three calls each, prompt and recording of both directions in every one; at random moments a random cell gets
``kill -9``. The supervisor starts it again, and what starts mends what was left (``ivr.recover``), as in production.
After the last kill ``ivr recover`` runs once more. Then every call that was ever answered is looked up on disk:

- a call that was over must have its record, not marked ``interrupted``;
- a call that was cut off must have a valid record marked ``interrupted``, both files whole and equally long; what its
  recording lacks of the time up to the kill is the loss, at most a second;
- a call cut off before anything of it was recorded, less than 1.5 s after its answer, may have left nothing.
"""

from __future__ import annotations

import argparse
import json
import os
import queue
import random
import signal
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from benchmarks.cells import Cells, cells, free_ports
from benchmarks.many_calls import FLOW, wav_s
from benchmarks.scenarios import Sipp, scenario
from clearline.vcon import VconError, read_vcon
from ivr.recover import Recovered, recover

CALLS_PER_CELL = 3
KEYS = (("1", 500), ("1", 500))
REST_MS = (1500, 7000)
YOUNG_S = 1.5
AUDIO_FILES = ("caller.wav", "agent.wav")


@dataclass
class Life:
    """One call as the line told of it; seconds since 1970."""

    cell: str
    answered_s: float
    stored: bool = False
    killed_s: float | None = None


@dataclass
class Figures:
    """What came of all calls."""

    kills: int = 0
    answered: int = 0
    finished: int = 0
    finished_lost: int = 0
    cut_off: int = 0
    cut_off_recorded: int = 0
    cut_off_young: int = 0
    not_valid: list[str] = field(default_factory=list)
    most_lost_s: float = 0.0
    mean_lost_s: float = 0.0
    mended_at_start: int = 0
    mended_by_hand: int = 0

    @property
    def passed(self) -> bool:
        """Nothing lost, nothing broken, at most a second."""
        return not self.finished_lost and not self.not_valid and self.most_lost_s <= 1.0


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--kills", type=int, default=100)
    parser.add_argument("--cells", type=int, default=8)
    parser.add_argument("--seed", type=int, default=1)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="clearline-kills-") as folder:
        figures = run(Path(folder), options.kills, options.cells, random.Random(options.seed))
    print(json.dumps(asdict(figures), indent=1))
    return int(not figures.passed)


def run(folder: Path, kills: int, count: int, dice: random.Random) -> Figures:
    """So many kills of ``count`` cells, and what is on disk after them."""
    (folder / "flow.yaml").write_text(FLOW)
    first = free_ports(count)
    lives: dict[str, Life] = {}
    figures = Figures()
    with cells(folder, count, folder / "flow.yaml", port=first, prompt_s=10.0) as line, _callers(folder, first, count):
        for _ in range(kills):
            _watch(line, lives, figures, dice.uniform(0.7, 4.0))
            _kill(line, lives, figures, dice)
        _watch(line, lives, figures, 3.0)
    _drain(line, lives, figures)
    figures.mended_by_hand = sum(isinstance(each, Recovered) for each in recover(folder / "calls"))
    _look_up(folder / "calls", lives, figures)
    return figures


def _callers(folder: Path, first: int, count: int) -> ExitStack:
    """SIPp at every cell, for ever; a call that gets no answer is given up after two seconds."""
    running = ExitStack()
    text = scenario(keys=KEYS, rest_ms=REST_MS)
    options = ("-rtp_echo", "-recv_timeout", "2000", "-l", str(CALLS_PER_CELL), "-r", "2", "-m", "1000000")
    for number in range(count):
        sipp = Sipp(folder / f"sipp-{number}", f"127.0.0.1:{first + number}", text, *options)
        running.callback(_end, sipp)
    return running


def _end(sipp: Sipp) -> None:
    sipp.process.kill()
    sipp.process.wait()


def _kill(line: Cells, lives: dict[str, Life], figures: Figures, dice: random.Random) -> None:
    """One cell that talks, without any warning."""
    talking = {life.cell for life in lives.values() if not life.stored and life.killed_s is None}
    alive = [cell for cell in line.status.cells if cell.pid and cell.name in talking] if talking else []
    if not alive:
        _watch(line, lives, figures, 1.0)
        return _kill(line, lives, figures, dice)
    victim = dice.choice(alive)
    try:
        os.kill(victim.pid, signal.SIGKILL)
    except ProcessLookupError:
        return _kill(line, lives, figures, dice)
    killed_s = time.time()
    figures.kills += 1
    died = False
    while not died:
        died = any(event == ("died", victim.name) for event in _watch(line, lives, figures, 0.05))
    for life in lives.values():
        if life.cell == victim.name and not life.stored and life.killed_s is None and life.answered_s < killed_s:
            life.killed_s = killed_s
    return None


def _watch(line: Cells, lives: dict[str, Life], figures: Figures, seconds: float) -> list[tuple[str, str]]:
    """Take in what the line tells for so long."""
    seen = []
    until_s = time.monotonic() + seconds
    while (left_s := until_s - time.monotonic()) > 0:
        try:
            what = line.told.get(timeout=left_s)
        except queue.Empty:
            break
        _take(what, lives, figures)
        seen.append((what["event"], what.get("cell", "")))
    return seen


def _drain(line: Cells, lives: dict[str, Life], figures: Figures) -> None:
    while not line.told.empty():
        _take(line.told.get(), lives, figures)


def _take(what: dict[str, Any], lives: dict[str, Life], figures: Figures) -> None:
    match what["event"]:
        case "answered":
            lives[what["call"]] = Life(what["cell"], time.time())
        case "stored":
            lives[what["call"]].stored = True
        case "recovered":
            figures.mended_at_start += 1


def _look_up(calls: Path, lives: dict[str, Life], figures: Figures) -> None:
    figures.answered = len(lives)
    losses: list[float] = []
    for call_id, life in lives.items():
        folder = calls / f"{call_id[:4]}-{call_id[4:6]}-{call_id[6:8]}" / call_id
        if life.killed_s is None or life.stored:
            figures.finished += 1
            figures.finished_lost += not _finished(folder)
        else:
            figures.cut_off += 1
            losses += _cut_off(folder, life, figures)
    figures.most_lost_s = round(max(losses, default=0.0), 3)
    figures.mean_lost_s = round(sum(losses) / max(1, len(losses)), 3)


def _finished(folder: Path) -> bool:
    try:
        summary = read_vcon(folder / "call.vcon.json").summary
    except (OSError, VconError):
        return False
    return summary is not None and not summary.interrupted


def _cut_off(folder: Path, life: Life, figures: Figures) -> Iterator[float]:
    """What the recording lacks, in seconds; nothing where nothing was recorded."""
    assert life.killed_s is not None
    try:
        vcon = read_vcon(folder / "call.vcon.json")
    except (OSError, VconError) as error:
        if life.killed_s - life.answered_s < YOUNG_S and not list(folder.glob("*.wav")):
            figures.cut_off_young += 1
        else:
            figures.not_valid.append(f"{folder.name}: {error}")
        return
    summary, both = vcon.summary, [dialog for dialog in vcon.dialog if dialog.type == "recording"]
    if summary is None or not (summary.interrupted or summary.hung_up):
        figures.not_valid.append(f"{folder.name}: not marked interrupted")
    elif both:
        figures.cut_off_recorded += 1
        lengths = {wav_s(folder / name) for name in AUDIO_FILES}
        if len(lengths) != 1 or lengths != {dialog.duration for dialog in both}:
            figures.not_valid.append(f"{folder.name}: files of {sorted(lengths)} s")
        elif summary.interrupted and summary.recording_start is not None:
            yield life.killed_s - summary.recording_start.timestamp() - min(lengths)


if __name__ == "__main__":
    sys.exit(main())
