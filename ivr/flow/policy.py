"""What a node does when nothing, or something unexpected, is heard: inherited flow to node, nearest wins."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType
from typing import Any

REPEAT = "repeat"
BACK = "back"
WORDS = (REPEAT, BACK)
PERSON = "person"
DURATIONS = {"no_input", "inter_digit", "term"}


@dataclass(frozen=True, slots=True)
class Policy:
    """The defaults of the language are the defaults of this class.

    ``no_input_s`` seconds of silence after a question are one no-input; ``inter_digit_s`` is the longest wait for the
    next key of an answer, ``term_s`` the wait after its last possible key. No-inputs and no-matches are counted
    apart; the ``tries``-th of either leads to ``give_up``, or ends the call where there is none. ``no_input_says`` and
    ``no_match_says`` hold what is said the first, second, ... time; the last serves for all further ones. ``anywhere``
    maps keys that work at every node to a node, to ``repeat`` or to ``back``, the menu before this one.
    """

    no_input_s: float = 6.0
    inter_digit_s: float = 3.0
    term_s: float = 0.0
    tries: int = 3
    barge_in: bool = True
    no_input_says: tuple[str, ...] = ("no_input_1", "no_input_2", "no_input_3")
    no_match_says: tuple[str, ...] = ("no_match_1", "no_match_2", "no_match_3")
    give_up: str | None = None
    anywhere: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({"*": REPEAT, "9": BACK}))


def inherit(policy: Policy, written: Mapping[str, Any]) -> Policy:
    """The policy one level further in: what is ``written`` there (schema names, ``None`` = nothing said) goes before.

    The keys of ``anywhere`` are merged one by one; a key written without a node is switched off.
    """
    said = {name: value for name, value in written.items() if value is not None and name != "anywhere"}
    for word in DURATIONS & said.keys():
        said[f"{word}_s"] = said.pop(word)
    jumps = written.get("anywhere")
    if jumps is not None:
        merged = {**policy.anywhere, **jumps}
        said["anywhere"] = MappingProxyType({key: node for key, node in merged.items() if node is not None})
    return replace(policy, **said) if said else policy


def expected(nodes: Mapping[str, object], give_up: str | None) -> Policy:
    """What callers expect: ``*`` repeats, 9 goes back, 0 leads to ``person``, or else to the flow's give-up."""
    person = PERSON if PERSON in nodes else give_up
    jumps = {"*": REPEAT, "9": BACK} if person is None else {"*": REPEAT, "9": BACK, "0": person}
    return Policy(anywhere=MappingProxyType(jumps))
