"""Which language a caller chose: one small file per caller, named by a keyed hash, so that no number is kept.

The key is made once and stays beside the files; without it the names tell nothing. Callers without a number are not
remembered.
"""

from __future__ import annotations

import hashlib
import hmac
import secrets
from collections.abc import Mapping
from pathlib import Path

from ivr.kept import read_text, write_text

KEY_FILE = "key"
_LONGEST_TAG = 35


class RememberedLanguages:
    """The choices kept in a folder, which is made when the first one is."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def of(self, caller: str) -> str:
        """The language that this caller chose before, empty when none is known."""
        key = read_text(self._folder / KEY_FILE)
        return read_text(self._folder / _name(key, caller))[:_LONGEST_TAG] if key and caller else ""

    def remember(self, caller: str, language: str) -> None:
        """Keep this choice; raises OSError when the disk refuses."""
        if caller:
            write_text(self._folder / _name(self._key(), caller), language)

    def _key(self) -> str:
        key = read_text(self._folder / KEY_FILE)
        if not key:
            key = secrets.token_hex(32)
            write_text(self._folder / KEY_FILE, key)
        return key


def language_of(called: str, by_number: Mapping[str, str], usual: str) -> str:
    """The language of calls to this number: its own, else the usual one of the line; empty when nobody named one."""
    numbers = {number.removeprefix("+"): language for number, language in by_number.items()}
    return numbers.get(called.removeprefix("+"), usual)


def _name(key: str, caller: str) -> str:
    return hmac.new(key.encode(), caller.encode(), hashlib.sha256).hexdigest()
