"""The analysis document as the values that the page's templates lay out. Pure: no files, no clock.

Positions on the timeline are percentages of the call's length, so that the page can be zoomed and printed at any width.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from speechqa.conversation import PARTIES, Party
from speechqa.report import attention, charts, closing, complaints, conflict, labels, marks, scorecard
from speechqa.report.figures import facts, notes, pace_figures, pause_figures, sound_figures, talk_s, title, told_apart
from speechqa.report.reading import (
    Document,
    Stretch,
    call_length_s,
    clock,
    number,
    part,
    stretches,
    text,
)
from speechqa.report.transcript import transcript
from speechqa.report.waveform import Envelope, ReportAudio, display_gain, envelope, outline

LANE_HEIGHT = 200
"""Units of the lane's picture, stretched to its height on the page."""
COLUMNS_PER_S, FEWEST_COLUMNS, MOST_COLUMNS = 25, 1200, 6000
TICK_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)
MOST_TICKS = 12
PIN_ROWS, PIN_WIDTH = 3, 2.0
"""Findings on the timeline: at most so many rows; the width of one in percent of the timeline."""


@dataclass(frozen=True, slots=True)
class Lane:
    """One party's lane: the outline of its sound (empty without sound) and its speech, in columns."""

    party: Party
    name: str
    columns: int
    path: str
    speech: tuple[tuple[float, float], ...]


@dataclass(frozen=True, slots=True)
class Placed:
    """Something on the timeline: ``left`` and ``width`` in percent."""

    left: float
    width: float
    mark: marks.Mark


@dataclass(frozen=True, slots=True)
class Pin:
    """A finding on the timeline; ``row`` 0 is the uppermost, close neighbours go below each other."""

    left: float
    finding: scorecard.Finding
    row: int = 0


def lanes(document: Document, audio: ReportAudio) -> list[Lane]:
    """Customer above, agent below, on one time axis and at one gain."""
    length_s = max(call_length_s(document), audio.duration_s)
    columns = max(FEWEST_COLUMNS, min(MOST_COLUMNS, round(length_s * COLUMNS_PER_S)))
    total = max(1, round(length_s * audio.sample_rate_hz))
    shapes: dict[Party, Envelope] = {}
    for who in ("customer", "agent"):
        if (track := audio.of(who)) is not None and track.samples:
            shapes[who] = envelope(track, columns, total=total)
    gain = display_gain(*shapes.values())
    return [_lane(document, who, columns, length_s, shapes.get(who), gain) for who in ("customer", "agent")]


def _lane(document: Document, who: Party, columns: int, length_s: float, shape: Envelope | None, gain: float) -> Lane:
    scale = columns / length_s if length_s else 0.0
    spans = tuple(
        (round(s.start_s * scale, 1), round(s.length_s * scale, 1)) for s in stretches(document, "speech", who)
    )
    path = outline(shape, height=LANE_HEIGHT, gain=gain) if shape is not None else ""
    name = f"{labels.PARTIES[who]} (estimated)" if told_apart(document) else labels.PARTIES[who]
    return Lane(who, name, columns, path, spans)


def ticks(length_s: float) -> list[tuple[float, str]]:
    """The time axis: position in percent and label, at most a dozen round steps."""
    if length_s <= 0:
        return []
    step = next((s for s in TICK_STEPS_S if length_s / s <= MOST_TICKS), TICK_STEPS_S[-1])
    return [(100 * at / length_s, clock(at)) for at in range(0, int(length_s) + 1, step)]


def place(mark: marks.Mark, length_s: float) -> Placed:
    """Where that is on the timeline."""
    left, width = _percent(mark.when, length_s)
    return Placed(left, width, mark)


def _percent(when: Stretch, length_s: float) -> tuple[float, float]:
    if length_s <= 0:
        return 0.0, 0.0
    left = min(100.0, 100 * when.start_s / length_s)
    return round(left, 3), round(min(100.0 - left, 100 * when.length_s / length_s), 3)


def pins(found: Sequence[scorecard.Finding], length_s: float) -> list[Pin]:
    """Each finding with a time, in the uppermost row where it covers no other; the last row takes what is left."""
    placed: list[Pin] = []
    free_from = [0.0] * PIN_ROWS
    for finding in found:
        if finding.when:
            left = _percent(finding.when, length_s)[0]
            row = next((row for row, free in enumerate(free_from) if left >= free), PIN_ROWS - 1)
            free_from[row] = left + PIN_WIDTH
            placed.append(Pin(left, finding, row))
    return placed


def overlap_counts(found: Sequence[marks.Mark]) -> list[tuple[marks.Mark, int, int]]:
    """Per kind, gravest first: one example (for its sign), how many by the agent, how many by the customer."""
    order = list(marks.LETTERS)
    kinds = sorted({m.kind for m in found}, key=lambda k: order.index(k) if k in order else len(order))
    by = Counter((m.kind, m.party) for m in found)
    example = {m.kind: m for m in found}
    return [(example[kind], by[kind, "agent"], by[kind, "customer"]) for kind in kinds]


def page(document: Document, audio: ReportAudio) -> dict[str, Any]:
    """Everything that the template ``report.html.j2`` names."""
    length_s = max(call_length_s(document), audio.duration_s)
    found = scorecard.findings(document)
    over = marks.overlaps(document)
    window = marks.ending_window(document)
    ending = part(document, "ending")
    talk = talk_s(document)
    return {
        "title": title(document),
        "facts": facts(document),
        "length_s": round(length_s, 3),
        "total": scorecard.total(document),
        "verdict": scorecard.verdict(document),
        "sections": scorecard.sections(document),
        "advice": scorecard.advice(document),
        "avoid": [f for f in found if not f.credit],
        "credit": [f for f in found if f.credit],
        "lanes": lanes(document, audio),
        "lane_height": LANE_HEIGHT,
        "ticks": ticks(length_s),
        "bands": [place(m, length_s) for m in marks.silences(document)],
        "events": {who: [place(m, length_s) for m in over if (m.party or "agent") == who] for who in PARTIES},
        "pauses": {who: [place(m, length_s) for m in marks.long_pauses(document) if m.party == who] for who in PARTIES},
        "fast": {who: [place(m, length_s) for m in marks.fast_passages(document, who)] for who in PARTIES},
        "turn_bars": {who: [_percent(s, length_s) for s in stretches(document, "turns", who)] for who in PARTIES},
        "pins": pins(found, length_s),
        "ending_window": _percent(window, length_s) if window else None,
        "kinds": _kinds(document, found),
        "turns": transcript(document, found),
        "overlaps": over,
        "overlap_counts": overlap_counts(over),
        "silences": marks.silences(document),
        "long_pauses": marks.long_pauses(document),
        "fast_passages": marks.fast_passages(document),
        "talk_share": {who: talk[who] / (sum(talk.values()) or 1) for who in PARTIES} if any(talk.values()) else None,
        "pace_figures": {who: pace_figures(document, who) for who in PARTIES},
        "pause_figures": {
            who: {**pause_figures(document, who), **attention.filler_figures(document, who)} for who in PARTIES
        },
        "sound_figures": {who: sound_figures(document, who) for who in PARTIES},
        "measured": {key: isinstance(document.get(key), list | tuple) for key in ("overlaps", "pauses", "findings")},
        "overlaps_reliable": document.get("overlaps_reliable") is not False,
        "listening": part(document, "listening"),
        "pace_chart": charts.pace_chart(document),
        "patience_steps": charts.patience_steps(document),
        "tiles": attention.tiles(document),
        "questions": attention.asked(document),
        "questions_measured": isinstance(document.get("questions"), list | tuple),
        "question_figures": {who: attention.question_figures(document, who) for who in PARTIES},
        "notes": notes(document),
        "latency": part(document, "latency"),
        "ending_score": number(ending.get("score")),
        "criteria": scorecard.criteria(document),
        "last_words": closing.last_words(document),
        "better_ending": closing.better_ending(document),
        "how_it_ended": closing.how_it_ended(document),
        "conflict": conflict.conflict_map(document),
        "conflict_points": conflict.points(document),
        "habits": conflict.habits(document),
        "refusals": complaints.refusals(document),
        "complaint": complaints.complaint(document),
        "offers": complaints.offers(document),
        "touchpoints": complaints.touchpoints(document),
        "scored": complaints.scored(document),
        "proposal": complaints.proposal(document),
        "doubts": closing.doubts(document),
        "changes": closing.changes(document),
        "quality": part(document, "quality"),
        "recording": part(document, "recording"),
        "version": text(part(document, "engines").get("version")),
    }


def _kinds(document: Document, found: Sequence[scorecard.Finding]) -> list[marks.Mark]:
    """One example of each kind that is drawn: the legend."""
    examples = {mark.kind: mark for mark in reversed(marks.all_marks(document))}
    for finding in found:
        kind = "credit" if finding.credit else "avoid"
        examples.setdefault(kind, marks.Mark(kind, None, Stretch(0, 0)))
    order = list(marks.LETTERS)
    return sorted(examples.values(), key=lambda m: order.index(m.kind) if m.kind in order else len(order))
