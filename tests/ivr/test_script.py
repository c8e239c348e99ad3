"""The language of scripts: what is read, and what is refused with its line."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.script import Expect, HangUp, Listen, Press, Say, ScriptError, load_script, read_seconds


def script(folder: Path, text: str) -> Path:
    file = folder / "script.yaml"
    file.write_text(text)
    return file


def test_steps_as_written(tmp_path: Path) -> None:
    (tmp_path / "hello.wav").write_bytes(b"")
    text = '- expect: speech\n  within: 2s\n- press: "12#"\n  via: info\n- say: hello.wav\n  until_interrupted: 400ms\n'
    steps = load_script(script(tmp_path, text + "- listen: 1.5s\n- hang_up\n")).steps
    assert steps == (
        Expect(expect="speech", within=2.0),
        Press(press="12#", via="info"),
        Say(say=tmp_path / "hello.wav", until_interrupted=0.4),
        Listen(listen=1.5),
        HangUp(),
    )


@pytest.mark.parametrize(("text", "seconds"), [("400ms", 0.4), ("1.5s", 1.5), ("2m", 120.0), (3, 3.0), ("0s", 0.0)])
def test_lengths_of_time(text: object, seconds: float) -> None:
    assert read_seconds(text) == seconds


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("- wait: 1s\n- jump: 3\n", "script.yaml:2: .*is no step; each step has one of wait, press"),
        ("- wait: soon\n", "script.yaml:1: wait: 'soon' is no length of time"),
        ("- press: x\n", "are no keys of a phone"),
        ("- press: 1\n  via: post\n", "script.yaml:1: via"),
        ("- say: no.wav\n", "there is no file .*no.wav"),
        ("- say: no.wav\n  wait: 1s\n", "is no step"),
        ("- expect: applause\n", "script.yaml:1: expect"),
        ("wait: 1s\n", "a script is a list"),
        ("", "a script is a list"),
        ("- [\n", "script.yaml:[0-9]+: not YAML"),
    ],
)
def test_what_is_refused(tmp_path: Path, text: str, says: str) -> None:
    with pytest.raises(ScriptError, match=says):
        load_script(script(tmp_path, text))


def test_no_such_script(tmp_path: Path) -> None:
    with pytest.raises(ScriptError, match="No such file"):
        load_script(tmp_path / "no.yaml")
