"""Thousands of short calls, to see what leaks: ``python -m benchmarks.soak_calls [--calls 20000]``.

Needs SIPp and Kamailio. Ten cells behind Kamailio; three callers of four cut the prompt short, consent, are recorded
for a moment and hang up, the fourth hangs up at once. Every ten seconds the cells' memory (what is their own alone),
descriptors and threads are read; every record is checked (both files whole and alike) and then removed, so that the
disk holds what is under way.

Passed when every call that was answered has its record, memory grows by less than 1 MB per thousand calls of a cell
over the second half, no descriptor and no thread is left behind, no journal and no draft lies in the calls' folder,
and afterwards as many calls at once as there are legs are all answered.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass, field
from pathlib import Path

from benchmarks.cells import Cells, cells, front
from benchmarks.many_calls import FLOW, recordings
from benchmarks.scenarios import Sipp, scenario

CELLS, AT_ONCE = 10, 32
POLITE, RUDE = scenario(keys=[("1", 250), ("1", 250)], rest_ms=(200, 700)), scenario(rest_ms=(20, 300))
READ_EVERY_S = 10.0
WARM = 0.5
SETTLE_S = 4.0


@dataclass(frozen=True, slots=True)
class Reading:
    """One cell at one moment; ``calls`` it has answered so far."""

    calls: int
    own_mb: float
    descriptors: int
    threads: int


@dataclass
class Swept:
    """Records that were checked and removed."""

    records: int = 0
    recorded: int = 0
    not_whole: int = 0
    shortest_less_s: float = 0.0


@dataclass
class Figures:
    """What the soak found."""

    calls: int = 0
    failed: int = 0
    minutes: float = 0.0
    answered: int = 0
    records: int = 0
    recordings_not_whole: int = 0
    restarts: int = 0
    own_mb_first: float = 0.0
    own_mb_last: float = 0.0
    own_mb_per_1000_calls_of_a_cell: float = 0.0
    descriptors_first: float = 0.0
    descriptors_last: float = 0.0
    threads_first: float = 0.0
    threads_last: float = 0.0
    left_on_disk: list[str] = field(default_factory=list)
    legs: int = 0
    legs_usable_after: int = 0

    @property
    def passed(self) -> bool:
        """Nothing leaked, nothing lost."""
        grown = self.descriptors_last - self.descriptors_first, self.threads_last - self.threads_first
        return (
            self.records == self.answered
            and not self.recordings_not_whole
            and not self.restarts
            and self.own_mb_per_1000_calls_of_a_cell < 1.0
            and max(grown) <= 1.0
            and not self.left_on_disk
            and self.legs_usable_after == self.legs
        )


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--calls", type=int, default=20_000)
    parser.add_argument("--rate", type=float, default=25.0, help="new calls per second, at most")
    parser.add_argument("--minutes", type=float, default=60.0, help="stop after so long, whatever was made")
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="clearline-soak-") as folder:
        figures = run(Path(folder), options.calls, options.rate, options.minutes)
    print(json.dumps(asdict(figures), indent=1))
    return int(not figures.passed)


def run(folder: Path, calls: int, rate: float, minutes: float) -> Figures:
    """So many calls, or so many minutes."""
    (folder / "flow.yaml").write_text(FLOW)
    figures, began_s = Figures(), time.monotonic()
    with cells(folder, CELLS, folder / "flow.yaml", prompt_s=3.0) as line, front(folder, line) as (_, address):
        figures.legs = line.legs
        with _sweeping(folder / "calls") as swept:
            readings = _soak(folder, line, address, calls, rate, began_s + 60 * minutes, figures)
            figures.minutes = round((time.monotonic() - began_s) / 60, 1)
            figures.answered = sum(cell.answered for cell in line.status.cells)
            figures.restarts = sum(cell.restarts for cell in line.status.cells)
            figures.legs_usable_after = _all_legs(folder, line, address)
    figures.records = swept.records - figures.legs_usable_after
    figures.recordings_not_whole = swept.not_whole
    figures.left_on_disk = sorted(str(file) for file in (folder / "calls").glob("2*/*/*"))[:10]
    _compare(readings, figures)
    return figures


def _soak(
    folder: Path, line: Cells, address: str, calls: int, rate: float, until_s: float, figures: Figures
) -> list[dict[str, Reading]]:
    options = ("-rtp_echo", "-recv_timeout", "5000")
    polite = ("-m", str(calls * 3 // 4), "-l", str(AT_ONCE * 3 // 4), "-r", f"{rate * 0.75:.1f}")
    rude = ("-m", str(calls - calls * 3 // 4), "-l", str(AT_ONCE // 4), "-r", f"{rate * 0.25:.1f}")
    running = [Sipp(folder / "polite", address, POLITE, *polite, *options)]
    running.append(Sipp(folder / "rude", address, RUDE, *rude, *options))
    readings: list[dict[str, Reading]] = []
    while any(each.process.poll() is None for each in running):
        readings.append(_read(line))
        if time.monotonic() > until_s:
            for each in running:
                each.stop()
        _sleep(READ_EVERY_S, running)
    outcomes = [each.outcome() for each in running]
    figures.calls, figures.failed = sum(each.made for each in outcomes), sum(each.failed for each in outcomes)
    time.sleep(SETTLE_S)
    readings.append(_read(line))
    return readings


def _sleep(seconds: float, running: Sequence[Sipp]) -> None:
    until_s = time.monotonic() + seconds
    while time.monotonic() < until_s and any(each.process.poll() is None for each in running):
        time.sleep(0.2)


def _read(line: Cells) -> dict[str, Reading]:
    readings = {}
    for cell in line.status.cells:
        room = Path(f"/proc/{cell.pid}")
        try:
            descriptors, threads = len(list((room / "fd").iterdir())), len(list((room / "task").iterdir()))
        except OSError:
            continue
        readings[cell.name] = Reading(cell.answered, _own_mb(room), descriptors, threads)
    return readings


def _own_mb(room: Path) -> float:
    """Memory that no other process shares: the share of shared pages changes with what the other cells write."""
    lines = (room / "smaps_rollup").read_text().splitlines()
    return sum(int(line.split()[1]) for line in lines if line.startswith("Private_Dirty:")) / 1024


def _all_legs(folder: Path, line: Cells, address: str) -> int:
    """How many of as many calls at once as there are legs are answered."""
    calls = str(line.legs)
    sipp = Sipp(folder / "all", address, scenario(), "-m", calls, "-l", calls, "-r", "20", "-d", "4000", "-rtp_echo")
    outcome = sipp.outcome()
    time.sleep(SETTLE_S)
    return outcome.made - outcome.failed


def _compare(readings: Sequence[dict[str, Reading]], figures: Figures) -> None:
    warm = readings[min(len(readings) - 1, max(1, round(WARM * len(readings))))]
    last = readings[-1]
    same = [name for name in warm if name in last]
    figures.own_mb_first = _mean([warm[name].own_mb for name in same])
    figures.own_mb_last = _mean([last[name].own_mb for name in same])
    slopes = [_slope([each[name] for each in readings[round(WARM * len(readings)) :] if name in each]) for name in same]
    figures.own_mb_per_1000_calls_of_a_cell = round(statistics.fmean(slopes), 2)
    figures.descriptors_first = _mean([readings[0][name].descriptors for name in same])
    figures.descriptors_last = _mean([last[name].descriptors for name in same])
    figures.threads_first = _mean([warm[name].threads for name in same])
    figures.threads_last = _mean([last[name].threads for name in same])


def _mean(values: Sequence[float]) -> float:
    return round(statistics.fmean(values), 1)


def _slope(cell: Sequence[Reading]) -> float:
    """MB per thousand calls, by least squares."""
    if len({each.calls for each in cell}) < 2:
        return 0.0
    return statistics.linear_regression([each.calls for each in cell], [each.own_mb for each in cell]).slope * 1000


@contextmanager
def _sweeping(calls: Path) -> Iterator[Swept]:
    """Check and remove finished calls while the block runs, and once more after it."""
    swept, over = Swept(), threading.Event()

    def sweep() -> None:
        while not over.wait(2.0):
            _sweep(calls, swept)
        _sweep(calls, swept)

    thread = threading.Thread(target=sweep)
    thread.start()
    try:
        yield swept
    finally:
        over.set()
        thread.join()


def _sweep(calls: Path, swept: Swept) -> None:
    for record in calls.glob("2*/*/call.vcon.json"):
        if (record.parent / "journal.jsonl").exists():  # its cell is about to remove it
            continue
        found = recordings([record.parent])
        swept.records += found.records
        swept.recorded += found.recorded
        swept.not_whole += found.not_whole
        shutil.rmtree(record.parent)


if __name__ == "__main__":
    sys.exit(main())
