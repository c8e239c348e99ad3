"""Which text each recording was made of, beside the recordings (``recorded/takes.json``).

A text that has changed since makes its recording old, whatever the dates of the files say. A recording that somebody
put there by hand has no note here, and one that was exchanged since no longer fits its note: of both nobody knows.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Literal

from ivr.prompting.catalog import Prompt
from ivr.prompting.errors import RecordingError
from ivr.prompting.recordables import recordables

TAKES_FILE = "recorded/takes.json"
Standing = Literal["current", "older", "unknown"]
Takes = Mapping[str, Mapping[str, "Take"]]


@dataclass(frozen=True, slots=True)
class Take:
    """A recording: its file relative to the brand's folder, the hash of its audio, the text that was read."""

    file: str
    audio: str
    text: str


def standing(text: str, take: Take | None, audio: str) -> Standing:
    """Whether a recording is older than its text; ``audio`` is the hash of its file now. Pure."""
    if take is None or take.audio != audio:
        return "unknown"
    return "current" if same_words(take.text, text) else "older"


def same_words(one: str, other: str) -> bool:
    """Whether two texts are read alike: spaces and line ends do not matter, all else does."""
    return one.split() == other.split()


def audio_hash(file: Path) -> str:
    """The hash of a recording; raises OSError."""
    return hashlib.sha256(file.read_bytes()).hexdigest()


def standings(prompts: Mapping[str, Prompt], takes: Takes) -> dict[str, Standing]:
    """Of every recording of one language, by its name: is it older than its text? Raises OSError."""
    return {
        each.name: standing(each.text, takes.get(prompt.language, {}).get(each.name), audio_hash(each.file))
        for prompt in prompts.values()
        for each in recordables(prompt)
        if each.file is not None
    }


def read_takes(folder: Path) -> dict[str, dict[str, Take]]:
    """The notes of a brand by language and prompt, empty where there are none; raises ``RecordingError``."""
    path = folder / TAKES_FILE
    try:
        written = json.loads(path.read_text(encoding="utf-8"))
        return {tag: {id: Take(**take) for id, take in takes.items()} for tag, takes in written.items()}
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, TypeError, AttributeError):
        raise RecordingError(f"{path} cannot be read as the notes of the recordings: restore or remove it.") from None


def write_takes(folder: Path, takes: Takes) -> None:
    """Write the notes whole; raises OSError."""
    path = folder / TAKES_FILE
    path.parent.mkdir(parents=True, exist_ok=True)
    written = {tag: {id: asdict(take) for id, take in sorted(of.items())} for tag, of in sorted(takes.items())}
    part = path.with_name(f".takes.{os.getpid()}.part")
    part.write_text(json.dumps(written, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    part.replace(path)
