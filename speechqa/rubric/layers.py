"""Rubrics that extend one another (company, team, language): joined to one, each value with the place it came from.

Pure. A later layer changes what it names and keeps the rest; ``drop`` takes criteria or whole sections out.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from speechqa.rubric.document import Document, Trail
from speechqa.rubric.form import Differences, RubricForm, SectionForm
from speechqa.rubric.model import Exemption, Rubric, RubricCriterion, RubricSection
from speechqa.rubric.problems import Place, Problem, RubricUnsound, did_you_mean

NEEDED = ("fact", "points", "full", "none")
TESTED_BY_EXAMPLES = ("fact", "points", "full", "none")


@dataclass(slots=True)
class Joined:
    """Layers joined: criteria by section and id, and the places of their values (``(criterion, field)``)."""

    sections: dict[str, dict[str, dict[str, Any]]] = field(default_factory=dict)
    weights: dict[str, float] = field(default_factory=dict)
    ending: dict[str, float] = field(default_factory=dict)
    places: dict[tuple[str, ...], Place] = field(default_factory=dict)
    problems: list[Problem] = field(default_factory=list)

    def copy(self) -> Joined:
        """The same to be changed further."""
        sections = {name: {id_: dict(each) for id_, each in own.items()} for name, own in self.sections.items()}
        return Joined(sections, dict(self.weights), dict(self.ending), dict(self.places), list(self.problems))

    def place(self, *path: str) -> Place:
        """Where that was written last, or what it stands in."""
        while path and path not in self.places:
            path = path[:-1]
        return self.places.get(path, self.places.get((), Place("rubric")))


def join(layers: list[tuple[RubricForm, Document]]) -> tuple[Joined, dict[str, Joined]]:
    """The layers, first the one that is extended by all; and the same for each language that any of them names."""
    base = Joined()
    for form, document in layers:
        base.places[()] = document.place(("rubric",))
        _lay(base, form, document, (), "")
    spoken: dict[str, Joined] = {}
    for form, document in layers:
        for language, differences in form.languages.items():
            own = spoken.setdefault(language.casefold(), base.copy())
            _lay(own, differences, document, ("languages", language), language)
    return base, spoken


def _lay(joined: Joined, layer: Differences, document: Document, at: Trail, named: str) -> None:
    for number, name in enumerate(layer.drop):
        if not _dropped(joined, name):
            known = [*joined.sections, *(id_ for own in joined.sections.values() for id_ in own)]
            place = document.place((*at, "drop", number))
            what = f"'{name}' is dropped, but nothing is called so"
            joined.problems.append(Problem(place, named, "error", what, "", did_you_mean(name, known)))
    for number, section in enumerate(layer.sections):
        _lay_section(joined, section, document, (*at, "sections", number))
    for name, points in layer.ending.items():
        joined.ending[name] = points
        joined.places["ending", name] = document.place((*at, "ending", name))
        joined.places["ending",] = document.place((*at, "ending"))


def _dropped(joined: Joined, name: str) -> bool:
    if name in joined.sections:
        del joined.sections[name]
        return True
    return any(own.pop(name, None) is not None for own in joined.sections.values())


def _lay_section(joined: Joined, section: SectionForm, document: Document, at: Trail) -> None:
    own = joined.sections.setdefault(section.id, {})
    joined.places.setdefault(("section", section.id), document.place((*at, "id")))
    if section.weight is not None:
        joined.weights[section.id] = section.weight
    written: set[str] = set()
    for number, criterion in enumerate(section.criteria):
        where = (*at, "criteria", number)
        elsewhere = [name for name, other in joined.sections.items() if name != section.id and criterion.id in other]
        if criterion.id in written or elsewhere:
            what = f"'{criterion.id}' is written twice" + (f", also in section '{elsewhere[0]}'" if elsewhere else "")
            remedy = "give one of them another id"
            joined.problems.append(Problem(document.place((*where, "id")), "", "error", what, "", remedy))
        written.add(criterion.id)
        given = criterion.model_dump(exclude_unset=True)
        kept = own.get(criterion.id, {})
        if any(each in given and given[each] != kept.get(each) for each in TESTED_BY_EXAMPLES):
            kept = {key: value for key, value in kept.items() if key != "earns"}  # they were those of another rule
        own[criterion.id] = {**kept, **{key: value for key, value in given.items() if value is not None}}
        for key in ("id", *given):
            joined.places[criterion.id, key] = document.place((*where, key))
        joined.places[criterion.id,] = document.place((*where, "id"))


def missing(joined: Joined) -> Iterator[Problem]:
    """Criteria that are not whole even with what they inherit."""
    yield from joined.problems
    if not any(joined.sections.values()):
        yield Problem(joined.place(), "", "error", "the rubric has no criteria", "", "write `sections:`, or `extends:`")
    for own in joined.sections.values():
        for id_, given in own.items():
            for lacks in (each for each in NEEDED if each not in given):
                what, why = f"'{lacks}' is missing", "nothing that the rubric extends has it either"
                yield Problem(joined.place(id_), id_, "error", what, why, f"write `{lacks}:`")


def rubric_of(form: RubricForm, joined: Joined, spoken: Mapping[str, Joined]) -> Rubric:
    """The rubric as values; raises `RubricUnsound` where criteria are not whole."""
    faults = [problem for each in (joined, *spoken.values()) for problem in missing(each)]
    if faults:
        raise RubricUnsound(list(dict.fromkeys(faults)))
    own = _rubric(form, joined, {})
    return _rubric(form, joined, {name: _rubric(form, each, {}) for name, each in spoken.items()}) if spoken else own


def _rubric(form: RubricForm, joined: Joined, languages: Mapping[str, Rubric]) -> Rubric:
    sections = tuple(
        RubricSection(name, tuple(_criterion(id_, given) for id_, given in own.items()), joined.weights.get(name))
        for name, own in joined.sections.items()
        if own
    )
    content = [form.rubric, joined.sections, joined.weights, joined.ending]
    digest = hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:12]
    return Rubric(form.rubric, form.version, sections, dict(joined.ending), digest, languages)


def _criterion(id_: str, given: Mapping[str, Any]) -> RubricCriterion:
    return RubricCriterion(
        id=id_,
        fact=given["fact"],
        points=given["points"],
        full=tuple(given["full"]),
        none=tuple(given["none"]),
        advice=given.get("advice", ""),
        critical=given.get("critical", False),
        not_applicable=tuple(Exemption(**each) for each in given.get("not_applicable", ())),
        shows=tuple(given.get("shows", ())),
        earns=tuple(sorted(given.get("earns", {}).items())),
    )
