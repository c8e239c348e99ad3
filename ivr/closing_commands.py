"""Closing for now on the command line: ``ivr close``, ``open``, ``closed``. A running line takes it up at once.

Exit codes: 0 done, 2 usage or input that cannot be used.
"""

from __future__ import annotations

import getpass
import json
from dataclasses import asdict
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ivr.console import one_sentence, refuse

if TYPE_CHECKING:
    from ivr.closures import Closure, Closures
    from ivr.flow.model import Flow

FlowName = Annotated[str, typer.Argument(metavar="FLOW", help="The flow's name, or its file.")]
Hours = Annotated[str | None, typer.Option(help="Only these hours of the flow (default: all of them).")]
Calls = Annotated[Path | None, typer.Option(help="Where the line keeps its calls (default: as set).")]
Store = Annotated[Path, typer.Option(help="The folder of published flows.")]
STORE = Path("published")
CLOSE_EXAMPLES = (
    "Examples:  ivr close support   |   ivr close support --for 2h --note 'Fire drill'   |   "
    "ivr close support --hours office --until 2026-12-24T12:00"
)
OPEN_EXAMPLES = "Examples:  ivr open support   |   ivr open support --hours office"
CLOSED_EXAMPLES = "Examples:  ivr closed   |   ivr closed --json"


def add_to(app: typer.Typer) -> None:
    """Put the commands of this module on the app."""
    app.command("close", epilog=CLOSE_EXAMPLES)(close)
    app.command("open", epilog=OPEN_EXAMPLES)(reopen)
    app.command("closed", epilog=CLOSED_EXAMPLES)(closed)


def close(
    flow: FlowName,
    hours: Hours = None,
    until: Annotated[
        str | None, typer.Option(help="When it ends: 2026-12-24T12:00, or 12:00 today; this machine's time.")
    ] = None,
    length: Annotated[
        str | None, typer.Option("--for", help="How long: 90m, 2h or 3d (default: until opened).")
    ] = None,
    note: Annotated[str, typer.Option(help="Why, in one sentence.")] = "",
    by: Annotated[str, typer.Option(help="Who closes (default: you).")] = "",
    calls: Calls = None,
    store: Store = STORE,
) -> None:
    """Close a flow's hours for now: calls take the way `temporary`. Nothing is published, nothing restarted."""
    from ivr.closures import ALL, Closure

    now = datetime.now(UTC).astimezone()
    if until is not None and length is not None:
        refuse("say either --until or --for")
    end = _moment(until, now) if until is not None else _after(length, now) if length is not None else None
    if end is not None and end <= now:
        refuse(f"{end:%Y-%m-%d %H:%M} is over already; name a time to come")
    known = _known(flow, store)
    every = (*known.hours, *(name for part in known.parts.values() for name in part.hours))
    if not every:
        refuse(f"the flow '{known.name}' asks for no hours, so there is nothing to close: see `hours` in docs/flows.md")
    if hours is not None and hours not in every:
        refuse(f"the flow '{known.name}' has no hours '{hours}'; it has: {', '.join(every)}")
    closure = Closure(hours or ALL, _iso(end), _iso(now), note, by or getpass.getuser())
    with one_sentence():
        _closures(calls).close(known.name, closure)
    typer.echo(_told(known.name, closure))


def reopen(flow: FlowName, hours: Hours = None, calls: Calls = None, store: Store = STORE) -> None:
    """Open again what `ivr close` has closed: calls go by the clock."""
    from ivr.closures import ALL

    kept, name = _closures(calls), _name(flow, store)
    with one_sentence():
        gone = kept.reopen(name, hours or ALL)
    what = f"the hours '{hours}' of '{name}'" if hours else f"'{name}'"
    if gone:
        typer.echo(f"{what} go by the clock again." if hours else f"{what} goes by the clock again.")
        return
    rest = kept.of(name, datetime.now(UTC))
    typer.echo(_told(name, rest[0]) if rest else f"{what}: nothing was closed.")


def closed(
    calls: Calls = None, as_json: Annotated[bool, typer.Option("--json", help="One JSON object, by flow.")] = False
) -> None:
    """What is closed for now."""
    kept, now = _closures(calls), datetime.now(UTC)
    found = {name: kept.of(name, now) for name in kept.flows() if kept.of(name, now)}
    if as_json:
        named = {name: [asdict(one) for one in closures] for name, closures in found.items()}
        typer.echo(json.dumps(named, ensure_ascii=False, indent=1))
        return
    for name, closures in found.items():
        for one in closures:
            typer.echo(_told(name, one))
    if not found:
        typer.echo("Nothing is closed.")


def _told(flow: str, closure: Closure) -> str:
    from ivr.closures import ALL

    what = f"'{flow}' is" if closure.hours == ALL else f"The hours '{closure.hours}' of '{flow}' are"
    end = f"until {datetime.fromisoformat(closure.until).astimezone():%a %Y-%m-%d %H:%M}" if closure.until else ""
    until = end or f"until `ivr open {flow}`"
    why = f": {closure.note}" if closure.note else ""
    return f"{what} closed {until} (by {closure.by}){why}"


def _closures(calls: Path | None) -> Closures:
    from clearline.settings import load_settings
    from ivr.closures import CLOSED, Closures

    with one_sentence():
        return Closures(load_settings(calls=calls).calls / CLOSED)


def _known(flow: str, store: Path) -> Flow:
    """The flow that is meant: a file, one that was published, the line's own, or a shipped one."""
    from clearline.settings import load_settings
    from ivr.flow.load import load_flow
    from ivr.flow.versions import VersionError, VersionStore
    from ivr.shipped import shipped

    with one_sentence():
        if Path(flow).is_file():
            return load_flow(Path(flow))
        kept = VersionStore(store)
        if flow in kept.flows():
            try:
                history = kept.history(flow)
                return kept.load(flow, history.version(history.stable))
            except VersionError as error:
                refuse(str(error))
        own = load_settings().line.flow
        for file in [*([own] if own is not None else []), *sorted(shipped("flows").glob("*.yaml"))]:
            found = load_flow(file)
            if found.name == flow:
                return found
    refuse(f"no flow '{flow}' is known here; name its file, or --store with the published flows")


def _name(flow: str, store: Path) -> str:
    return _known(flow, store).name


def _moment(text: str, now: datetime) -> datetime:
    """A date and a time, or a time of today; this machine's zone unless it says otherwise."""
    try:
        moment = datetime.fromisoformat(text if "-" in text else f"{now:%Y-%m-%d}T{text}")
    except ValueError:
        refuse(f"--until {text!r} is no time; write 2026-12-24T12:00, or 12:00 for today")
    return moment.astimezone()


def _after(text: str, now: datetime) -> datetime:
    unit = {"m": "minutes", "h": "hours", "d": "days"}.get(text[-1:])
    number = text[:-1]
    if unit is None or not (number.isascii() and number.isdigit() and 0 < int(number) < 1000):
        refuse(f"--for {text!r} is no length of time; write 90m, 2h or 3d")
    return now + timedelta(**{unit: int(number)})


def _iso(moment: datetime | None) -> str:
    return moment.isoformat("T", "seconds") if moment is not None else ""
