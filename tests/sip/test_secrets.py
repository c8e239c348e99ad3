"""A real call that keys in a secret: no file of the call holds it, and both recordings hold silence meanwhile."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.sip.peers import Line, scripted, sounding

pytestmark = pytest.mark.sip
PROMPT_HZ, SPOKEN_HZ, MENU_HZ = 920, 300, 680


def test_secret_keys_leave_no_trace_and_no_sound(shared_line: Line, tmp_path: Path, spoken: Path) -> None:
    steps = [
        {"expect": "speech"},
        {"press": "1"},
        {"wait": "300ms"},
        {"press": "1"},  # yes, record
        {"wait": "500ms"},
        {"press": "4"},  # to the secret question
        {"wait": "700ms"},  # its prompt is heard
        {"say": str(spoken)},
        {"press": "8"},
        {"press": "6"},
        {"press": "4"},
        {"press": "2"},
        {"expect": "hang_up", "within": "8s"},
    ]
    scripted(tmp_path, steps, shared_line.address).outcome()
    call = shared_line.stored()
    assert call.nodes == ["welcome", "consent", "main", "pin", "look", "nobody", "goodbye"]
    assert [step["digit"] for step in call.steps if step["kind"] == "digit_pressed"] == ["1", "1", "4", *["hidden"] * 4]
    assert call.step("lookup")["url"] == "hidden"
    for file in call.folder.iterdir():
        assert b"8642" not in file.read_bytes()
    recorded_s = call.step("note_consent")["at_s"]
    end_s = call.step("end_sensitive")["at_s"] - recorded_s
    caller, agent = call.audio("caller.wav"), call.audio("agent.wav")
    assert len(caller) == len(agent)
    assert sounding(caller, SPOKEN_HZ) is None
    assert sounding(agent, MENU_HZ) is not None
    told = sounding(agent, PROMPT_HZ)  # "nobody", after the lookup has failed
    assert told is not None and told[0] > end_s - 0.3, "the secret question itself is not in the recording"
