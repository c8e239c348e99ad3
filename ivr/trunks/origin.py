"""Which trunk a call came by, and which number it rang, from the request itself. Pure."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass

from ivr.trunks.e164 import e164
from ivr.trunks.model import Trunk, Trunks
from ivr.trunks.numbers import DEFAULT, find

_REQUEST = re.compile(r"\A[A-Z]+ (?:sips?|tel):(?:([^@;>\s]*)@)?([^;>\s]*)", re.IGNORECASE)
SOURCE_HEADER = "X-Clearline-Source"
"""Whence a call came to the front, said by the front to the cells; what a caller writes there is removed by it."""

_SOURCE = re.compile(rf"^{SOURCE_HEADER}\s*:\s*(\S+)", re.IGNORECASE | re.MULTILINE)
_TO = re.compile(r"^(?:To|t)\s*:[^\r\n]*?(?:sips?|tel):(?:([^@;>\s]*)@)?([^;>\s]*)", re.IGNORECASE | re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Arrival:
    """A call that rings: its trunk, None for one of no trunk, and the number that was rung (E.164 where it is one)."""

    trunk: Trunk | None
    called: str

    @property
    def trunk_name(self) -> str:
        """Empty for a call of no trunk."""
        return self.trunk.name if self.trunk is not None else ""


def arrival(trunks: Trunks, source: str, message: str) -> Arrival:
    """Read an INVITE that came from this address (no port).

    Several trunks may share an address: the one whose user the request rings, else one that lists the number, else the
    first. A provider where we are registered rings our user and names the number in ``To``.
    """
    requested, to = _user(_REQUEST, message), _user(_TO, message)
    candidates = trunks.of_address(source)
    chosen = _chosen(candidates, trunks, requested, to)
    return Arrival(chosen, _called(chosen, requested, to))


def origin(source: str, message: str) -> str:
    """The address from which the front got an INVITE; that of the front itself when it does not say."""
    found = _SOURCE.search(message)
    return found[1] if found else source


def _chosen(candidates: Sequence[Trunk], trunks: Trunks, requested: str, to: str) -> Trunk | None:
    for trunk in candidates:
        if trunk.user and trunk.user == requested:
            return trunk
    for trunk in candidates:
        number = find(trunks.numbers, trunk.name, _called(trunk, requested, to))
        if number is not None and number.trunk and number.pattern != DEFAULT:
            return trunk
    return candidates[0] if candidates else None


def _called(trunk: Trunk | None, requested: str, to: str) -> str:
    country = trunk.country if trunk is not None else ""
    rung = to if trunk is not None and to and requested in ("", trunk.user) else requested or to
    return e164(rung, country)


def _user(pattern: re.Pattern[str], message: str) -> str:
    """The user part; of a tel: URI the number, which the pattern takes for a host."""
    found = pattern.search(message)
    if found is None:
        return ""
    user, host = found.groups()
    text = user if user is not None else host if "tel:" in found.group(0).lower() else ""
    return text.partition(";")[0].replace("%2B", "+")
