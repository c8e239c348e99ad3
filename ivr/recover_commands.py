"""``ivr recover``: what a crash left behind becomes valid records; a line does it by itself when it starts."""

from __future__ import annotations

import json
from dataclasses import asdict
from pathlib import Path
from typing import Annotated

import typer

from ivr.console import one_sentence

EXAMPLES = "Examples:  ivr recover   |   ivr recover --calls /srv/calls --json"


def add_to(app: typer.Typer) -> None:
    """Put the commands of this module on the app."""
    app.command("recover", epilog=EXAMPLES)(recover)


def recover(
    calls: Annotated[Path | None, typer.Option(help="Where the line keeps its calls.")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per call.")] = False,
) -> None:
    """Make valid records of calls that a crash cut off. Running calls are left alone; 1 when one stays broken."""
    from clearline.settings import load_settings
    from ivr.recover import Recovered
    from ivr.recover import recover as mended

    with one_sentence():
        folder = load_settings(calls=calls).calls
    broken = 0
    for found in mended(folder):
        if as_json:
            typer.echo(json.dumps(asdict(found), default=str))
        elif isinstance(found, Recovered):
            typer.echo(f"{found.record}: {found.duration_s:.1f} s, {found.recorded_s:.1f} s of it recorded")
        else:
            typer.echo(f"{found.folder}: {found.reason}; its files are left as they are", err=True)
        broken += not isinstance(found, Recovered)
    raise typer.Exit(1 if broken else 0)
