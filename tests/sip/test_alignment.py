"""Both recorders of a leg begin with the same frame and end within one."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests.sip.peers import ROOT

FRAME = 160
PAIRS = 12
MEASURE = """
import json, pathlib, sys
from benchmarks.line import alignment
print(json.dumps(alignment(pathlib.Path(sys.argv[1]), {})))
"""


@pytest.mark.sip
def test_both_sides_start_and_end_together(tmp_path: Path) -> None:
    """One endpoint per process, so in a process of its own; it also ends without aborting (exit code 0)."""
    command = [sys.executable, "-c", MEASURE.format(PAIRS), str(tmp_path)]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr
    apart = json.loads(done.stdout)
    assert apart["pairs"] == PAIRS
    assert 0 <= apart["start_apart_max_samples"] <= FRAME
    assert 0 <= apart["end_apart_max_samples"] <= FRAME
