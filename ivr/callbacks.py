"""Promises to ring back: one JSON file per request, there before the caller hears that it is promised.

``<folder>/<queue>/<call>-<n>.json``. Whoever has rung the caller back removes the file.
"""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime
from pathlib import Path

from ivr.kept import write_text

log = logging.getLogger(__name__)

_DIALLED = re.compile(r"\+?[0-9]{3,15}")
_DECORATION = re.compile(r"[\s().\-/]")


class Callbacks:
    """The requests kept in a folder, which is made when the first one is."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def book(self, queue: str, number: str, call_id: str, language: str, asked: datetime) -> bool:
        """Keep a request; False when the number cannot be dialled or the disk refuses."""
        dialled = _DECORATION.sub("", number)
        if not _DIALLED.fullmatch(dialled):
            return False
        request = {
            "queue": queue,
            "number": dialled,
            "language": language,
            "asked_at": asked.astimezone(UTC).isoformat("T", "seconds"),
            "call_id": call_id,
        }
        try:
            write_text(self._free(self._folder / queue, call_id), json.dumps(request, indent=1) + "\n")
        except OSError as error:
            log.error("call %s: a request for a call back cannot be kept: %s", call_id, error.strerror)
            return False
        return True

    def _free(self, folder: Path, call_id: str) -> Path:
        count = 1
        while (path := folder / f"{call_id}-{count}.json").exists():
            count += 1
        return path
