"""Reference calls: the rates of a team's and a language's calls, which an agent's pace is compared with.

Taken from what there is: a folder of ``analysis.json`` documents (a subfolder is a team of that name, documents in the
folder itself are the team named as the folder), or one JSON file with rates in words per minute::

    {"teams": {"north": {"en": [148.0, 161.5], "nb": [139.2]}, "south": {"en": [171.0]}}}
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from speechqa.analysis import SCHEMA
from speechqa.errors import ReferenceUnusable
from speechqa.measures.standing import ReferenceCall

Wpm = Annotated[float, Field(gt=0, le=1000)]
Sps = Annotated[float, Field(gt=0, le=50)]


class _Rates(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)
    teams: dict[str, dict[str, list[Wpm]]]


class _Pace(BaseModel):
    speech_rate_wpm: Wpm | None = None
    articulation_rate_sps: Sps | None = None


class _Sides(BaseModel):
    agent: _Pace | None = None


class _Sound(BaseModel):
    sha256: str | None = None


class _Document(BaseModel):
    language: str
    pace: _Sides
    recording: _Sound = _Sound()


def read_reference(path: Path) -> tuple[ReferenceCall, ...]:
    """The reference calls of a folder or a JSON file; raises `ReferenceUnusable` with one sentence."""
    if path.is_dir():
        calls = tuple(_folder(path))
    elif path.is_file():
        calls = tuple(_file(path))
    else:
        raise ReferenceUnusable(
            f"There is no {path} to compare with; name a folder of analyses or a JSON file of rates."
        )
    if not calls:
        raise ReferenceUnusable(
            f"{path} holds no analysis with an agent's pace; write some with speechqa analyze --json."
        )
    return calls


def teams_of(calls: tuple[ReferenceCall, ...]) -> tuple[str, ...]:
    """The names of the teams, in order."""
    return tuple(sorted({call.team for call in calls}))


def own_team(calls: tuple[ReferenceCall, ...], wanted: str | None) -> str | None:
    """The team to compare with: the one wanted, else the only one; raises `ReferenceUnusable` for none such."""
    known = teams_of(calls)
    if wanted is not None and wanted not in known:
        raise ReferenceUnusable(
            f"There is no team {wanted!r} among the calls to compare with; there is {', '.join(known)}."
        )
    return wanted or (known[0] if len(known) == 1 else None)


def _folder(folder: Path) -> Iterator[ReferenceCall]:
    for path in sorted(folder.glob("*.json")):
        yield from _analysis(path, folder.resolve().name)
    for inside in sorted(each for each in folder.iterdir() if each.is_dir()):
        for path in sorted(inside.rglob("*.json")):
            yield from _analysis(path, inside.name)


def _analysis(path: Path, team: str) -> Iterator[ReferenceCall]:
    content = _json(path)
    if not isinstance(content, dict) or content.get("schema") != SCHEMA:
        return  # another kind of JSON, such as a call record
    try:
        read = _Document.model_validate(content)
    except ValidationError as error:
        raise ReferenceUnusable(f"{path} is no sound analysis: {_first(error)}.") from error
    if read.pace.agent is not None:
        pace = read.pace.agent
        yield ReferenceCall(
            team, read.language, pace.speech_rate_wpm, pace.articulation_rate_sps, read.recording.sha256
        )


def _file(path: Path) -> Iterator[ReferenceCall]:
    try:
        read = _Rates.model_validate(_json(path))
    except ValidationError as error:
        raise ReferenceUnusable(
            f'{path}: {_first(error)}; rates are given as {{"teams": {{"north": {{"en": [148.0, 161.5]}}}}}}.'
        ) from error
    for team, languages in read.teams.items():
        for language, rates in languages.items():
            yield from (ReferenceCall(team, language, rate) for rate in rates)


def _json(path: Path) -> Any:
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ReferenceUnusable(f"{path} cannot be read: {error.strerror}.") from error
    except ValueError as error:
        raise ReferenceUnusable(f"{path} is not JSON ({error}).") from error


def _first(error: ValidationError) -> str:
    first = error.errors()[0]
    return f"{'.'.join(str(part) for part in first['loc'])}: {first['msg']}"
