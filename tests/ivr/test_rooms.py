"""Temporary folders: gone with their process, one way or the other."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from ivr.rooms import Room, sweep


@pytest.fixture
def temporary(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path))
    return tmp_path


def test_a_room_is_private_and_goes_when_it_is_closed(temporary: Path) -> None:
    room = Room("cell")
    (room.path / "beep.wav").write_bytes(b"x")
    assert room.path.parent == temporary and room.path.stat().st_mode & 0o77 == 0
    assert sweep() == 0 and room.path.is_dir(), "it is lived in"
    room.close()
    room.close()
    assert list(temporary.iterdir()) == []
    with pytest.raises(RuntimeError):
        _ = room.path


def test_what_a_killed_process_left_is_swept(temporary: Path) -> None:
    code = "import time; from ivr.rooms import Room; room = Room('cell'); print(room.path, flush=True); time.sleep(60)"
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, text=True, env={**os.environ, "TMPDIR": str(temporary)}
    ) as process:
        assert process.stdout is not None
        left = Path(process.stdout.readline().strip())
        (left / "silence.wav").write_bytes(b"x")
        assert sweep() == 0
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert left.is_dir() and sweep() == 1 and not left.exists()


def test_folders_of_others_stay(temporary: Path) -> None:
    for name in ("clearline-cell-other", "somebody-elses"):
        (temporary / name).mkdir()
    (temporary / "elsewhere").mkdir()
    (temporary / "clearline-cell-link").symlink_to(temporary / "elsewhere")
    assert sweep() == 0 and len(list(temporary.iterdir())) == 4
