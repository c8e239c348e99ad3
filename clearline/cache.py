"""Where what can be made again is kept: rendered prompts, models that were put together."""

from __future__ import annotations

import os
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[1]


def default_cache_dir(room: str) -> Path:
    """``.cache/<room>`` in a source tree, else below the user's cache folder."""
    if (PROJECT / "pyproject.toml").is_file() and os.access(PROJECT, os.W_OK):
        return PROJECT / ".cache" / room
    base = "Library/Caches" if sys.platform == "darwin" else ".cache"
    return Path.home() / base / "clearline" / room
