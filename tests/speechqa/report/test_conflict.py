"""The conflict map, the complaint, refusals, touchpoints and criteria as the page and the terminal show them."""

from __future__ import annotations

import io
import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rich.console import Console

from benchmarks.conflict import labelled
from speechqa.analysis import AnalyzedRecording, Engines, Quality
from speechqa.assembly import assembled
from speechqa.judgement import judge
from speechqa.measures.touchpoints import Step
from speechqa.report import complaints, conflict
from speechqa.report.html import render
from speechqa.report.terminal import print_scorecard
from speechqa.report.waveform import ReportAudio
from tests.speechqa.report.structure import structure
from tests.speechqa.report.test_html import HOSTILE

SILENT = ReportAudio(8000, None, None)
STEPS = (
    Step(-5.0, "enter_node", "welcome", node_kind="say"),
    Step(0.0, "leave_node", "welcome", "next"),
    Step(0.0, "join_queue", "service"),
    Step(0.1, "queue_answered"),
    Step(80.0, "queue_ended"),
)


@pytest.fixture(scope="module")
def documents() -> dict[str, dict[str, Any]]:
    """The documents of three labelled calls."""
    recording = AnalyzedRecording("c.wav", "0", 8000, "stereo", {"agent": 1, "customer": 0}, 1.0, False, {}, 1.0)
    engines, quality = Engines("", "", ""), Quality(None, None, None)
    return {
        call.name: assembled(
            judge(call.talk), recording=recording, engines=engines, quality=quality, steps=STEPS
        ).to_json()
        for call in labelled("development")
        if call.name in ("en_cake", "uk_internet", "nb_tannlege")
    }  # fmt: skip


def test_the_map_is_drawn_with_its_title_and_every_turn_and_stage(documents: dict[str, dict[str, Any]]) -> None:
    document = documents["en_cake"]
    page = structure(render(document, SILENT))
    assert page.wrong == []
    (drawing,) = page.all("svg", class_="map")
    assert drawing.attributes["aria-labelledby"] == "map-title map-desc" and drawing.attributes["role"] == "img"
    assert any("negative emotion" in each.text for each in page.all("title"))
    (described,) = [e for e in page.all("desc") if e.attributes.get("id") == "map-desc"]
    assert "calm again after 52 s" in described.text and "Explosion from 0:25" in described.text
    assert len(page.all("circle", class_="dot")) == len(document["emotion"]["points"])
    assert len(page.all("rect")) >= 5 and len(page.all("li", class_="stage")) == 5
    links = {e.attributes.get("data-seek") for e in page.all("a")}
    assert all(f"{point['start_s']:.2f}" in links for point in document["emotion"]["points"])


def test_the_places_of_the_map_are_inside_it_and_the_highest_point_is_uppermost(documents: dict[str, Any]) -> None:
    for document in documents.values():
        drawn = conflict.conflict_map(document)
        assert drawn is not None
        for dot in drawn.dots:
            assert 0 <= dot.left <= 100 and conflict.TOP <= dot.top <= conflict.BOTTOM
        assert max(drawn.dots, key=lambda dot: dot.height) == min(drawn.dots, key=lambda dot: dot.top)
        assert all(0 <= band.left and band.left + band.width <= 100.01 for band in drawn.bands)


def test_a_refusal_shows_what_to_say_instead_and_a_criterion_its_second(documents: dict[str, Any]) -> None:
    document = documents["uk_internet"]
    said = " ".join(structure(render(document, SILENT)).all("main")[0].text.split())
    for no in document["refusals"]:
        assert no["quote"] in said and no["say_instead"] in said
    assert "The footballer" in said and "Footballer’s no, said 2 times" in said
    assert "without a reason" in said and "Not settled" in said and "extreme critic" in said
    shown = [(name, each.places) for _, rows in complaints.scored(document) for each in rows for name in [each.name]]
    places = dict(shown)["Wordings to avoid: 5"]
    assert [place.text for place in places][:2] == ["Ми не повертаємо кошти.", "Такі правила."]
    assert all(place.when for place in places)


def test_touchpoints_before_the_recording_have_a_time_and_no_link(documents: dict[str, Any]) -> None:
    first, *rest = complaints.touchpoints(documents["en_cake"])
    assert (first.kind, first.name, first.when, first.starts) == ("Menu", "welcome", None, "−0:05")
    assert rest[-1].mood == "delighted" and rest[-1].tone == "good"


def test_the_terminal_shows_the_same(documents: dict[str, Any]) -> None:
    out = io.StringIO()
    print_scorecard(documents["uk_internet"], Console(file=out, width=100))
    told = " ".join(out.getvalue().split())
    assert "Conflict map" in told and "never calm again" in told and "Complaint" in told and "Touchpoints" in told
    assert "The footballer: a no with neither reason nor way out (0:08, 0:09" in told


def test_a_call_without_conflict_has_a_level_map_and_no_stages(documents: dict[str, Any]) -> None:
    page = structure(render(documents["nb_tannlege"], SILENT))
    assert page.all("li", class_="stage") == [] and "No conflict" in page.all("main")[0].text


def test_nothing_of_the_call_is_taken_for_markup(documents: dict[str, Any]) -> None:
    text = json.dumps(documents["uk_internet"]).replace("\\u041c\\u0438 ", f"{json.dumps(HOSTILE)[1:-1]} ")
    document = json.loads(text)
    document["proposal"] = {"model": HOSTILE, "note": HOSTILE, "summary": HOSTILE, "criteria": [], "dropped": 0}
    page = structure(render(document, SILENT))
    assert page.wrong == [] and page.all("img") == []
    assert len(page.all("script")) == 1 and "alert('x')" in page.all("main")[0].text


PARTS = ("emotion", "conflict", "complaint", "offers", "touchpoints", "proposal", "refusals", "score")
ODD = st.recursive(st.none() | st.booleans() | st.floats() | st.text(max_size=3), lambda x: st.lists(x, max_size=2))


@given(st.sampled_from(PARTS), ODD, st.data())
@settings(max_examples=60, deadline=None)
def test_any_part_may_be_odd(documents: dict[str, Any], part: str, odd: Any, data: st.DataObject) -> None:
    document = json.loads(json.dumps(documents["uk_internet"]))
    if isinstance(document[part], dict) and data.draw(st.booleans()):
        document[part][data.draw(st.sampled_from(sorted(document[part])))] = odd
    else:
        document[part] = odd
    assert structure(render(document, SILENT)).wrong == []
    print_scorecard(document, Console(file=io.StringIO(), width=80))
