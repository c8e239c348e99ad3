"""What a call knows: plain values under names. An answer from a web service is kept flat, one name per field.

``{"owner": {"name": "Ann"}, "dues": [12.5]}`` under the name ``result`` is ``result.owner.name`` and ``result.dues.0``.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any, Literal

Value = str | int | float | bool
Values = tuple[tuple[str, Value], ...]
Kind = Literal["text", "number", "decimal", "flag", "answer"]
"""``answer`` is whatever a web service sent; only the call shows what is in it."""

EMPTY: Mapping[Kind, Value] = {"text": "", "number": 0, "decimal": 0.0, "flag": False}
MOST_FIELDS = 200
LONGEST_TEXT = 2000
DEEPEST = 8


def flatten(content: Any, name: str = "result") -> Values:
    """JSON content as values; nulls are left out, as is what goes beyond 200 fields, 2,000 characters or 8 levels."""
    found: list[tuple[str, Value]] = []
    for path, value in _leaves(content, name, 0):
        if len(found) >= MOST_FIELDS:
            break
        found.append((path, value[:LONGEST_TEXT] if isinstance(value, str) else value))
    return tuple(found)


def _leaves(content: Any, path: str, depth: int) -> Iterator[tuple[str, Value]]:
    if isinstance(content, str | int | float):
        yield path, content
    elif depth < DEEPEST and isinstance(content, dict):
        for key, inner in content.items():
            yield from _leaves(inner, f"{path}.{key}", depth + 1)
    elif depth < DEEPEST and isinstance(content, list):
        for number, inner in enumerate(content):
            yield from _leaves(inner, f"{path}.{number}", depth + 1)


def unflatten(values: Mapping[str, Value], name: str) -> dict[str, Any]:
    """The answer kept under this name, nested again; lists come back as maps from ``"0"``, ``"1"``, …"""
    tree: dict[str, Any] = {}
    start = name + "."
    for path, value in values.items():
        if path.startswith(start):
            *inner, last = path[len(start) :].split(".")
            branch = tree
            for part in inner:
                deeper = branch.get(part)
                if not isinstance(deeper, dict):
                    deeper = branch[part] = {}
                branch = deeper
            branch[last] = value
    return tree


def owned(name: str, part: str) -> str:
    """The name of another flow's variable; what the line itself keeps has no owner."""
    return name if name.startswith("language.") else f"{part}/{name}"


def seen(values: Values, part: str) -> dict[str, Value]:
    """The variables as another flow sees them: its own, and the two numbers."""
    start = f"{part}/"
    own = {name[len(start) :]: value for name, value in values if name.startswith(start)}
    return {**{name: value for name, value in values if name in ("caller", "called")}, **own}


def without(values: Values, part: str) -> Values:
    """Everything but the variables of this other flow."""
    start = f"{part}/"
    return tuple([(name, value) for name, value in values if not name.startswith(start)])


def is_of(name: str, variable: str) -> bool:
    """Whether this is the variable's value, or a field of it."""
    return name == variable or name.startswith(f"{variable}.")


def without_value(values: Values, variable: str) -> Values:
    """Everything but this variable."""
    return tuple([(name, value) for name, value in values if not is_of(name, variable)])


def plain(value: Value) -> str:
    """A value as text for a placeholder: ``12.5``, ``true``, ``2026-11-22``."""
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(value)
