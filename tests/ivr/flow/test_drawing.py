"""Pictures of flows: everything is in them, nothing lies on anything, and they are the same every time."""

from __future__ import annotations

import re
from itertools import combinations
from pathlib import Path
from xml.etree import ElementTree

import pytest

from ivr.flow.drawing.graph import graph
from ivr.flow.drawing.mermaid import mermaid
from ivr.flow.drawing.svg import svg
from ivr.flow.load import load_flow, parse_flow
from tests.ivr.flow.phone import flow_of

SHIPPED = sorted((Path(__file__).parents[3] / "flows").rglob("*.yaml"))
SVG = "{http://www.w3.org/2000/svg}"

SMALL = """
welcome: {say: welcome, next: main}
main: {menu: main_menu, keys: {1: agent, 2: end, 9: main}, give_up: end}
agent: {transfer: service, failed: end}
end: {end: goodbye}
"""


def test_boxes_and_arrows_in_the_order_of_the_file() -> None:
    drawn = graph(flow_of(SMALL))
    assert [(box.name, box.kind, box.detail, box.first) for box in drawn.boxes] == [
        ("welcome", "say", "welcome", True),
        ("main", "menu", "main_menu", False),
        ("agent", "transfer", "service", False),
        ("end", "end", "goodbye", False),
    ]
    assert [(arrow.source, arrow.target, arrow.label, arrow.plan_b) for arrow in drawn.arrows] == [
        ("welcome", "main", "", False),
        ("main", "agent", "1", False),
        ("main", "end", "2, no input, no match", False),
        ("main", "main", "9", False),
        ("agent", "end", "failed", True),
    ]
    assert ("*", "repeat") in drawn.anywhere


def test_conditions_services_and_queues_are_named() -> None:
    flow = flow_of(
        """
        look: {lookup: 'GET https://crm/a', ok: rich, error: wait}
        rich: {branch: {result.balance > 5.0: bye}, else: wait}
        wait: {queue: service, failed: bye}
        bye: {end: bye}
        """
    )
    drawn = graph(flow)
    assert [box.detail for box in drawn.boxes] == ["https://crm/a", "", "service", "bye"]
    assert [(arrow.label, arrow.plan_b) for arrow in drawn.arrows] == [
        ("ok", False),
        ("error", True),
        ("result.balance > 5.0", False),
        ("else", False),
        ("failed", True),
    ]


def test_mermaid_as_a_whole() -> None:
    text = mermaid(
        graph(flow_of("a: {menu: q, keys: {1: end, '#': end}, give_up: b}\nb: {say: x, next: end}\nend: {end: bye}"))
    )
    assert text.splitlines() == [
        "flowchart TD",
        '  n_a{{"<b>a</b><br/>menu: q"}}',
        '  n_b["<b>b</b><br/>say: x"]',
        '  n_end(["<b>end</b><br/>end: bye"])',
        '  n_a -->|"1, #35;"| n_end',
        '  n_a -.->|"no input, no match"| n_b',
        "  n_b --> n_end",
        "  style n_a stroke-width:3px",
    ]


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_the_svg_of_every_shipped_flow_holds_every_node_and_no_two_overlap(file: Path) -> None:
    flow = load_flow(file)
    drawn = graph(flow)
    root = ElementTree.fromstring(svg(drawn))
    groups = [group for group in root.iter(f"{SVG}g") if group.get("data-node")]
    assert [group.get("data-node") for group in groups] == list(flow.nodes)
    assert len([path for path in root.iter(f"{SVG}path") if path.get("class", "").startswith("way")]) == len(
        drawn.arrows
    )
    boxes = [_box(group[0]) for group in groups]
    for one, other in combinations(boxes, 2):
        assert one[2] <= other[0] or other[2] <= one[0] or one[3] <= other[1] or other[3] <= one[1]
    left, top, width, height = map(float, root.get("viewBox", "").split())
    assert all(left <= box[0] and box[2] <= left + width and top <= box[1] and box[3] <= top + height for box in boxes)


def _box(rect: ElementTree.Element) -> tuple[float, float, float, float]:
    x, y, width, height = (float(rect.get(name, "")) for name in ("x", "y", "width", "height"))
    return x, y, x + width, y + height


def test_the_same_flow_gives_the_same_picture() -> None:
    assert svg(graph(flow_of(SMALL))) == svg(graph(flow_of(SMALL)))


def test_names_of_any_script_are_drawn_and_safe() -> None:
    flow = parse_flow("flow: ünï\nnodes:\n  привіт: {say: a, next: 終}\n  終: {end: b}\n")
    assert "привіт" in svg(graph(flow))
    ids = re.findall(r"^  (n_\S+?)[\[({]", mermaid(graph(flow)), re.MULTILINE)
    assert len(set(ids)) == 2 and all(name.isascii() for name in ids)


def test_a_way_out_that_many_nodes_share_is_a_note_and_no_tangle() -> None:
    nodes = "".join(f"n{number}: {{menu: q, keys: {{1: n{number + 1}}}, give_up: n100}}\n" for number in range(100))
    drawn = graph(flow_of(nodes + "n100: {end: bye}"))
    assert len(drawn.arrows) == 100
    assert ("no input, no match", "n100") in drawn.anywhere
    assert svg(drawn).count("data-node") == 101
