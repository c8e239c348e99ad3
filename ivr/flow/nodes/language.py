"""``{language: {1: en, 2: uk}, prompt: choose_language, next: main}``: let the caller choose the language.

``{language: uk, next: main}`` sets it. With ``remember: true`` the choice is kept for the caller's next calls, which
then pass the question by. Silence and wrong keys leave the language as it is and go on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator

from ivr.commands import RememberLanguage
from ivr.flow.model import Node
from ivr.flow.nodes.base import Exit, Plan, SpeakingSchema
from ivr.flow.nodes.question import Question
from ivr.flow.schema import Asking, Flag, NodeName, Prompts, read_key, read_language, refuse
from ivr.flow.step import Step

REMEMBERED = "language.remembered"


def read_choice(value: object) -> object:
    """One language, or keys with languages."""
    if not isinstance(value, dict):
        return {"": read_language(value)}
    if not value:
        refuse("no language is offered", "write keys and languages, as in {1: en, 2: uk}")
    return {read_key(key): read_language(tag) for key, tag in value.items()}


class LanguageSchema(SpeakingSchema, Asking):
    """A choice of language as written."""

    kind: ClassVar[str] = "language"

    language: Annotated[dict[str, str], BeforeValidator(read_choice)]
    next: NodeName
    prompt: Prompts = ("choose_language",)
    remember: Flag = False

    def exits(self) -> tuple[Exit, ...]:
        return (Exit("next", self.next, ("next",)),)

    def build(self, name: str, plan: Plan) -> Node:
        after = self.give_up or self.next
        exits = {**self.exit_map(), **{tag: self.next for tag in self.language.values()}}
        return Language(
            name=name,
            policy=plan.policy,
            exits=MappingProxyType({**exits, "no_input": after, "no_match": after}),
            values=self.spoken(plan),
            prompts=self.prompt,
            answers=MappingProxyType({key: tag for key, tag in self.language.items() if key}),
            fixed=self.language.get("", ""),
            kept=self.remember,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Language(Question):
    """A choice of language ready to run; ``fixed`` is the one to set without a question."""

    kind: ClassVar[str] = "language"

    fixed: str
    kept: bool

    def enter(self, step: Step) -> None:
        if self.fixed:
            step.language = self.fixed
            step.leave(self, "next")
        elif self.kept and (REMEMBERED, True) in step.values:
            step.leave(self, "next")
        else:
            Question.enter(self, step)

    def answer(self, step: Step, exit: str) -> None:
        step.language = exit
        if self.kept:
            step.commands.append(RememberLanguage(exit))
            step.remember(((REMEMBERED, True),))
        step.leave(self, exit)

    def gives_up(self, step: Step, reason: Literal["no_input", "no_match"]) -> None:
        step.leave(self, reason)

    def says(self) -> tuple[str, ...]:
        return () if self.fixed else Question.says(self)

    def languages(self) -> Mapping[str, str]:
        """The languages by their keys."""
        return self.answers or {"": self.fixed}
