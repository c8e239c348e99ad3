"""Temporary folders of the line's processes, and what killed ones have left behind.

Each holds a file that its process has locked; one whose lock is free belongs to nobody any more. Only this user's.
"""

from __future__ import annotations

import fcntl
import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

PREFIX, LOCK = "clearline-", ".lock"


class Room:
    """A temporary folder, readable by this user alone, that goes with ``close``, or with the next ``sweep``."""

    def __init__(self, purpose: str) -> None:
        self._path: Path | None = Path(tempfile.mkdtemp(prefix=f"{PREFIX}{purpose}-"))
        coming = self._path / f"{LOCK}.new"  # named when it is locked: a sweep in this moment sees no lock that is free
        self._lock = os.open(coming, os.O_CREAT | os.O_RDWR | os.O_CLOEXEC, 0o600)
        fcntl.flock(self._lock, fcntl.LOCK_EX)
        coming.rename(self._path / LOCK)

    @property
    def path(self) -> Path:
        """Raises RuntimeError after ``close``."""
        if self._path is None:
            raise RuntimeError("the folder is gone")
        return self._path

    def __enter__(self) -> Path:
        return self.path

    def __exit__(self, *error: object) -> None:
        self.close()

    def close(self) -> None:
        """Remove it; harmless the second time."""
        if self._path is not None:
            shutil.rmtree(self._path, ignore_errors=True)
            os.close(self._lock)
            self._path = None


def sweep(parent: Path | None = None) -> int:
    """Remove the folders of processes that are no more; how many."""
    removed = 0
    for room in _rooms(parent or Path(tempfile.gettempdir())):
        with suppress(OSError):
            removed += _removed(room)
    return removed


def _rooms(parent: Path) -> Iterator[Path]:
    for room in parent.glob(f"{PREFIX}*-*"):
        with suppress(OSError):
            if room.is_dir() and not room.is_symlink() and room.stat().st_uid == os.getuid():
                yield room


def _removed(room: Path) -> bool:
    lock = os.open(room / LOCK, os.O_RDWR | os.O_CLOEXEC | os.O_NOFOLLOW)  # no lock, no room of ours
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        shutil.rmtree(room, ignore_errors=True)
        return True
    except BlockingIOError:
        return False
    finally:
        os.close(lock)
