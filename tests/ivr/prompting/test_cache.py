"""The folder of rendered prompts is bounded, by several processes at once, and never loses what is in use."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest
import soundfile

from ivr.prompting.cache import AudioCache, PrivateCache, joined

BYTES = 2000
"""Of one file's samples; the header adds a little."""


def sound() -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    return np.ones(BYTES // 2, np.int16)


def aged(cache: AudioCache, key: str, seconds: float) -> None:
    then = time.time() - seconds
    os.utime(cache.path(key), (then, then))


def size(folder: Path) -> int:
    return sum(file.stat().st_size for file in folder.iterdir())


def test_what_was_not_used_for_longest_goes_first(tmp_path: Path) -> None:
    cache = AudioCache(tmp_path, limit_bytes=5 * (BYTES + 100), in_use_s=0.0)
    for number in range(5):
        cache.get(f"k{number}", sound)
        aged(cache, f"k{number}", 100 - number)
    cache.get("k0", sound)  # asked for again: now the newest
    cache.get("new", sound)
    assert {file.stem for file in tmp_path.iterdir()} == {"k0", "k2", "k3", "k4", "new"}


def test_the_folder_never_grows_far_beyond_its_limit(tmp_path: Path) -> None:
    cache = AudioCache(tmp_path, limit_bytes=20 * BYTES, in_use_s=0.0)
    for number in range(100):
        cache.get(f"k{number}", sound)
        assert size(tmp_path) <= 20 * BYTES * 17 / 16 + BYTES + 100
    assert cache.path("k99").is_file()


def test_what_was_used_a_moment_ago_is_kept_whatever_its_size(tmp_path: Path) -> None:
    cache = AudioCache(tmp_path, limit_bytes=2 * BYTES)
    for number in range(6):
        cache.get(f"k{number}", sound)
    assert len(list(tmp_path.iterdir())) == 6
    for number in range(6):
        aged(cache, f"k{number}", 3600)
    cache.get("new", sound)
    assert {file.stem for file in tmp_path.iterdir()} == {"new"}


def test_what_a_broken_write_left_behind_goes_too_and_other_files_stay(tmp_path: Path) -> None:
    cache = AudioCache(tmp_path, limit_bytes=10 * BYTES)
    for name in (".old.part", "notes.txt", ".young.part"):
        (tmp_path / name).write_bytes(b"x")
    os.utime(tmp_path / ".old.part", (1.0, 1.0))
    os.utime(tmp_path / "notes.txt", (1.0, 1.0))
    cache.get("k", sound)
    assert {file.name for file in tmp_path.iterdir()} == {"notes.txt", ".young.part", "k.wav"}


FILL = """
import sys
from pathlib import Path
import numpy as np
from ivr.prompting.cache import AudioCache
cache = AudioCache(Path(sys.argv[1]), limit_bytes=40_000, in_use_s=0.0)
for number in range(150):
    cache.get(f"{sys.argv[2]}{number}", lambda: np.ones(1000, np.int16))
    cache.get(f"shared{number % 7}", lambda: np.ones(1000, np.int16))
"""


def test_three_processes_at_once_keep_one_folder_bounded(tmp_path: Path) -> None:
    command = [sys.executable, "-c", FILL, str(tmp_path)]
    running = [subprocess.Popen([*command, name], stderr=subprocess.PIPE, text=True) for name in "abc"]
    told = [process.communicate(timeout=60)[1] for process in running]
    assert [process.returncode for process in running] == [0, 0, 0], told
    assert size(tmp_path) <= 40_000 + 3 * 40_000 / 16 + 3 * 2_100
    assert all(soundfile.info(file).frames == 1000 for file in tmp_path.iterdir())


def test_a_folder_of_somebody_else_is_read(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    AudioCache(tmp_path).get("k", sound)

    def refused(path: Path) -> None:
        raise PermissionError(13, "not yours")

    monkeypatch.setattr(os, "utime", refused)
    assert AudioCache(tmp_path).get("k", lambda: pytest.fail("made again")) == tmp_path / "k.wav"


def test_a_private_folder_is_for_this_user_alone_and_goes_with_the_cache() -> None:
    cache = PrivateCache()
    file = cache.get("k", sound)
    assert file.parent.stat().st_mode & 0o077 == 0
    del cache
    assert not file.parent.exists()


def test_files_are_joined_in_order(tmp_path: Path) -> None:
    cache = AudioCache(tmp_path)
    one, two = (cache.get(f"k{level}", lambda level=level: np.full(80, level, np.int16)) for level in (1, 2))
    samples, _ = soundfile.read(joined(cache, [one, two]), dtype="int16")
    assert samples.tolist() == [1] * 80 + [2] * 80
