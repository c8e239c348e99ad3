"""Expressions in flows: CEL, the Common Expression Language, compiled and type-checked when the flow is loaded.

CEL is made to be written by strangers: it always ends, has no side effects, and reaches nothing but the variables it
is given. The checker and evaluator are Google's (``cel-expr-python``), so what the CEL language definition says is so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from cel_expr_python import cel

from ivr.flow.problems import did_you_mean
from ivr.flow.values import EMPTY, Kind, Value, unflatten

TYPES: Mapping[Kind, Any] = {
    "text": cel.Type.STRING,
    "number": cel.Type.INT,
    "decimal": cel.Type.DOUBLE,
    "flag": cel.Type.BOOL,
    "answer": cel.Type.DYN,
}
KINDS: Mapping[str, Kind] = {"STRING": "text", "INT": "number", "DOUBLE": "decimal", "BOOL": "flag", "DYN": "answer"}
SPOKEN_TYPES = {"int": "a whole number", "double": "a decimal number", "string": "a text", "bool": "true or false"}
LONGEST = 500
_ERROR = re.compile(r"ERROR: <input>:(\d+):(\d+): (.*)")
_UNKNOWN = re.compile(r"undeclared reference to '([^']+)'")
_NO_OVERLOAD = re.compile(r"found no matching overload for '([^']+)' applied to '\(?([^)']*)\)?'")
_QUOTED = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"")
_NAME = re.compile(r"(?<![\w.])[A-Za-z_]\w*")


class ExpressionError(ValueError):
    """An expression cannot be used; ``line`` and ``column`` count from 1 within it."""

    def __init__(self, what: str, remedy: str, line: int = 1, column: int = 1) -> None:
        super().__init__(what)
        self.what, self.remedy, self.line, self.column = what, remedy, line, column


@dataclass(frozen=True, slots=True)
class Expression:
    """A compiled expression; ``names`` are the variables in it."""

    source: str
    kind: Kind
    names: frozenset[str]
    _kinds: Mapping[str, Kind] = field(repr=False, compare=False)
    _program: Any = field(repr=False, compare=False)

    def work_out(self, values: Mapping[str, Value]) -> Value | None:
        """What it comes to; a variable without a value is empty. ``None`` when it cannot be told: a division by zero,
        a field that an answer does not have, a result that is no single value.
        """
        known = {name: _given(name, self._kinds[name], values) for name in self.names}
        try:
            answer = self._program.eval(data=known)
            found = None if answer.type() == cel.Type.ERROR else answer.plain_value()
        except (RuntimeError, ValueError, TypeError, OverflowError):
            return None
        return found if isinstance(found, str | int | float) else None


class Scope:
    """The variables of a flow with their kinds, and the expressions over them."""

    def __init__(self, kinds: Mapping[str, Kind]) -> None:
        self.kinds = kinds
        self._env = cel.NewEnv(variables={name: TYPES[kind] for name, kind in kinds.items()})
        self._compiled: dict[str, Expression] = {}

    def compile(self, source: str) -> Expression:
        """The expression ready to run. Raises ExpressionError."""
        known = self._compiled.get(source)
        if known is None:
            known = self._compiled[source] = self._compile(source)
        return known

    def _compile(self, source: str) -> Expression:
        if len(source) > LONGEST:
            raise ExpressionError(f"the expression is longer than {LONGEST} characters", "split it with `set` nodes")
        try:
            program = self._env.compile(source)
        except RuntimeError as error:
            raise self._plain_words(str(error)) from None
        kind = KINDS.get(program.return_type().name())
        if kind is None:
            what = "the expression comes to a list or a map, not to one value"
            raise ExpressionError(what, "take one value out of it, as in result.name")
        names = frozenset(named_in(source) & self.kinds.keys())
        return Expression(source, kind, names, self.kinds, program)

    def _plain_words(self, message: str) -> ExpressionError:
        found = _ERROR.search(message)
        line, column, told = (int(found[1]), int(found[2]), found[3]) if found else (1, 1, message)
        unknown, mismatch = _UNKNOWN.search(told), _NO_OVERLOAD.search(told)
        if unknown:
            what = f"there is no variable or function '{unknown[1]}'"
            return ExpressionError(what, did_you_mean(unknown[1], sorted(self.kinds)), line, column)
        if mismatch:
            sign = mismatch[1].strip("_") or mismatch[1]
            given = " and ".join(SPOKEN_TYPES.get(one.strip(), one.strip()) for one in mismatch[2].split(","))
            return ExpressionError(f"'{sign}' does not work on {given}", _overload_remedy(mismatch[2]), line, column)
        told = told.removeprefix("Syntax error: ").partition(" expecting ")[0]
        return ExpressionError(f"this is no expression: {told}", "write it as in balance > 100.0 && !vip", line, column)


def _overload_remedy(given: str) -> str:
    kinds = {one.strip() for one in given.split(",")}
    if kinds == {"int", "double"}:
        return "write a decimal number with its point, as in 100.0, or turn one into the other with double() or int()"
    return "compare like with like; string(), int() and double() turn one kind into another"


def _given(name: str, kind: Kind, values: Mapping[str, Value]) -> object:
    if kind != "answer":
        return values.get(name, EMPTY[kind])
    return values[name] if name in values else unflatten(values, name)


@lru_cache(maxsize=4096)
def named_in(source: str) -> frozenset[str]:
    """Every word in an expression that may be a variable, those within quotes left out."""
    return frozenset(_NAME.findall(_QUOTED.sub("''", source)))
