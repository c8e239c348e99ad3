"""Mermaid's flowchart text, which GitHub, GitLab and most wikis draw."""

from __future__ import annotations

from collections.abc import Iterator

from ivr.flow.drawing.graph import Box, Graph

SHAPES = {"menu": ("{{", "}}"), "consent": ("{{", "}}"), "ask": ("{{", "}}"), "end": ("([", "])")}
BOX = ("[", "]")


def mermaid(drawn: Graph) -> str:
    """The chart, ending with a newline."""
    return "\n".join(["flowchart TD", *_lines(drawn)]) + "\n"


def _lines(drawn: Graph) -> Iterator[str]:
    for box in drawn.boxes:
        left, right = SHAPES.get(box.kind, BOX)
        yield f'  {_id(box.name)}{left}"{_words(box)}"{right}'
    for arrow in drawn.arrows:
        line = "-.->" if arrow.plan_b else "-->"
        label = f'|"{_safe(arrow.label)}"|' if arrow.label else ""
        yield f"  {_id(arrow.source)} {line}{label} {_id(arrow.target)}"
    for box in drawn.boxes:
        if box.first:
            yield f"  style {_id(box.name)} stroke-width:3px"


def _words(box: Box) -> str:
    detail = f": {_safe(box.detail)}" if box.detail else ""
    return f"<b>{_safe(box.name)}</b><br/>{_safe(box.kind)}{detail}"


def _id(name: str) -> str:
    """Not the bare name: ``end`` is a word of Mermaid."""
    return "n_" + "".join(
        letter if (letter.isascii() and letter.isidentifier()) or letter.isdigit() else f"_{ord(letter):x}_"
        for letter in name
    )


def _safe(text: str) -> str:
    return text.replace("#", "#35;").replace('"', "#quot;").replace("<", "#lt;").replace(">", "#gt;")
