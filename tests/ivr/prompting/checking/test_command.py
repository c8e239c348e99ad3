"""``ivr prompts check`` as it is typed, and its page in a real browser."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ivr.cli import app
from tests.peers import needs, program
from tests.speechqa.report.browser import chromium

RUN = CliRunner()


@pytest.fixture
def cached(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CLEARLINE_CACHE", str(tmp_path / "cache"))


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (["--brand", "nowhere"], "nowhere: there is no such brand folder"),
        (["--brand", "{brand}", "--language", "tlh"], "no prompts in 'tlh', only in en"),
        (["--brand", "{brand}", "--html", "nowhere/page.html"], "there is no folder nowhere"),
        (["--brand", "{brand}", "--brand", "{brand}", "--html", "page.html"], "name one with --brand"),
    ],
)
def test_what_cannot_be_used_is_one_sentence(brand: Path, cached: None, options: list[str], says: str) -> None:
    done = RUN.invoke(app, ["prompts", "check", *(each.format(brand=brand) for each in options)])
    assert done.exit_code == 2
    assert says in done.stderr
    assert done.stderr.strip().count("\n") == 0


@pytest.mark.engine
def test_exit_codes_and_json(brand: Path, cached: None) -> None:
    asked = ["prompts", "check", "--brand", str(brand), "--no-listen", "--json"]
    good = RUN.invoke(app, asked)
    assert (good.exit_code, json.loads(good.stdout)["brands"][0]["errors"]) == (0, 0)
    text = (brand / "brand.yaml").read_text(encoding="utf-8")
    (brand / "brand.yaml").write_text(text + "tone: {en: {avoid: {good: fine}}}\n", encoding="utf-8")
    bad = RUN.invoke(app, asked)
    told = json.loads(bad.stdout)["brands"][0]["prompts"][0]["problems"]
    assert bad.exit_code == 1
    assert [(each["rule"], each["remedy"]) for each in told] == [("tone_avoid", "Say: fine.")]


@pytest.mark.web
@needs("chromium")
def test_the_page_plays_filters_and_fits_a_phone(brand: Path, cached: None, tmp_path: Path) -> None:
    (brand / "en.yaml").write_text("hello: Good morning to you all.\nbye: Goodbye to you all.\n", encoding="utf-8")
    html = tmp_path / "prompts.html"
    done = RUN.invoke(app, ["prompts", "check", "--brand", str(brand), "--no-listen", "--html", str(html)])
    assert done.exit_code == 0, done.output
    with chromium(program("chromium") or "", tmp_path / "profile") as page:
        page.open(html, width=390, height=900)
        assert page.value("document.documentElement.scrollWidth") <= 390
        page.until("document.querySelector('audio').readyState >= 1")
        assert page.value("document.querySelector('audio').duration") > 0.8
        assert page.value("document.querySelectorAll('.card:not([hidden])').length") == 2
        page.click("[data-filter=severity][data-value=error]")
        assert page.value("document.querySelectorAll('.card:not([hidden])').length") == 0
        page.click("[data-filter=severity][data-value='']")
        page.click(".play")
        page.until("document.querySelector('audio').currentTime > 0.2")
        assert page.errors == []
        assert [url for url in page.requests if not url.startswith(("file:", "blob:", "data:"))] == []
