"""The analysis document as the values that the page's templates lay out. Pure: no files, no clock.

Positions on the timeline are percentages of the call's length, so that the page can be zoomed and printed at any width.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from statistics import median
from typing import Any

from speechqa.conversation import PARTIES, Party
from speechqa.report import labels, marks, scorecard
from speechqa.report.reading import (
    Document,
    Stretch,
    amount,
    call_length_s,
    clock,
    file_name,
    number,
    part,
    party,
    percent,
    rows,
    stretch,
    stretches,
    text,
)
from speechqa.report.waveform import Envelope, ReportAudio, display_gain, envelope, outline

LANE_HEIGHT = 200
"""Units of the lane's picture, stretched to its height on the page."""
COLUMNS_PER_S, FEWEST_COLUMNS, MOST_COLUMNS = 25, 1200, 6000
TICK_STEPS_S = (1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1800, 3600)
MOST_TICKS = 12
PIN_ROWS, PIN_WIDTH = 3, 2.0
"""Findings on the timeline: at most so many rows; the width of one in percent of the timeline."""
RATED_WORDS, RATED_S = 4, 1.5
"""A turn shorter than this has no rate worth showing."""


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


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of a turn's text; ``finding`` is set where a finding quotes it."""

    text: str
    finding: scorecard.Finding | None = None


@dataclass(frozen=True, slots=True)
class TurnRow:
    """One turn of the transcript."""

    party: Party | None
    name: str
    when: Stretch | None
    pieces: tuple[Piece, ...]
    rate_wpm: float | None
    marks: tuple[tuple[marks.Mark, int], ...]
    """What happened during it: the first of each kind and how many."""


def lanes(document: Document, audio: ReportAudio) -> list[Lane]:
    """Customer above, agent below, on one time axis and at one gain."""
    length_s = max(call_length_s(document), audio.duration_s)
    columns = max(FEWEST_COLUMNS, min(MOST_COLUMNS, round(length_s * COLUMNS_PER_S)))
    total = max(1, round(length_s * audio.sample_rate_hz))
    shapes: dict[Party, Envelope] = {}
    for who in ("customer", "agent"):
        if (samples := audio.of(who)) is not None and len(samples):
            shapes[who] = envelope(samples, columns, total=total)
    gain = display_gain(*shapes.values())
    return [_lane(document, who, columns, length_s, shapes.get(who), gain) for who in ("customer", "agent")]


def _lane(document: Document, who: Party, columns: int, length_s: float, shape: Envelope | None, gain: float) -> Lane:
    scale = columns / length_s if length_s else 0.0
    spans = tuple(
        (round(s.start_s * scale, 1), round(s.length_s * scale, 1)) for s in stretches(document, "speech", who)
    )
    path = outline(shape, height=LANE_HEIGHT, gain=gain) if shape is not None else ""
    return Lane(who, labels.PARTIES[who], columns, path, spans)


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


def transcript(document: Document, found: Sequence[scorecard.Finding]) -> list[TurnRow]:
    """The turns in order, with the findings that they contain and what happened during them."""
    placed = sorted(rows(document, "turns"), key=lambda row: number(row.get("start_s")) or 0.0)
    events = [mark for mark in marks.all_marks(document) if mark.party]
    return [_turn(document, row, found, events) for row in placed]


def _turn(
    document: Document, row: Document, found: Sequence[scorecard.Finding], events: Sequence[marks.Mark]
) -> TurnRow:
    who, when, said = party(row.get("party")), stretch(row), text(row.get("text"))
    inside = [f for f in found if f.when and when and f.party == who and _within(f.when, when)]
    during = [mark for mark in events if when and mark.party == who and _within(mark.when, when)]
    first, times = {mark.kind: mark for mark in reversed(during)}, Counter(mark.kind for mark in during)
    kinds = tuple((first[kind], times[kind]) for kind in times)
    name = labels.PARTIES[who] if who else "Unknown"
    return TurnRow(who, name, when, tuple(highlighted(said, inside)), _rate(document, row, who, when, said), kinds)


def _within(inner: Stretch, outer: Stretch, slack_s: float = 0.05) -> bool:
    return outer.start_s - slack_s <= inner.start_s < max(outer.end_s, outer.start_s + slack_s)


def highlighted(said: str, found: Sequence[scorecard.Finding]) -> list[Piece]:
    """The text cut where findings quote it (first occurrence, letters and digits compared, later overlaps dropped)."""
    hits = []
    for finding in found:
        words = re.findall(r"\w+", finding.quote)
        if words and (hit := re.search(r"\b" + r"\W+".join(map(re.escape, words)) + r"\b", said, re.IGNORECASE)):
            hits.append((hit.start(), hit.end(), finding))
    pieces, at = [], 0
    for start, end, finding in sorted(hits, key=lambda hit: hit[:2]):
        if start >= at:
            pieces += [Piece(said[at:start]), Piece(said[start:end], finding)]
            at = end
    return [piece for piece in (*pieces, Piece(said[at:])) if piece.text]


def _rate(document: Document, row: Document, who: Party | None, when: Stretch | None, said: str) -> float | None:
    """Words per minute over the turn without its long pauses; the document's own figure where it has one."""
    for key in ("speech_rate_wpm", "rate_wpm", "wpm"):
        if (given := number(row.get(key))) is not None:
            return given
    if who is None or when is None:
        return None
    pauses = (s for s in stretches(document, "pauses", who) if _within(s, when) and s.length_s > marks.LONG_PAUSE_S)
    spoken_s = when.length_s - sum(s.length_s for s in pauses)
    words = len(said.split())
    return 60 * words / spoken_s if words >= RATED_WORDS and spoken_s >= RATED_S else None


def overlap_counts(found: Sequence[marks.Mark]) -> list[tuple[marks.Mark, int, int]]:
    """Per kind, gravest first: one example (for its sign), how many by the agent, how many by the customer."""
    order = list(marks.LETTERS)
    kinds = sorted({m.kind for m in found}, key=lambda k: order.index(k) if k in order else len(order))
    by = Counter((m.kind, m.party) for m in found)
    example = {m.kind: m for m in found}
    return [(example[kind], by[kind, "agent"], by[kind, "customer"]) for kind in kinds]


def talk_s(document: Document) -> dict[Party, float]:
    """Seconds of speech per party."""
    return {who: sum(s.length_s for s in stretches(document, "speech", who)) for who in PARTIES}


def pause_figures(document: Document, who: Party) -> dict[str, str]:
    """How often and how long that party paused inside its own turns; at sentence ends where that is known."""
    measured = isinstance(document.get("pauses"), list | tuple)
    own = [row for row in rows(document, "pauses") if party(row.get("party")) == who]
    lengths = [s.length_s for row in own if (s := stretch(row))]
    ends = [s.length_s for row in own if row.get("at_sentence_end") is True and (s := stretch(row))]
    return {
        "Pauses inside turns": str(len(lengths)) if measured else "–",
        "Median length": amount(median(lengths) if lengths else None, "s", 2),
        "Over 1 second": str(sum(length > marks.LONG_PAUSE_S for length in lengths)) if measured else "–",
        "At sentence ends": str(len(ends)) if any("at_sentence_end" in row for row in own) else "–",
    }


def pace_figures(document: Document, who: Party) -> dict[str, str]:
    """How fast that party spoke."""
    pace = part(document, "pace", who)
    spoken_s, words = number(pace.get("speaking_s")), number(pace.get("words"))
    return {
        "Speech rate": amount(number(pace.get("speech_rate_wpm")), "words/min"),
        "Articulation": amount(number(pace.get("articulation_rate_sps")), "syllables/s", 1),
        "Words": amount(words),
        "Speaking time": clock(spoken_s),
        "Fast passages": str(len(marks.fast_passages(document, who))) if pace else "–",
    }


def sound_figures(document: Document, who: Party) -> dict[str, str]:
    """How well that side was recorded."""
    quality = part(document, "quality", who)
    offset_s = number(part(document, "recording", "offset_s").get(who))
    return {
        "Speech level": amount(number(quality.get("active_level_dbov")), "dBov", 1),
        "Signal to noise": amount(number(quality.get("snr_db")), "dB"),
        "Clipped samples": percent(number(quality.get("clipped_ratio")), 2),
        "Starts at": amount(offset_s, "s", 2),
    }


def facts(document: Document) -> list[tuple[str, str]]:
    """The header's line: what is known about the call, unknown things left out."""
    recording, engines, call = part(document, "recording"), part(document, "engines"), part(document, "call")
    layouts = {"stereo": "two channels", "two-files": "two files", "mono": "one mixed channel"}
    rate = number(recording.get("sample_rate_hz"))
    sound = [layouts.get(text(recording.get("layout")), ""), amount(rate / 1000, "kHz") if rate else ""]
    language, file = text(document.get("language")), file_name(text(recording.get("file")))
    known = {
        "Date": moment(text(call.get("started")) or text(call.get("date")) or text(recording.get("started"))),
        "Duration": clock(call_length_s(document)),
        "Agent": text(call.get("agent")),
        "Customer": text(call.get("customer")),
        "Language": labels.name(labels.LANGUAGES, language) if language else "",
        "Recording": ", ".join(s for s in (file if file != _title(document) else "", *sound) if s),
        "Listened with": ", ".join(s for s in (text(engines.get("asr")), text(engines.get("vad"))) if s),
    }
    return [(name, value) for name, value in known.items() if value]


def notes(document: Document) -> list[str]:
    """The document's remarks, such as why something was not measured."""
    given = document.get("notes")
    return [line for line in map(text, given) if line] if isinstance(given, list | tuple) else []


def moment(iso: str) -> str:
    """``2026-11-22T14:05:09+01:00`` as ``22 November 2026, 14:05``; anything else as it is."""
    hit = re.fullmatch(r"(\d{4})-(\d\d)-(\d\d)(?:[T ](\d\d:\d\d)[\d:.,]*(?:Z|[+-]\d\d:?\d\d)?)?", iso)
    if not hit or not 1 <= int(hit[2]) <= 12:
        return iso
    day = f"{int(hit[3])} {_MONTHS[int(hit[2]) - 1]} {hit[1]}"
    return f"{day}, {hit[4]}" if hit[4] else day


_MONTHS = "January February March April May June July August September October November December".split()


def page(document: Document, audio: ReportAudio) -> dict[str, Any]:
    """Everything that the template ``report.html.j2`` names."""
    length_s = max(call_length_s(document), audio.duration_s)
    found = scorecard.findings(document)
    over = marks.overlaps(document)
    window = marks.ending_window(document)
    ending = part(document, "ending")
    talk = talk_s(document)
    return {
        "title": _title(document),
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
        "pause_figures": {who: pause_figures(document, who) for who in PARTIES},
        "sound_figures": {who: sound_figures(document, who) for who in PARTIES},
        "measured": {key: isinstance(document.get(key), list | tuple) for key in ("overlaps", "pauses", "findings")},
        "listening": part(document, "listening"),
        "notes": notes(document),
        "latency": part(document, "latency"),
        "ending_score": number(ending.get("score")),
        "criteria": scorecard.criteria(document),
        "quality": part(document, "quality"),
        "recording": part(document, "recording"),
        "version": text(part(document, "engines").get("version")),
    }


def _title(document: Document) -> str:
    call, recording = part(document, "call"), part(document, "recording")
    return text(call.get("title")) or text(call.get("id")) or file_name(text(recording.get("file"))) or "Call review"


def _kinds(document: Document, found: Sequence[scorecard.Finding]) -> list[marks.Mark]:
    """One example of each kind that is drawn: the legend."""
    examples = {mark.kind: mark for mark in reversed(marks.all_marks(document))}
    for finding in found:
        kind = "credit" if finding.credit else "avoid"
        examples.setdefault(kind, marks.Mark(kind, None, Stretch(0, 0)))
    order = list(marks.LETTERS)
    return sorted(examples.values(), key=lambda m: order.index(m.kind) if m.kind in order else len(order))
