"""All that a brand says without a value, made before anybody calls: what is missing, in several processes.

What is missing is told by content: each file is named by the hash of all that shapes it. What is there is kept; only
what is missing is handed out, in short runs of one language, so that each process loads a voice at most once.
"""

from __future__ import annotations

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ProcessPoolExecutor, as_completed
from dataclasses import asdict, dataclass
from pathlib import Path

from ivr.commands import Phrase
from ivr.prompting.errors import PromptError
from ivr.prompting.library import PromptLibrary
from ivr.prompting.pieces import Piece
from ivr.prompting.render import RATE_HZ, WIDE_RATE_HZ
from ivr.prompting.soundness import Soundness, soundness
from ivr.prompting.stamp import Stamp

RATES = (RATE_HZ, WIDE_RATE_HZ)
RUN = 6
"""Prompts that a process is given at a time: a voice is not loaded for one, and the bar moves."""

Progress = Callable[[int, int], None]


@dataclass(frozen=True, slots=True)
class Made:
    """One piece of a prompt (the whole, or some of its sentences): its files by rate, what was measured at 8 kHz."""

    language: str
    prompt: str
    number: int
    of: int
    files: tuple[str, ...]
    kept: bool
    sound: Soundness


@dataclass(frozen=True, slots=True)
class Failed:
    """A prompt that could not be made, and why."""

    language: str
    prompt: str
    reason: str


@dataclass(frozen=True, slots=True)
class _Run:
    """Prompts of one language for one process."""

    brand: Path
    cache: Path
    limit_bytes: int
    language: str
    prompts: tuple[str, ...]


def build(
    library: PromptLibrary, languages: Sequence[str], jobs: int, known: Stamp, progress: Progress | None = None
) -> tuple[list[Made], list[Failed]]:
    """Make what is missing of these languages; what was made and kept in the catalogue's order, and what failed.

    ``known`` is what an earlier build measured: files that are there and in it are not looked at again.
    """
    kept: list[Made] = []
    failed: list[Failed] = []
    missing: dict[str, list[str]] = {}
    for language in languages:
        for prompt in library.catalog.prompts.get(language, ()):
            try:
                there = _there(library, language, prompt, known)
            except PromptError as error:
                failed.append(Failed(language, prompt, str(error)))
                continue
            if there is None:
                missing.setdefault(language, []).append(prompt)
            else:
                kept += there
    made: list[Made] = []
    for results in _spread(library, _runs(library, missing), jobs, progress):
        made += [result for result in results if isinstance(result, Made)]
        failed += [result for result in results if isinstance(result, Failed)]
    written = [(language, prompt) for language in languages for prompt in library.catalog.prompts[language]]
    order = {prompt: number for number, prompt in enumerate(written)}
    return sorted(kept + made, key=lambda piece: (order[piece.language, piece.prompt], piece.number)), failed


def _there(library: PromptLibrary, language: str, prompt: str, known: Stamp) -> list[Made] | None:
    """The pieces of a prompt when all their files are there and were measured before, else None."""
    pieces = library.fixed_pieces(Phrase(prompt, language))
    found = []
    for number, piece in enumerate(pieces):
        names = _names(piece)
        measured = known.files.get(names[0])
        if not measured or not all((library.cache.folder / name).is_file() for name in names):
            return None
        found.append(Made(language, prompt, number, len(pieces), names, True, Soundness(**measured)))
    return found


def _names(piece: Piece) -> tuple[str, ...]:
    return tuple(f"{piece.key(rate)}.wav" for rate in RATES)


def _runs(library: PromptLibrary, missing: dict[str, list[str]]) -> list[_Run]:
    place = library.catalog.folder, library.cache.folder, library.cache.limit_bytes
    return [
        _Run(*place, language, tuple(prompts[at : at + RUN]))
        for language, prompts in missing.items()
        for at in range(0, len(prompts), RUN)
    ]


def _spread(
    library: PromptLibrary, runs: list[_Run], jobs: int, progress: Progress | None
) -> Iterator[list[Made | Failed]]:
    """Carry the runs out, in this process when one is enough; results as they come."""
    total, done = sum(len(run.prompts) for run in runs), 0
    if min(jobs, len(runs)) <= 1:
        for run in runs:
            yield _results(library, run)
            done += len(run.prompts)
            if progress:
                progress(done, total)
        return
    apart = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(min(jobs, len(runs)), apart) as pool:
        waiting = {pool.submit(_carry_out, run): run for run in runs}
        for future in as_completed(waiting):
            done += len(waiting[future].prompts)
            if progress:
                progress(done, total)
            yield future.result()


_OPEN: dict[tuple[Path, Path], PromptLibrary] = {}


def _carry_out(run: _Run) -> list[Made | Failed]:
    """In a process of the pool: the voices that were loaded for one run stay loaded for the next."""
    place = run.brand, run.cache
    if place not in _OPEN:
        _OPEN[place] = PromptLibrary.open(run.brand, run.cache, run.limit_bytes)
    return _results(_OPEN[place], run)


def _results(library: PromptLibrary, run: _Run) -> list[Made | Failed]:
    return [result for prompt in run.prompts for result in _make(library, run.language, prompt)]


def _make(library: PromptLibrary, language: str, prompt: str) -> list[Made | Failed]:
    import soundfile

    results: list[Made | Failed] = []
    try:
        pieces = library.fixed_pieces(Phrase(prompt, language))
        for number, piece in enumerate(pieces):
            kept = all((library.cache.folder / name).is_file() for name in _names(piece))
            files = piece.make(library.cache, RATES)
            sound = soundness(*soundfile.read(files[0], dtype="int16"))
            names = tuple(file.name for file in files)
            results.append(Made(language, prompt, number, len(pieces), names, kept, sound))
    except PromptError as error:
        return [Failed(language, prompt, str(error))]
    return results


def measured(pieces: Sequence[Made]) -> dict[str, dict[str, float]]:
    """What a stamp keeps of these pieces: every file by its name, with what was measured on it at 8 kHz."""
    return {name: asdict(piece.sound) for piece in pieces for name in piece.files}


def default_jobs() -> int:
    """As many processes as there are processors for us, four at most: each one loads the voices."""
    return min(4, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1)
