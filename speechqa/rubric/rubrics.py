"""Reading rubric files, with those that they extend."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from pathlib import Path

from pydantic import BaseModel, ValidationError

from speechqa.rubric.document import Document, Trail, read_document
from speechqa.rubric.form import RubricForm
from speechqa.rubric.layers import Joined, join, rubric_of
from speechqa.rubric.model import Rubric
from speechqa.rubric.problems import Problem, RubricError, RubricUnsound, did_you_mean

SHIPPED = Path(__file__).parent
STANDARD = "standard"
MOST_LAYERS = 8


@dataclass(frozen=True, slots=True)
class Read:
    """A rubric with what the check needs: the joined layers, and those of each language."""

    rubric: Rubric
    joined: Joined
    spoken: dict[str, Joined]


def shipped() -> tuple[str, ...]:
    """The names of the rubrics that are shipped."""
    return tuple(sorted(path.stem for path in SHIPPED.glob("*.yaml") if _is_rubric(path)))


@cache
def _is_rubric(path: Path) -> bool:
    with path.open(encoding="utf-8") as lines:
        return any(line.startswith("rubric:") for line in lines)


def load_rubric(name: str | Path = STANDARD) -> Rubric:
    """A shipped rubric by its name or one from a file; raises `RubricError`."""
    return read_rubric(_path(name)).rubric


def _path(name: str | Path) -> Path:
    """A name without folder and suffix is a shipped rubric's."""
    if isinstance(name, Path) and (name.suffix or len(name.parts) > 1):
        return name
    text = str(name)
    if text.endswith((".yaml", ".yml")) or "/" in text or "\\" in text:
        return Path(text)
    if text not in shipped():
        known = ", ".join(shipped())
        raise RubricError(f"there is no rubric {text!r}; the shipped ones are: {known}; or give a file (.yaml)")
    return SHIPPED / f"{text}.yaml"


def read_rubric(path: Path) -> Read:
    """The file and all that it extends; raises `RubricError`, with every problem that makes it unusable."""
    layers = _layers(path, ())
    joined, spoken = join(layers)
    return Read(rubric_of(layers[-1][0], joined, spoken), joined, spoken)


def _layers(path: Path, above: tuple[Path, ...]) -> list[tuple[RubricForm, Document]]:
    document = read_document(path)
    form = _form(document)
    if form.extends is None:
        return [(form, document)]
    parent = _parent(form.extends, document)
    chain = (*above, path.resolve())
    if parent.resolve() in chain or len(chain) > MOST_LAYERS:
        what = f"the rubric extends itself, by way of {parent.name}"
        place = document.place(("extends",))
        raise RubricUnsound([Problem(place, "", "error", what, "", "let it extend another one, or none")])
    return [*_layers(parent, chain), (form, document)]


def _parent(extends: str, document: Document) -> Path:
    beside = document.path.parent / extends
    if extends.endswith((".yaml", ".yml")):
        if beside.is_file():
            return beside
    elif extends in shipped():
        return SHIPPED / f"{extends}.yaml"
    what = f"the rubric extends '{extends}', which is not there"
    known = [*shipped(), *sorted(each.name for each in document.path.parent.glob("*.yaml") if each != document.path)]
    place = document.place(("extends",))
    remedy = f"write {extends}.yaml" if f"{extends}.yaml" in known else did_you_mean(extends, known)
    raise RubricUnsound([Problem(place, "", "error", what, "", remedy)])


def _form(document: Document) -> RubricForm:
    try:
        return RubricForm.model_validate(document.content)
    except ValidationError as error:
        raise RubricUnsound([_problem(document, each) for each in error.errors()]) from None


def _problem(document: Document, error: object) -> Problem:
    loc: Trail = error["loc"]  # type: ignore[index]
    said, kind = error["msg"], error["type"]  # type: ignore[index]
    named = ".".join(str(part) for part in loc)
    what = f"{named}: {said}" if named else f"the file is no rubric: {said}"
    remedy = "write it as the JSON Schema says (`speechqa rubric schema`)"
    if kind == "extra_forbidden":
        remedy = did_you_mean(str(loc[-1]), _keys(loc))
    elif kind == "missing":
        remedy = f"write `{loc[-1]}:`"
    return Problem(document.place(loc), "", "error", what, "", remedy)


def _keys(loc: Trail) -> list[str]:
    from speechqa.rubric.form import CriterionForm, ExemptionForm, SectionForm

    forms: dict[str, type[BaseModel]] = {
        "criteria": CriterionForm,
        "sections": SectionForm,
        "not_applicable": ExemptionForm,
    }
    lists = [part for part in loc[:-1] if part in forms]
    form: type[BaseModel] = forms[str(lists[-1])] if lists else RubricForm
    return list(form.model_fields)
