"""The transports of an endpoint besides its UDP: TCP, TLS and their like over IPv6, each made when a trunk needs it."""

from __future__ import annotations

import ssl
from dataclasses import dataclass
from pathlib import Path

import pjsua2 as pj

from ivr.sip.endpoint import Endpoint, listening_failed
from ivr.sip.errors import AddressUnusable
from ivr.trunks.model import Listening, Trunk

TLS_TIMEOUT_MS = 5000
_IPV6 = pj.PJSIP_TRANSPORT_IPV6
_KINDS = {"udp": pj.PJSIP_TRANSPORT_UDP, "tcp": pj.PJSIP_TRANSPORT_TCP, "tls": pj.PJSIP_TRANSPORT_TLS}


@dataclass(frozen=True, slots=True)
class Way:
    """What makes one transport another one: TLS trunks that trust other certificates share none."""

    kind: str
    ipv6: bool = False
    verify: bool = True
    trust: Path | None = None


def way_of(trunk: Trunk) -> Way:
    """The transport that a trunk needs."""
    if trunk.transport != "tls":
        return Way(trunk.transport, trunk.ipv6)
    return Way("tls", trunk.ipv6, trunk.verify, trunk.trust)


class Transports:
    """Makes and remembers transports; raises AddressTaken or AddressUnusable.

    What the line is told to listen on is there from the start; a TLS transport of another trust takes a free port.
    """

    def __init__(self, endpoint: Endpoint, listen: Listening) -> None:
        self._endpoint = endpoint
        self._listen = listen
        self._made: dict[Way, int] = {Way("udp"): endpoint.transport}
        self._taken: set[tuple[str, bool]] = set()
        if listen.tcp is not None:
            self.of(Way("tcp"))
        if listen.tls is not None:
            self.of(Way("tls"))

    def of(self, way: Way) -> int:
        """The library's id of this transport."""
        if way not in self._made:
            self._made[way] = self._make(way)
        return self._made[way]

    def host(self, way: Way) -> str:
        """The address of this machine on that way."""
        return self._listen.ipv6 if way.ipv6 else self._endpoint.host

    def _make(self, way: Way) -> int:
        config = pj.TransportConfig()
        config.boundAddress = self.host(way)
        config.port = self._port(way)
        if way.kind == "tls":
            self._secure(config.tlsConfig, way)
        kind = _KINDS[way.kind] + (_IPV6 if way.ipv6 else 0)
        try:
            return int(self._endpoint.library.transportCreate(kind, config))
        except pj.Error as error:
            host = f"[{config.boundAddress}]" if way.ipv6 else config.boundAddress
            raise listening_failed(host, config.port, error, way.kind.upper()) from None

    def _port(self, way: Way) -> int:
        """The port that the settings name, for the first transport of its kind."""
        first = (way.kind, way.ipv6) not in self._taken
        self._taken.add((way.kind, way.ipv6))
        if not first:
            return 0
        if way.ipv6:
            return self._listen.ipv6_port if way.kind == "udp" else 0
        return {"tcp": self._listen.tcp, "tls": self._listen.tls}.get(way.kind) or 0

    def _secure(self, tls: pj.TlsConfig, way: Way) -> None:
        """Certificates of the other side are checked, against the system's authorities unless others are named."""
        tls.proto = pj.PJ_SSL_SOCK_PROTO_TLS1_2
        tls.verifyServer = way.verify
        tls.msecTimeout = TLS_TIMEOUT_MS
        if way.verify:
            tls.CaListFile = str(way.trust or _authorities())
        if self._listen.certificate is not None and self._listen.private_key is not None:
            tls.certFile, tls.privKeyFile = str(self._listen.certificate), str(self._listen.private_key)


def _authorities() -> str:
    """The system's file of certificate authorities: the SIP library's own OpenSSL would look elsewhere."""
    paths = ssl.get_default_verify_paths()
    for file in (paths.cafile, "/etc/ssl/certs/ca-certificates.crt", "/etc/ssl/cert.pem"):
        if file and Path(file).is_file():
            return file
    raise AddressUnusable(
        "no certificate authorities are installed, so no TLS server can be checked: install ca-certificates, or name a"
        " file with `trust:` in the trunk"
    )
