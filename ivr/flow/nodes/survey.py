"""``{survey: csat, next: thanks}``: ask how it was, and store the answers with the call.

``csat`` takes 1 to 5, ``nps`` 0 to 10, ``ces`` 1 to 7; ``servqual`` asks the ``items`` that it names, 1 to 7 each:
``e1`` to ``e22`` are its expectations, ``p1`` to ``p22`` its perceptions. The prompt is ``survey_<name>``, for SERVQUAL
``survey_<item>``. The pound key passes a question by; after silence or wrong keys
``tries`` times no more is asked.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, ClassVar, Literal

from pydantic import BeforeValidator, model_validator

from ivr.commands import NoteScore
from ivr.flow.model import Node
from ivr.flow.nodes.base import Exit, Plan, SpeakingSchema, Variable
from ivr.flow.nodes.question import Question
from ivr.flow.problems import did_you_mean
from ivr.flow.schema import Asking, Key, Name, NodeName, Prompts, refuse, shape
from ivr.flow.step import Step

SurveyName = Literal["csat", "nps", "ces", "servqual"]
SCALES: Mapping[str, tuple[int, int]] = {"csat": (1, 5), "nps": (0, 10), "ces": (1, 7), "servqual": (1, 7)}
ITEMS = tuple(f"{side}{number}" for side in "ep" for number in range(1, 23))
SKIPPED = "skipped"


def read_survey(value: object) -> object:
    """One of the surveys."""
    if value not in SCALES:
        refuse(f"{shape(value)} is no survey", did_you_mean(str(value), SCALES))
    return value


def read_items(value: object) -> tuple[str, ...]:
    """Items of SERVQUAL, each once."""
    items = value if isinstance(value, list) else [value]
    odd = next((item for item in items if item not in ITEMS), None)
    if odd is not None or not items or len(set(items)) < len(items):
        refuse(f"expected items of SERVQUAL, each once, found {shape(odd or value)}", "write as in [p1, p5, p22, e1]")
    return tuple(items)


class SurveySchema(SpeakingSchema, Asking):
    """A survey as written."""

    kind: ClassVar[str] = "survey"

    survey: Annotated[SurveyName, BeforeValidator(read_survey)]
    next: NodeName
    items: Annotated[tuple[str, ...], BeforeValidator(read_items)] | None = None
    prompt: Prompts | None = None
    skip: Key = "#"
    into: Name | None = None

    @model_validator(mode="after")
    def _items_are_of_servqual(self) -> SurveySchema:
        if (self.survey == "servqual") != (self.items is not None):
            refuse("'items' belongs to servqual, and servqual needs it", "write as in items: [p1, p5, p22]")
        if self.survey == "servqual" and self.prompt is not None:
            refuse("each item of servqual has its own prompt, survey_<item>", "remove `prompt`")
        if self.skip.isdigit():
            refuse("a digit is an answer and cannot pass the question by", "write skip: '#'")
        return self

    def exits(self) -> tuple[Exit, ...]:
        return (Exit("next", self.next, ("next",)),)

    def variables(self, name: str) -> Mapping[str, Variable]:
        path = ("into",) if self.into else ("survey",)
        return {variable: Variable("number", path) for variable in self._into(name)}

    def build(self, name: str, plan: Plan) -> Node:
        low, high = SCALES[self.survey]
        scores = {str(score): str(score) for score in range(low, high + 1)}
        after = self.give_up or self.next
        questions = tuple((f"survey_{item}",) for item in self.items or ())
        return Survey(
            name=name,
            policy=plan.policy,
            exits=MappingProxyType({"next": self.next, "no_input": after, "no_match": after}),
            values=self.spoken(plan),
            prompts=self.prompt or (f"survey_{self.survey}",),
            answers=MappingProxyType({**scores, self.skip: SKIPPED}),
            survey=self.survey,
            items=self.items or (self.survey,),
            questions=questions or (self.prompt or (f"survey_{self.survey}",),),
            into=self._into(name),
        )

    def _into(self, name: str) -> tuple[str, ...]:
        into = self.into or name
        return tuple(f"{into}_{item}" for item in self.items) if self.items else (into,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Survey(Question):
    """A survey ready to run; ``part`` is the question of now."""

    kind: ClassVar[str] = "survey"
    takes_ahead: ClassVar[bool] = False

    survey: SurveyName
    items: tuple[str, ...]
    questions: tuple[tuple[str, ...], ...]
    into: tuple[str, ...]

    def put(self, step: Step) -> None:
        step.say(self.questions[step.part])

    def answer(self, step: Step, exit: str) -> None:
        score = None if exit == SKIPPED else int(exit)
        self._note(step, score)
        if score is not None:
            step.remember(((self.into[step.part], score),))
        if step.part + 1 == len(self.items):
            step.leave(self, "next")
        elif step.afford():
            step.part += 1
            step.no_inputs = step.no_matches = 0
            self.put(step)

    def gives_up(self, step: Step, reason: Literal["no_input", "no_match"]) -> None:
        self._note(step, None)
        step.leave(self, reason)

    def says(self) -> tuple[str, ...]:
        asked = tuple(prompt for question in self.questions for prompt in question)
        return asked + self.policy.no_input_says + self.policy.no_match_says

    def _note(self, step: Step, score: int | None) -> None:
        step.commands.append(NoteScore(self.survey, self.items[step.part], score))
