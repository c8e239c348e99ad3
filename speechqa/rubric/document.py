"""A YAML file with the place of every value, read by ruamel.yaml (YAML 1.2)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, SequenceNode

from speechqa.rubric.problems import Place, Problem, RubricError, RubricUnsound

Trail = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Document:
    """The content and where each value's key stands, by its path of keys and indices."""

    path: Path
    content: Any
    places: Mapping[Trail, Place]

    def place(self, trail: Trail) -> Place:
        """Where that stands, or what it would stand in."""
        while trail and trail not in self.places:
            trail = trail[:-1]
        return self.places.get(trail, Place(str(self.path)))


def read_document(path: Path) -> Document:
    """The file; raises `RubricError` when it cannot be read, `RubricUnsound` when it is no YAML."""
    try:
        text = path.read_text(encoding="utf-8")
    except OSError as error:
        raise RubricError(f"{path} cannot be read: {error.strerror}") from error
    except UnicodeDecodeError as error:
        raise RubricError(f"{path} is not sound YAML: it is no UTF-8 text; save it as UTF-8") from error
    try:
        content = YAML(typ="safe", pure=True).load(text)
        root = YAML(typ="safe", pure=True).compose(text)
    except (YAMLError, RecursionError) as error:
        raise RubricUnsound([_syntax(path, error)]) from None
    places: dict[Trail, Place] = {}
    if root is not None:
        _walk(root, (), str(path), places)
    return Document(path, content, places)


def _walk(node: Any, trail: Trail, file: str, places: dict[Trail, Place]) -> None:
    places.setdefault(trail, Place(file, node.start_mark.line + 1, node.start_mark.column + 1))
    if isinstance(node, MappingNode):
        for key, value in node.value:
            at = (*trail, str(key.value))
            places[at] = Place(file, key.start_mark.line + 1, key.start_mark.column + 1)
            _walk(value, at, file, places)
    elif isinstance(node, SequenceNode):
        for number, value in enumerate(node.value):
            _walk(value, (*trail, number), file, places)


def _syntax(path: Path, error: Exception) -> Problem:
    mark = error.problem_mark if isinstance(error, MarkedYAMLError) else None
    place = Place(str(path), mark.line + 1, mark.column + 1) if mark else Place(str(path))
    said = str(error.problem or error.context) if isinstance(error, MarkedYAMLError) else "it is nested too deeply"
    remedy = "look at the indentation, brackets and quotes just before this place"
    return Problem(place, "", "error", f"the file is not sound YAML: {' '.join(said.split())}", "", remedy)
