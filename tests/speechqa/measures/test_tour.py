"""The tour of docs/measures.md: every example prints what the page says, every picture is what the code draws."""

from __future__ import annotations

import doctest
import re
import shutil
import xml.etree.ElementTree as xml
from pathlib import Path

import pytest

from speechqa.measures import guide
from speechqa.report import pictures

IMAGES = Path(__file__).parents[3] / "docs" / "img"
BLOCKS = re.findall(r"(<!-- sound -->\n)?```pycon\n(.*?)```", guide.guide(), flags=re.DOTALL)


def failures(*, of_sound: bool) -> str:
    """What the examples print otherwise than the page; empty when all is as it says."""
    text = "".join(block for mark, block in BLOCKS if bool(mark) is of_sound)
    test = doctest.DocTestParser().get_doctest(text, {}, "docs/measures.md", None, 0)
    assert len(test.examples) >= 3
    said: list[str] = []
    doctest.DocTestRunner().run(test, out=said.append)
    return "".join(said)


def test_every_example_prints_what_the_page_says() -> None:
    assert failures(of_sound=False) == ""


@pytest.mark.engine
def test_the_example_from_sound(dialogue: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    shutil.copy(dialogue, tmp_path / "call.wav")
    monkeypatch.chdir(tmp_path)
    assert failures(of_sound=True) == ""


@pytest.mark.parametrize("name", sorted(pictures.PICTURES))
def test_the_pictures_are_what_the_code_draws(name: str) -> None:
    drawn = pictures.draw()[name]
    assert xml.fromstring(drawn).tag.endswith("svg")
    page = (IMAGES / f"{name}.svg").read_text("utf-8")
    assert page == drawn, "run: python -m speechqa.report.pictures docs/img"
    assert f"(img/{name}.svg)" in guide.guide()


def test_the_pictures_show_every_overlap_and_pause() -> None:
    drawn = pictures.draw()
    assert all(
        name in drawn["overlaps"] for name in ("Interruption", "Listening word", "Attempt to cut in", "Early start")
    )
    assert "294" in drawn["pace"] and "1.20 s" in drawn["pauses"]


def test_the_command_names_its_folder(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert pictures.main([str(tmp_path)]) == 0
    assert sorted(path.name for path in tmp_path.iterdir()) == ["overlaps.svg", "pace.svg", "pauses.svg"]
    assert pictures.main([]) == 2 and "Name the folder" in capsys.readouterr().err
