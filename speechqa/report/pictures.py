"""The documentation's pictures of the measures, drawn by code from the example call with the report's own signs.

``python -m speechqa.report.pictures docs/img`` writes ``overlaps.svg``, ``pace.svg`` and ``pauses.svg``.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable
from dataclasses import asdict
from html import escape
from importlib.resources import files
from pathlib import Path
from typing import Any

from speechqa.conversation import PARTIES, Party
from speechqa.example import conversation
from speechqa.judgement import Judged, judge
from speechqa.measures import pace
from speechqa.report import charts, labels, marks
from speechqa.report.reading import clock
from speechqa.timeline import Span

WIDTH, MARGIN, TAG = 860, 24, 104
AGENT, CUSTOMER, INK, SOFT, LINE = "#4a45c4", "#0b6e69", "#1d1e20", "#5c5e63", "#e4e3df"
TONES = {"bad": "#b3261e", "warn": "#8a5300", "good": "#1b6e3c", "plain": SOFT}
FONT = "system-ui, -apple-system, Segoe UI, Roboto, Noto Sans, sans-serif"
COLOURS: dict[Party, str] = {"agent": AGENT, "customer": CUSTOMER}
PAUSE_COLOURS: dict[str, str] = {"brief": SOFT, "medium": TONES["warn"], "long": TONES["bad"]}
PAUSES_WITHIN = Span(25.0, 70.0)


def overlaps_picture(judged: Judged) -> str:
    """Both parties on one axis; each overlap shaded, with the sign of its kind."""
    talk = judged.conversation
    axis = _Axis(Span(0.0, talk.duration_s))
    body = [_lane(axis, judged, "customer", 40), _lane(axis, judged, "agent", 108)]
    found = judged.overlaps or ()
    for each in found:
        tone = TONES[marks.TONES.get(each.kind, "plain")]
        left, width = axis.x(each.start_s), max(2.0, axis.x(each.end_s) - axis.x(each.start_s))
        body.append(_rect(left, 40, width, 110, tone, opacity=0.16))
        body.append(_icon(each.kind, left + width / 2 - 8, 86, tone, 16))
        body.append(_text(left + width / 2, 30, clock(each.start_s), SOFT, 11, "middle"))
    body.append(axis.ticks(160, 5))
    kinds = dict.fromkeys(each.kind for each in found)
    body.append(_legend([(kind, labels.name(labels.KINDS, kind)) for kind in kinds], 206))
    return _svg(224, "Who speaks over whom", body)


def pace_picture(judged: Judged) -> str:
    """Words per minute turn by turn, as the report draws it."""
    chart = charts.pace_chart(_document(judged))
    if chart is None:
        raise ValueError("the example call has no turn with a speech rate")
    axis = _Axis(Span(0.0, judged.conversation.duration_s))
    top, height = 24, 170

    def y(percent: float) -> float:
        return top + height * percent / 100

    body = [_rect(TAG, y(chart.comfort[0]), WIDTH - TAG - MARGIN, height * chart.comfort[1] / 100, "#e5f4ea")]
    for at, wpm in chart.grid:
        body.append(_line(TAG, y(at), WIDTH - MARGIN, y(at), LINE))
        body.append(_text(TAG - 8, y(at) + 4, str(wpm), SOFT, 11, "end"))
    body.append(_line(TAG, y(chart.rushed), WIDTH - MARGIN, y(chart.rushed), TONES["warn"], dash="5 4"))
    body.append(_text(WIDTH - MARGIN - 6, y(chart.rushed) - 5, "from 180 rushed", TONES["warn"], 11, "end"))
    for bar in chart.bars:
        left, width = axis.share(bar.left), max(4.0, axis.share(bar.width) - axis.share(0))
        colour = TONES["warn"] if bar.fast else COLOURS[bar.party]
        body.append(_rect(left, y(bar.top) - 3, width, 6, colour, round_=3, opacity=0.55 if bar.fast else 1))
        if bar.fast:
            body.append(_icon("fast", left, y(bar.top) - 19, colour, 12))
            body.append(_text(left + 16, y(bar.top) - 9, f"{bar.wpm:.0f}", colour, 12, weight=600))
    body.append(axis.ticks(top + height + 8, 5))
    for at, who in zip((TAG, TAG + 90), PARTIES, strict=True):
        body += [_rect(at, 238, 18, 6, COLOURS[who], round_=3), _text(at + 25, 245, who, INK, 12)]
    body.append(_rect(TAG + 200, 236, 18, 11, "#e5f4ea"))
    body.append(_text(TAG + 225, 245, "120–160 words per minute, comfortable", INK, 12))
    return _svg(260, "Pace over the call", body)


def pauses_picture(judged: Judged) -> str:
    """Both parties for a while, each pause inside a turn by its length."""
    axis = _Axis(PAUSES_WITHIN)
    body = [_lane(axis, judged, "customer", 56), _lane(axis, judged, "agent", 136)]
    for each in judged.pauses or ():
        if span := Span(each.start_s, each.end_s) & PAUSES_WITHIN:
            top = 48.0 if each.party == "customer" else 128.0
            body.append(_pause(axis, span, PAUSE_COLOURS[each.length], top, each.at_sentence_end))
    body.append(axis.ticks(190, 5))
    names = (("brief", "brief, under 0.2 s"), ("medium", "medium, to 1 s"), ("long", "long, over 1 s"))
    for i, (length, name) in enumerate(names):
        at = TAG + 160.0 * i
        body += [_line(at, 236, at + 18, 236, PAUSE_COLOURS[length], width=2), _text(at + 25, 240, name, INK, 12)]
    body.append(_text(TAG + 480, 240, "▲ at a sentence end", INK, 12))
    return _svg(256, "Pauses inside turns", body)


def _pause(axis: _Axis, span: Span, colour: str, top: float, at_sentence_end: bool) -> str:
    left, right = axis.x(span.start_s), axis.x(span.end_s)
    middle = (left + right) / 2
    parts = [_line(left, top, right, top, colour, width=2)]
    parts += [_line(at, top - 5, at, top + 5, colour, width=2) for at in (left, right)]
    parts.append(_text(middle, top - 9, f"{span.duration_s:.2f} s", colour, 11, "middle"))
    if at_sentence_end:
        parts.append(_text(middle, top + 36, "▲", colour, 11, "middle"))
    return "".join(parts)


PICTURES = {"overlaps": overlaps_picture, "pace": pace_picture, "pauses": pauses_picture}


def draw() -> dict[str, str]:
    """Every picture by its name."""
    judged = judge(conversation())
    return {name: picture(judged) for name, picture in PICTURES.items()}


def _document(judged: Judged) -> dict[str, Any]:
    """What the chart reads of an analysis document."""
    talk = judged.conversation
    turns = [
        {"party": t.party, "start_s": t.start_s, "end_s": t.end_s, "speech_rate_wpm": pace.turn_rate_wpm(t)}
        for t in talk.turns
    ]
    rates = {party: asdict(found) for party in PARTIES if (found := judged.pace[party])}
    return {"duration_s": talk.duration_s, "turns": turns, "pace": rates}


class _Axis:
    """Time across the picture."""

    def __init__(self, within: Span) -> None:
        self.within = within

    def x(self, at_s: float) -> float:
        """Where a moment stands."""
        return self.share(100 * (at_s - self.within.start_s) / self.within.duration_s)

    def share(self, percent: float) -> float:
        """Where a percentage of the axis stands."""
        return round(TAG + (WIDTH - TAG - MARGIN) * percent / 100, 2)

    def ticks(self, top: float, step_s: int) -> str:
        """The axis with its clock times."""
        parts = [_line(TAG, top, WIDTH - MARGIN, top, LINE)]
        first, last = int(self.within.start_s), int(self.within.end_s)
        for at in range(first - first % -step_s, last + 1, step_s):
            label = _text(self.x(at), top + 19, clock(at), SOFT, 11, "middle")
            parts += [_line(self.x(at), top, self.x(at), top + 5, SOFT), label]
        return "".join(parts)


def _lane(axis: _Axis, judged: Judged, who: Party, top: float) -> str:
    spans = judged.conversation.speech[who].cropped(axis.within)
    places = ((axis.x(span.start_s), axis.x(span.end_s)) for span in spans)
    blocks = (_rect(left, top + 6, right - left, 30, COLOURS[who], round_=3) for left, right in places)
    name = _text(MARGIN, top + 26, labels.PARTIES[who], COLOURS[who], 13, weight=600)
    return name + _rect(TAG, top, WIDTH - TAG - MARGIN, 42, "#f6f6f4", round_=4) + "".join(blocks)


def _legend(kinds: Iterable[tuple[str, str]], top: float) -> str:
    parts, at = [], float(TAG)
    for kind, name in kinds:
        parts.append(_icon(kind, at, top - 12, TONES[marks.TONES.get(kind, "plain")], 14))
        parts.append(_text(at + 20, top, name, INK, 12))
        at += 36 + 6.3 * len(name)
    return "".join(parts)


def _svg(height: int, title: str, body: Iterable[str]) -> str:
    size = f'viewBox="0 0 {WIDTH} {height}" width="{WIDTH}" height="{height}"'
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" {size} role="img" font-family="{FONT}"><title>{escape(title)}</title>'
        f'<rect width="{WIDTH}" height="{height}" rx="12" fill="#fff"/>{"".join(body)}</svg>\n'
    )


def _rect(x: float, y: float, width: float, height: float, fill: str, *, round_: float = 0, opacity: float = 1) -> str:
    faint = f' opacity="{opacity}"' if opacity != 1 else ""
    return (
        f'<rect x="{x:.2f}" y="{y:.2f}" width="{width:.2f}" height="{height:.2f}" rx="{round_}" fill="{fill}"{faint}/>'
    )


def _line(x: float, y: float, to_x: float, to_y: float, colour: str, *, width: float = 1, dash: str = "") -> str:
    dashed = f' stroke-dasharray="{dash}"' if dash else ""
    ends = f'x1="{x:.2f}" y1="{y:.2f}" x2="{to_x:.2f}" y2="{to_y:.2f}"'
    return f'<line {ends} stroke="{colour}" stroke-width="{width}"{dashed}/>'


def _text(x: float, y: float, text: str, colour: str, size: int, anchor: str = "start", *, weight: int = 400) -> str:
    place = f'x="{x:.2f}" y="{y:.2f}" text-anchor="{anchor}"'
    return f'<text {place} fill="{colour}" font-size="{size}" font-weight="{weight}">{escape(text)}</text>'


def _icon(kind: str, x: float, y: float, colour: str, size: float) -> str:
    """The report's sign of a kind."""
    shape = _signs().get(kind, _signs()["overlap"])
    place = f'x="{x:.2f}" y="{y:.2f}" width="{size}" height="{size}"'
    return f'<svg {place} viewBox="0 0 16 16" color="{colour}">{shape}</svg>'


def _signs() -> dict[str, str]:
    parts = files("speechqa.report").joinpath("templates/parts.html.j2").read_text("utf-8")
    return dict(re.findall(r'<symbol id="k-(\w+)" viewBox="0 0 16 16">(.*?)</symbol>', parts))


def main(arguments: list[str]) -> int:
    """Write the pictures into the folder named."""
    if len(arguments) != 1 or not Path(arguments[0]).is_dir():
        print("Name the folder to draw into: python -m speechqa.report.pictures docs/img", file=sys.stderr)
        return 2
    for name, picture in draw().items():
        Path(arguments[0], f"{name}.svg").write_text(picture, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
