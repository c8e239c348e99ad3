"""The timeline in characters: one lane per party, one for the events, and a time axis. Pure.

Every line has the same width; one column is ``length_s / width`` seconds. Kinds are told apart by letters, so the strip
says the same without colour; with ``ascii_only`` it uses no character outside ASCII.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from speechqa.report.marks import LETTERS, Mark
from speechqa.report.reading import Stretch, clock

BLOCKS, ASCII_BLOCKS = " ▁▂▃▄▅▆▇█", " .:=#"
TICK_STEPS_S = (1, 2, 5, 10, 15, 20, 30, 60, 120, 300, 600, 900, 1800, 3600, 7200)
TICK_WIDTH = 9
"""A time label gets at least this many columns."""
RANK = {kind: rank for rank, kind in enumerate(("avoid", "interruption", "dead_air", "attempt", "redirect", "credit"))}
"""Where two events fall into one column, the one named first here is shown, then the others as in ``LETTERS``."""


@dataclass(frozen=True, slots=True)
class Cell:
    """One column of the event lane."""

    letter: str
    mark: Mark | None = None


def speech_lane(speech: Sequence[Stretch], length_s: float, width: int, *, ascii_only: bool) -> str:
    """How much of each column was spoken, as block heights."""
    signs = ASCII_BLOCKS if ascii_only else BLOCKS
    return "".join(_sign(share, signs) for share in coverage(speech, length_s, width))


def _sign(share: float, signs: str) -> str:
    full = len(signs) - 1
    return signs[0] if share <= 0 else signs[max(1, min(full, round(share * full)))]


def coverage(speech: Sequence[Stretch], length_s: float, width: int) -> list[float]:
    """Share of each of ``width`` columns that the stretches cover, 0-1; they must not overlap each other."""
    shares = [0.0] * width
    if length_s <= 0:
        return shares
    for span in speech:
        start, end = span.start_s / length_s * width, min(span.end_s / length_s * width, width)
        for column in range(int(start), min(width, int(end) + 1)):
            shares[column] += max(0.0, min(end, column + 1) - max(start, column))
    return [min(1.0, share) for share in shares]


def level_lane(points: Sequence[tuple[float, float]], width: int, *, ascii_only: bool) -> str:
    """A curve through points (place in percent, height 0-1) as block heights, straight between them."""
    signs = ASCII_BLOCKS if ascii_only else BLOCKS
    return "".join(_sign(_at(points, 100 * (column + 0.5) / width), signs) for column in range(width))


def _at(points: Sequence[tuple[float, float]], place: float) -> float:
    before = next((p for p in reversed(points) if p[0] <= place), points[0])
    after = next((p for p in points if p[0] > place), points[-1])
    if after[0] <= before[0]:
        return before[1]
    share = min(1.0, max(0.0, (place - before[0]) / (after[0] - before[0])))
    return before[1] + share * (after[1] - before[1])


def event_lane(found: Sequence[Mark], length_s: float, width: int) -> list[Cell]:
    """One cell per column; silences fill the columns that they last, everything else stands where it starts."""
    lane = [Cell(" ")] * width
    if length_s <= 0:
        return lane
    for mark in sorted(found, key=_rank, reverse=True):
        first = min(width - 1, int(mark.when.start_s / length_s * width))
        last = first
        if mark.party is None and mark.kind in ("dead_air", "announced", "hold", "dead_line", "announcement"):
            last = max(first, min(width - 1, int(mark.when.end_s / length_s * width - 1e-9)))
        for column in range(first, last + 1):
            lane[column] = Cell(mark.letter if column == first else "-", mark)
    return lane


def _rank(mark: Mark) -> int:
    return RANK.get(mark.kind, len(RANK) + list(LETTERS).index(mark.kind) if mark.kind in LETTERS else 99)


def axis(length_s: float, width: int, *, ascii_only: bool) -> tuple[str, str]:
    """A ruler and its labels; no label is cut off at the right edge."""
    line, tick = ("-", "+") if ascii_only else ("─", "┬")
    ruler, labels = [line] * width, [" "] * width
    most = max(1, width // TICK_WIDTH)
    step = next((s for s in TICK_STEPS_S if length_s / s <= most), TICK_STEPS_S[-1])
    for at in range(0, int(length_s) + 1, step) if length_s > 0 else ():
        column = min(width - 1, int(at / length_s * width))
        label = clock(at)
        if column + len(label) <= width:
            ruler[column] = tick
            labels[column : column + len(label)] = label
    return "".join(ruler), "".join(labels)
