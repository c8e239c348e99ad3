from __future__ import annotations

import base64
import copy
import io
import re
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import soundfile

from speechqa.report.html import render, write_report
from speechqa.report.waveform import ReportAudio, Track
from tests.speechqa.report.structure import structure

SILENT = ReportAudio(8000, None, None)
HOSTILE = "<script>alert('x')</script><img src=x onerror=alert(1)> & \" ' {{ 7 * 7 }}"


def test_page_is_well_formed_and_has_landmarks(report: Path) -> None:
    page = structure(report.read_text("utf-8"))
    assert page.wrong == []
    assert [len(page.all(tag)) for tag in ("header", "main", "footer", "h1", "title")] == [1, 1, 1, 1, 1]
    identities = [e.attributes["id"] for e in page.elements if "id" in e.attributes]
    assert len(identities) == len(set(identities))
    for element in page.elements:
        label = element.attributes.get("aria-labelledby")
        assert label is None or label in identities
    assert page.all("html")[0].attributes["lang"] == "en"


def test_every_finding_is_listed_with_quote_advice_and_a_link_to_its_second(report: Path, example: Any) -> None:
    page = structure(report.read_text("utf-8"))
    items = [e for e in page.all("li") if (e.attributes.get("id") or "").startswith("finding-")]
    assert len(items) == len(example["findings"])
    links = {e.attributes["href"] for e in page.all("a", class_="at")}
    said = " ".join(" ".join(item.text.split()) for item in items)
    for finding in example["findings"]:
        assert f"#t={finding['start_s']:.2f}" in links
        assert finding["quote"] in said
        assert (finding["say_instead"] or "") in said


def test_score_sections_and_what_cost_the_points(report: Path) -> None:
    page = structure(report.read_text("utf-8"))
    header = " ".join(page.all("header")[0].text.split())
    assert "66 / 100" in header
    assert "Most were lost on ending (−15) and listening (−6)" in header
    for cost in ("Agent speaks 171 wpm", "Interruption, 0.8 s", "Dead air, 7.5 s", "Reproach", "No offer of more help"):
        assert cost in header


def test_both_waveforms_and_every_event_are_drawn(report: Path) -> None:
    page = structure(report.read_text("utf-8"))
    waves = [e for e in page.all("path") if (e.attributes.get("id") or "").startswith("wave-")]
    assert len(waves) == 2
    assert len(page.all("rect", class_="said")) == 9
    assert len(page.all("i", class_="event")) == 2
    assert len(page.all("i", class_="gap")) == 1
    assert len(page.all("i", class_="pin")) == 3
    bands = [e for e in page.all("div", class_="band") if "data-seek" in e.attributes]
    assert [e.attributes["title"] for e in bands] == ["Dead air at 0:20, 7.5 s"]
    assert bands[0].attributes["style"] == "left:41.667%;width:15.625%"
    assert len(page.all("div", class_="ending")) == 1
    assert len(page.all("li", class_="kind")) >= 5


def test_transcript_has_party_time_text_rate_and_marks_the_quote(report: Path) -> None:
    page = structure(report.read_text("utf-8"))
    turns = [e for e in page.all("li") if "data-from" in e.attributes]
    assert len(turns) == 8
    third = " ".join(turns[2].text.split())
    assert third.startswith("Agent 0:11")
    assert "150 wpm" in third  # 18 words in 8.8 s less a pause of 1.6 s
    assert "Interruption" in third
    quoted = [(e.text, e.attributes["href"]) for e in page.all("a", class_="quoted")]
    assert ("As I said before1", "#finding-1") in quoted
    assert ("Sorry again, so sorry3", "#finding-3") in quoted


def test_the_page_asks_nothing_of_the_network(report: Path) -> None:
    text = report.read_text("utf-8")
    without_sound = re.sub(r'<script type="text/plain".*?</script>', "", text, flags=re.DOTALL)
    assert not re.search(r"https?:|//[a-z]+\.|@import|url\((?!#)", without_sound)
    for element in structure(text).elements:
        for name in ("src", "href", "action", "srcset", "poster"):
            value = element.attributes.get(name)
            assert value is None or value.startswith(("#", "data:")), element
    assert "default-src 'none'" in text


def test_texts_of_strangers_are_escaped(example: dict[str, Any]) -> None:
    for turn in example["turns"]:
        turn["text"] = HOSTILE
    for finding in example["findings"]:
        finding.update(quote=HOSTILE, say_instead=HOSTILE, rule=HOSTILE, why=HOSTILE)
    example["advice"] = [HOSTILE]
    example["recording"]["file"] = HOSTILE
    example["overlaps"][0].update(quote=HOSTILE, kind=HOSTILE)
    example["silences"][0]["kind"] = HOSTILE
    example["score"]["sections"][0]["id"] = HOSTILE
    example["ending"]["criteria"][0].update(id=HOSTILE, evidence=[{"start_s": 1, "quote": HOSTILE}])
    plain, hostile = structure(render({}, SILENT)), structure(render(example, SILENT))
    assert hostile.wrong == []
    assert len(hostile.all("script")) == len(plain.all("script")) == 1
    assert hostile.all("img") == []
    assert not [e for e in hostile.elements if any(name.startswith("on") for name in e.attributes)]
    assert "alert('x')" in hostile.all("main")[0].text
    assert "{{ 7 * 7 }}" in hostile.all("main")[0].text


def nulled(value: Any, path: tuple[Any, ...] = ()) -> list[tuple[Any, ...]]:
    """The path of every field of a document."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [path] * bool(path) + [p for key, each in inner for p in nulled(each, (*path, key))]


@pytest.mark.parametrize("instead", [None, "text", [], {}, float("nan"), -1, True], ids=repr)
def test_any_field_may_be_null_or_odd(example: dict[str, Any], instead: Any) -> None:
    firsts = [p for p in nulled(example) if all(not isinstance(key, int) or key == 0 for key in p)]
    assert len(firsts) > 80
    for path in firsts[:: 1 if instead is None else 4]:
        changed = copy.deepcopy(example)
        here = changed
        for key in path[:-1]:
            here = here[key]
        here[path[-1]] = instead
        assert structure(render(changed, SILENT)).wrong == [], path


@pytest.mark.parametrize("document", [{}, {"turns": None, "score": None}, {"duration_s": 0}, {"findings": [None, {}]}])
def test_an_empty_document_still_renders(document: dict[str, Any], tmp_path: Path) -> None:
    write_report(document, SILENT, tmp_path / "r.html")
    page = structure((tmp_path / "r.html").read_text("utf-8"))
    assert page.wrong == []
    assert "no sound" in page.all("section", class_="player")[0].text
    assert page.all("audio") == []


def test_embedded_sound_is_the_call(report: Path, sound: ReportAudio) -> None:
    embedded = structure(report.read_text("utf-8")).all("script", id="sound")[0].text
    samples, rate = soundfile.read(io.BytesIO(base64.b64decode(embedded)), dtype="float32")
    assert samples.shape[1] == 2
    assert abs(len(samples) / rate - sound.duration_s) < 0.1

    def loud(channel: int, from_s: float, to_s: float) -> bool:
        return bool(np.abs(samples[int(from_s * rate) : int(to_s * rate), channel]).max() > 0.15)

    assert loud(0, 5, 6) and not loud(1, 5, 6)  # the customer is left
    assert loud(1, 32, 33) and not loud(0, 32, 33)


def test_size_bounds(report: Path, example: dict[str, Any]) -> None:
    assert len(render(example, SILENT)) < 80_000
    assert report.stat().st_size < 80_000 + 48 * (48_000 / 8) * 4 / 3 * 1.1 + 40_000


def test_one_side_only_shows_speech_as_blocks(example: dict[str, Any], sound: ReportAudio) -> None:
    page = structure(render(example, ReportAudio(sound.sample_rate_hz, None, sound.agent)))
    assert len(page.all("rect", class_="block")) == 4
    assert len([e for e in page.all("path") if e.attributes.get("id") == "wave-agent"]) == 1


def test_long_calls_keep_their_sound_beside_the_report(tmp_path: Path) -> None:
    audio = ReportAudio(8000, Track.of(np.zeros(16000, np.float32)), Track.of(np.zeros(16000, np.float32)))
    write_report({}, audio, tmp_path / "the call #1.html", longest_embedded_s=1)
    page = structure((tmp_path / "the call #1.html").read_text("utf-8"))
    assert page.all("audio")[0].attributes["src"] == "the%20call%20%231.sound.mp3"
    assert page.all("script", id="sound") == []
    assert soundfile.info(tmp_path / "the call #1.sound.mp3").duration == pytest.approx(2, abs=0.1)


def test_half_a_report_is_never_left(tmp_path: Path) -> None:
    (tmp_path / "r.html").mkdir()
    with pytest.raises(OSError):
        write_report({}, SILENT, tmp_path / "r.html")
    assert [p.name for p in tmp_path.iterdir()] == ["r.html"]


def test_people_told_apart_by_voice_are_shown_as_estimated(example: dict[str, Any], sound: ReportAudio) -> None:
    example["recording"] |= {"layout": "mono", "voices": {"found": 2, "confidence": 0.9, "engine": "none"}}
    example["score"]["caveat"] = "A human must look before this score counts."
    page = render(example | {"overlaps": [], "overlaps_reliable": False}, sound)
    assert "Agent (estimated)" in page and "Customer (estimated)" in page
    assert "A human must look before this score counts." in page
    assert "Not known: both people are on one channel" in page and "They never spoke at the same time" not in page
    assert "They never spoke at the same time" in render(example | {"overlaps": [], "overlaps_reliable": True}, sound)
