"""The report in a real browser."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from benchmarks.conflict import labelled
from speechqa.analysis import AnalyzedRecording, Engines, Quality
from speechqa.assembly import assembled
from speechqa.judgement import judge
from speechqa.report.html import write_report
from speechqa.report.waveform import ReportAudio, Track
from tests.peers import needs, program
from tests.speechqa.report.browser import Page, chromium
from tests.speechqa.report.structure import structure

pytestmark = [pytest.mark.web, needs("chromium")]


@pytest.fixture(scope="module")
def page(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Page]:
    with chromium(program("chromium") or "", tmp_path_factory.mktemp("profile")) as opened:
        yield opened


def test_clicking_a_finding_plays_from_its_second(page: Page, report: Path) -> None:
    page.open(report, width=1280, height=900)
    page.until("audio.readyState >= 2")
    assert page.value("audio.duration") == pytest.approx(48, abs=0.15)
    page.click("#finding-3 .at")
    page.until("!audio.paused && !audio.seeking && audio.currentTime > 44.25")
    assert page.value("audio.currentTime") < 46.5
    assert page.value("location.hash") == "#t=44.20"
    assert page.value("document.querySelector('[aria-current] b').textContent") == "Agent"
    assert page.errors == []
    assert [url for url in page.requests if not url.startswith(("file:", "blob:", "data:"))] == []


def test_keys_play_pause_and_seek(page: Page, report: Path) -> None:
    page.open(report, width=1280, height=900)
    page.until("audio.readyState >= 2")
    page.press("ArrowRight")
    page.press("ArrowRight")
    page.until("audio.currentTime === 10 && !audio.seeking")
    page.press("ArrowLeft")
    page.until("audio.currentTime === 5 && !audio.seeking")
    page.press(" ")
    page.until("!audio.paused && audio.currentTime > 5.05")
    page.press(" ")
    page.until("audio.paused && document.querySelector('#play').getAttribute('aria-label') === 'Play'")
    assert page.errors == []


def test_a_link_to_a_second_opens_there(page: Page, report: Path) -> None:
    page.open(report, width=1280, height=900, fragment="#t=31.80")
    page.until("audio.readyState >= 2 && Math.abs(audio.currentTime - 31.8) < 0.01")
    assert page.value("document.querySelector('#now').textContent") == "0:31"


def test_sound_beside_the_report_plays_too(page: Page, example: Any, sound: ReportAudio, tmp_path: Path) -> None:
    write_report(example, sound, tmp_path / "long call.html", longest_embedded_s=1)
    page.open(tmp_path / "long call.html", width=1280, height=900)
    page.click("#finding-1 .at")
    page.until("!audio.paused && audio.currentTime > 11.25")
    assert page.errors == []


def test_the_sound_is_where_the_picture_says(page: Page, report: Path) -> None:
    """The browser's decoder adds no delay: the agent's first tone starts at 0.5 s."""
    sound = structure(report.read_text("utf-8")).all("script", id="sound")[0].text
    page.open(report, width=1280, height=900)
    onset = page.value(
        "new OfflineAudioContext(2, 1, 16000)"
        f".decodeAudioData(Uint8Array.from(atob('{sound}'), c => c.charCodeAt(0)).buffer)"
        ".then(d => d.getChannelData(1).findIndex(s => Math.abs(s) > 0.1) / 16000).catch(e => String(e))"
    )
    assert onset == pytest.approx(0.5, abs=0.02)


@pytest.mark.parametrize("dark", [False, True])
@pytest.mark.parametrize("width", [390, 768, 1280])
def test_nothing_is_wider_than_the_window(page: Page, report: Path, width: int, dark: bool) -> None:
    page.open(report, width=width, height=900, dark=dark)
    assert page.value("document.documentElement.scrollWidth") <= width
    assert page.errors == []


CONTRAST = """
(() => {
  const parse = (c) => { const n = c.match(/[\\d.]+/g).map(Number); return n.length < 4 ? [...n, 1] : n; };
  const linear = (v) => v <= .04045 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4;
  const light = ([r, g, b]) => .2126 * linear(r / 255) + .7152 * linear(g / 255) + .0722 * linear(b / 255);
  const behind = (e) => {
    const solid = (c) => c[3] > .99 ? c : null;
    for (; e; e = e.parentElement) { const c = solid(parse(getComputedStyle(e).backgroundColor)); if (c) return c; }
    return [255, 255, 255, 1];
  };
  const low = [];
  for (const e of document.querySelectorAll('body *')) {
    if (!e.checkVisibility() || e.closest('svg, script, button:disabled')) continue;
    if (![...e.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())) continue;
    const [a, b] = [light(parse(getComputedStyle(e).color)), light(behind(e))];
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    if (ratio < 4.5) low.push(`${e.className} ${e.textContent.trim().slice(0, 30)} ${ratio.toFixed(2)}`);
  }
  return low;
})()
"""
"""Every text whose contrast to the nearest opaque background is under 4.5 : 1 (WCAG AA)."""


@pytest.mark.parametrize("dark", [False, True])
def test_text_has_enough_contrast(page: Page, report: Path, dark: bool) -> None:
    page.open(report, width=1280, height=900, dark=dark)
    assert page.value(CONTRAST) == []


COVERED = """
(() => {
  const lines = [];
  const texts = document.createTreeWalker(document.querySelector('main'), NodeFilter.SHOW_TEXT);
  for (let text; (text = texts.nextNode());) {
    const holder = text.parentElement;
    if (!text.data.trim() || holder.closest('.timeline, .plot, svg, sup') || !holder.checkVisibility()) continue;
    const range = document.createRange();
    range.selectNodeContents(text);
    for (const box of range.getClientRects()) lines.push([text.data.trim().slice(0, 30), box]);
  }
  const shared = (from, to, a, b) => Math.min(a[to], b[to]) - Math.max(a[from], b[from]);
  const covers = (a, b) => shared('left', 'right', a, b) > 2 && shared('top', 'bottom', a, b) > 5;
  const under = (box, i) => lines.slice(i + 1).filter(([, other]) => covers(box, other));
  return lines.flatMap(([text, box], i) => under(box, i).map(([other]) => `${text} / ${other}`));
})()
"""
"""Every two pieces of text, outside the pictures, that stand on top of each other."""


@pytest.mark.parametrize("width", [390, 1280])
def test_no_text_stands_on_another(page: Page, report: Path, width: int) -> None:
    page.open(report, width=width, height=900)
    assert page.value(COVERED) == []


@pytest.fixture(scope="module")
def conflict_report(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of a labelled call with a conflict, with silence for sound."""
    recording = AnalyzedRecording("c.wav", "0", 8000, "stereo", {"agent": 1, "customer": 0}, 1.0, False, {}, 1.0)
    call = next(each for each in labelled("development") if each.name == "en_cake")
    judged, quality = judge(call.talk), Quality(None, None, None)
    document = assembled(judged, recording=recording, engines=Engines("", "", ""), quality=quality).to_json()
    silence = Track.of(np.zeros(round(call.talk.duration_s * 8000), np.float32))
    path = tmp_path_factory.mktemp("conflict") / "report.html"
    write_report(document, ReportAudio(8000, silence, silence), path)
    return path


def test_a_point_of_the_conflict_map_plays_from_its_second(page: Page, conflict_report: Path) -> None:
    page.open(conflict_report, width=1280, height=1600)
    page.until("audio.readyState >= 2")
    page.click(".map a:nth-of-type(4)")
    page.until("!audio.paused && audio.currentTime > 20")
    assert page.errors == []


@pytest.mark.parametrize("width", [390, 1280])
def test_the_conflict_map_fits_any_width_and_its_text_keeps_its_size(
    page: Page, conflict_report: Path, width: int
) -> None:
    page.open(conflict_report, width=width, height=900)
    box = "document.querySelector('.map').getBoundingClientRect()"
    assert page.value(f"{box}.left >= 0 && {box}.right <= innerWidth")
    assert page.value("document.documentElement.scrollWidth <= innerWidth")
    assert float(page.value("getComputedStyle(document.querySelector('.map .quote')).fontSize.replace('px', '')")) >= 12
    quote = "document.querySelector('.map .quote').getBoundingClientRect()"
    assert page.value(f"{quote}.left >= 0 && {quote}.right <= innerWidth")


@pytest.mark.parametrize("dark", [False, True])
def test_the_text_about_a_conflict_has_contrast_and_covers_nothing(
    page: Page, conflict_report: Path, dark: bool
) -> None:
    for width in (390, 1280):
        page.open(conflict_report, width=width, height=900, dark=dark)
        assert page.value(CONTRAST) == []
        assert page.value(COVERED) == []
