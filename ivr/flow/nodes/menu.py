"""``{menu: main_menu, keys: {1: bills, 2: faults}}``: a question that each key answers with a node.

The exits are named by their keys; ``no_input`` and ``no_match`` lead to ``give_up``. A choice may have several keys in
a row; where one choice begins with another (1 and 12), ``ends_with`` names the key that ends them all. ``words`` are
what callers may say instead, by node; an utterance that is not understood surely enough (``sure``) is a no-match.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import pairwise
from types import MappingProxyType
from typing import ClassVar

from pydantic import Field, field_validator, model_validator

from ivr.flow.model import Node
from ivr.flow.nodes.base import Exit, Plan, SpeakingSchema
from ivr.flow.nodes.question import Question
from ivr.flow.schema import Asking, Key, KeyMap, Prompts, Share, WordMap, refuse
from ivr.flow.speech import understand
from ivr.flow.step import Step


class MenuSchema(SpeakingSchema, Asking):
    """A menu as written."""

    kind: ClassVar[str] = "menu"

    menu: Prompts
    keys: KeyMap
    ends_with: Key | None = None
    words: WordMap = Field(default_factory=dict)
    sure: Share = 0.6

    @field_validator("keys")
    @classmethod
    def _some_keys(cls, keys: dict[str, str]) -> dict[str, str]:
        if not keys:
            refuse("the menu has no keys", "write where the keys lead, as in {1: bills, 2: faults}")
        return keys

    @model_validator(mode="after")
    def _every_choice_can_be_told_from_the_others(self) -> MenuSchema:
        clash = None if self.ends_with else ambiguous(self.keys)
        if clash is not None:
            what = f"'keys': {clash[0]} cannot be told from the beginning of {clash[1]}"
            remedy = "choose other keys, or add `ends_with: '#'` and say so in the prompt"
            refuse(what, remedy, f"after {clash[0]} the line would not know whether another key follows")
        odd = next((keys for keys in self.keys if self.ends_with and self.ends_with in keys), None)
        if odd is not None:
            refuse(f"'keys': {odd} holds the key that ends a choice", "choose other keys, or another `ends_with`")
        return self

    def exits(self) -> tuple[Exit, ...]:
        keyed = tuple(Exit(key, target, ("keys", key)) for key, target in self.keys.items())
        return keyed + tuple(Exit(way, node, ("words", node)) for node, way in self._spoken_ways().items())

    def _spoken_ways(self) -> dict[str, str]:
        """Where words lead, a key often leads too; the exit is then called by the key, and else by the node."""
        keys = {target: key for key, target in reversed(self.keys.items())}
        return {node: keys.get(node, node) for node in self.words}

    def build(self, name: str, plan: Plan) -> Node:
        exits = dict(self.exit_map())
        give_up = plan.policy.give_up
        if give_up is not None and give_up != name:
            exits |= {"no_input": give_up, "no_match": give_up}
        return Menu(
            name=name,
            policy=plan.policy,
            exits=MappingProxyType(exits),
            values=self.spoken(plan),
            prompts=self.menu,
            answers=MappingProxyType({key: key for key in self.keys}),
            ends_with=self.ends_with or "",
            phrases=MappingProxyType({way: self.words[node] for node, way in self._spoken_ways().items()}),
            sure=self.sure,
        )


def ambiguous(keys: Iterable[str]) -> tuple[str, str] | None:
    """Two choices of which one begins with the other."""
    ordered = sorted(keys)
    return next(((one, two) for one, two in pairwise(ordered) if two.startswith(one)), None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Menu(Question):
    """A menu ready to run."""

    kind: ClassVar[str] = "menu"
    stop: ClassVar[bool] = True

    phrases: Mapping[str, tuple[str, ...]]
    sure: float

    def put(self, step: Step) -> None:
        step.say(self.prompts)
        if self.phrases:
            step.listen_for(tuple(phrase for phrases in self.phrases.values() for phrase in phrases))

    def heard(self, step: Step, text: str, confidence: float) -> None:
        if step.phase == "saying" and not self.policy.barge_in:
            return
        if not text.strip():
            self.nothing_said(step)
            return
        step.hush()
        step.cancel_wait()
        step.input = ""
        understood = understand(text, confidence, self.phrases, self.sure)
        if understood.answer is not None:
            self.answer(step, understood.answer)
        else:
            self._mistake(step)

    def needs(self) -> tuple[str, ...]:
        return ("speech",) if self.phrases else ()
