"""An SVG of a flow: layers from top to bottom, right-angled arrows, names of exits beside them. Deterministic.

The layout is graphlay's (a layered drawing with room for the labels); the look is ours. Sizes in px.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any
from xml.sax.saxutils import escape, quoteattr

import graphlay

from ivr.flow.drawing.graph import Arrow, Box, Graph

BOX_HEIGHT, LABEL_HEIGHT, MARGIN, TITLE_HEIGHT, ROUND = 46.0, 15.0, 24.0, 44.0, 7.0
NAME_PX, SMALL_PX, PER_CHARACTER = 14, 11, 0.58
INK, SOFT, LINE, PLAN_B = "#1d2733", "#5a6775", "#51606f", "#a3602a"
COLOURS: Mapping[str, tuple[str, str]] = {
    "say": ("#eef2f6", "#b7c3cf"),
    "menu": ("#e3f0fb", "#5b9bd0"),
    "ask": ("#e3f0fb", "#5b9bd0"),
    "language": ("#e3f0fb", "#5b9bd0"),
    "survey": ("#e3f0fb", "#5b9bd0"),
    "consent": ("#f1e9fa", "#9a78c4"),
    "record": ("#fdebe9", "#d2756a"),
    "transfer": ("#e5f5ea", "#5aa873"),
    "queue": ("#e5f5ea", "#5aa873"),
    "callback": ("#e5f5ea", "#5aa873"),
    "end": ("#33404d", "#33404d"),
}
OTHER = ("#fbf4df", "#c9a94a")
STYLE = f"""
    text {{ font-family: system-ui, -apple-system, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; fill: {INK}; }}
    .name {{ font-size: {NAME_PX}px; font-weight: 600; }}
    .small {{ font-size: {SMALL_PX}px; fill: {SOFT}; }}
    .exit {{ font-size: {SMALL_PX}px; paint-order: stroke; stroke: #fff; stroke-width: 4px; }}
    .way {{ fill: none; stroke: {LINE}; stroke-width: 1.4; marker-end: url(#tip); }}
    .b {{ stroke: {PLAN_B}; stroke-dasharray: 5 3; marker-end: url(#tip-b); }}
    text.b {{ fill: {PLAN_B}; stroke: #fff; stroke-dasharray: none; }}
    .end text {{ fill: #fff; }}
"""


def svg(drawn: Graph) -> str:
    """The whole document."""
    laid = _layout(drawn)
    low, high = _extent(drawn, laid)
    title = f"Flow {drawn.name}"
    keys = "   ".join(f"{key}  {target}" for key, target in drawn.anywhere)
    width = max(high["x"] - low["x"], _width(title, 18), _width(keys, SMALL_PX) + 90) + 2 * MARGIN
    height = high["y"] - low["y"] + TITLE_HEIGHT + 2 * MARGIN
    left, top = low["x"] - MARGIN, low["y"] - MARGIN - TITLE_HEIGHT
    lines = [
        f'<svg xmlns="http://www.w3.org/2000/svg" role="img" aria-labelledby="title" width="{width:.0f}" '
        f'height="{height:.0f}" viewBox="{left:.1f} {top:.1f} {width:.1f} {height:.1f}">',
        f'  <title id="title">{escape(title)}</title>',
        f"  <style>{STYLE}  </style>",
        f"  <defs>{_tip('tip', LINE)}{_tip('tip-b', PLAN_B)}</defs>",
        f'  <rect x="{left:.1f}" y="{top:.1f}" width="{width:.1f}" height="{height:.1f}" fill="#fff"/>',
        f'  <text x="{low["x"]:.1f}" y="{top + 32:.1f}" font-size="18" font-weight="600">{escape(title)}</text>',
    ]
    if keys:
        at = f'x="{low["x"]:.1f}" y="{top + 50:.1f}"'
        lines.append(f'  <text {at} class="small" xml:space="preserve">at any time:  {escape(keys)}</text>')
    lines += [_way(arrow, edge) for arrow, edge in zip(drawn.arrows, laid.edges, strict=True)]
    lines += [_box(box, node) for box, node in zip(drawn.boxes, laid.nodes, strict=True)]
    lines += [label for arrow, edge in zip(drawn.arrows, laid.edges, strict=True) for label in _label(arrow, edge)]
    return "\n".join([*lines, "</svg>"]) + "\n"


def _layout(drawn: Graph) -> graphlay.Layout:
    paper = graphlay.Graph()
    for box in drawn.boxes:
        width = max(_width(box.name, NAME_PX), _width(_under(box), SMALL_PX)) + 26
        paper.node(box.name, width=max(90.0, width), height=BOX_HEIGHT)
    for arrow in drawn.arrows:
        room = {"width": _width(arrow.label, SMALL_PX), "height": LABEL_HEIGHT}
        more: dict[str, Any] = {"label_size": room} if arrow.label else {}
        paper.edge(arrow.source, arrow.target, **more)
    return graphlay.layout(paper, options={"direction": "topbottom", "spacing": {"layer_gap": 44.0}})


def _extent(drawn: Graph, laid: graphlay.Layout) -> tuple[dict[str, float], dict[str, float]]:
    """The corners of the drawing, labels included."""
    low, high = dict(laid.bounds["min"]), dict(laid.bounds["max"])
    for arrow, edge in zip(drawn.arrows, laid.edges, strict=True):
        anchor = edge.get("label_anchor")
        if arrow.label and anchor:
            half = _width(arrow.label, SMALL_PX) / 2
            low["x"], high["x"] = min(low["x"], anchor["x"] - half), max(high["x"], anchor["x"] + half)
    return low, high


def _width(text: str, px: int) -> float:
    return len(text) * px * PER_CHARACTER


def _under(box: Box) -> str:
    return f"{box.kind} · {box.detail}" if box.detail else box.kind


def _box(box: Box, node: Mapping[str, Any]) -> str:
    (x, y), size = (node["center"]["x"], node["center"]["y"]), node["size"]
    fill, stroke = COLOURS.get(box.kind, OTHER)
    corner = BOX_HEIGHT / 2 if box.kind == "end" else 6
    place = f'x="{x - size["width"] / 2:.1f}" y="{y - size["height"] / 2:.1f}"'
    extent = f'width="{size["width"]:.1f}" height="{size["height"]:.1f}" rx="{corner:g}"'
    weight = 3 if box.first else 1.4
    return (
        f"  <g class={quoteattr('box ' + box.kind)} data-node={quoteattr(box.name)}>"
        f'<rect {place} {extent} fill="{fill}" stroke="{stroke}" stroke-width="{weight}"/>'
        f'<text x="{x:.1f}" y="{y - 3:.1f}" text-anchor="middle" class="name">{escape(box.name)}</text>'
        f'<text x="{x:.1f}" y="{y + 13:.1f}" text-anchor="middle" class="small">{escape(_under(box))}</text></g>'
    )


def _way(arrow: Arrow, edge: Mapping[str, Any]) -> str:
    kind = "way b" if arrow.plan_b else "way"
    points = [(point["x"], point["y"]) for point in edge["points"]]
    return f'  <path class="{kind}" d="{" ".join(_rounded(points))}"/>'


def _label(arrow: Arrow, edge: Mapping[str, Any]) -> Iterator[str]:
    anchor = edge.get("label_anchor")
    if arrow.label and anchor:
        kind = "exit b" if arrow.plan_b else "exit"
        place = f'x="{anchor["x"]:.1f}" y="{anchor["y"] + 4:.1f}" text-anchor="middle"'
        yield f'  <text {place} class="{kind}">{escape(arrow.label)}</text>'


def _rounded(points: Sequence[tuple[float, float]]) -> Iterator[str]:
    """The path through these points, its corners rounded."""
    yield f"M{points[0][0]:.1f} {points[0][1]:.1f}"
    for before, corner, after in zip(points, points[1:], points[2:], strict=False):
        into, out = _towards(corner, before), _towards(corner, after)
        yield f"L{into[0]:.1f} {into[1]:.1f}Q{corner[0]:.1f} {corner[1]:.1f} {out[0]:.1f} {out[1]:.1f}"
    yield f"L{points[-1][0]:.1f} {points[-1][1]:.1f}"


def _towards(corner: tuple[float, float], other: tuple[float, float]) -> tuple[float, float]:
    dx, dy = other[0] - corner[0], other[1] - corner[1]
    length = (dx * dx + dy * dy) ** 0.5
    part = min(ROUND, length / 2) / length if length else 0.0
    return corner[0] + dx * part, corner[1] + dy * part


def _tip(name: str, colour: str) -> str:
    return (
        f'<marker id="{name}" viewBox="0 0 8 8" refX="7.5" refY="4" markerWidth="8" markerHeight="8" '
        f'orient="auto-start-reverse"><path d="M0 0.8 8 4 0 7.2z" fill="{colour}"/></marker>'
    )
