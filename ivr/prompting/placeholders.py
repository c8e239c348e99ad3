"""Texts with placeholders: ``Your balance is {balance:money}.``

A placeholder is a name, or a name and a kind. ``{{`` and ``}}`` stand for the braces themselves. The kind says how a
value is meant to be spoken; a value is put into the text as it is given.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ivr.prompting.errors import PlaceholderError

KINDS = ("text", "digits", "number", "ordinal", "money", "date", "time", "duration", "phone", "letters")

_PIECE = re.compile(r"\{\{|\}\}|\{(?P<inside>[^{}]*)\}|[{}]")
_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A gap in a text; ``kind`` is one of ``KINDS``."""

    name: str
    kind: str = "text"


@dataclass(frozen=True, slots=True)
class Template:
    """A text cut at its placeholders, in order."""

    parts: tuple[str | Placeholder, ...]

    @property
    def names(self) -> frozenset[str]:
        """The names of the values that the text needs."""
        return frozenset(part.name for part in self.parts if isinstance(part, Placeholder))

    @property
    def written(self) -> str:
        """The text as it was written."""
        return "".join(
            f"{{{part.name}:{part.kind}}}"
            if isinstance(part, Placeholder)
            else part.replace("{", "{{").replace("}", "}}")
            for part in self.parts
        )

    def fill(self, values: Mapping[str, str]) -> str:
        """The text with every value in its place; values that it does not name are left out."""
        missing = sorted(self.names - values.keys())
        if missing:
            raise PlaceholderError(f"No value was given for {_braced(missing)}: pass one for every placeholder.")
        return "".join(values[part.name] if isinstance(part, Placeholder) else part for part in self.parts)


def parse(text: str) -> Template:
    """Cut a text at its placeholders; raises ``PlaceholderError`` with the offending piece."""
    parts: list[str | Placeholder] = []
    position = 0
    for match in _PIECE.finditer(text):
        parts += [text[position : match.start()], _piece(match)]
        position = match.end()
    parts.append(text[position:])
    return Template(tuple(part for part in parts if part))


def _piece(match: re.Match[str]) -> str | Placeholder:
    if match["inside"] is not None:
        return _placeholder(match["inside"])
    if match[0] in ("{{", "}}"):
        return match[0][0]
    raise PlaceholderError(f"A single {match[0]} stands alone: write {{name}}, or {match[0] * 2} for the brace itself.")


def _placeholder(inside: str) -> Placeholder:
    name, colon, kind = inside.partition(":")
    if not _NAME.fullmatch(name):
        raise PlaceholderError(
            f"{{{inside}}} is not a placeholder: a name is small letters, digits and _, as in {{first_name}}."
        )
    if colon and kind not in KINDS:
        raise PlaceholderError(f"{{{inside}}} has an unknown kind; the kinds are {', '.join(KINDS)}.")
    return Placeholder(name, kind or "text")


def _braced(names: list[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in names)
