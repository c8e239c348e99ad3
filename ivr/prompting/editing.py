"""A recording written into a catalogue file: comments, order and quotes of everything else stay as they are."""

from __future__ import annotations

import io
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap

WIDE = 4096


def with_files(path: Path, files: Mapping[str, str], texts: Mapping[str, str]) -> str:
    """The catalogue file with ``file:`` lines for these prompts; ``texts`` are of those that it does not have yet."""
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = WIDE
    root = yaml.load(path.read_text(encoding="utf-8")) if path.is_file() else None
    root = CommentedMap() if root is None else root
    for prompt, file in files.items():
        _put(root, prompt, file, texts[prompt])
    written = io.StringIO()
    yaml.dump(root, written)
    return written.getvalue()


def write_whole(path: Path, text: str) -> None:
    """Write a file in one step; raises OSError."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def _put(root: Any, prompt: str, file: str, text: str) -> None:
    entry = root.get(prompt)
    if isinstance(entry, CommentedMap):
        _append(entry, file)
        return
    grown = CommentedMap(text=text if entry is None else entry)
    grown["file"] = file
    after = root.ca.items.pop(prompt, None)  # what follows the line now follows the entry
    root[prompt] = grown
    if after is not None:
        grown.ca.items["file"] = after


def _append(entry: CommentedMap, file: str) -> None:
    """A new last key takes over the empty lines and comments that came after the one that was last."""
    if "file" in entry:
        entry["file"] = file
        return
    last = list(entry)[-1]
    after = None if entry.fa.flow_style() else entry.ca.items.pop(last, None)
    entry["file"] = file
    if after is not None:
        entry.ca.items["file"] = after
