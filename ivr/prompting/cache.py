"""Rendered prompts on disk, named by the hash of everything that shaped them.

A file appears whole, by rename, so processes that share a folder need no lock: two that render the same prompt at once
write the same bytes under the same name. A folder is bounded: what was not used for longest goes first, but nothing
that was used in the last minutes, which some process may be about to play. A file in play may go: its bytes stay until
it is closed.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import tempfile
import threading
import time
import weakref
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ivr.prompting.errors import PromptError
from ivr.prompting.render import RATE_HZ

LIMIT_BYTES = 512 * 1024 * 1024
"""Nine hours of speech."""
PRIVATE_LIMIT_BYTES = 32 * 1024 * 1024
IN_USE_S = 600.0


def content_key(shaped_by: Mapping[str, Any]) -> str:
    """A file name's worth of hash (40 hex digits) of values that JSON can hold."""
    text = json.dumps(shaped_by, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:40]


class AudioCache:
    """WAV files by content key in one folder; what is there is found without waiting for what is being made.

    The folder is kept under ``limit_bytes``, looked at each time a sixteenth of that was written by this process.
    """

    def __init__(self, folder: Path, limit_bytes: int = LIMIT_BYTES, in_use_s: float = IN_USE_S) -> None:
        self.folder = folder
        self.limit_bytes = limit_bytes
        self._in_use_s = in_use_s
        self._unweighed_bytes = limit_bytes  # the first file written has the folder weighed
        self._rendering = threading.Lock()

    def path(self, key: str) -> Path:
        """Where the file of this key is, or will be."""
        return self.folder / f"{key}.wav"

    def get(self, key: str, render: Callable[[], npt.NDArray[np.int16]], rate: int = RATE_HZ) -> Path:
        """The file of this key; ``render`` is called only when it is not there, and in one thread at a time."""
        path = self.path(key)
        if not self._used(path):
            with self._rendering:
                if not self._used(path):
                    self._store(path, render(), rate)
        return path

    def _used(self, path: Path) -> bool:
        """Whether the file is there; its time of change is when it was last asked for."""
        try:
            os.utime(path)
        except FileNotFoundError:
            return False
        except OSError:
            return path.is_file()  # a folder of somebody else, which can be read
        return True

    def _store(self, path: Path, samples: npt.NDArray[np.int16], rate: int) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_wav(path, samples, rate)
        except OSError as error:
            raise PromptError(
                f"Prompts cannot be kept in {self.folder}: {error.strerror}; name another folder."
            ) from None
        self._unweighed_bytes += samples.nbytes
        if self._unweighed_bytes * 16 >= self.limit_bytes:
            self._unweighed_bytes = 0
            self._forget_oldest()

    def _forget_oldest(self) -> None:
        """Bring the folder under its limit; files that another process has taken away meanwhile are no matter."""
        found = sorted(_files(self.folder))
        total, now_s = sum(size for _, size, _ in found), time.time()
        for used_at_s, size, path in found:
            if path.suffix == ".part":  # being written, unless it is old
                goes = used_at_s < now_s - IN_USE_S
            else:
                goes = total > self.limit_bytes and used_at_s < now_s - self._in_use_s
            if goes:
                path.unlink(missing_ok=True)
                total -= size


class PrivateCache(AudioCache):
    """A folder that this user alone can read and that goes with the process: for what is said to one caller."""

    def __init__(self) -> None:
        folder = Path(tempfile.mkdtemp(prefix="clearline-live-"))
        super().__init__(folder, PRIVATE_LIMIT_BYTES)
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)


def joined(cache: AudioCache, files: Sequence[Path]) -> Path:
    """One file of several, kept in ``cache``; they are silent at their edges, so nothing clicks."""
    import soundfile

    def join() -> npt.NDArray[np.int16]:
        return np.concatenate([soundfile.read(file, dtype="int16")[0] for file in files])

    return cache.get(content_key({"files": [file.stem for file in files]}), join)


def _files(folder: Path) -> list[tuple[float, int, Path]]:
    """Every prompt in the folder, and what is left of broken writes: last use, bytes, path."""
    found = []
    with os.scandir(folder) as entries:
        for entry in entries:
            if entry.name.endswith((".wav", ".part")):
                try:
                    about = entry.stat(follow_symlinks=False)
                except FileNotFoundError:
                    continue
                found.append((about.st_mtime, about.st_size, Path(entry.path)))
    return found


def write_wav(path: Path, samples: npt.NDArray[np.int16], rate: int = RATE_HZ) -> None:
    """Write mono PCM16 to ``path`` in one step: complete, or not at all."""
    import soundfile

    encoded = io.BytesIO()
    soundfile.write(encoded, samples, rate, format="WAV", subtype="PCM_16")
    descriptor, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(encoded.getbuffer())
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
