"""What a call needs of whoever makes its prompts: files of audio, without waiting for them."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Protocol

from ivr.commands import Phrase

Rendered = Callable[[Sequence[Path] | str], None]
"""Called in the session's thread with the files of a prompt, or with one sentence that says why there are none."""


class Rendering(Protocol):
    """Turns phrases into audio files without making the call wait."""

    def __call__(self, phrases: tuple[Phrase, ...], then: Rendered) -> None:
        """Call ``then`` in the session's thread, now or later."""
