"""``{menu: main_menu, keys: {1: bills, 2: faults}}``: a question that each key answers with a node.

The exits are named by their keys; ``no_input`` and ``no_match`` lead to ``give_up``.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import ClassVar

from pydantic import field_validator

from ivr.flow.model import Node
from ivr.flow.nodes.base import Exit, NodeSchema
from ivr.flow.nodes.question import Question
from ivr.flow.policy import Policy
from ivr.flow.schema import Asking, KeyMap, Prompts, refuse


class MenuSchema(NodeSchema, Asking):
    """A menu as written."""

    kind: ClassVar[str] = "menu"

    menu: Prompts
    keys: KeyMap

    @field_validator("keys")
    @classmethod
    def _some_keys(cls, keys: dict[str, str]) -> dict[str, str]:
        if not keys:
            refuse("the menu has no keys", "write where the keys lead, as in {1: bills, 2: faults}")
        return keys

    def exits(self) -> tuple[Exit, ...]:
        return tuple(Exit(key, target, ("keys", key)) for key, target in self.keys.items())

    def build(self, name: str, policy: Policy) -> Node:
        exits = dict(self.exit_map())
        if policy.give_up is not None and policy.give_up != name:
            exits |= {"no_input": policy.give_up, "no_match": policy.give_up}
        answers = MappingProxyType({key: key for key in self.keys})
        return Menu(name=name, policy=policy, exits=MappingProxyType(exits), prompts=self.menu, answers=answers)


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu(Question):
    """A menu ready to run."""

    kind: ClassVar[str] = "menu"
