"""The calls to compare with: from folders and files, and what is wrong with them."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from speechqa.errors import ReferenceUnusable
from speechqa.measures.standing import ReferenceCall
from speechqa.reference import own_team, read_reference, teams_of


def document(wpm: float | None = 150.0, **more: Any) -> str:
    pace = {"agent": {"speech_rate_wpm": wpm, "articulation_rate_sps": 4.5, "words": 9}, "customer": None}
    whole = {"schema": "speechqa.analysis/1", "language": "en", "pace": pace, "recording": {"sha256": "ab"}}
    return json.dumps(whole | more)


def test_a_folder_is_a_team_and_its_subfolders_are_teams(tmp_path: Path) -> None:
    folder = tmp_path / "calls"
    (folder / "north").mkdir(parents=True)
    (folder / "a.json").write_text(document(140.0), "utf-8")
    (folder / "call.vcon.json").write_text('{"vcon": "0.3.0"}', "utf-8")
    (folder / "north" / "b.json").write_text(document(None), "utf-8")
    (folder / "north" / "mono.json").write_text(document(pace={"agent": None, "customer": None}), "utf-8")
    found = read_reference(folder)
    assert found == (
        ReferenceCall("calls", "en", 140.0, 4.5, "ab"),
        ReferenceCall("north", "en", None, 4.5, "ab"),
    )
    assert teams_of(found) == ("calls", "north")
    assert own_team(found, "north") == "north"
    assert own_team(found, None) is None
    assert own_team(found[:1], None) == "calls"
    with pytest.raises(
        ReferenceUnusable, match="no team 'south' among the calls to compare with; there is calls, north"
    ):
        own_team(found, "south")


def test_a_file_of_rates(tmp_path: Path) -> None:
    path = tmp_path / "rates.json"
    path.write_text('{"teams": {"north": {"en": [148.0, 161.5], "nb": [139.2]}}}', "utf-8")
    assert [(each.language, each.speech_rate_wpm) for each in read_reference(path)] == [
        ("en", 148.0),
        ("en", 161.5),
        ("nb", 139.2),
    ]


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", "is not JSON"),
        ('{"teams": {"north": {"en": [-1]}}}', "teams.north.en.0"),
        ('{"rates": []}', "rates are given as"),
        ('{"teams": {}}', "holds no analysis"),
    ],
)
def test_an_unusable_file_is_one_sentence(tmp_path: Path, content: str, says: str) -> None:
    path = tmp_path / "rates.json"
    path.write_text(content, "utf-8")
    with pytest.raises(ReferenceUnusable, match=says):
        read_reference(path)


def test_nothing_there_and_a_broken_analysis(tmp_path: Path) -> None:
    with pytest.raises(ReferenceUnusable, match="to compare with; name a folder"):
        read_reference(tmp_path / "none")
    with pytest.raises(ReferenceUnusable, match="holds no analysis"):
        read_reference(tmp_path)
    (tmp_path / "a.json").write_text(document(wpm=9e9), "utf-8")
    with pytest.raises(ReferenceUnusable, match=r"a\.json is no sound analysis: pace\.agent\.speech_rate_wpm"):
        read_reference(tmp_path)
