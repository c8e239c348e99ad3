"""The conflict map as it is drawn: the customer's curve over the call, the norm, the stages, refusals and quotes. Pure.

Across, places are percent of the call; upward, percent from the top of the drawing, so that it can be any size.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from speechqa.report import labels
from speechqa.report.reading import Document, Stretch, amount, call_length_s, clock, number, part, rows, stretch, text
from speechqa.report.scorecard import Cost

TOP, BOTTOM = 14.0, 96.0
"""Between these heights (percent) the curve runs from 1 to 0; above stand the stages' names."""
QUOTED = 44
NAMED_FROM = 13.0
"""Bands from this width on (percent) carry their name, narrower ones only their number."""
GRAVITY = ("rage", "anger", "annoyance", "complaint")
LEFT_THIRD, RIGHT_THIRD = 30.0, 70.0


@dataclass(frozen=True, slots=True)
class Dot:
    """One turn of the customer on the curve; ``title`` says what it rests on."""

    left: float
    top: float
    height: float
    when: Stretch
    raised: bool
    title: str


@dataclass(frozen=True, slots=True)
class Check:
    """What the agent should have done in a stage; ``met`` is None where it could not be told."""

    name: str
    met: bool | None
    evidence: tuple[Cost, ...]


@dataclass(frozen=True, slots=True)
class Band:
    """A stage: its number in the call's conflicts, place, what began it, and what the agent did in it."""

    serial: int
    stage: str
    name: str
    left: float
    width: float
    when: Stretch
    quote: str
    checks: tuple[Check, ...]

    @property
    def named(self) -> bool:
        """Whether there is room for the name."""
        return self.width >= NAMED_FROM


@dataclass(frozen=True, slots=True)
class Label:
    """Words of the customer at a peak; ``anchor`` as in SVG, so that they stay inside the drawing."""

    left: float
    top: float
    anchor: str
    text: str


@dataclass(frozen=True, slots=True)
class Map:
    """Everything drawn; ``path`` and ``area`` are SVG paths in a box of 1000 by 100."""

    path: str
    area: str
    norm_top: float
    dots: tuple[Dot, ...]
    bands: tuple[Band, ...]
    refusals: tuple[tuple[float, Stretch, str], ...]
    quotes: tuple[Label, ...]
    summary: str
    basis: str


def conflict_map(document: Document) -> Map | None:
    """The drawing, None where the emotion was not measured."""
    emotion, length_s = part(document, "emotion"), call_length_s(document)
    norm = number(emotion.get("norm_value"))
    points = [
        (when, value, row) for row in rows(emotion, "points") if (when := stretch(row)) and (value := _height(row))
    ]
    if norm is None or not points or length_s <= 0:
        return None
    dots = tuple(_dot(when, value[0], row, norm, length_s) for when, value, row in points)
    bands = tuple(_bands(document, length_s))
    return Map(
        path=_path(dots, norm),
        area=_area(dots, norm),
        norm_top=_top(norm),
        dots=dots,
        bands=bands,
        refusals=tuple(_refusals(document, length_s)),
        quotes=tuple(_quotes(document, points, length_s)),
        summary=_summary(document, emotion),
        basis=_basis(emotion),
    )


def _height(row: Document) -> tuple[float] | None:
    value = number(row.get("smoothed"))
    return None if value is None else (min(1.0, max(0.0, value)),)


def _left(at_s: float, length_s: float) -> float:
    return round(min(100.0, max(0.0, 100 * at_s / length_s)), 3)


def _top(value: float) -> float:
    return round(BOTTOM - (BOTTOM - TOP) * value, 2)


def _dot(when: Stretch, value: float, row: Document, norm: float, length_s: float) -> Dot:
    middle = (when.start_s + when.end_s) / 2
    raised = value >= norm + 0.3 - 1e-6
    title = f"{clock(when.start_s)}, {value:.2f}: {rests_on(row)}"
    return Dot(_left(middle, length_s), _top(value), value, when, raised, title)


def rests_on(row: Document) -> str:
    """``“ridiculous” (anger); pitch +1.2 sd; 3 dB louder; 20 % faster``; what is near the norm is left out."""
    said = [f"“{text(cue.get('quote'))}” ({text(cue.get('feeling'))})" for cue in rows(row, "cues")]
    pitch, level, rate = (number(row.get(key)) for key in ("pitch_z", "level_db", "rate_ratio"))
    if pitch is not None and abs(pitch) >= 0.5:
        said.append(f"pitch {pitch:+.1f} sd".replace("-", "−"))
    if level is not None and abs(level) >= 2:
        said.append(f"{abs(level):.0f} dB {'louder' if level > 0 else 'quieter'}")
    if rate is not None and abs(rate - 1) >= 0.15:
        said.append(f"{100 * abs(rate - 1):.0f} % {'faster' if rate > 1 else 'slower'}")
    return "; ".join(said) or "neutral"


def _path(dots: tuple[Dot, ...], norm: float) -> str:
    """A smooth line through the points, without overshoot: level where it enters and leaves each."""
    start = (0.0, _top(norm))
    line = [f"M{start[0]:g},{start[1]:g}"]
    for (x, y), (to_x, to_y) in pairwise([start, *((10 * dot.left, dot.top) for dot in dots)]):
        middle = (x + to_x) / 2
        line.append(f"C{middle:.1f},{y:g} {middle:.1f},{to_y:g} {to_x:.1f},{to_y:g}")
    return "".join([*line, f"L1000,{dots[-1].top:g}"])


def _area(dots: tuple[Dot, ...], norm: float) -> str:
    return f"{_path(dots, norm)}L1000,{_top(norm):g}L0,{_top(norm):g}Z"


def _bands(document: Document, length_s: float) -> list[Band]:
    found: list[Band] = []
    for episode in rows(part(document, "conflict"), "episodes"):
        for row in rows(episode, "stages"):
            if when := stretch(row):
                left, stage = _left(when.start_s, length_s), text(row.get("stage"))
                width = round(_left(when.end_s, length_s) - left, 3)
                name = labels.name(labels.STAGES, stage)
                checks = tuple(_check(each) for each in rows(row, "checks"))
                found.append(Band(len(found) + 1, stage, name, left, width, when, text(row.get("quote")), checks))
    return found


def _check(row: Document) -> Check:
    met = row.get("met")
    places = tuple(Cost(text(e.get("quote")), None, stretch(e)) for e in rows(row, "evidence"))
    return Check(labels.name(labels.CHECKS, text(row.get("id"))), met if isinstance(met, bool) else None, places)


def _refusals(document: Document, length_s: float) -> list[tuple[float, Stretch, str]]:
    found = [(when, text(row.get("quote"))) for row in rows(document, "refusals") if (when := stretch(row))]
    return [(_left(when.start_s, length_s), when, quote) for when, quote in found]


def _quotes(document: Document, points: list[tuple[Stretch, tuple[float], Document]], length_s: float) -> list[Label]:
    """The words at the peak of each conflict."""
    found = []
    for episode in rows(part(document, "conflict"), "episodes"):
        at_s = number(episode.get("peak_s"))
        peak = next((p for p in points if at_s is not None and abs(p[0].start_s - at_s) < 0.01), None)
        said = _gravest(peak[2]) if peak else ""
        if peak and said:
            left = _left((peak[0].start_s + peak[0].end_s) / 2, length_s)
            anchor = "start" if left < LEFT_THIRD else "end" if left > RIGHT_THIRD else "middle"
            found.append(Label(left, _top(peak[1][0]), anchor, f"“{said}”"))
    return found


def _gravest(row: Document) -> str:
    told = [(text(cue.get("feeling")), text(cue.get("sentence"))) for cue in rows(row, "cues")]
    cues = sorted((GRAVITY.index(feeling), quote) for feeling, quote in told if feeling in GRAVITY)
    said = cues[0][1] if cues else ""
    return said if len(said) <= QUOTED else f"{said[: QUOTED - 1].rstrip()}…"


def _summary(document: Document, emotion: Document) -> str:
    """The drawing in words."""
    episodes = rows(part(document, "conflict"), "episodes")
    if not episodes:
        return "No conflict: the customer’s emotion never rose above one half."
    peak, at_s = number(emotion.get("peak")), number(emotion.get("peak_s"))
    calm = [number(each.get("time_to_calm_s")) for each in episodes]
    many = "One conflict" if len(episodes) == 1 else f"{len(episodes)} conflicts"
    told = [f"calm again after {amount(each, 's')}" if each is not None else "never calm again" for each in calm]
    return f"{many}: highest at {clock(at_s)} ({amount(peak, '', 2)} of 1); {', then '.join(told)}."


def _basis(emotion: Document) -> str:
    voice = emotion.get("basis") == "words and voice"
    return "From words, and from pitch, level and pace of the voice." if voice else text(emotion.get("reason"))


def points(document: Document) -> list[dict[str, Any]]:
    """Every point in words: when, how high, what it rests on."""
    found = []
    for row in rows(part(document, "emotion"), "points"):
        if (when := stretch(row)) and (value := _height(row)):
            found.append({"when": when, "value": value[0], "rests_on": rests_on(row)})
    return found


def habits(document: Document) -> list[tuple[str, list[tuple[str, Cost]]]]:
    """The bad habits that were told, each with its signs."""
    found = []
    for row in rows(part(document, "conflict"), "habits"):
        if row.get("found") is True:
            found.append((labels.name(labels.HABITS, text(row.get("pattern"))), _signs(row)))
    return found


def _signs(habit: Document) -> list[tuple[str, Cost]]:
    """The signs at each place, those of one sentence together."""
    places: dict[tuple[Stretch | None, str], list[str]] = {}
    for row in rows(habit, "traits"):
        place = stretch(row), text(row.get("quote"))
        places.setdefault(place, []).append(labels.name(labels.SIGNS, text(row.get("sign"))))
    return [("; ".join(names), Cost(quote, None, when)) for (when, quote), names in places.items()]
