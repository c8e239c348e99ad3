"""What calls out may cost: how many, how long, how many at once, and to which numbers.

A stolen password or a flow that can be talked into ringing is worth what a premium number earns its owner in a night.
Pure: what has been rung so far is handed in (``ivr.rung`` keeps it for all cells).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

HOUR_S, DAY_S = 3600.0, 86400.0
_NUMBER = re.compile(r"(?:sips?:\+?([0-9][0-9.\-() ]*)@.*|tel:\+?([0-9][0-9.\-() ]*)(?:;.*)?)")

Refusal = Literal["destination", "at_once", "calls", "minutes"]
SENTENCES: dict[Refusal, str] = {
    "destination": "calls to this number are not allowed",
    "at_once": "as many calls out as are allowed at once are under way",
    "calls": "as many calls out as are allowed in an hour were made",
    "minutes": "calls out have lasted as long as is allowed in a day",
}


@dataclass(frozen=True, slots=True)
class TollLimits:
    """Limits of all calls out of a line; 0 is no limit. ``prefixes`` are those that a number must begin with.

    ``+`` is written or left out; without prefixes every number is allowed. Names (``sip:service@…``) are no numbers.
    """

    at_once: int = 0
    calls_per_hour: int = 0
    minutes_per_day: int = 0
    prefixes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Rung:
    """One call out: when it was rung, and how long it has lasted since its answer so far, seconds."""

    at_s: float
    lasted_s: float
    under_way: bool


def number_of(target: str) -> str:
    """The digits of the number in ``sip:+47…@host`` or ``tel:…``; empty for a name."""
    found = _NUMBER.fullmatch(target)
    return re.sub(r"[^0-9]", "", found[1] or found[2]) if found else ""


def refusal(limits: TollLimits, rung: Sequence[Rung], target: str, now_s: float) -> Refusal | None:
    """Why this target may not be rung now, None when it may."""
    if not _allowed(number_of(target), limits.prefixes):
        return "destination"
    if limits.at_once and sum(each.under_way for each in rung) >= limits.at_once:
        return "at_once"
    if limits.calls_per_hour and sum(now_s - each.at_s < HOUR_S for each in rung) >= limits.calls_per_hour:
        return "calls"
    lasted_s = sum(each.lasted_s for each in rung if now_s - each.at_s < DAY_S)
    if limits.minutes_per_day and lasted_s >= 60 * limits.minutes_per_day:
        return "minutes"
    return None


def _allowed(number: str, prefixes: Sequence[str]) -> bool:
    return not number or not prefixes or any(number.startswith(prefix.lstrip("+")) for prefix in prefixes)
