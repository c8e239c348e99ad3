"""Recordings that somebody pauses, and recordings that the disk does not take."""

from __future__ import annotations

import os
import resource
import time
from pathlib import Path

import pytest

from ivr.wavfile import is_final
from tests.sip.peers import Line, free_port, line, loudness, scripted
from tests.sip.test_transfers import AGENT_HZ, CALLER_HZ, END, TO_THE_AGENT, voices

pytestmark = pytest.mark.sip
__all__ = ["voices"]


def test_the_agents_key_pauses_the_recording_of_both(
    shared_line: Line, agent_port: int, tmp_path: Path, voices: Path
) -> None:
    """The agent speaks, pauses, speaks, goes on, speaks; the caller speaks all the time."""
    speak = {"say": str(voices / "agent.wav")}
    keys = [{"press": "*9"}, {"wait": "200ms"}]
    agent = scripted(
        tmp_path / "agent", [speak, *keys, speak, *keys, speak, "hang_up"], "--listen", f"127.0.0.1:{agent_port}"
    )
    talks = [{"say": str(voices / "caller.wav")}] * 3
    caller = scripted(tmp_path / "caller", [*TO_THE_AGENT, *talks, END], shared_line.address)
    agent.outcome(), caller.outcome()
    call = shared_line.stored()
    begins_s = call.step("note_consent")["at_s"]
    paused, resumed = (call.step(f"recording_{what}", by="agent")["at_s"] - begins_s for what in ("paused", "resumed"))
    assert 1.5 < resumed - paused < 6.0
    said, heard = call.audio("caller.wav"), call.audio("agent.wav")
    assert len(said) == len(heard)

    def level(samples: object, hz: float, from_s: float, to_s: float) -> float:
        return loudness(samples[round(from_s * 8000) : round(to_s * 8000)], hz)  # type: ignore[index]

    for samples, hz in ((said, CALLER_HZ), (heard, AGENT_HZ)):
        assert level(samples, hz, paused - 1.2, paused - 0.4) > 300
        assert level(samples, hz, paused + 0.3, resumed - 0.3) < 5, "not a sound while it is paused"
    assert level(heard, AGENT_HZ, resumed + 0.6, resumed + 1.4) > 300
    assert not [step for step in call.steps if step.get("digit") == "9"], "the flow does not hear the agent's keys"


def limited(up: Line, size: int) -> None:
    """No file of the line may grow beyond this: what a full disk does, without one."""
    resource.prlimit(up.process.pid, resource.RLIMIT_FSIZE, (size, resource.RLIM_INFINITY))


def test_a_full_disk_costs_the_recording_and_not_the_call(tmp_path: Path) -> None:
    """The recording ends where the disk was full, whole and told as cut; the record is written when there is room."""
    steps = [
        {"expect": "speech"},
        {"press": "1"},
        {"wait": "300ms"},
        {"press": "1"},
        {"wait": "7500ms"},
        {"press": "3"},
        END,
    ]
    made = ["welcome", "consent_recording", "main_menu", "goodbye"]
    with line(tmp_path / "calls", f"sip:nobody@127.0.0.1:{free_port()}", made=made) as up:
        caller = scripted(tmp_path / "caller", steps, up.address)
        up.next("CallAnswered")
        while not list(up.calls.glob("*/*/agent.wav")):
            time.sleep(0.05)
        limited(up, 20_000)
        while not any(b"recording_failed" in file.read_bytes() for file in up.calls.glob("*/*/journal.jsonl")):
            assert not list(up.calls.glob("*/*/call.vcon.json")), "nobody noticed"
            time.sleep(0.1)
        limited(up, 10)
        caller.outcome()  # the key was taken and the goodbye was heard
        assert "CallNotStored" == up.next("CallNotStored")["event"]
        folder = next(up.calls.glob("*/*"))
        shown = sorted(each.name for each in folder.iterdir() if not each.name.startswith("."))  # it is tried again
        assert shown == ["agent.wav", "caller.wav", "journal.jsonl"]
        limited(up, resource.RLIM_INFINITY)
        call = up.stored()
    assert not (folder / "journal.jsonl").exists()
    summary = call.vcon.summary
    assert summary is not None and summary.model_dump()["recording_cut"] and not summary.interrupted
    files = [folder / name for name in ("caller.wav", "agent.wav")]
    assert all(is_final(file) and file.stat().st_size <= 20_000 for file in files)
    recordings = [dialog.duration for dialog in call.vcon.dialog if dialog.type == "recording"]
    whole = call.vcon.dialog[0].duration
    assert whole is not None and recordings[0] == recordings[1] and 0.5 < (recordings[0] or 0) < 1.5 < whole
    assert call.step("recording_failed") and call.nodes[-1] == "goodbye"


def test_a_number_that_is_not_allowed_is_not_rung(tmp_path: Path) -> None:
    """The operator's target begins with another country's number; the caller goes on in the flow."""
    with line(tmp_path / "calls", "sip:+88213@127.0.0.1:9", prefixes=["+47"]) as up:
        scripted(tmp_path / "caller", [*TO_THE_AGENT, END], up.address).outcome()
        call = up.stored()
    assert call.step("transfer_failed", reason="unreachable") and call.nodes[-2:] == ["nobody", "goodbye"]
    assert os.stat(up.calls / "state/rung.sqlite").st_mode & 0o77 == 0
