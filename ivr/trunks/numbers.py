"""Which flow a called number runs, and why: pure matching by number, trunk and time.

A pattern is a whole number (``+442079460123``), the beginning of numbers (``+4420*``) or ``default``. The longest match
wins, a whole number before a beginning, ``default`` last; among equals that of the call's own trunk wins.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from ivr.flow.opening import Opened, Opening

DEFAULT = "default"


@dataclass(frozen=True, slots=True)
class Number:
    """What happens to calls of one pattern. ``trunk`` empty: calls of every trunk and of none.

    ``flow`` and ``closed`` (outside the ``opening``) are flows' files or the names of published flows. Outside the
    opening without ``closed``: ``turned_away`` names a prompt that is said unanswered before the call is refused; else
    ``flow`` runs. Before the answer a caller hears ``ring_s`` seconds of ringing, then the prompt ``announce``.
    """

    pattern: str
    flow: str
    trunk: str = ""
    hours: str = ""
    opening: Opening | None = None
    closed: str = ""
    turned_away: str = ""
    language: str = ""
    announce: str = ""
    ring_s: float = 0.0

    def matches(self, trunk: str, called: str) -> bool:
        """Whether a call of this trunk to this number (E.164) is one of its calls."""
        if self.trunk and self.trunk != trunk:
            return False
        if self.pattern.endswith("*"):
            return called.startswith(self.pattern[:-1])
        return self.pattern in (called, DEFAULT)

    @property
    def rank(self) -> tuple[int, int, bool]:
        """How closely it says whom it means; the greatest wins."""
        if self.pattern == DEFAULT:
            return (0, 0, bool(self.trunk))
        prefix = self.pattern.endswith("*")
        return (1 if prefix else 2, len(self.pattern), bool(self.trunk))


@dataclass(frozen=True, slots=True)
class Destination:
    """Where a call goes: ``flow`` empty when the caller is turned away; ``state`` is None where there are no hours."""

    number: Number
    flow: str
    state: Opened | None
    because: str

    @property
    def turned_away(self) -> bool:
        """Whether the call is refused, unanswered."""
        return not self.flow

    @property
    def announce(self) -> str:
        """The prompt that is said before the answer, or instead of it; empty for none."""
        return self.number.turned_away if self.turned_away else self.number.announce


def find(numbers: Sequence[Number], trunk: str, called: str) -> Number | None:
    """The entry that a call of this trunk (empty: none) to this number (E.164) falls under; None when none does."""
    return max((number for number in numbers if number.matches(trunk, called)), key=lambda one: one.rank, default=None)


def destination(numbers: Sequence[Number], trunk: str, called: str, at: datetime) -> Destination | None:
    """Where a call at this moment (aware) goes, and why; None when no entry speaks of it."""
    number = find(numbers, trunk, called)
    if number is None:
        return None
    state = number.opening.at(at.isoformat(), 0.0) if number.opening is not None else None
    shut = state not in (None, "open")
    flow = number.flow
    if shut and (number.closed or number.turned_away):
        flow = number.closed
    return Destination(number, flow, state, _because(number, trunk, called, state))


def _because(number: Number, trunk: str, called: str, state: Opened | None) -> str:
    whose = f" of the trunk '{number.trunk}'" if number.trunk else ""
    if number.pattern == DEFAULT:
        why = f"no pattern matches {called or 'a call without a number'}, so the default{whose} holds"
    elif number.pattern.endswith("*"):
        why = f"{called} begins with {number.pattern[:-1]}{whose}, the longest pattern that matches"
    else:
        why = f"{called} is listed{whose}"
    if state is None:
        return why
    shut = {"closed": "closed at that time", "holiday": "closed for a public holiday", "temporary": "closed for now"}
    return f"{why}, and '{number.hours}' is {shut.get(state, 'open')}"
