"""What the commands of ``speechqa`` share: refusing in one sentence, progress, and where results go."""

from __future__ import annotations

import contextlib
import sys
import time
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import Any, NoReturn

import typer

UNUSABLE = 2
INTERRUPTED = 130
STANDARD_OUTPUT = Path("-")
ASSISTANT = "A language model's address (OpenAI-compatible) that may propose a summary; off unless set."
ASSISTANT_MODEL = "Its model's name (default: the first that it has)."
STAGES = {
    "load": "opening",
    "speech": "finding speech",
    "words": "recognising words",
    "voices": "telling voices apart",
    "measures": "measuring",
    "report": "writing the report",
}
SHARES = {"load": 0.02, "speech": 0.04, "words": 0.84, "voices": 0.05, "measures": 0.05}
"""Of an analysis with the packaged recogniser; what the bar moves by."""
TELLING = ("words", "voices", "measures", "report")
"""Stages long enough to foretell the rest by."""
TELLING_FROM_S, TELLING_FROM_SHARE = 2.0, 0.02


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


def whole(stage: str, share: float) -> float:
    """How much of the whole analysis (0-1) is done when so much of a stage is."""
    if stage not in SHARES:
        return share
    before = list(SHARES)[: list(SHARES).index(stage)]
    return sum(SHARES[each] for each in before) + SHARES[stage] * share


def left_s(stage: str, share: float, spent_s: float) -> float | None:
    """Seconds that are left when ``share`` (0-1) of a stage took ``spent_s``; None where that cannot be told yet."""
    if stage not in TELLING or share < TELLING_FROM_SHARE or spent_s < TELLING_FROM_S:
        return None
    own = SHARES.get(stage, 1.0)
    after = 1.0 - whole(stage, 1.0)
    return spent_s / share * (1 - share + after / own)


@contextlib.contextmanager
def progress(quiet: bool) -> Iterator[Callable[[str, float], None]]:
    """A bar over the whole on standard error, with the stage and the time left, when that is a terminal."""
    if quiet or not sys.stderr.isatty():
        yield lambda stage, share: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, SpinnerColumn, TextColumn, TimeElapsedColumn

    columns = (
        SpinnerColumn(),
        TextColumn("{task.description:18}"),
        BarColumn(),
        TimeElapsedColumn(),
        TextColumn("{task.fields[left]}"),
    )
    began_s: dict[str, float] = {}
    with Progress(*columns, console=Console(stderr=True), transient=True) as bar:
        task = bar.add_task(STAGES["load"], total=1.0, left="")

        def tell(stage: str, share: float) -> None:
            began = began_s.setdefault(stage, time.monotonic())
            rest_s = left_s(stage, share, time.monotonic() - began)
            left = "" if rest_s is None else f"about {_spoken(rest_s)} left"
            bar.update(task, description=STAGES.get(stage, stage), completed=whole(stage, share), left=left)

        yield tell


def _spoken(seconds: float) -> str:
    """A length of time as one says it: no finer than it can be known."""
    minutes = round(seconds / 60)
    if minutes < 2:
        return f"{max(1, round(seconds))} s"
    return f"{minutes} min" if minutes < 120 else f"{minutes // 60} h {minutes % 60:02} min"


def print_json(document: dict[str, Any]) -> None:
    """The document on standard output."""
    import json

    print(json.dumps(document, ensure_ascii=False, indent=1))
