"""Texts with placeholders: ``Your balance is {balance:money}.``

A placeholder is a name, with a kind or not, and the kind with a form or not: ``{due}``, ``{due:date}``,
``{due:date/nom}``. The kind says how a value is spoken (``ivr.prompting.sayas``). ``{{`` and ``}}`` are the braces
themselves.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from ivr.prompting.errors import PlaceholderError
from ivr.prompting.sayas import FORMS, KINDS, SayAsError, Value, plainly, say_as

_PIECE = re.compile(r"\{\{|\}\}|\{(?P<inside>[^{}]*)\}|[{}]")
_NAME = re.compile(r"[a-z][a-z0-9_]*")


@dataclass(frozen=True, slots=True)
class Placeholder:
    """A gap in a text; ``kind`` is one of ``KINDS``, ``form`` one of the kind's ``FORMS`` or empty."""

    name: str
    kind: str = "text"
    form: str = ""

    @property
    def written(self) -> str:
        """As it stands between the braces."""
        return f"{self.name}:{self.kind}{'/' if self.form else ''}{self.form}"


@dataclass(frozen=True, slots=True)
class Unfit:
    """A value that is not what its placeholder says, and is said as it is written; the reason does not quote it."""

    prompt: str
    placeholder: str
    reason: str


@dataclass(frozen=True, slots=True)
class Filled:
    """A text with its values in words: ``parts`` in order, each with whether it is a value."""

    parts: tuple[tuple[str, bool], ...]
    unfit: tuple[tuple[str, str], ...] = ()
    """Placeholder and reason of each value that did not fit."""

    @property
    def text(self) -> str:
        """What is said."""
        return "".join(text for text, _ in self.parts)


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
            f"{{{part.written}}}" if isinstance(part, Placeholder) else part.replace("{", "{{").replace("}", "}}")
            for part in self.parts
        )

    def fill(self, values: Mapping[str, Value], language: str = "en", currency: str = "") -> Filled:
        """The text with every value in its place and in words; values that it does not name are left out.

        ``currency`` is that of sums that name none. A value that does not fit its kind is put in as it is written.
        Raises ``PlaceholderError`` when one is missing.
        """
        missing = sorted(self.names - values.keys())
        if missing:
            raise PlaceholderError(f"No value was given for {_braced(missing)}: pass one for every placeholder.")
        parts: list[tuple[str, bool]] = []
        unfit: list[tuple[str, str]] = []
        for part in self.parts:
            if isinstance(part, str):
                parts.append((part, False))
                continue
            try:
                said = say_as(part.kind, values[part.name], language, form=part.form, currency=currency)
            except SayAsError as error:
                said = plainly(values[part.name])
                unfit.append((part.written, str(error)))
            parts.append((said, True))
        return Filled(tuple(parts), tuple(unfit))


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
    name, colon, spoken = inside.partition(":")
    kind, stroke, form = spoken.partition("/")
    if not _NAME.fullmatch(name):
        raise PlaceholderError(
            f"{{{inside}}} is not a placeholder: a name is small letters, digits and _, as in {{first_name}}."
        )
    if colon and kind not in KINDS:
        raise PlaceholderError(f"{{{inside}}} has an unknown kind; the kinds are {', '.join(KINDS)}.")
    if stroke and form not in FORMS[kind]:
        known = f"the forms of {kind} are {', '.join(FORMS[kind])}" if FORMS[kind] else f"{kind} has no forms"
        raise PlaceholderError(f"{{{inside}}} has an unknown form; {known}.")
    return Placeholder(name, kind or "text", form)


def _braced(names: list[str]) -> str:
    return ", ".join(f"{{{name}}}" for name in names)
