"""Which channel carries whom."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from speechqa.conversation import exchanged
from speechqa.errors import RecordingMissing, RecordingUnsupported
from speechqa.recording import load_recording
from speechqa.timeline import Span
from tests.speechqa.sounds import RATE_HZ, noise, write


def test_in_a_stereo_file_the_customer_is_left(tmp_path: Path) -> None:
    left, right = noise(1, -40, seed=1), noise(1, -20, seed=2)
    path = write(tmp_path / "call.wav", left, right, subtype="FLOAT")
    recording = load_recording(path)
    assert (recording.layout, recording.roles) == ("stereo", {"agent": 1, "customer": 0})
    assert recording.lanes["customer"].samples() == pytest.approx(left)
    swapped = load_recording(path, swap_roles=True)
    assert (swapped.roles, swapped.roles_swapped) == ({"agent": 0, "customer": 1}, True)
    assert swapped.lanes["customer"].samples() == pytest.approx(right)
    assert recording.sha256 == swapped.sha256 and len(recording.sha256) == 64


def test_a_mono_file_has_no_roles_and_says_so(tmp_path: Path) -> None:
    recording = load_recording(write(tmp_path / "mono.wav", noise(1, -20)))
    assert (recording.layout, recording.roles, set(recording.lanes)) == ("mono", None, {"agent"})
    assert "not told apart" in recording.notes[0]


def test_two_files_with_a_given_offset_stand_in_one_time(tmp_path: Path) -> None:
    agent = write(tmp_path / "a.wav", noise(2, -20, seed=1), subtype="FLOAT")
    customer = write(tmp_path / "c.wav", noise(3, -20, seed=2), subtype="FLOAT")
    recording = load_recording(agent=agent, customer=customer, offset_s=1.5)
    assert recording.layout == "two-files" and recording.duration_s == pytest.approx(3.5)
    lane = recording.lanes["agent"]
    assert lane.span == Span(1.5, 3.5)
    assert lane.read(Span(2.0, 2.5)) == pytest.approx(lane.samples()[RATE_HZ // 2 : RATE_HZ])
    earlier = load_recording(agent=agent, customer=customer, offset_s=-0.5)
    assert (earlier.lanes["agent"].offset_s, earlier.lanes["customer"].offset_s) == (0.0, 0.5)


def test_what_is_said_of_a_side_follows_it_when_the_sides_are_exchanged(tmp_path: Path) -> None:
    agent = write(tmp_path / "the agent.wav", noise(2, -20, seed=1), subtype="FLOAT")
    customer = write(tmp_path / "c.wav", noise(30, -20, seed=2))
    recording = load_recording(agent=agent, customer=customer, offset_s=1.0)
    agent_first = recording.realigned(2.0, 0.9, "cross-talk")
    assert agent_first.swapped().notes == tuple(exchanged(note) for note in agent_first.notes)
    assert any(note.startswith("The customer's side starts 3.00 s") for note in agent_first.swapped().notes)
    assert any(note.startswith("The agent's file ends 27.0 s") for note in recording.notes)
    assert any(note.startswith("The customer's file ends 25.0 s") for note in agent_first.swapped().notes)
    assert agent_first.swapped().swapped().notes == agent_first.notes
    moved = agent_first.swapped().realigned(0.5, 0.9, "cross-talk")
    assert sum("side starts" in note for note in moved.notes) == 1


@pytest.mark.parametrize(("apart_s", "told"), [(0.05, False), (0.15, True), (0.3, False), (2.0, False)])
def test_lengths_that_two_clocks_explain_are_told(tmp_path: Path, apart_s: float, told: bool) -> None:
    minutes = 12 if apart_s < 1 else 1
    quiet = noise(minutes * 60 + apart_s, -60)
    longer = write(tmp_path / "long.wav", quiet, subtype="ULAW")
    shorter = write(tmp_path / "short.wav", noise(minutes * 60, -60, seed=3), subtype="ULAW")
    notes = load_recording(agent=longer, customer=shorter).notes
    assert any("as where two clocks run apart by 208 ppm" in note for note in notes) == told


def test_only_people_are_exchanged_in_a_note() -> None:
    note = "agent.wav ends early; the agent is heard again on the customer's side; set --agent-language."
    assert exchanged(note) == (
        "agent.wav ends early; the customer is heard again on the agent's side; set --customer-language."
    )


def test_files_of_different_rates_go_together(tmp_path: Path) -> None:
    agent = write(tmp_path / "a.wav", np.repeat(noise(2, -20), 2), rate_hz=16000)
    recording = load_recording(agent=agent, customer=write(tmp_path / "c.wav", noise(2, -20, seed=2)))
    assert {party: len(lane.samples(16000)) for party, lane in recording.lanes.items()} == {
        "agent": 32000,
        "customer": 32000,
    }


def test_what_does_not_fit_together_is_refused(tmp_path: Path) -> None:
    mono, stereo = noise(1, -20), (noise(1, -20), noise(1, -30))
    one, two = write(tmp_path / "1.wav", mono), write(tmp_path / "2.wav", *stereo)
    with pytest.raises(RecordingUnsupported, match="stereo"):
        load_recording(agent=one, customer=two)
    with pytest.raises(RecordingMissing, match="both --agent and --customer"):
        load_recording(agent=one)
    with pytest.raises(RecordingMissing, match="not both"):
        load_recording(one, agent=one, customer=one)
