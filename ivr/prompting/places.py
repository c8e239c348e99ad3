"""Where rendered prompts are kept unless somebody says otherwise."""

from __future__ import annotations

import os
import sys
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[2]


def default_cache_dir() -> Path:
    """``.cache/prompts`` in a source tree, else the user's cache folder."""
    if (PROJECT / "pyproject.toml").is_file() and os.access(PROJECT, os.W_OK):
        return PROJECT / ".cache" / "prompts"
    base = "Library/Caches" if sys.platform == "darwin" else ".cache"
    return Path.home() / base / "clearline" / "prompts"
