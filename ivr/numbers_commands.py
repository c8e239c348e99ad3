"""Trunks and numbers on the command line: ``ivr numbers check``, ``explain``, ``schema``.

Exit codes: 0 done, 1 checked and found wrong, or no flow for that number; 2 usage or input that cannot be used.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ivr.console import one_sentence, refuse

if TYPE_CHECKING:
    from ivr.trunks.model import Trunks
    from ivr.trunks.numbers import Destination

CHECK_EXAMPLES = "Examples:  ivr numbers check   |   ivr numbers check trunks.yaml --json"
EXPLAIN_EXAMPLES = (
    "Examples:  ivr numbers explain '+44 20 7946 0123' --at '2026-12-24 18:00'   |   "
    "ivr numbers explain 02079460123 --trunk example --json"
)
SCHEMA_EXAMPLES = "Examples:  ivr numbers schema > trunks.schema.json"
FILE = Path("trunks.yaml")
Trunked = Annotated[Path | None, typer.Option("--trunks", help="The file of trunks and numbers (default: as set).")]

numbers = typer.Typer(help="Trunks, and which number runs which flow.", no_args_is_help=True)


def add_to(app: typer.Typer) -> None:
    """Put the commands of this module on the app."""
    app.add_typer(numbers, name="numbers")


@numbers.command("check", epilog=CHECK_EXAMPLES)
def check(
    file: Annotated[Path | None, typer.Argument(help="The file of trunks and numbers (default: as set).")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="What is wrong as one JSON array of sentences.")] = False,
) -> None:
    """Find what is wrong with trunks, numbers and their flows. Passwords are not looked up. Exit code 1 on errors."""
    from ivr.flow.load import load_flow
    from ivr.flow.problems import FlowError
    from ivr.flow.schema import SUFFIXES
    from ivr.trunks.errors import TrunkError
    from ivr.trunks.load import load_trunks

    found: list[str] = []
    summary = ""
    try:
        read = load_trunks(file or _set(), secrets=False)
        summary = f"{len(read.trunks)} trunk(s), {len(read.numbers)} number(s): no problems"
        for flow in read.flows():
            if flow.endswith(SUFFIXES):
                try:
                    load_flow(Path(flow))
                except FlowError as error:
                    found += str(error).splitlines()
    except TrunkError as error:
        found += str(error).splitlines()
    if as_json:
        typer.echo(json.dumps(found, ensure_ascii=False, indent=1))
    else:
        for sentence in found:
            typer.echo(sentence)
        typer.echo(f"{len(found)} error(s)" if found else summary, err=True)
    raise typer.Exit(1 if found else 0)


@numbers.command("explain", epilog=EXPLAIN_EXAMPLES)
def explain(
    called: Annotated[str, typer.Argument(help="The number as it is dialled.")],
    at: Annotated[str | None, typer.Option(help="When, as in '2026-12-24 18:00'; this machine's time (now).")] = None,
    trunk: Annotated[str, typer.Option(help="The trunk by which the call comes.")] = "",
    trunks: Trunked = None,
    as_json: Annotated[bool, typer.Option("--json", help="As one JSON object.")] = False,
) -> None:
    """Say which flow a call to a number runs, and why. Exit code 1 when no entry speaks of it."""
    from ivr.trunks.e164 import e164
    from ivr.trunks.load import load_trunks
    from ivr.trunks.numbers import destination

    moment = _moment(at)
    with one_sentence():
        read = load_trunks(trunks or _set(), secrets=False)
    _check_trunk(read, trunk)
    chosen = read.named(trunk)
    number = e164(called, chosen.country if chosen else "")
    found = destination(read.numbers, trunk, number, moment)
    facts = _facts(number, trunk, moment, found)
    typer.echo(json.dumps(facts, ensure_ascii=False) if as_json else _sentence(number, found))
    raise typer.Exit(0 if found else 1)


@numbers.command("schema", epilog=SCHEMA_EXAMPLES)
def schema() -> None:
    """Print the JSON Schema of the file, for editors that complete and check while one types."""
    from ivr.trunks.schema import file_schema

    typer.echo(json.dumps(file_schema(), ensure_ascii=False, indent=1))


def _set() -> Path:
    from clearline.settings import load_settings

    with one_sentence():
        return load_settings().line.trunks or FILE


def _moment(text: str | None) -> datetime:
    if text is None:
        return datetime.now(UTC)
    try:
        return datetime.fromisoformat(text).astimezone()
    except ValueError:
        refuse(f"--at {text!r} is no time; write it like '2026-12-24 18:00'")


def _check_trunk(read: Trunks, trunk: str) -> None:
    if trunk and read.named(trunk) is None:
        known = ", ".join(each.name for each in read.trunks) or "none"
        refuse(f"--trunk {trunk}: there is no such trunk; the file has: {known}")


def _facts(number: str, trunk: str, moment: datetime, found: Destination | None) -> dict[str, Any]:
    facts: dict[str, Any] = {"called": number, "trunk": trunk, "at": moment.isoformat("T", "seconds")}
    if found is None:
        return {**facts, "flow": None}
    return {
        **facts,
        "flow": found.flow or None,
        "pattern": found.number.pattern,
        "hours": found.state,
        "turned_away": found.turned_away,
        "announce": found.announce,
        "language": found.number.language,
        "because": found.because,
    }


def _sentence(number: str, found: Destination | None) -> str:
    if found is None:
        return f"{number}: no entry and no default speaks of it; the line's own flow runs (ivr serve --flow)"
    said = f" after the prompt '{found.announce}'" if found.announce else ""
    what = f"turned away{said}" if found.turned_away else f"{found.flow}{said}"
    return f"{number}: {what}, because {found.because}"
