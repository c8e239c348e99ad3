"""Scripted conversations."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
import soundfile

from demo.voices import SCRIPT
from ivr.prompting.cache import AudioCache
from ivr.prompting.errors import CatalogError
from ivr.prompting.speak import load_conversation, speak_conversation
from ivr.script import load_script

TWO = """\
voices:
  a: {engine: espeak, voice: en-us}
  b: {engine: espeak, voice: ro, pitch: 3}
lines:
  - {id: one, party: a, text: "Hello there."}
  - {id: two, party: b, text: "Hello to you.", speed: 1.5}
"""


def script(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "talk.yaml"
    path.write_text(text, encoding="utf-8")
    return path


def test_every_line_becomes_a_file(tmp_path: Path) -> None:
    told: list[tuple[int, int]] = []
    conversation, cache = load_conversation(script(tmp_path, TWO)), AudioCache(tmp_path / "cache")
    files = speak_conversation(conversation, tmp_path / "out", cache, lambda *progress: told.append(progress))
    assert files == {"one": tmp_path / "out" / "one.wav", "two": tmp_path / "out" / "two.wav"}
    assert all(soundfile.info(file).samplerate == 8000 for file in files.values())
    assert told == [(1, 2), (2, 2)]
    assert sorted(path.name for path in (tmp_path / "out").iterdir()) == ["one.wav", "two.wav"]


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        ("id: two", "id: one", 6, "lines.1.id: the id 'one' is used twice"),
        ("party: b", "party: c", 6, "lines.1.party: 'c' has no voice"),
        ("id: two", "id: ../two", 6, "lines.1.id: String should match pattern"),
        ("speed: 1.5", "speed: 15", 6, "lines.1.speed: Input should be less than or equal to 2"),
        ("lines:", "lynes:", 4, "lynes: this key is not known"),
    ],
)
def test_a_mistake_is_named_with_its_line(tmp_path: Path, old: str, new: str, line: int, message: str) -> None:
    path = script(tmp_path, TWO.replace(old, new))
    with pytest.raises(CatalogError, match=f"^{re.escape(str(path))}:{line}: {re.escape(message)}"):
        load_conversation(path)


def test_the_demo_has_two_parties_and_a_line_for_every_file_that_its_phones_play() -> None:
    conversation = load_conversation(SCRIPT)
    assert set(conversation.voices) == {"agent", "customer"}
    for phone, party in (("agent.yaml", "agent"), ("caller.yaml", "customer")):
        played = re.findall(r"say: (\S+)\.wav", SCRIPT.with_name(phone).read_text(encoding="utf-8"))
        assert played == [line.id for line in conversation.lines if line.party == party]


def test_the_scripts_of_the_demo_can_be_run(tmp_path: Path) -> None:
    for line in load_conversation(SCRIPT).lines:
        (tmp_path / f"{line.id}.wav").touch()
    for phone in ("agent.yaml", "caller.yaml"):
        copied = tmp_path / phone
        copied.write_text(SCRIPT.with_name(phone).read_text(encoding="utf-8"), encoding="utf-8")
        assert len(load_script(copied).steps) > 10
