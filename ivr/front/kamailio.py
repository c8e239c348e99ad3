"""The configuration of Kamailio as the front of a line: one file, the list of cells, and where there is TLS its file.

Kamailio (the Debian package, or any from 5.6 on) spreads calls with its dispatcher, algorithm 10: the cell with the
fewest calls gets the next one, never more than its legs. See ``kamailio.cfg.jinja`` beside this file for every rule.
"""

from __future__ import annotations

import ipaddress
import secrets
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

from jinja2 import Environment, PackageLoader, StrictUndefined

from ivr.line import LineError
from ivr.trunks.origin import SOURCE_HEADER

CONFIG, CELLS, TLS = "kamailio.cfg", "dispatcher.list", "tls.cfg"
CELL_SET = 1
TRANSPORTS = ("udp", "tcp", "tls")


@dataclass(frozen=True, slots=True)
class Cell:
    """One cell behind the front: where it listens, and how many calls it takes at once."""

    host: str
    port: int
    legs: int


@dataclass(frozen=True, slots=True)
class Front:
    """What the configuration says. ``allow`` are the networks that may ring; ``inside`` is the address cells see.

    ``failover_ms`` without any answer from a cell lead to the next one, ``flood`` is how many messages a source may
    send in two seconds, ``largest`` how long a message may be in bytes. ``hide`` masks the cells' addresses towards
    callers.
    """

    host: str
    port: int
    cells: tuple[Cell, ...]
    allow: tuple[str, ...]
    transports: tuple[str, ...] = ("udp",)
    inside: str = ""
    tls_port: int = 5061
    certificate: Path | None = None
    private_key: Path | None = None
    failover_ms: int = 500
    probe_s: int = 2
    flood: int = 60
    largest: int = 8192
    children: int = 4
    hide: bool = True
    foreground: bool = False
    mask_key: str = field(default_factory=lambda: secrets.token_urlsafe(24), repr=False)

    def __post_init__(self) -> None:
        if not self.cells:
            raise LineError("a front needs at least one cell: name them with --cell HOST:PORT or start the line first")
        if not self.allow:
            raise LineError("a front must know who may ring: add for example --allow 203.0.113.0/24")
        unknown = [transport for transport in self.transports if transport not in TRANSPORTS]
        if unknown or not self.transports:
            raise LineError(f"{', '.join(unknown) or 'nothing'} is no transport: use {', '.join(TRANSPORTS)}")
        if "tls" in self.transports and not (self.certificate and self.private_key):
            raise LineError("TLS needs a certificate and its key: add --certificate FILE and --private-key FILE")
        for address in (self.host, self.inside or self.host, *(cell.host for cell in self.cells)):
            _address(address)
        for network in self.allow:
            _network(network)


def files(front: Front, folder: Path) -> Mapping[str, str]:
    """The texts of the files by name, as they are to stand in ``folder``."""
    written = {CONFIG: _config(front, folder), CELLS: _list(front.cells)}
    if "tls" in front.transports:
        written[TLS] = (
            "[server:default]\n"
            "method = TLSv1.2+\n"
            "verify_certificate = no\n"
            "require_certificate = no\n"
            f"certificate = {front.certificate}\n"
            f"private_key = {front.private_key}\n"
        )
    return written


def _config(front: Front, folder: Path) -> str:
    environment = Environment(
        loader=PackageLoader("ivr.front", ""),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        autoescape=False,  # no HTML: every value is checked above
    )
    inside = front.inside or front.host
    return environment.get_template("kamailio.cfg.jinja").render(
        host=front.host,
        port=front.port,
        inside=inside,
        transports=front.transports,
        tls_port=front.tls_port,
        tls_config=folder / TLS,
        control=f"unix:{folder / 'kamailio.ctl'}",
        dispatcher_list=folder / CELLS,
        set=CELL_SET,
        source_header=SOURCE_HEADER,
        allowed=_any_of(front.allow),
        cells_nets=_any_of(sorted({cell.host for cell in front.cells})) if not _all_here(front) else "",
        failover_ms=front.failover_ms,
        probe_s=front.probe_s,
        flood=front.flood,
        largest=front.largest,
        children=front.children,
        foreground=front.foreground,
        mask_key=front.mask_key if front.hide else "",
        masked=front.host,
    )


def _all_here(front: Front) -> bool:
    """Whether the cells' addresses are also callers' addresses, so that nothing tells them apart."""
    return all(any(_address(cell.host) in _network(net) for net in front.allow) for cell in front.cells)


def _list(cells: Sequence[Cell]) -> str:
    lines = [f"{CELL_SET} sip:{c.host}:{c.port} 0 0 duid={c.host}-{c.port};maxload={c.legs}\n" for c in cells]
    return "# set, address, flags, priority, attributes\n" + "".join(lines)


def _any_of(networks: Sequence[str]) -> str:
    return " || ".join(f'is_in_subnet("$si", "{_network(network)}")' for network in networks)


def _network(text: str) -> ipaddress.IPv4Network:
    try:
        return ipaddress.IPv4Network(text, strict=False)
    except ValueError:
        raise LineError(f"{text!r} is no network: write it like 203.0.113.0/24 or 192.0.2.7") from None


def _address(text: str) -> ipaddress.IPv4Address:
    try:
        return ipaddress.IPv4Address(text)
    except ValueError:
        raise LineError(f"{text!r} is no IPv4 address: write it like 192.0.2.7") from None
