"""What the report draws in charts: pace over the call, the silences that were broken or left. Pure.

Places are percent of the chart, from the left and from the top, so that any renderer can lay them out.
"""

from __future__ import annotations

from dataclasses import dataclass

from speechqa.conversation import PARTIES, Party
from speechqa.report import marks
from speechqa.report.reading import Document, Stretch, amount, call_length_s, clock, number, part, party, rows, stretch

LOWEST_WPM, HIGHEST_WPM, MOST_WPM = 60.0, 240.0, 400.0
COMFORT_WPM = (120.0, 160.0)
RUSHED_WPM = 180.0
SHORTEST_TURN_S = 1.5
"""Turns shorter than this have too few words for a rate."""
GRID_WPM = (100, 140, 180, 220)
NARROWEST_LABEL = 6.0


@dataclass(frozen=True, slots=True)
class RateBar:
    """One turn's speech rate, or a fast passage."""

    party: Party
    left: float
    width: float
    top: float
    wpm: float
    when: Stretch
    fast: bool = False

    @property
    def labelled(self) -> bool:
        """Whether its number is written beside it: fast passages of the agent that leave room for it."""
        return self.fast and self.party == "agent" and self.width >= NARROWEST_LABEL

    @property
    def title(self) -> str:
        """``Agent, 1:12: 212 words/min``."""
        return f"{self.party.capitalize()}, {clock(self.when.start_s)}: {amount(self.wpm)} words/min"


@dataclass(frozen=True, slots=True)
class PaceChart:
    """``grid`` lines with their labels, the comfortable band (top, height) and the rushed limit."""

    bars: tuple[RateBar, ...]
    grid: tuple[tuple[float, int], ...]
    comfort: tuple[float, float]
    rushed: float

    @property
    def spoken(self) -> str:
        """The chart in words."""
        sides = ((who, [bar.wpm for bar in self.bars if bar.party == who and not bar.fast]) for who in PARTIES)
        ranges = [f"{who} {min(found):.0f} to {max(found):.0f}" for who, found in sides if found]
        return f"Words per minute turn by turn: {', '.join(ranges)}"


def pace_chart(document: Document) -> PaceChart | None:
    """The rates turn by turn with the fast passages; None where no turn has one."""
    length_s = call_length_s(document)
    turns = [
        (who, when, wpm)
        for row in rows(document, "turns")
        if (who := party(row.get("party")))
        and (when := stretch(row))
        and when.length_s >= SHORTEST_TURN_S
        and (wpm := number(row.get("speech_rate_wpm")))
    ]
    bursts = [(m.party, m.when, m.wpm) for m in marks.fast_passages(document) if m.party and m.wpm]
    if not turns or length_s <= 0:
        return None
    highest = min(MOST_WPM, max(HIGHEST_WPM, *(wpm + 10 for _, _, wpm in (*turns, *bursts))))
    bars = [_bar(*each, length_s, highest, fast=False) for each in turns]
    bars += [_bar(*each, length_s, highest, fast=True) for each in bursts]
    upper, lower = (_top(wpm, highest) for wpm in reversed(COMFORT_WPM))
    return PaceChart(
        bars=tuple(bars),
        grid=tuple((_top(wpm, highest), wpm) for wpm in GRID_WPM),
        comfort=(upper, round(lower - upper, 2)),
        rushed=_top(RUSHED_WPM, highest),
    )


def _bar(who: Party, when: Stretch, wpm: float, length_s: float, highest: float, *, fast: bool) -> RateBar:
    left = min(100.0, 100 * when.start_s / length_s)
    width = min(100.0 - left, 100 * when.length_s / length_s)
    return RateBar(who, round(left, 3), round(width, 3), _top(wpm, highest), wpm, when, fast)


def _top(wpm: float, highest: float) -> float:
    share = (min(max(wpm, LOWEST_WPM), highest) - LOWEST_WPM) / (highest - LOWEST_WPM)
    return round(100 * (1 - share), 2)


@dataclass(frozen=True, slots=True)
class SilenceStep:
    """Silences of one length: how many the agent broke and the customer could end, widths in percent."""

    name: str
    broken: int
    left: int
    broken_width: float
    left_width: float


def patience_steps(document: Document) -> list[SilenceStep]:
    """The customer's silences by length; empty where none was measured."""
    found = [
        (
            number(row.get("from_s")),
            number(row.get("to_s")),
            int(number(row.get("broken")) or 0),
            int(number(row.get("left")) or 0),
        )
        for row in rows(part(document, "patience"), "distribution")
    ]
    most = max((broken + left for _, _, broken, left in found), default=0)
    return [
        SilenceStep(_range(low, high), broken, left, round(100 * broken / most, 1), round(100 * left / most, 1))
        for low, high, broken, left in found
        if most and low is not None
    ]


def _range(low: float, high: float | None) -> str:
    if high is None:
        return f"{low:g} s and more"
    return f"under {high:g} s" if low <= 0 else f"{low:g}–{high:g} s"
