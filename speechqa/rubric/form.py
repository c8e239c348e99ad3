"""The form of a rubric file (pydantic), exported as JSON Schema by ``speechqa rubric schema``.

In a file that ``extends`` another one only what differs is written; what is then missing is found when both are joined.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field

Bound = float | None
Points = Annotated[float, Field(ge=0)]
Id = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ExemptionForm(_Strict):
    """When a criterion does not apply."""

    fact: str = Field(description="A measured fact.")
    below: float | None = Field(None, description="Exempt where the fact is below this.")
    above: float | None = Field(None, description="Exempt where the fact is above this.")
    reason: str = Field(min_length=1, description="Shown beside the criterion.")


class CriterionForm(_Strict):
    """A criterion; in an extending file only what differs."""

    id: Id
    fact: str | None = Field(None, description="A measured fact, see docs/rubrics.md.")
    points: Points | None = Field(None, description="Points inside `full`.")
    full: tuple[Bound, Bound] | None = Field(None, description="The range that earns all points; ~ is an open end.")
    none: tuple[Bound, Bound] | None = Field(None, description="From these bounds outwards nothing is earned.")
    advice: str | None = Field(None, description="Said where points were lost.")
    critical: bool | None = Field(None, description="Earning nothing fails the call: the total is 0.")
    not_applicable: list[ExemptionForm] | None = None
    shows: list[str] | None = Field(None, description="Places of the call shown as evidence.")
    earns: dict[float, Points] | None = Field(None, description="Examples: a value of the fact, the points it earns.")


class SectionForm(_Strict):
    """Criteria that are shown together."""

    id: Id
    weight: Points | None = Field(None, description="Share of the total; all sections have one or none has.")
    criteria: list[CriterionForm] = []


class Differences(_Strict):
    """What a file may change of the one it extends, or a language of its rubric."""

    drop: list[Id] = Field([], description="Criteria and sections that are left out.")
    sections: list[SectionForm] = []
    ending: dict[str, Points] = Field({}, description="Points of each criterion of the ending; 100 in all.")


class RubricForm(Differences):
    """A rubric file."""

    rubric: Id
    version: Annotated[str, Field(min_length=1)]
    title: str = ""
    extends: str | None = Field(None, description="A shipped rubric's name or a file beside this one.")
    languages: dict[str, Differences] = Field({}, description="What is different for calls in a language.")


def json_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of a rubric file."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **RubricForm.model_json_schema()}
