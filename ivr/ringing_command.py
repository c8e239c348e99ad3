"""``ivr ring``: the line rings somebody, and runs a flow when the call is answered (an appointment reminder).

Exit codes: 0 answered and carried to its end, 1 not answered, 2 usage or input that cannot be used. Who may be rung is
whoever this command names: only somebody who may run it on the line's machine can make it ring.
"""

from __future__ import annotations

import json
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ivr.console import one_sentence, open_library, refuse

if TYPE_CHECKING:
    from ivr.cell import CellNotice
    from ivr.flow.model import Flow

RING_EXAMPLES = (
    "Examples:  ivr ring sip:4711@10.0.0.5 --flow flows/reminder.yaml --give day=Tuesday   |   "
    "ivr ring 'tel:+442079460123;trunk=example' --flow flows/survey.yaml --trunks trunks.yaml --bind 192.0.2.4:0"
)


def add_to(app: typer.Typer) -> None:
    """Put the command of this module on the app."""
    app.command("ring", epilog=RING_EXAMPLES)(ring)


def ring(
    uri: Annotated[str, typer.Argument(help="The SIP address to ring, or tel:NUMBER;trunk=NAME.")],
    flow: Annotated[Path, typer.Option(help="The flow to run once somebody has picked up.")],
    give: Annotated[
        list[str] | None, typer.Option(help="NAME=VALUE: the first value of a variable; may be given again.")
    ] = None,
    brand: Annotated[Path | None, typer.Option(help="The brand's folder with its prompts (default: shipped).")] = None,
    language: Annotated[str | None, typer.Option(help="The language of the call (default: the flow's first).")] = None,
    bind: Annotated[str, typer.Option(help="Address and UDP port to ring from; 0: any.")] = "127.0.0.1:0",
    calls: Annotated[Path | None, typer.Option(help="Where calls are kept.")] = None,
    target: Annotated[list[str] | None, typer.Option(help="NAME=SIP-URI: whom the flow may transfer to.")] = None,
    within: Annotated[float, typer.Option(min=1, max=120, help="How long it rings, in seconds.")] = 30.0,
    trunks: Annotated[Path | None, typer.Option(help="The file of trunks (default: as set).")] = None,
    as_json: Annotated[bool, typer.Option("--json", help="What came of it as one JSON object.")] = False,
) -> None:
    """Ring somebody and run a flow: reminders, surveys. Exit code 1 when nobody answers."""
    from clearline.settings import load_settings
    from ivr.cell import Cell
    from ivr.fitting import flow_for_line
    from ivr.line import check_uri
    from ivr.line_options import line_settings
    from ivr.preparing import prepare

    with one_sentence():
        check_uri(uri)
        settings = load_settings(calls=calls)
        line = line_settings(settings, bind, target, None, None, 4, 15.0, 0, None, trunks)
        line = replace(line, language=language or line.language, registers=False)
        library = open_library(brand or settings.line.brand, settings.cache)
        chosen = given(flow_for_line(flow, line, library), give or [])
        told: list[CellNotice] = []
        cell = Cell(line, chosen, library, notice=told.append)
        try:
            prepare(library, chosen, quiet=as_json)
            cell.ring(uri)
            over = _over(cell, told, within)
        finally:
            cell.close()
    facts = _facts(told)
    typer.echo(json.dumps(facts) if as_json else _sentence(uri, facts))
    sys.stdout.flush()
    raise typer.Exit(0 if over and facts["answered"] else 1)


def given(flow: Flow, pairs: list[str]) -> Flow:
    """The flow with these first values of its variables; a value is of the kind that the variable has."""
    from ivr.flow.testing.script import as_kind

    begin = dict(flow.variables)
    for pair in pairs:
        name, equals, text = pair.partition("=")
        if not equals or name not in begin:
            known = ", ".join(begin) or "none"
            refuse(f"--give {pair!r}: write NAME=VALUE with a variable that has a first value: {known}")
        try:
            begin[name] = as_kind(begin[name], text)
        except (KeyError, ValueError):
            refuse(f"--give {pair!r}: {text!r} does not go with the first value of {name!r}, {begin[name]!r}")
    return replace(flow, variables=tuple(begin.items()))


def _over(cell: Any, told: list[CellNotice], within_s: float) -> bool:
    """Until the call is over and its record on disk; False when nobody picked up in time."""
    from ivr.cell import CallAnswered, CallNotAnswered
    from ivr.clerk import CallNotStored, CallStored

    until_s = time.monotonic() + within_s
    while not any(isinstance(notice, CallStored | CallNotStored | CallNotAnswered) for notice in told):
        cell.turn()
        if time.monotonic() > until_s and not any(isinstance(notice, CallAnswered) for notice in told):
            return False
    return True


def _facts(told: list[CellNotice]) -> dict[str, Any]:
    from ivr.cell import CallAnswered, CallNotAnswered
    from ivr.clerk import CallStored

    facts: dict[str, Any] = {"answered": any(isinstance(notice, CallAnswered) for notice in told), "status": 0}
    for notice in told:
        if isinstance(notice, CallNotAnswered):
            facts["status"] = notice.status
        if isinstance(notice, CallStored):
            facts |= {
                "record": str(notice.record),
                "hung_up": notice.hung_up,
                "duration_s": round(notice.duration_s, 3),
            }
    return facts


def _sentence(uri: str, facts: dict[str, Any]) -> str:
    if not facts["answered"]:
        return f"{uri} did not answer" + (f" (SIP status {facts['status']})" if facts["status"] else "")
    ended = f"ended by the {facts.get('hung_up', 'line')} after {facts.get('duration_s', 0)} s"
    return f"{uri}: {ended}: {facts.get('record', 'its record could not be written')}"
