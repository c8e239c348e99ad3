from __future__ import annotations

from typing import Any

import pytest

from speechqa.report import labels, marks, scorecard
from speechqa.report.figures import moment
from speechqa.report.page import pins, ticks
from speechqa.report.reading import (
    Stretch,
    amount,
    call_length_s,
    clock,
    file_name,
    number,
    percent,
    points,
    stretch,
    text,
)
from speechqa.report.transcript import highlighted


@pytest.mark.parametrize(
    ("seconds", "shown"), [(None, "–"), (0, "0:00"), (58.96, "0:58"), (723, "12:03"), (3723.5, "1:02:03"), (-1, "0:00")]
)
def test_clock(seconds: float | None, shown: str) -> None:
    assert clock(seconds) == shown


def test_amounts() -> None:
    assert amount(150.2, "wpm") == "150 wpm"
    assert amount(-23.66, "dBov", 1) == "−23.7 dBov"
    assert amount(-0.001, "s", 2) == "0.00 s"
    assert amount(None, "wpm") == "–"
    assert percent(0.6234) == "62 %"


def test_points_add_up_as_shown() -> None:
    assert [points(p) for p in (12.5, 8.0, 17.96, 2.2, None)] == ["12.5", "8", "18", "2.2", "–"]


@pytest.mark.parametrize("path", ["call.wav", "/home/x/call.wav", "C:\\calls\\call.wav", "calls/call.wav/"])
def test_folders_are_not_shown(path: str) -> None:
    assert file_name(path) == "call.wav"


def test_odd_values_are_nothing() -> None:
    assert [number(v) for v in (True, "3", float("inf"), None, 3)] == [None, None, None, None, 3.0]
    assert text(" a\n\tb\x1b[0m\x00 ") == "a b[0m"
    assert stretch({"start_s": 5, "end_s": 2}) == Stretch(5, 5)
    assert stretch({"start_s": None, "end_s": 2}) is None


def test_length_falls_back_on_the_last_event(example: dict[str, Any]) -> None:
    assert call_length_s(example) == 48
    assert call_length_s({**example, "duration_s": None}) == 46.5


def test_marks_of_the_example(example: dict[str, Any]) -> None:
    kinds = [mark.kind for mark in marks.all_marks(example)]
    assert kinds == ["interruption", "pause", "backchannel", "dead_air", "fast"]
    assert marks.all_marks(example)[0].title == "Interruption by the agent at 0:11, 0.8 s: “As I said before”"


def test_every_kind_has_a_letter_of_its_own() -> None:
    assert len(set(marks.LETTERS.values())) == len(marks.LETTERS)
    assert set(marks.LETTERS) <= set(labels.KINDS)


def test_ending_window_is_the_longer_of_thirty_seconds_and_four_turns(example: dict[str, Any]) -> None:
    assert marks.ending_window(example) == Stretch(16.5, 46.5)
    example["turns"] = example["turns"][-2:]
    assert marks.ending_window(example) == Stretch(16.5, 46.5)
    example["ending"]["window"] = {"start_s": 20, "end_s": 46.5}
    assert marks.ending_window(example) == Stretch(20, 46.5)
    assert marks.ending_window({}) is None


def test_findings_are_numbered_in_order_of_time(example: dict[str, Any]) -> None:
    found = scorecard.findings({"findings": [*example["findings"], {"rule": "x_y"}]})
    assert [(f.serial, f.rule, f.credit) for f in found] == [
        (1, "reproach", False),
        (2, "offers_choice", True),
        (3, "gushing_apology", False),
        (4, "x_y", False),
    ]
    assert found[3].name == "X y" and found[3].when is None


def test_sections_show_their_own_costs_first(example: dict[str, Any]) -> None:
    example["score"]["sections"][0]["costs"] = [{"text": "Too fast", "points": 5, "start_s": 33.0}]
    pace, listening, *_ = scorecard.sections(example)
    assert pace.costs == (scorecard.Cost("Too fast", 5, Stretch(33, 33)),)
    assert [cost.text for cost in listening.costs] == ["Interruption, 0.8 s"]


def test_criteria_say_what_each_lost_and_places_follow(example: dict[str, Any]) -> None:
    example["score"]["sections"][0]["criteria"] = [
        {"id": "sentence_pauses", "points": 8.5, "max": 10, "value": 0.5, "advice": ""},
        {"id": "speech_rate", "points": 6.5, "max": 10, "value": 171.4, "advice": ""},
        {"id": "own_rule", "points": 1, "max": 1, "value": 3},
        {"id": "unknown", "points": None, "max": 5, "value": None},
    ]
    lines = [(cost.text, cost.points) for cost in scorecard.sections(example)[0].costs]
    assert lines == [
        ("Agent speaks 171 words/min", 3.5),
        ("Pauses at 50% of sentence ends", 1.5),
        ("Fast passage at 214 wpm, 3.5 s", None),
    ]


def test_a_section_that_lost_nothing_lists_nothing(example: dict[str, Any]) -> None:
    example["score"]["sections"][4]["points"] = 25
    assert scorecard.sections(example)[4].costs == ()


def test_advice_is_never_invented(example: dict[str, Any]) -> None:
    assert scorecard.advice(example) == []
    example["advice"] = ["Slow down.", {"text": "Let them finish.", "start_s": 11.2}, None, ""]
    assert [line.text for line in scorecard.advice(example)] == ["Slow down.", "Let them finish."]


def test_highlighting_ignores_punctuation_and_case() -> None:
    finding = scorecard.Finding(1, "reproach", "agent", None, "as i said", "", "", False)
    pieces = highlighted("Well, as I, said: no.", [finding])
    assert [(p.text, p.finding is finding) for p in pieces] == [
        ("Well, ", False),
        ("as I, said", True),
        (": no.", False),
    ]
    assert [p.text for p in highlighted("Nothing here.", [finding])] == ["Nothing here."]


def test_axis_has_few_round_ticks() -> None:
    assert [label for _, label in ticks(88)] == [clock(s) for s in range(0, 89, 10)]
    assert [label for _, label in ticks(7200)] == [clock(s) for s in range(0, 7201, 600)][:13]
    assert ticks(0) == []


def test_dates_read_like_dates() -> None:
    assert moment("2026-11-22T14:05:09+01:00") == "22 November 2026, 14:05"
    assert moment("2026-11-22") == "22 November 2026"
    assert moment("yesterday") == "yesterday"


def test_close_pins_go_below_each_other() -> None:
    rows = [{"rule": "reproach", "start_s": at} for at in (10, 10.5, 11, 11.2, 30)]
    assert [pin.row for pin in pins(scorecard.findings({"findings": rows}), 100)] == [0, 1, 2, 2, 0]
