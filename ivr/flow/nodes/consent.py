"""``{consent: recording, yes: main, no: main}``: ask for leave to do something, and store the answer with the call.

The prompt is ``consent_<purpose>`` unless named; 1 is yes and 2 is no unless ``keys`` says otherwise. Keys pressed
before the question was asked are no answer to it. Silence and wrong keys count as no; then the call goes the way of no,
or to the node's own ``give_up``.
"""

from __future__ import annotations

from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, Field, field_validator

from ivr.commands import NoteConsent
from ivr.flow.model import Node
from ivr.flow.nodes.base import Exit, Plan, SpeakingSchema
from ivr.flow.nodes.question import Question
from ivr.flow.schema import Asking, Key, Name, NodeName, Prompts, read_pairs, refuse, shape
from ivr.flow.step import Step


def read_answer(value: object) -> str:
    """``yes`` or ``no``."""
    if value not in ("yes", "no"):
        refuse(f"expected yes or no, found {shape(value)}", "write as in {1: yes, 2: no}")
    return str(value)


Answers = Annotated[dict[Key, Annotated[str, BeforeValidator(read_answer)]], BeforeValidator(read_pairs)]


class ConsentSchema(SpeakingSchema, Asking):
    """A consent question as written."""

    kind: ClassVar[str] = "consent"

    consent: Name
    yes: NodeName
    no: NodeName
    prompt: Prompts | None = None
    keys: Answers = Field(default_factory=lambda: {"1": "yes", "2": "no"})

    @field_validator("keys")
    @classmethod
    def _both_answers(cls, keys: dict[str, str]) -> dict[str, str]:
        if set(keys.values()) != {"yes", "no"}:
            refuse("the keys do not offer both answers", "give a key to yes and one to no, as in {1: yes, 2: no}")
        return keys

    def exits(self) -> tuple[Exit, ...]:
        return (Exit("yes", self.yes, ("yes",)), Exit("no", self.no, ("no",)))

    def build(self, name: str, plan: Plan) -> Node:
        silent = self.give_up or self.no
        exits = {**self.exit_map(), "no_input": silent, "no_match": silent}
        return Consent(
            name=name,
            policy=plan.policy,
            exits=MappingProxyType(exits),
            values=self.spoken(plan),
            prompts=self.prompt or (f"consent_{self.consent}",),
            answers=MappingProxyType(dict(self.keys)),
            purpose=self.consent,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Consent(Question):
    """A consent question ready to run."""

    kind: ClassVar[str] = "consent"
    takes_ahead: ClassVar[bool] = False

    purpose: str

    def answer(self, step: Step, exit: str) -> None:
        step.commands.append(NoteConsent(self.purpose, exit == "yes"))
        step.leave(self, exit)

    def gives_up(self, step: Step, reason: Literal["no_input", "no_match"]) -> None:
        step.commands.append(NoteConsent(self.purpose, False))
        step.leave(self, reason)
