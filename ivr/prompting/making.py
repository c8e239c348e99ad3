"""A build from a brand's folder to its summary and its stamp."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ivr.prompting.build import RATES, Failed, Progress, build, default_jobs, measured
from ivr.prompting.catalog import family
from ivr.prompting.errors import PromptError, UnknownPrompt
from ivr.prompting.library import PromptLibrary
from ivr.prompting.stamp import Stamp, seen, write_stamp
from ivr.prompting.summary import told_of


def build_and_stamp(
    folder: Path,
    cache: Path,
    cache_mb: int,
    languages: Sequence[str],
    jobs: int,
    known: Stamp,
    stamp: Path,
    progress: Progress,
) -> dict[str, Any]:
    """Build these languages of a brand (none named: all) and keep a stamp of it; what to say of it (see summary.py)."""
    library = PromptLibrary.open(folder, cache, cache_mb * 1024 * 1024)
    chosen = _chosen(library, languages)
    dependencies = seen((str(each) for each in family(folder)), _voice_files(library, chosen))
    pieces, failed = build(library, chosen, jobs or default_jobs(), known, progress)
    sounds, unusable = _sounds(library)
    failed += unusable
    told = told_of(library, chosen, pieces, failed)
    told["pieces"] += sounds
    if failed:
        stamp.unlink(missing_ok=True)
    else:
        files: dict[str, dict[str, Any]] = {name: {} for *_, names in sounds for name in names}
        _keep(stamp, Stamp(dependencies, {**measured(pieces), **files}, told))
    return told


def _sounds(library: PromptLibrary) -> tuple[list[list[Any]], list[Failed]]:
    """The sonic logo and the hold music at every rate, as pieces of no language; what cannot be used."""
    made: dict[str, list[str]] = {}
    failed: list[Failed] = []
    greetings = sorted(library.catalog.sounding.greetings)
    try:
        for piece in library.logo(greetings[0]) if greetings else ():
            made["earcon"] = [file.name for file in piece.make(library.cache, RATES)]
        hold = [library.hold_at(rate) for rate in RATES]
        made["hold"] = [file.name for file in hold if file]
    except PromptError as error:
        failed.append(Failed("sounds", "earcon" if "earcon" not in made and greetings else "hold", str(error)))
    return [["sounds", name, 0, 1, files] for name, files in made.items() if files], failed


def _chosen(library: PromptLibrary, languages: Sequence[str]) -> list[str]:
    unknown = sorted(set(languages) - library.languages)
    if unknown:
        there = ", ".join(sorted(library.languages))
        raise UnknownPrompt(f"{library.catalog.folder} has no prompts in {unknown[0]!r}, only in {there}.")
    return [language for language in library.catalog.prompts if not languages or language in languages]


def _voice_files(library: PromptLibrary, languages: Sequence[str]) -> list[str]:
    """The files of voices that are files: when they change, so does all that they said."""
    places = [library.catalog.folder / library.catalog.brand.voices[language].voice for language in languages]
    files = [file for place in places for file in (place.rglob("*") if place.is_dir() else [place]) if file.is_file()]
    return sorted(map(str, files))


def _keep(place: Path, stamp: Stamp) -> None:
    try:
        write_stamp(place, stamp)
    except OSError as error:
        raise PromptError(f"Prompts cannot be kept in {place.parent}: {error.strerror}; name another folder.") from None
