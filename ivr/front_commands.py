"""``ivr kamailio``: the configuration of the front, for the cells that run or those that are named."""

from __future__ import annotations

import time
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ivr.console import one_sentence, refuse

if TYPE_CHECKING:
    from ivr.front.kamailio import Cell

EXAMPLES = (
    "Examples:  ivr kamailio --listen 203.0.113.4:5060 --allow 198.51.100.0/24 --out /etc/kamailio   |   "
    "ivr kamailio --listen 203.0.113.4:5060 --allow 198.51.100.0/24 --inside 10.0.0.4 "
    "--cell 10.0.0.5:5060 --cell 10.0.0.6:5060 --legs 4"
)


def add_to(app: typer.Typer) -> None:
    """Put the commands of this module on the app."""
    app.command("kamailio", epilog=EXAMPLES)(kamailio)


def kamailio(
    listen: Annotated[str, typer.Option(help="Address and port where trunks reach the line.")],
    allow: Annotated[list[str], typer.Option(help="A network that may ring; may be given again.")],
    cell: Annotated[
        list[str] | None, typer.Option(help="HOST:PORT of a cell; may be given again (default: those that run here).")
    ] = None,
    legs: Annotated[int, typer.Option(min=1, help="Calls at once in each --cell.")] = 4,
    inside: Annotated[str, typer.Option(help="The front's address towards the cells (default: --listen).")] = "",
    transport: Annotated[
        list[str] | None, typer.Option(help="udp, tcp or tls; may be given again (default: udp).")
    ] = None,
    tls_port: Annotated[int, typer.Option(min=1, max=65535, help="Port of TLS.")] = 5061,
    certificate: Annotated[Path | None, typer.Option(help="For TLS: the certificate with its chain (PEM).")] = None,
    private_key: Annotated[Path | None, typer.Option(help="For TLS: its key (PEM).")] = None,
    failover: Annotated[int, typer.Option(min=100, help="Milliseconds without an answer until the next cell.")] = 500,
    flood: Annotated[int, typer.Option(min=1, help="Messages that one source may send in two seconds.")] = 60,
    hide: Annotated[bool, typer.Option(help="Mask the cells' addresses towards callers.")] = True,
    foreground: Annotated[bool, typer.Option(help="Log to standard error, for containers and tests.")] = False,
    calls: Annotated[Path | None, typer.Option(help="Where the running line keeps its calls.")] = None,
    out: Annotated[
        Path | None, typer.Option(help="Write the files into this folder (default: print the first).")
    ] = None,
) -> None:
    """Configure Kamailio as the front of this line: it spreads calls over cells and keeps strangers out."""
    from ivr.front.kamailio import CONFIG, Front, files
    from ivr.line import parse_bind

    with one_sentence():
        host, port = parse_bind(listen)
        folder = (out or Path("/etc/kamailio")).absolute()
        front = Front(
            host,
            port,
            tuple(_named(each, legs) for each in cell) if cell else _running(calls),
            tuple(allow),
            transports=tuple(transport or ("udp",)),
            inside=inside,
            tls_port=tls_port,
            certificate=certificate.absolute() if certificate else None,
            private_key=private_key.absolute() if private_key else None,
            failover_ms=failover,
            flood=flood,
            hide=hide,
            foreground=foreground,
        )
        written = files(front, folder)
    if out is None:
        typer.echo(written[CONFIG], nl=False)
        return
    try:
        out.mkdir(parents=True, exist_ok=True)
        for name, text in written.items():
            (out / name).write_text(text, encoding="utf-8")
    except OSError as error:
        refuse(f"{out} cannot be written: {error.strerror}; name another folder with --out")
    typer.echo(f"{', '.join(written)} in {out}: kamailio -f {out / CONFIG}   ({len(front.cells)} cells)")


def _named(text: str, legs: int) -> Cell:
    from ivr.front.kamailio import Cell
    from ivr.line import parse_bind

    return Cell(*parse_bind(text), legs)


def _running(calls: Path | None) -> tuple[Cell, ...]:
    from clearline.settings import load_settings
    from ivr.front.kamailio import Cell
    from ivr.line import parse_bind
    from ivr.status import read_status

    status = read_status(load_settings(calls=calls).calls, time.time())
    cells = status.cells if status else ()
    return tuple(Cell(*parse_bind(each.address.removeprefix("sip:")), each.legs) for each in cells if each.address)
