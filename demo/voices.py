"""The voices of the demo call: every line of ``conversation.yaml`` as a WAV file."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from clearline.cache import default_cache_dir
from ivr.prompting.cache import AudioCache
from ivr.prompting.speak import load_conversation, speak_conversation

SCRIPT = Path(__file__).with_name("conversation.yaml")


def render_conversation(
    folder: Path, progress: Callable[[int, int], None] | None = None, cache_dir: Path | None = None
) -> dict[str, Path]:
    """Write ``<line id>.wav`` into ``folder`` for every line of the demo; line id -> file."""
    cache = AudioCache(cache_dir or default_cache_dir("prompts"))
    return speak_conversation(load_conversation(SCRIPT), folder, cache, progress, voices_from=SCRIPT.parent)
