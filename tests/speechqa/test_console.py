"""Progress: how far, how long still, and only where somebody looks."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from speechqa.console import SHARES, TELLING, left_s, whole
from tests.speechqa.sounds import bursts, write


def test_the_bar_goes_through_all_stages_once() -> None:
    ends = [at for stage in SHARES for at in (whole(stage, 0.0), whole(stage, 1.0))]
    assert ends == sorted(ends) and ends[0] == 0.0 and ends[-1] == pytest.approx(1.0)
    assert whole("report", 0.25) == 0.25


@given(st.sampled_from(TELLING), st.floats(0.05, 1.0), st.floats(5.0, 5000.0))
def test_what_is_left_follows_from_what_is_done(stage: str, share: float, spent_s: float) -> None:
    """At a steady pace the stage takes ``spent_s / share`` in all, and the later stages their part of it."""
    left = left_s(stage, share, spent_s)
    assert left is not None
    later = 1 - whole(stage, 1.0)
    assert left == pytest.approx(spent_s / share * (1 - share + later / SHARES.get(stage, 1.0)))
    assert left_s(stage, share, 2 * spent_s) == pytest.approx(2 * left)
    assert left >= 0


@pytest.mark.parametrize(("stage", "share", "spent_s"), [("words", 0.01, 60), ("words", 0.5, 1), ("speech", 0.9, 60)])
def test_nothing_is_foretold_from_too_little(stage: str, share: float, spent_s: float) -> None:
    assert left_s(stage, share, spent_s) is None


@pytest.mark.engine
def test_progress_is_for_terminals_and_never_in_the_result(tmp_path: Path) -> None:
    call = write(tmp_path / "call.wav", bursts(8), bursts(8, floor_db=-60))
    command = [sys.executable, "-m", "speechqa.cli", "analyze", str(call), "--json", "-"]
    for more, expected in (([], True), (["--quiet"], False)):
        ours, theirs = pty.openpty()
        with subprocess.Popen([*command, *more], stdout=subprocess.PIPE, stderr=theirs) as run:
            os.close(theirs)
            assert run.stdout is not None
            shown = _read(ours)
            written = run.stdout.read()
        assert json.loads(written)["schema"] == "speechqa.analysis/1"
        assert (b"opening" in shown) == expected
        assert expected or shown == b""


def _read(terminal: int) -> bytes:
    """All that was written to a terminal whose other end is closed."""
    found = b""
    try:
        while part := os.read(terminal, 65536):
            found += part
    except OSError:  # Linux: the other end is closed
        pass
    os.close(terminal)
    return found
