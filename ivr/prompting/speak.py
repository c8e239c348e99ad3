"""Scripted conversations as audio: each line of a YAML script said by its party's voice, one WAV file per line.

::

    level_dbov: -24
    voices:
      agent:    {engine: piper, voice: joe}
      customer: {engine: hibari, voice: heart, speed: 1.05, pitch: 2}
    lines:
      - {id: greeting, party: agent, text: "Good morning.", speed: 1.1}

When a line is said is not written here: the scripts of the two phones say which file they play and what they wait for.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

from pydantic import Field, field_validator

from ivr.prompting.brand import Pauses, Strict, Voice
from ivr.prompting.cache import AudioCache, content_key
from ivr.prompting.catalog import speakable
from ivr.prompting.errors import CatalogError
from ivr.prompting.render import Manner, render_text
from ivr.prompting.source import line_of, load_mapping, validated
from ivr.prompting.synthesize import Synthesizer, open_voice


class Line(Strict):
    """One thing that a party says; ``id`` names its file, ``speed`` multiplies that of the voice."""

    id: str = Field(pattern=r"^[a-z0-9][a-z0-9_-]*$", max_length=80)
    party: str
    text: str
    speed: float = Field(default=1.0, ge=0.5, le=2.0)

    @field_validator("text")
    @classmethod
    def _speakable(cls, text: str) -> str:
        return speakable(text)


class Conversation(Strict):
    """Who speaks with which voice, and the lines in the order in which they are said."""

    voices: dict[str, Voice] = Field(min_length=1)
    lines: list[Line] = Field(min_length=1)
    level_dbov: float = Field(default=-24.0, ge=-40, le=-15)
    pauses: Pauses = Pauses()


def load_conversation(path: Path) -> Conversation:
    """Read a script; raises ``CatalogError`` with ``file:line``."""
    root = load_mapping(path)
    conversation = validated(Conversation, root, path, root)
    seen: set[str] = set()
    for index, line in enumerate(conversation.lines):
        _refuse_if(line.id in seen, path, root, index, "id", f"the id {line.id!r} is used twice: name each line once")
        unknown = line.party not in conversation.voices
        _refuse_if(unknown, path, root, index, "party", f"{line.party!r} has no voice: add one under voices")
        seen.add(line.id)
    return conversation


def speak_conversation(
    conversation: Conversation,
    folder: Path,
    cache: AudioCache,
    progress: Callable[[int, int], None] | None = None,
    voices_from: Path = Path("."),
) -> dict[str, Path]:
    """Write ``<id>.wav`` for every line into ``folder``; line id -> file. ``voices_from`` anchors voice paths."""
    folder.mkdir(parents=True, exist_ok=True)
    voices = {party: open_voice(v.engine, v.voice, voices_from) for party, v in conversation.voices.items()}
    files = {}
    for count, line in enumerate(conversation.lines, start=1):
        made = _line(line, conversation, voices[line.party], cache)
        files[line.id] = _place(made, folder / f"{line.id}.wav")
        if progress:
            progress(count, len(conversation.lines))
    return files


def _line(line: Line, conversation: Conversation, voice: Synthesizer, cache: AudioCache) -> Path:
    own, pauses = conversation.voices[line.party], conversation.pauses
    speed = own.speed * line.speed
    manner = Manner(speed, own.pitch, pauses.sentence, pauses.paragraph, conversation.level_dbov)
    key = content_key({"text": line.text, "voice": voice.version, **manner.fingerprint()})
    return cache.get(key, lambda: render_text(line.text, voice, manner))


def _place(made: Path, wanted: Path) -> Path:
    """A copy under the wanted name, complete or not at all."""
    part = wanted.with_suffix(f".{os.getpid()}.part")
    shutil.copyfile(made, part)
    return part.replace(wanted)


def _refuse_if(wrong: bool, path: Path, root: Any, index: int, key: str, reason: str) -> None:
    if wrong:
        raise CatalogError(f"{path}:{line_of(root, ['lines', index, key])}: lines.{index}.{key}: {reason}.")
