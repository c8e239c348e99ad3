"""``ivr prompts``: what a brand says, made, shown to a voice artist, taken in.

Exit codes as in cli.py: 0 done, 1 done and found wanting, 2 usage or input that cannot be used. A build that finds
nothing changed loads none of the heavy parts.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ivr.console import one_sentence, refuse

if TYPE_CHECKING:
    from clearline.settings import Settings
    from ivr.prompting.importing import Refused, Taken
    from ivr.prompting.library import PromptLibrary

prompts = typer.Typer(
    help="What a brand says: make its audio, print its script for a voice artist, take recordings in.",
    no_args_is_help=True,
)

BUILD_EXAMPLES = (
    "Examples:  ivr prompts build   |   ivr prompts build --brand prompts/juniper --language uk   |   "
    "ivr prompts build --brand prompts --out audio --json"
)

SCRIPT_EXAMPLES = (
    "Examples:  ivr prompts script --out script.html   |   ivr prompts script --brand prompts/juniper --language nb"
)
IMPORT_EXAMPLES = "Examples:  ivr prompts import takes/ --dry-run   |   ivr prompts import takes/ --language nb"

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


@prompts.command(epilog=SCRIPT_EXAMPLES)
def script(
    brand: Annotated[Path | None, typer.Option(help="The brand's folder (default: the line's brand).")] = None,
    language: Annotated[str, typer.Option(help="The language to be recorded.")] = "en",
    flows: Annotated[
        Path | None, typer.Option(help="Flows, a file or a folder, that give the order (default: the shipped ones).")
    ] = None,
    out: Annotated[Path | None, typer.Option(help="Write the page here instead of standard output.")] = None,
) -> None:
    """A recording script for a voice artist: one HTML page that prints well, prompts in the order of the flows."""
    from ivr.prompting.recording_script import script_html
    from ivr.shipped import shipped

    with one_sentence():
        library = _opened(brand, language)
        page = script_html(library, language, _sections(flows or shipped("flows")))
        if out is not None:
            out.write_text(page, encoding="utf-8")
    if out is None:
        typer.echo(page)


@prompts.command("import", epilog=IMPORT_EXAMPLES)
def import_takes(
    folder: Annotated[Path, typer.Argument(help="The folder with the takes: WAV, FLAC, OGG or MP3.")],
    brand: Annotated[Path | None, typer.Option(help="The brand's folder (default: the line's brand).")] = None,
    language: Annotated[str, typer.Option(help="The language that was recorded.")] = "en",
    model: Annotated[Path | None, typer.Option(help="A Whisper model folder for files without a name.")] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would be done, and do nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As one JSON object.")] = False,
) -> None:
    """Take recordings into the brand: by file name, else by what is said. Exit code 1 when a file was refused."""
    from clearline.cache import default_cache_dir
    from ivr.prompting.importing import Taken, files_in, looked_at, take
    from ivr.prompting.transcribe import Transcriber

    with one_sentence():
        library = _opened(brand, language)
        hear = Transcriber(language, _settings().cache or default_cache_dir("prompts"), model)
        found = looked_at(library, language, files_in(folder), hear)
        taken = [one for one in found if isinstance(one, Taken)]
        if taken and not dry_run:
            take(library, language, taken)
    _tell_import(found, dry_run, as_json)
    raise typer.Exit(1 if len(taken) < len(found) else 0)


def _tell_import(found: Sequence[Taken | Refused], dry_run: bool, as_json: bool) -> None:
    from ivr.prompting.importing import Taken

    rows: list[dict[str, Any]] = []
    for one in found:
        if isinstance(one, Taken):
            facts = {"confidence": one.confidence, "heard": one.heard, "notes": list(one.notes)}
            rows.append({"file": str(one.file), "prompt": one.prompt, **facts})
        else:
            rows.append({"file": str(one.file), "prompt": None, "reason": one.reason})
    if as_json:
        typer.echo(json.dumps({"files": rows, "dry_run": dry_run}, ensure_ascii=False, indent=1))
        return
    for row in rows:
        typer.echo(_import_line(row))
    count = sum(row["prompt"] is not None for row in rows)
    verb = "would be taken" if dry_run else "taken"
    typer.echo(f"{count} {verb}, {len(rows) - count} refused", err=True)


def _import_line(row: dict[str, Any]) -> str:
    name = Path(row["file"]).name
    if row["prompt"] is None:
        return f"{name}: refused: {row['reason']}"
    how = f' ({row["confidence"]:.0%} sure: "{row["heard"]}")' if row["heard"] else ""
    return f"{name} → {row['prompt']}{how}{''.join(f'; {note}' for note in row['notes'])}"


def _opened(brand: Path | None, language: str) -> PromptLibrary:
    from ivr.prompting.library import PromptLibrary

    [folder] = [brand] if brand else brands(None)
    library = PromptLibrary.open(folder)
    if language not in library.languages:
        refuse(f"{folder} has no prompts in {language!r}, only in {', '.join(sorted(library.languages))}")
    return library


def _sections(place: Path) -> list[tuple[str, list[str]]]:
    """A heading for each flow, and what it says in the order of its nodes."""
    from ivr.flow.load import load_flow
    from ivr.flow_commands import flow_files

    flows = [load_flow(file) for file in flow_files(place)]
    return [
        (f"Flow: {flow.name}", list(dict.fromkeys(prompt for node in flow.nodes.values() for prompt in node.says())))
        for flow in flows
    ]


def built_brand(folder: Path, languages: list[str], jobs: int, out: Path | None, quiet: bool) -> dict[str, Any]:
    """Build one brand and say what was done (``ivr.prompting.summary``); raises a ``PromptError`` or OSError."""
    from clearline.cache import default_cache_dir
    from ivr.prompting.stamp import fresh, read_stamp, stamp_file

    began_s = time.monotonic()
    settings = _settings()
    cache = settings.cache or default_cache_dir("prompts")
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
