"""Whom to ring: a SIP URI as it is, or a telephone number through a trunk. Pure.

``tel:+442079460123`` goes by the only trunk there is, ``tel:+442079460123;trunk=example`` by this one, and
``;caller=+44…`` shows another number than the trunk's ``caller_id``.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from ivr.trunks.e164 import e164
from ivr.trunks.model import Trunk, Trunks

_TEL = re.compile(r"tel:(?P<number>\+?[0-9().\-]{2,20})(?P<parameters>(?:;[a-z]+=[^;\s]+)*)")


def is_number(target: str) -> bool:
    """Whether this names a telephone number, by whatever trunk."""
    return _TEL.fullmatch(target) is not None


KNOWN = ("trunk", "caller")


@dataclass(frozen=True, slots=True)
class Dialled:
    """A SIP URI to ring; ``trunk`` empty: by no trunk. ``caller`` is the SIP URI that is shown, empty for the usual."""

    uri: str
    trunk: str = ""
    caller: str = ""


def dialled(target: str, trunks: Trunks) -> Dialled:
    """What a target means with these trunks; raises ValueError with the remedy."""
    if not target.startswith("tel:"):
        return Dialled(target)
    read = _TEL.fullmatch(target)
    if read is None:
        raise ValueError(f"{target!r} is no number to ring; write it like tel:+442079460123;trunk=NAME")
    given = dict(part.split("=", 1) for part in read["parameters"].split(";") if part)
    odd = [name for name in given if name not in KNOWN]
    if odd:
        raise ValueError(f"{target!r}: {odd[0]!r} is not known there; write ;trunk=NAME or ;caller=NUMBER")
    trunk = _trunk(target, given.get("trunk", ""), trunks)
    caller = given.get("caller", "") or trunk.caller_id
    shown = f"sip:{caller}@{trunk.host}" if caller else ""
    return Dialled(trunk.uri(e164(read["number"], trunk.country)), trunk.name, shown)


def _trunk(target: str, name: str, trunks: Trunks) -> Trunk:
    known = ", ".join(trunk.name for trunk in trunks.trunks)
    found = trunks.named(name) if name else trunks.trunks[0] if len(trunks.trunks) == 1 else None
    if found is not None:
        if not found.host:
            raise ValueError(f"{target}: the trunk '{found.name}' names no registrar, proxy or domain to ring")
        return found
    if not trunks.trunks:
        raise ValueError(f"{target}: there are no trunks; name a file of them with --trunks FILE")
    wrong = f"there is no trunk {name!r}" if name else "more than one trunk could ring it"
    raise ValueError(f"{target}: {wrong}; write ;trunk=NAME with one of: {known}")
