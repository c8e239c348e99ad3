"""``ivr prompts``: what a brand says, made, shown to a voice artist, taken in.

Exit codes as in cli.py: 0 done, 1 done and found wanting, 2 usage or input that cannot be used. A build that finds
nothing changed loads none of the heavy parts.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ivr.flow_commands import one_sentence, refuse

if TYPE_CHECKING:
    from clearline.settings import Settings

prompts = typer.Typer(
    help="What a brand says: make its audio, print its script for a voice artist, take recordings in.",
    no_args_is_help=True,
)

BUILD_EXAMPLES = (
    "Examples:  ivr prompts build   |   ivr prompts build --brand prompts/juniper --language uk   |   "
    "ivr prompts build --brand prompts --out audio --json"
)

Brands = Annotated[
    list[Path] | None,
    typer.Option(help="A brand's folder, or a folder of brands; may be given again (default: the line's brand)."),
]
Languages = Annotated[list[str] | None, typer.Option(help="Only this language; may be given again (default: all).")]


def add_to(app: typer.Typer) -> None:
    """Put the commands of this module on the app."""
    app.add_typer(prompts, name="prompts")


@prompts.callback()
def group() -> None:
    """What a brand says: make its audio, print its script for a voice artist, take recordings in."""


@prompts.command(epilog=BUILD_EXAMPLES)
def build(
    brand: Brands = None,
    language: Languages = None,
    jobs: Annotated[int, typer.Option(min=0, max=64, help="Processes; 0 takes one per processor, four at most.")] = 0,
    out: Annotated[
        Path | None, typer.Option(help="Copy the audio here too: RATE/LANGUAGE/ID.wav, for other systems.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The summary as one JSON object.")] = False,
) -> None:
    """Make the audio of every prompt that is missing or has changed, at 8 and 16 kHz. Exit code 1 when one fails."""
    from ivr.prompting.summary import as_lines

    began_s = time.monotonic()
    with one_sentence():
        built = [built_brand(folder, language or [], jobs, out, quiet=as_json) for folder in brands(brand)]
    if as_json:
        seconds = round(time.monotonic() - began_s, 3)
        typer.echo(json.dumps({"brands": built, "seconds": seconds}, ensure_ascii=False, indent=1))
    else:
        for one in built:
            for line in as_lines(one):
                typer.echo(line)
    raise typer.Exit(1 if any(one["failed"] or one["faults"] for one in built) else 0)


def built_brand(folder: Path, languages: list[str], jobs: int, out: Path | None, quiet: bool) -> dict[str, Any]:
    """Build one brand and say what was done (``ivr.prompting.summary``); raises a ``PromptError`` or OSError."""
    from ivr.prompting.places import default_cache_dir
    from ivr.prompting.stamp import fresh, read_stamp, stamp_file

    began_s = time.monotonic()
    settings = _settings()
    cache = settings.cache or default_cache_dir()
    stamp = stamp_file(cache, folder, languages)
    known = read_stamp(stamp)
    if fresh(known, cache):
        told = {**known.told, "made": 0, "kept": known.told["made"] + known.told["kept"]}
    else:
        from ivr.prompting.making import build_and_stamp

        with bar(f"{folder.name}", quiet) as progress:
            told = build_and_stamp(folder, cache, settings.cache_mb, languages, jobs, known, stamp, progress)
    if out is not None:
        from ivr.prompting.exporting import export

        told = {**told, "exported": export(told["pieces"], cache, out), "out": str(out)}
    return {**told, "seconds": round(time.monotonic() - began_s, 3)}


def brands(named: list[Path] | None) -> list[Path]:
    """The brands' folders: those named, those in a folder of brands, or the line's own."""
    from ivr.shipped import BRAND, shipped

    if not named:
        return [_settings().line.brand or shipped(BRAND)]
    folders: list[Path] = []
    for path in named:
        inside = sorted(file.parent for file in path.glob("*/brand.yaml"))
        folders += [path] if (path / "brand.yaml").is_file() or not inside else inside
    return folders


@contextmanager
def bar(what: str, quiet: bool) -> Iterator[Callable[[int, int], None]]:
    """A bar on standard error, when that is a terminal."""
    if quiet or not sys.stderr.isatty():
        yield lambda done, of: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as shown:
        task = shown.add_task(what, total=None)
        yield lambda done, of: shown.update(task, completed=done, total=of)


def _settings() -> Settings:
    from clearline.settings import load_settings

    return load_settings()


def known_language(language: str, languages: frozenset[str], folder: Path) -> None:
    """Leave with exit code 2 when the brand has no texts in this language."""
    if language not in languages:
        refuse(f"{folder} has no prompts in {language!r}, only in {', '.join(sorted(languages))}")
