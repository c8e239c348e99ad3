"""What the report says of listening, questions, pace over time and the sound, and that it says nothing without them."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from speechqa.report import attention, charts, marks
from speechqa.report.figures import sound_figures
from speechqa.report.reading import Stretch
from tests.speechqa.report.structure import structure


def test_tiles_say_what_was_measured(example: dict[str, Any]) -> None:
    said = {tile.name: (tile.value, tile.meaning, tile.when) for tile in attention.tiles(example)}
    assert said == {
        "Listened in the first minute": ("38 %", "the customer’s share of the talk", None),
        "Waits in the customer’s silence": (
            "0.70 s",
            "median; up to 1.4 s left for the customer to go on",
            Stretch(7.0, 8.4),
        ),
        "Customer’s questions taken up": ("1 of 2", "listen to the first open one", Stretch(38.8, 40.0)),
        "Agent’s longest stretch": ("9 s", "without an answer", Stretch(11.2, 20.0)),
        "Pace under pressure": ("+19 %", "190 against 160 words/min otherwise", Stretch(4.6, 20.0)),
        "Pace among team north": ("93rd percentile", "of 42 calls; middle 151 words/min", None),
        "Pace among all in this language": ("–", "4 calls are too few to compare with", None),
    }


def test_a_long_silence_is_no_patience(example: dict[str, Any]) -> None:
    example["patience"]["longest_left"] = {"start_s": 7.0, "end_s": 15.0}
    (tile,) = [tile for tile in attention.tiles(example) if tile.name.startswith("Waits")]
    assert (tile.meaning, tile.when) == ("median before speaking", None)


def test_nothing_measured_says_nothing() -> None:
    assert attention.tiles({}) == [] and attention.asked({}) == []
    assert attention.question_figures({}, "agent") == {"Questions asked": "–", "of these left open": "–"}
    assert attention.filler_figures({}, "agent") == {"Filled pauses heard": "–"}
    assert charts.pace_chart({}) is None and charts.patience_steps({}) == []


@pytest.mark.parametrize(
    ("number", "said"),
    [(1, "1st"), (2, "2nd"), (3, "3rd"), (4, "4th"), (11, "11th"), (12, "12th"), (92.9, "93rd"), (100, "100th")],
)
def test_ordinals(number: float, said: str) -> None:
    assert attention.ordinal(number) == said


def test_questions_and_fillers(example: dict[str, Any]) -> None:
    assert [(each.name, each.delay, each.tone) for each in attention.asked(example)] == [
        ("Answered", "after 0.6 s", "good"),
        ("Asked back", "after 2.8 s", "plain"),
        ("Unanswered", "", "bad"),
    ]
    assert attention.question_figures(example, "customer") == {"Questions asked": "2", "of these left open": "1"}
    assert attention.filler_figures(example, "agent") == {"Filled pauses heard": "1 (2.1 /min)"}
    assert attention.filler_figures(example, "customer") == {"Filled pauses heard": "–"}


def test_the_pace_chart_places_turns_by_time_and_rate(example: dict[str, Any]) -> None:
    example["turns"][0]["speech_rate_wpm"] = 150.0
    example["turns"][3]["speech_rate_wpm"] = 500.0  # too short to have a rate
    chart = charts.pace_chart(example)
    assert chart is not None
    (bar,) = [bar for bar in chart.bars if not bar.fast]
    assert (bar.left, bar.width, bar.top) == (
        pytest.approx(100 * 0.5 / 48, abs=0.01),
        pytest.approx(7.29, abs=0.01),
        50.0,
    )
    assert chart.comfort == (44.44, 22.23) and chart.rushed == 33.33
    assert bar.title == "Agent, 0:00: 150 words/min"


def test_the_customers_silences_by_length(example: dict[str, Any]) -> None:
    steps = charts.patience_steps(example)
    assert [(step.name, step.broken, step.left) for step in steps][:4] == [
        ("under 0.2 s", 0, 0),
        ("0.2–0.5 s", 1, 0),
        ("0.5–1 s", 2, 0),
        ("1–2 s", 0, 1),
    ]
    assert (steps[2].broken_width, steps[3].left_width) == (100.0, 50.0)


def test_silences_say_whose_they_are_and_the_sound_what_it_lost(example: dict[str, Any]) -> None:
    assert [mark.around for mark in marks.silences(example)] == ["after the agent, broken by the customer"]
    figures = sound_figures(example, "agent")
    assert figures["Lost packets heard"] == "3, 0.06 s"
    assert figures["Bandwidth"] == "narrowband (3.9 kHz)"
    assert sound_figures(example, "customer")["Lost packets heard"] == "–"


def test_the_page_shows_them(report: Path) -> None:
    page = structure(report.read_text("utf-8"))
    said = " ".join(page.all("main")[0].text.split())
    assert "So what happens now?" in said and "Asked back" in said and "Unanswered" in said
    assert "93rd percentile" in said and "the count is a lower bound" in said
    assert "after the agent, broken by the customer" in said
    assert len(page.all("table", class_="steps")) == 1
