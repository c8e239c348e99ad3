"""Which of a file's speakers is the agent and which the customer.

In this order: what the user says; names that say it themselves ("Agent", "CUSTOMER", "caller"); of two speakers, when
one is known the other is the other party; of two unknown ones the first to speak is the agent, who answers the call,
unless their words say otherwise (`speechqa.roles`), and a note says so. More than two speakers must be named. A machine
("SYSTEM", "IVR", "bot") is no party: what it says counts as announcements.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from speechqa.conversation import PARTIES, Conversation, Party, other
from speechqa.errors import ExchangeError
from speechqa.exchange.transcript import Transcript
from speechqa.lexicon import Lexicon
from speechqa.roles import weigh_roles

FIRST_IS_AGENT = 0.8
"""How likely the first to speak is the agent: most calls are answered by one."""
Role = Party | Literal["machine"]
_NAMES: Mapping[str, Role] = {
    **dict.fromkeys(("agent", "advisor", "adviser", "representative", "rep", "operator", "csr", "consultant"), "agent"),
    **dict.fromkeys(("customer", "caller", "client", "consumer", "cust"), "customer"),
    **dict.fromkeys(("system", "ivr", "bot", "machine", "prompt", "announcement"), "machine"),
}


@dataclass(frozen=True, slots=True)
class Cast:
    """The role of each label that takes part; the others are left out. ``notes`` are for the user.

    ``supposed``: the two labels, the agent's first, of whom nothing but the order of speaking is known.
    """

    roles: Mapping[str, Role]
    notes: tuple[str, ...] = ()
    supposed: tuple[str, str] | None = None

    def role(self, speaker: str | None) -> Role | None:
        """The role of a speaker, None for one that is left out or not named."""
        return None if speaker is None else self.roles.get(speaker)


def cast(transcript: Transcript, name: str, agent: Sequence[str] = (), customer: Sequence[str] = ()) -> Cast:
    """Who is who in a transcript; ``agent`` and ``customer`` are labels that the user gives.

    Raises ExchangeError when a given label is not in the file, or when it cannot be told who is who.
    """
    labels = [label for label in transcript.speakers if label is not None]
    roles: dict[str, Role] = {}
    for party, given in (("agent", agent), ("customer", customer)):
        roles.update(_given(given, party, labels, name))  # type: ignore[arg-type]
    for label in labels:
        if label not in roles and (role := _by_name(label)):
            roles[label] = role
    unknown = [label for label in labels if label not in roles]
    known = [party for party in PARTIES if party in roles.values()]
    if not unknown:
        return Cast(roles)
    if len(known) == 2:
        return Cast(roles, (f"Left out: {_heard(transcript, unknown)}, neither agent nor customer.",))
    if len(unknown) > 2 - len(known):
        raise ExchangeError(
            f"{name} holds {len(labels)} speakers ({_heard(transcript, labels)}):"
            " say who is who with --agent LABEL and --customer LABEL; others are left out."
        )
    return _supposed(roles, unknown, known)


def _given(given: Iterable[str], party: Party, labels: Sequence[str], name: str) -> dict[str, Role]:
    named: dict[str, Role] = {}
    for label in given:
        found = [each for each in labels if each.casefold() == label.strip().casefold()]
        if not found:
            there = ", ".join(labels) if labels else "none, it does not tell speakers apart"
            raise ExchangeError(f"{name} has no speaker {label!r}; its speakers: {there}.")
        named[found[0]] = party
    return named


def _by_name(label: str) -> Role | None:
    """The role that a label says itself: one of the names as a word in it."""
    roles = {_NAMES[word] for word in re.split(r"[\W\d_]+", label.casefold()) if word in _NAMES}
    return roles.pop() if len(roles) == 1 else None


def _supposed(roles: Mapping[str, Role], unknown: Sequence[str], known: Sequence[Party]) -> Cast:
    if known:
        return Cast({**roles, unknown[0]: other(known[0])})
    if len(unknown) == 1:
        note = f"{unknown[0]} is the only speaker and was taken for the agent; change it with --customer {unknown[0]}."
        return Cast({**roles, unknown[0]: "agent"}, (note,))
    first, second = unknown
    note = f"{first} speaks first and was taken for the agent, {second} for the customer; {_correct(second)}"
    return Cast({**roles, first: "agent", second: "customer"}, (note,), (first, second))


def weighed(who: Cast, conversation: Conversation, lexicon: Lexicon | None) -> Cast:
    """The cast after the words of its conversation: where roles are only supposed, they are exchanged if need be."""
    if who.supposed is None or lexicon is None:
        return who
    first, second = who.supposed
    verdict = weigh_roles(conversation, lexicon, FIRST_IS_AGENT)
    if verdict.right >= 0.5:
        return who
    said = next(each.quote for each in verdict.signs if (each.weight > 0) == (each.party == "customer"))
    note = f'{second} was taken for the agent and {first} for the customer by their words ("{said}"); {_correct(first)}'
    return Cast({**who.roles, first: "customer", second: "agent"}, (note,))


def _correct(label: str) -> str:
    return f"where it is the other way round, say --agent {label}."


def _heard(transcript: Transcript, labels: Sequence[str]) -> str:
    """The labels with how long each was heard, ``SPEAKER_00 61 s, SPEAKER_01 40 s``."""
    seconds = dict.fromkeys(labels, 0.0)
    for each in transcript.heard:
        if each.speaker in seconds:
            seconds[each.speaker] += each.end_s - each.start_s
    return ", ".join(f"{label} {heard_s:.0f} s" for label, heard_s in seconds.items())
