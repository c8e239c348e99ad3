"""A build from a brand's folder to its summary and its stamp."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ivr.prompting.build import Failed, Made, Progress, build, default_jobs, measured
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
    told = told_of(library, chosen, pieces, failed)
    _keep(stamp, dependencies, pieces, failed, told)
    return told


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


def _keep(stamp: Path, dependencies: dict[str, Any], pieces: list[Made], failed: list[Failed], told: Any) -> None:
    if failed:
        stamp.unlink(missing_ok=True)
        return
    try:
        write_stamp(stamp, Stamp(dependencies, measured(pieces), told))
    except OSError as error:
        raise PromptError(f"Prompts cannot be kept in {stamp.parent}: {error.strerror}; name another folder.") from None
