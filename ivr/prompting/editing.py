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


def with_files(path: Path, files: Mapping[tuple[str, int], str], texts: Mapping[str, str]) -> str:
    """The catalogue file with ``file:`` lines for these prompts, or lines under ``pieces:`` for these pieces of them.

    ``files`` are by prompt and number of the piece, 0 for the whole; ``texts`` are of prompts that it may not have yet.
    """
    yaml = YAML(typ="rt")
    yaml.preserve_quotes = True
    yaml.width = WIDE
    root = yaml.load(path.read_text(encoding="utf-8")) if path.is_file() else None
    root = CommentedMap() if root is None else root
    for (prompt, number), file in files.items():
        entry = _entry(root, prompt, texts[prompt])
        if number:
            _put(_pieces(entry), number, file)
        else:
            _put(entry, "file", file)
    written = io.StringIO()
    yaml.dump(root, written)
    return written.getvalue()


def write_whole(path: Path, text: str) -> None:
    """Write a file in one step; raises OSError."""
    part = path.with_name(f".{path.name}.{os.getpid()}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def _entry(root: Any, prompt: str, text: str) -> CommentedMap:
    """The mapping of a prompt; what follows the line of one that is only a text now follows the entry."""
    entry = root.get(prompt)
    if isinstance(entry, CommentedMap):
        return entry
    grown = CommentedMap(text=text if entry is None else entry)
    after = root.ca.items.pop(prompt, None)
    root[prompt] = grown
    if after is not None:
        grown.ca.items["text"] = after
    return grown


def _pieces(entry: CommentedMap) -> CommentedMap:
    """The mapping of an entry's pieces."""
    if "pieces" not in entry:
        within = CommentedMap()
        after = _loosened(entry)
        entry["pieces"] = within
        if after is not None:
            within.ca.items[None] = after  # taken over by the first piece
    found: CommentedMap = entry["pieces"]
    return found


def _put(mapping: CommentedMap, key: str | int, file: str) -> None:
    """A new last key takes over the empty lines and comments that came after the one that was last."""
    if key in mapping:
        mapping[key] = file
        return
    after = _loosened(mapping)
    mapping[key] = file
    if after is not None:
        mapping.ca.items[key] = after


def _loosened(mapping: CommentedMap) -> Any:
    """What comes after the last key of a mapping, taken off it."""
    if mapping.fa.flow_style():
        return None
    return mapping.ca.items.pop(list(mapping)[-1] if mapping else None, None)
