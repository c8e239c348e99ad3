"""What the commands of ``speechqa`` share: refusing in one sentence, progress, and where results go."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any, NoReturn

import typer

UNUSABLE = 2
INTERRUPTED = 130
STANDARD_OUTPUT = Path("-")
STAGES = {
    "load": "opening",
    "speech": "finding speech",
    "words": "recognising words",
    "voices": "telling voices apart",
    "measures": "measuring",
}


class Roles(StrEnum):
    """What to do about the sides of a recording."""

    auto = "auto"
    keep = "keep"
    swap = "swap"


def refuse(sentence: str) -> NoReturn:
    """End the command with one sentence on standard error."""
    print(sentence, file=sys.stderr)
    raise typer.Exit(UNUSABLE)


@contextlib.contextmanager
def refusing() -> Iterator[None]:
    """Everything that the user can put right becomes one sentence and exit code 2."""
    from speechqa.errors import SpeechqaError

    try:
        yield
    except SpeechqaError as error:
        refuse(str(error))
    except OSError as error:
        refuse(f"{error.filename or 'The output'} cannot be written: {error.strerror}.")
    except KeyboardInterrupt:
        raise typer.Exit(INTERRUPTED) from None


def check_places(*places: Path | None) -> None:
    """Before minutes of work: can the results be put where they were asked for?"""
    from speechqa.errors import SpeechqaError

    for place in places:
        if place is None or place == STANDARD_OUTPUT:
            continue
        if not place.parent.is_dir():
            raise SpeechqaError(f"There is no folder {place.parent} to write {place.name} into; make it first.")
        if place.is_dir():
            raise SpeechqaError(f"{place} is a folder; name a file to write.")


@contextlib.contextmanager
def progress(quiet: bool) -> Iterator[Callable[[str, float], None]]:
    """A bar over the stages on standard error, when that is a terminal."""
    if quiet or not sys.stderr.isatty():
        yield lambda stage, share: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (SpinnerColumn(), TextColumn("{task.description:18}"), BarColumn(), TimeElapsedColumn())
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(STAGES["load"], total=1.0)
        yield lambda stage, share: bar.update(task, description=STAGES.get(stage, stage), completed=share)


def print_json(document: dict[str, Any]) -> None:
    """The document on standard output."""
    import json

    print(json.dumps(document, ensure_ascii=False, indent=1))
