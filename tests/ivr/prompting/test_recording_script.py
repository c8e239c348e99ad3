"""The script for a voice artist: every prompt once, in the order of the flows, values marked, notes told."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from ivr.cli import app
from ivr.prompting import PromptLibrary
from ivr.prompting.recordables import recordables
from ivr.prompting.recording_script import script_html

SHIPPED = Path(__file__).parents[3] / "prompts"


def ids(page: str) -> list[str]:
    return re.findall(r'<span class="id">(\w+)</span>', page)


@pytest.mark.parametrize("language", ["en", "uk"])
def test_every_prompt_is_there_once(language: str, tmp_path: Path) -> None:
    library = PromptLibrary.open(SHIPPED / "juniper", tmp_path)
    result = CliRunner().invoke(app, ["prompts", "script", "--brand", str(SHIPPED / "juniper"), "--language", language])
    assert result.exit_code == 0
    every = [each for prompt in library.catalog.prompts[language].values() for each in recordables(prompt)]
    gapped = {each.prompt for each in every if each.number}
    assert sorted(ids(result.output)) == sorted([*(each.name for each in every), *gapped])


def test_the_order_is_that_of_the_flows_and_the_rest_comes_last(brand: Path, tmp_path: Path) -> None:
    (brand / "en.yaml").write_text(
        "a: One.\nb: Two.\nc: Three.\nd: You owe {sum:money} and <b>.\ne: '{x}'\n", encoding="utf-8"
    )
    page = script_html(PromptLibrary.open(brand, tmp_path), "en", [("Flow: x", ["c", "missing", "a"])])
    assert ids(page) == ["c", "a", "b", "d", "d_part1", "d_part2", "e"]
    assert page.index("Flow: x") < page.index("Three.") < page.index("Further prompts") < page.index("Two.")
    assert "<mark>sum: a sum</mark>" in page and "&lt;b&gt;" in page
    assert '<span class="piece">You owe</span>' in page and '<span class="piece">and &lt;b&gt;.</span>' in page
    assert page.index("You owe") < page.index("Not to be recorded") < page.index("<mark>x: a word or name</mark>")


def test_notes_are_english_where_the_language_has_none_and_words_are_told_as_they_are_said(tmp_path: Path) -> None:
    page = script_html(PromptLibrary.open(SHIPPED / "clearline", tmp_path), "uk", [])
    assert '<p class="note" lang="en">First words of every call; warm, not hurried.</p>' in page
    assert "Blue Harbor Energy: say “Блу Харбор Енерджі”" in page
    assert "addressed formally" in page


def test_an_unknown_language_and_a_place_that_cannot_be_written(tmp_path: Path) -> None:
    runner = CliRunner()
    result = runner.invoke(app, ["prompts", "script", "--language", "xx"])
    assert result.exit_code == 2 and "'xx'" in result.output
    result = runner.invoke(app, ["prompts", "script", "--out", str(tmp_path / "no" / "x.html")])
    assert result.exit_code == 2 and "No such file" in result.output
