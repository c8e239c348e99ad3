"""A trunk: the contract with a provider (or another telephone system), as frozen values.

Addresses are ``host`` or ``host:port`` (an IPv6 host in brackets); times are seconds. Passwords are in no ``repr``.
"""

from __future__ import annotations

import ipaddress
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from ivr.trunks.numbers import Number

Transport = Literal["udp", "tcp", "tls"]
Protection = Literal["off", "optional", "mandatory"]
KeyMethod = Literal["both", "rfc4733", "info"]
Prack = Literal["off", "supported", "required"]
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

CODECS = ("PCMU", "PCMA", "G722", "GSM", "iLBC", "speex")
"""What the published SIP library speaks; names as in SDP."""
USUAL_CODECS = ("PCMU", "PCMA", "G722")


@dataclass(frozen=True, slots=True)
class Trunk:
    """One trunk.

    ``registrar`` empty: the provider knows our address and no registration is made. ``session_timer_s`` 0: none.
    ``origins`` are the networks from which its calls come; ``country`` (ISO 3166) says how national numbers are read.
    ``trust`` is a file of certificates in place of the system's; ``verify`` False takes any certificate.
    """

    name: str
    registrar: str = ""
    user: str = ""
    auth_user: str = ""
    password: str = field(default="", repr=False)
    realm: str = "*"
    domain: str = ""
    transport: Transport = "udp"
    ipv6: bool = False
    proxy: str = ""
    expires_s: float = 600.0
    keep_alive_s: float = 15.0
    retry_s: float = 5.0
    srtp: Protection = "off"
    verify: bool = True
    trust: Path | None = None
    codecs: tuple[str, ...] = USUAL_CODECS
    keys: KeyMethod = "both"
    session_timer_s: float = 180.0
    prack: Prack = "supported"
    early_media: bool = False
    origins: tuple[Network, ...] = ()
    country: str = ""
    caller_id: str = ""

    @property
    def registers(self) -> bool:
        """Whether it has to be registered before calls come."""
        return bool(self.registrar)

    @property
    def host(self) -> str:
        """The host part of addresses at this provider."""
        return self.domain or self.registrar or self.proxy

    def uri(self, number: str) -> str:
        """The SIP URI that rings a number there."""
        return f"sip:{number}@{self.host}{self.parameters}"

    @property
    def parameters(self) -> str:
        """What a SIP URI says of the transport; UDP goes without saying."""
        return "" if self.transport == "udp" else f";transport={self.transport}"


@dataclass(frozen=True, slots=True)
class Listening:
    """What the line listens on besides UDP at its ``--bind``; port 0 takes a free one, None listens on none.

    ``ipv6`` is the address of trunks that use IPv6. A certificate is needed only for callers who open TLS to us.
    """

    tcp: int | None = None
    tls: int | None = None
    ipv6: str = ""
    ipv6_port: int = 0
    certificate: Path | None = None
    private_key: Path | None = None

    def of_cell(self, number: int) -> Listening:
        """The ports of the cell with this number, counted from 0: one further for each."""

        def moved(port: int | None) -> int | None:
            return port + number if port else port

        return Listening(
            moved(self.tcp),
            moved(self.tls),
            self.ipv6,
            self.ipv6_port + number if self.ipv6_port else 0,
            self.certificate,
            self.private_key,
        )


@dataclass(frozen=True, slots=True)
class Trunks:
    """All that ``trunks.yaml`` says."""

    trunks: tuple[Trunk, ...] = ()
    numbers: tuple[Number, ...] = ()
    listen: Listening = Listening()

    def named(self, name: str) -> Trunk | None:
        """The trunk of this name."""
        return next((trunk for trunk in self.trunks if trunk.name == name), None)

    def may_ring(self, host: str) -> bool:
        """Whether calls of some trunk come from this address."""
        return bool(self.of_address(host))

    def of_address(self, host: str) -> Sequence[Trunk]:
        """The trunks whose calls come from this address."""
        try:
            address = ipaddress.ip_address(host.strip("[]"))
        except ValueError:
            return ()
        return [trunk for trunk in self.trunks if any(address in network for network in trunk.origins)]

    def flows(self) -> tuple[str, ...]:
        """Every flow that a number may run, as it is written, in order."""
        named = [name for number in self.numbers for name in (number.flow, number.closed) if name]
        return tuple(dict.fromkeys(named))
