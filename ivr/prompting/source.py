"""YAML 1.2 files that remember their lines, checked by pydantic; errors name ``file:line``."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError
from ruamel.yaml import YAML
from ruamel.yaml.error import MarkedYAMLError, YAMLError

from ivr.prompting.errors import CatalogError

Model = TypeVar("Model", bound=BaseModel)
Step = str | int

PLAIN = {
    "extra_forbidden": "this key is not known here: check its spelling, or remove it",
    "missing": "this key is missing: add it",
    "model_type": "expected a mapping (key: value lines)",
    "dict_type": "expected a mapping (key: value lines)",
}
"""What pydantic's shorter messages mean to the person who wrote the file, by error type."""


def load_mapping(path: Path) -> Any:
    """The mapping at the root of a YAML file, with its line numbers (ruamel's ``.lc``)."""
    try:
        root = YAML(typ="rt").load(path.read_text(encoding="utf-8"))
    except MarkedYAMLError as error:
        line = error.problem_mark.line + 1 if error.problem_mark else 1
        raise CatalogError(f"{path}:{line}: this is not YAML: {_one_line(error.problem)}.") from None
    except YAMLError as error:
        raise CatalogError(f"{path}:1: this is not YAML: {_one_line(str(error))}.") from None
    except UnicodeDecodeError:
        raise CatalogError(f"{path}:1: this is not UTF-8 text: save it as UTF-8.") from None
    except OSError as error:
        raise CatalogError(f"{path}: cannot be read: {error.strerror}.") from None
    if not hasattr(root, "lc") or not hasattr(root, "items"):
        raise CatalogError(f"{path}:1: expected a mapping (key: value lines).")
    return root


def validated(model: type[Model], node: Any, path: Path, root: Any, at: Sequence[Step] = ()) -> Model:
    """``node``, found at ``at`` under ``root``, as ``model``; a mistake (unknown keys first) is a ``CatalogError``."""
    try:
        return model.model_validate(plain(node))
    except ValidationError as error:
        first = min(error.errors(include_url=False), key=lambda mistake: mistake["type"] != "extra_forbidden")
        where = [*at, *(step for step in first["loc"] if isinstance(step, str | int))]
        message = PLAIN.get(first["type"], first["msg"].removeprefix("Value error, ").rstrip("."))
        raise CatalogError(f"{path}:{line_of(root, where)}: {_dotted(where)}{message}.") from None


def line_of(root: Any, steps: Sequence[Step]) -> int:
    """The line (from 1) of the deepest step that the file has."""
    line, node = 1, root
    for step in steps:
        try:
            line = node.lc.key(step)[0] + 1 if hasattr(node, "items") else node.lc.item(step)[0] + 1
            node = node[step]
        except (KeyError, IndexError, TypeError, AttributeError):
            break
    return line


def plain(node: Any) -> Any:
    """Ruamel's containers and scalars as plain Python values."""
    if hasattr(node, "items"):
        return {str(key): plain(value) for key, value in node.items()}
    if isinstance(node, list):
        return [plain(item) for item in node]
    if isinstance(node, bool) or node is None:
        return node
    return next((kind(node) for kind in (str, int, float) if isinstance(node, kind)), node)


def _dotted(steps: Sequence[Step]) -> str:
    return ".".join(str(step) for step in steps) + ": " if steps else ""


def _one_line(text: str | None) -> str:
    return " ".join((text or "unknown problem").split()).rstrip(".")
