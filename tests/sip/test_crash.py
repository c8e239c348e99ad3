"""A cell is killed in the middle of real calls: what its successor makes of what is on disk."""

from __future__ import annotations

import os
import random
import signal
import time
from pathlib import Path

import pytest

from benchmarks.kills import run
from tests.peers import needs
from tests.sip.peers import Call, scripted, sounding
from tests.sip.test_cells import cells, running

pytestmark = pytest.mark.sip


def test_a_killed_cells_calls_are_recovered_by_its_successor(tmp_path: Path) -> None:
    with cells(tmp_path / "calls", 1) as (up, ready):
        victim = running(up).cells[0]
        steps = [{"expect": "speech"}, {"press": "1"}, {"wait": "1s"}, {"press": "1"}, {"wait": "20s"}]
        scripted(tmp_path / "caller", steps, ready["address"])
        up.next("answered")
        while not (audio := list(up.calls.glob("*/*/caller.wav"))):
            time.sleep(0.01)
        began_s = time.monotonic()
        while time.monotonic() - began_s < 4.0:
            time.sleep(0.05)
        assert not (audio[0].parent / "call.vcon.json").exists()
        os.kill(victim.pid, signal.SIGKILL)
        talked_s = time.monotonic() - began_s
        told = up.next("recovered")
        call = Call(Path(told["record"]))
    summary = call.vcon.summary
    assert summary is not None and summary.interrupted and summary.hung_up is None
    both = [dialog for dialog in call.vcon.dialog if dialog.type == "recording"]
    assert len(both) == 2 and both[0].duration == both[1].duration
    assert both[0].duration is not None and both[0].duration > talked_s - 1.0, "at most a second is lost"
    assert sounding(call.audio("agent.wav"), 680) is not None, "what the caller heard after the consent"
    assert call.step("enter_node", node="main") and not (call.folder / "journal.jsonl").exists()


@needs("sipp")
def test_cells_killed_at_random_moments_lose_no_call_and_at_most_a_second(tmp_path: Path) -> None:
    """Three of the hundred that ``python -m benchmarks.kills`` does."""
    figures = run(tmp_path, kills=3, count=2, dice=random.Random())
    assert figures.kills == 3 and figures.cut_off_recorded > 0 and figures.finished > 0
    assert (figures.finished_lost, figures.not_valid) == (0, [])
    assert figures.most_lost_s <= 1.0
