"""What a build says of itself: a mapping for programs, lines for people."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from ivr.prompting.voices import how_to_get, install

if TYPE_CHECKING:
    from ivr.prompting.build import Failed, Made
    from ivr.prompting.library import PromptLibrary


def told_of(
    library: PromptLibrary, languages: Sequence[str], pieces: Sequence[Made], failed: Sequence[Failed]
) -> dict[str, Any]:
    """The summary of a build: how much was made and kept, how it sounds, who speaks, what is wrong."""
    brand = library.catalog.brand
    made = [piece for piece in pieces if not piece.kept]
    levels = [piece.sound.level_dbov for piece in pieces]
    return {
        "brand": str(library.catalog.folder),
        "name": brand.name,
        "made": len(made),
        "kept": len(pieces) - len(made),
        "audio_s": round(sum(piece.sound.length_s for piece in pieces), 1),
        "level_dbov": {"wanted": brand.level_dbov, "lowest": min(levels), "highest": max(levels)} if levels else None,
        "peak_dbfs": max((piece.sound.peak_dbfs for piece in pieces), default=None),
        "voices": [voice_of(library, language) for language in languages],
        "failed": [{"language": one.language, "prompt": one.prompt, "reason": one.reason} for one in failed],
        "faults": [
            {"language": piece.language, "prompt": piece.prompt, "fault": fault}
            for piece in pieces
            for fault in piece.sound.faults(brand.level_dbov)
        ],
        "pieces": [[piece.language, piece.prompt, piece.number, piece.of, list(piece.files)] for piece in pieces],
    }


def voice_of(library: PromptLibrary, language: str) -> dict[str, Any]:
    """Who speaks a language, and how a natural voice is installed where it is a fallback."""
    voice, natural = library.catalog.brand.voices[language], library.natural(language)
    recorded = [prompt for prompt in library.catalog.prompts[language].values() if prompt.recorded]
    told = {"language": language, "engine": voice.engine, "voice": voice.voice, "natural": natural}
    told["recorded"] = len(recorded)
    folder = str(library.catalog.folder)
    return told if natural else {**told, "install": install(language, folder), "remedy": how_to_get(language, folder)}


def as_lines(told: Mapping[str, Any]) -> Iterator[str]:
    """The summary for people."""
    yield (
        f"{told['name']} ({told['brand']}): {told['made']} made, {told['kept']} kept, "
        f"{told['audio_s'] / 60:.1f} minutes of speech, in {told['seconds']:.1f} s"
    )
    if level := told["level_dbov"]:
        yield f"  level {level['lowest']:.1f} to {level['highest']:.1f} dBov, highest peak {told['peak_dbfs']:.1f} dBFS"
    for voice in told["voices"]:
        yield f"  {voice['language']}: {_voice_line(voice)}"
    if "exported" in told:
        yield f"  {told['exported']} files in {told['out']}"
    for one in told["failed"]:
        yield f"  not made: {one['language']} {one['prompt']}: {one['reason']}"
    for one in told["faults"]:
        yield f"  look at: {one['language']} {one['prompt']}: {one['fault']}"


def _voice_line(voice: Mapping[str, Any]) -> str:
    recorded = f", {voice['recorded']} recorded" if voice["recorded"] else ""
    if voice["natural"]:
        return f"{voice['engine']} {voice['voice']}{recorded}"
    return f"{voice['engine']} {voice['voice']}{recorded}: a robot's voice as a fallback. {voice['remedy']}"
