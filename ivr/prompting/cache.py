"""Rendered prompts on disk, named by the hash of everything that shaped them.

A file appears whole, by rename, so processes that share a folder need no lock: two that render the same prompt at once
write the same bytes under the same name.
"""

from __future__ import annotations

import hashlib
import io
import json
import os
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from ivr.prompting.errors import PromptError
from ivr.prompting.render import RATE_HZ

PROJECT = Path(__file__).resolve().parents[2]


def default_cache_dir() -> Path:
    """``.cache/prompts`` in a source tree, else the user's cache folder."""
    if (PROJECT / "pyproject.toml").is_file() and os.access(PROJECT, os.W_OK):
        return PROJECT / ".cache" / "prompts"
    base = "Library/Caches" if sys.platform == "darwin" else ".cache"
    return Path.home() / base / "clearline" / "prompts"


def content_key(shaped_by: Mapping[str, Any]) -> str:
    """A file name's worth of hash (40 hex digits) of values that JSON can hold."""
    text = json.dumps(shaped_by, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()[:40]


class AudioCache:
    """WAV files by content key in one folder; what is there is found without waiting for what is being made."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._rendering = threading.Lock()

    def path(self, key: str) -> Path:
        """Where the file of this key is, or will be."""
        return self.folder / f"{key}.wav"

    def get(self, key: str, render: Callable[[], npt.NDArray[np.int16]]) -> Path:
        """The file of this key; ``render`` is called only when it is not there, and in one thread at a time."""
        path = self.path(key)
        if not path.is_file():
            with self._rendering:
                if not path.is_file():
                    self._store(path, render())
        return path

    def _store(self, path: Path, samples: npt.NDArray[np.int16]) -> None:
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
            write_wav(path, samples)
        except OSError as error:
            raise PromptError(
                f"Prompts cannot be kept in {self.folder}: {error.strerror}; name another folder."
            ) from None


def write_wav(path: Path, samples: npt.NDArray[np.int16]) -> None:
    """Write 8 kHz mono PCM16 to ``path`` in one step: complete, or not at all."""
    import soundfile

    encoded = io.BytesIO()
    soundfile.write(encoded, samples, RATE_HZ, format="WAV", subtype="PCM_16")
    descriptor, name = tempfile.mkstemp(prefix=".", suffix=".part", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(encoded.getbuffer())
        os.chmod(name, 0o644)
        os.replace(name, path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
