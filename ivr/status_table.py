"""``ivr status``: the line as a table in the terminal."""

from __future__ import annotations

import json
import time
from collections.abc import Iterator
from pathlib import Path

from rich.console import Console, Group
from rich.live import Live
from rich.table import Table

from ivr.alarms import Alarm
from ivr.status import LineStatus, read_status, totals


def show_status(calls: Path, *, watch: bool, as_json: bool) -> int:
    """Print the status of the line that keeps its calls in ``calls``; 1 when none runs there."""
    status = read_status(calls, time.time())
    if status is None:
        Console(stderr=True).print(f"no line runs that keeps its calls in {calls}", highlight=False)
        return 1
    if as_json:
        print(json.dumps(status.to_json()))
    elif watch:
        with Live(tables(status), auto_refresh=False) as live:
            for each in _later(calls):
                live.update(tables(each), refresh=True)
        return 1
    else:
        Console().print(tables(status))
    return 0


def tables(status: LineStatus) -> Group:
    """The cells, and the trunks where there are any."""
    return Group(table(status), *([_trunks(status)] if status.trunks else []))


def _trunks(status: LineStatus) -> Table:
    """The line's trunks, one a row."""
    shown = Table("trunk", "registration", "since", "the registrar said", title="trunks")
    style = {"failed": "red", "trying": "yellow", "registered": "green"}
    words = {"none": "not needed"}
    for trunk in status.trunks:
        said = f"{trunk.code} {trunk.reason}".strip() if trunk.code else ""
        since = _length(trunk.since_s) if trunk.state in ("registered", "failed") else ""
        shown.add_row(trunk.name, words.get(trunk.state, trunk.state), since, said, style=style.get(trunk.state))
    return shown


def table(status: LineStatus) -> Table:
    """The line's cells, one a row; what they hold in the last."""
    talking, legs = totals(status.cells)
    state = "draining" if status.draining else "takes calls" if status.takes_calls else "takes no calls"
    shown = Table(
        "cell",
        "address",
        *("calls", "answered", "busy", "restarts", "up", "memory"),
        title=f"{status.flow}: {state}",
        show_footer=True,
    )
    for column in shown.columns:
        column.no_wrap = True
    for column in shown.columns[2:]:
        column.justify = "right"
    for cell in status.cells:
        mark = "" if cell.pid else " (down)"
        shown.add_row(
            cell.name + mark,
            cell.address.removeprefix("sip:"),
            f"{cell.talking} of {cell.legs}",
            str(cell.answered),
            str(cell.rejected),
            str(cell.restarts),
            _length(cell.up_s),
            _memory(cell.pss_mb),
        )
    for name, share in status.others.items():
        shown.add_row(name, *[""] * 6, _memory(share), style="dim")
    shown.columns[0].footer = "all"
    shown.columns[2].footer = f"{talking} of {legs}"
    shown.columns[3].footer = str(sum(cell.answered for cell in status.cells))
    shown.columns[4].footer = str(sum(cell.rejected for cell in status.cells))
    shown.columns[5].footer = str(sum(cell.restarts for cell in status.cells))
    known = [cell.pss_mb for cell in status.cells] + list(status.others.values())
    shown.columns[7].footer = _memory(sum(share for share in known if share is not None))
    shown.caption = "\n".join(_alarm(each) for each in status.alarms) or None
    shown.caption_style = "bold red"
    return shown


def _alarm(alarm: Alarm) -> str:
    since = time.strftime("%H:%M", time.localtime(alarm.first_s))
    return f"alarm {alarm.kind}, {alarm.count} since {since}: {alarm.sentence}"


def _later(calls: Path) -> Iterator[LineStatus]:
    """The status once a second, until there is none or the user has seen enough."""
    try:
        while (status := read_status(calls, time.time())) is not None:
            yield status
            time.sleep(1.0)
    except KeyboardInterrupt:
        return


def _memory(share_mb: float | None) -> str:
    return "" if share_mb is None else f"{share_mb:.1f} MB"


def _length(seconds: float) -> str:
    minutes, rest = divmod(round(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}"
