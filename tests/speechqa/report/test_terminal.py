from __future__ import annotations

import io
from typing import Any

import pytest
from rich.cells import cell_len
from rich.console import Console

from speechqa.report.terminal import print_scorecard


def printed(document: Any, *, width: int = 80, encoding: str = "utf-8", colour: bool = False) -> str:
    raw = io.BytesIO()
    file = io.TextIOWrapper(raw, encoding=encoding, write_through=True)
    system = "truecolor" if colour else None
    print_scorecard(document, Console(file=file, width=width, force_terminal=colour, color_system=system))
    return raw.getvalue().decode(encoding)


@pytest.mark.parametrize("width", [80, 120, 200])
def test_fits_the_width(example: dict[str, Any], width: int) -> None:
    assert max(cell_len(line) for line in printed(example, width=width).splitlines()) <= min(width, 120)


def test_says_what_the_page_says(example: dict[str, Any]) -> None:
    text = printed(example, width=120)
    for words in (
        "Total",
        "66 / 100",
        "171 words/min",
        "Dead air, 7.5 s",
        "Say instead: Let me read you",
        "0:11",
        "0:44",
    ):
        assert words in text
    assert text.rstrip().endswith("Most were lost on ending (−15) and listening (−6).")


def test_timeline_lanes_stand_under_each_other(example: dict[str, Any]) -> None:
    lines = printed(example).splitlines()
    at = next(i for i, line in enumerate(lines) if line.startswith("Customer  "))
    customer, agent, events, findings = lines[at : at + 4]
    column = 10 + int(11.2 / 48 * 70)  # the agent interrupts at 11.2 s
    assert events[column] == "I" and findings[column] == "!"
    assert customer[column] != " " and agent[column] != " "
    quiet = slice(10 + int(20 / 48 * 70) + 1, 10 + int(27.5 / 48 * 70))
    assert customer[quiet].strip() == agent[quiet].strip() == ""
    assert set(events[quiet]) == {"-"}
    assert "I Interruption" in lines[at + 6]


@pytest.mark.parametrize("encoding", ["ascii", "latin-1", "cp1252"])
def test_other_encodings_get_ascii_and_never_fail(example: dict[str, Any], encoding: str) -> None:
    example["turns"][0]["text"] = example["findings"][0]["quote"] = "Добрий день, “ще раз”"
    text = printed(example, encoding=encoding)
    assert "#" in text and '"' in text
    assert "█" not in text


def test_the_words_are_the_same_with_and_without_colour(example: dict[str, Any]) -> None:
    import re

    coloured = printed(example, colour=True)
    assert "\x1b[" in coloured
    assert re.sub(r"\x1b\[[\d;]*m", "", coloured) == printed(example)


def test_markup_and_control_characters_are_inert(example: dict[str, Any]) -> None:
    example["findings"][0]["quote"] = "[bold]not markup[/bold] \x1b[31mred\x07 :smile:"
    text = printed(example)
    assert "[bold]not markup[/bold]" in text and ":smile:" in text
    assert "\x1b" not in text and "\x07" not in text


@pytest.mark.parametrize(
    "document", [{}, {"score": {"total": None}}, {"duration_s": 0.01}, {"findings": [{}], "turns": [{}]}]
)
def test_nulls_print(document: dict[str, Any]) -> None:
    assert "This call has no score" in printed(document)
