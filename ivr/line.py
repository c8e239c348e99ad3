"""The settings of a line, checked: where it listens, who may ring it, whom it may ring.

Errors::

    LineError   a setting of the line that cannot be used; one sentence, with the remedy
"""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from ivr.admission import AdmissionLimits
from ivr.languages import language_of
from ivr.tolls import TollLimits
from ivr.trunks.dialling import dialled, is_number
from ivr.trunks.model import Trunks

Network = ipaddress.IPv4Network
_SIP_URI = re.compile(r"sips?:([^@\s;>]+@)?([A-Za-z0-9.\-]+|\[[0-9A-Fa-f:.]+\])(:\d{1,5})?(;[^\s>]+)?")
LOOPBACK = ipaddress.IPv4Network("127.0.0.0/8")
MAX_LEGS = 1000
"""Asked of the SIP library where no number is; it carries what it was compiled for (four in the published wheel)."""


class LineError(Exception):
    """A setting of the line that cannot be used; one sentence, with the remedy."""


@dataclass(frozen=True, slots=True)
class LineSettings:
    """One cell's line. ``allow`` are the networks that may ring; ``targets`` the SIP URIs that flows may transfer to.

    ``vanish_s`` seconds without audio end a call (0: never). ``audio_from`` is whose audio is taken, ``per_source`` how
    many calls one address may bring. ``one_way`` says what becomes of a side that does not hear us, ``pause_key`` what
    an agent presses to pause the recording and to go on (empty: nothing). ``tolls`` limits all calls out. ``legs``
    counts callers and agents. ``rtp_port`` is the
    first port for audio, 0 any. ``url`` is the public address of the calls folder, where it has one.
    ``services`` is what ``{settings.<name>}`` stands for in lookups. ``vosk_model`` is the folder of the recogniser for
    spoken input; none means the packaged Whisper model, which knows English alone. Calls begin in the language that
    ``languages`` has for the number that was rung, else in ``language``, else in the flow's first one. ``trunks`` ring
    and are rung; they are registered when ``registers``, as reachable at ``front`` (``host:port``; empty: here).
    """

    host: str = "127.0.0.1"
    port: int = 5060
    calls: Path = Path("calls")
    targets: Mapping[str, str] = field(default_factory=dict)
    allow: tuple[Network, ...] = ()
    legs: int = MAX_LEGS
    vanish_s: float = 15.0
    audio_from: Literal["signalled", "first"] = "signalled"
    per_source: AdmissionLimits = field(default_factory=AdmissionLimits)
    one_way: Literal["end", "note"] = "end"
    pause_key: str = "*9"
    tolls: TollLimits = field(default_factory=TollLimits)
    rtp_port: int = 0
    url: str | None = None
    sip_log: Path | None = None
    services: Mapping[str, str] = field(default_factory=dict, repr=False)
    vosk_model: Path | None = None
    language: str = ""
    languages: Mapping[str, str] = field(default_factory=dict)
    trunks: Trunks = field(default_factory=Trunks)
    registers: bool = True
    front: str = ""

    def __post_init__(self) -> None:
        for name, target in self.targets.items():
            try:
                dialled(target, self.trunks)
            except ValueError as error:
                raise LineError(f"target {name!r}: {error}") from None
        reachable = any(trunk.origins for trunk in self.trunks.trunks)
        if not self.allow and not reachable and not ipaddress.IPv4Address(self.host).is_loopback:
            raise LineError(
                f"{self.host} can be reached from other machines, so the line must know who may ring it: "
                "add for example --allow 10.0.0.0/8, or trunks with the addresses of their calls"
            )

    def language_of(self, called: str) -> str:
        """The language that calls to this number begin in, empty for the flow's first one."""
        return language_of(called, self.languages, self.language)

    def check_languages(self, spoken: Sequence[str], flow: str) -> None:
        """Raises LineError for a language that this line is set to and the flow does not speak."""
        for where, language in (("--language", self.language), *self.languages.items()):
            if language and language not in spoken:
                there = ", ".join(spoken)
                raise LineError(
                    f"{where}: {flow} is not spoken in {language!r}, only in {there}: add it to `languages`"
                )

    def may_ring(self, host: str) -> bool:
        """Whether a SIP message from this address is a caller's."""
        try:
            address = ipaddress.IPv4Address(host)
        except ValueError:
            return False
        here = () if self.trunks.trunks and not ipaddress.IPv4Address(self.host).is_loopback else (LOOPBACK,)
        return any(address in network for network in self.allow or here)


def parse_bind(text: str) -> tuple[str, int]:
    """``127.0.0.1:5060`` → host and port; raises LineError."""
    host, colon, port = text.rpartition(":")
    try:
        ipaddress.IPv4Address(host)
        if colon and 0 <= int(port) <= 65535:
            return host, int(port)
    except ValueError:
        pass
    raise LineError(
        f"{text!r} is no address to listen on; write an IPv4 address and a port, for example 127.0.0.1:5060"
    )


def parse_targets(texts: Sequence[str]) -> dict[str, str]:
    """``service=sip:127.0.0.1:5070`` … → name to SIP URI; raises LineError."""
    targets = {}
    for text in texts:
        name, equals, uri = text.partition("=")
        if not equals or not name.strip():
            raise LineError(f"{text!r} is no target; write NAME=SIP-URI, for example service=sip:127.0.0.1:5070")
        targets[name.strip()] = check_uri(uri.strip())
    return targets


def check_uri(uri: str) -> str:
    """The SIP or tel: URI when it can be rung; raises LineError."""
    if not (is_number(uri) or _SIP_URI.fullmatch(uri)):
        raise LineError(f"{uri!r} is no SIP address; write it like sip:service@10.0.0.5:5060")
    return uri


def parse_allow(texts: Sequence[str]) -> tuple[Network, ...]:
    """``10.0.0.0/8`` … → networks; raises LineError."""
    networks = []
    for text in texts:
        try:
            networks.append(ipaddress.IPv4Network(text, strict=False))
        except ValueError:
            raise LineError(f"{text!r} is no network; write it like 10.0.0.0/8 or 192.168.1.20") from None
    return tuple(networks)
