"""Which variables a flow has, of which kinds, and whether every expression in it is right.

A variable is known by the nodes that give it a value (``ask``, ``set``, …) and by the flow's ``variables``. The kind of
what ``set`` gives follows from its expression, however the nodes stand in the file. What is worked out from a sensitive
variable is sensitive too.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import NamedTuple

from ivr.flow.expressions import ExpressionError, Scope, named_in
from ivr.flow.nodes.base import Formula, NodeSchema, Variable
from ivr.flow.values import Kind, Value

BUILT_IN: Mapping[str, Kind] = {"caller": "text", "called": "text", "language": "text"}
SPOKEN_KINDS: Mapping[Kind, str] = {
    "text": "a text",
    "number": "a whole number",
    "decimal": "a decimal number",
    "flag": "true or false",
    "answer": "an answer",
}
Trail = tuple[str, ...]


class Told(NamedTuple):
    """A mistake in an expression or a variable: its place and the columns and lines within it."""

    path: Trail
    node: str
    what: str
    remedy: str
    at_key: bool = False
    line: int = 1
    column: int = 1
    why: str = ""


class _Given(NamedTuple):
    name: str
    node: str
    path: Trail
    variable: Variable


def scope_of(
    initial: Mapping[str, str], schemas: Mapping[str, NodeSchema], tell: Callable[[Told], None]
) -> tuple[Scope, dict[str, Value], frozenset[str]]:
    """The flow's variables, those that begin with a value, and the sensitive ones; mistakes are told."""
    given = list(_given(schemas))
    kinds: dict[str, Kind] = dict(BUILT_IN)
    begin = _initial(initial, kinds, tell)
    for one in given:
        if one.variable.kind is not None:
            _settle(one, one.variable.kind, kinds, tell)
    scope = _infer([one for one in given if one.variable.kind is None], kinds, tell)
    sensitive = _sensitive(given)
    for name, schema in schemas.items():
        for formula in schema.formulas():
            _check(formula, name, scope, sensitive, tell)
    return scope, begin, sensitive


def _given(schemas: Mapping[str, NodeSchema]) -> Iterator[_Given]:
    for node, schema in schemas.items():
        for name, variable in schema.variables(node).items():
            yield _Given(name, node, ("nodes", node, *variable.path), variable)


def _initial(initial: Mapping[str, str], kinds: dict[str, Kind], tell: Callable[[Told], None]) -> dict[str, Value]:
    nothing, begin = Scope({}), {}
    for name, source in initial.items():
        path = ("variables", name)
        try:
            formula = nothing.compile(source)
        except ExpressionError as error:
            tell(Told(path, "", f"'{name}': {error.what}", _or_quote(error, source), False, error.line, error.column))
            continue
        value = formula.work_out({})
        if name in kinds:
            tell(Told(path, "", f"'{name}' is set by the line itself", "choose another name", at_key=True))
        elif value is None:
            tell(Told(path, "", f"'{name}' has no value: '{source}' cannot be worked out", "write a plain value"))
        else:
            kinds[name], begin[name] = formula.kind, value
    return begin


def _or_quote(error: ExpressionError, source: str) -> str:
    return error.remedy or f"a text stands in quotes within quotes: \"'{source}'\""


def _settle(one: _Given, kind: Kind, kinds: dict[str, Kind], tell: Callable[[Told], None]) -> None:
    """One kind for a variable; what only the call can tell goes with everything."""
    known = kinds.setdefault(one.name, kind)
    if known == kind:
        return
    if "answer" in (known, kind):
        kinds[one.name] = "answer"
        return
    what = f"'{one.name}' is {SPOKEN_KINDS[known]} elsewhere, and {SPOKEN_KINDS[kind]} here"
    tell(Told(one.path, one.node, what, "choose another name for one of the two"))


def _infer(open_ends: list[_Given], kinds: dict[str, Kind], tell: Callable[[Told], None]) -> Scope:
    """Round by round: an expression is compiled once the kind of everything in it is known."""
    while open_ends:
        unknown = {one.name for one in open_ends} - kinds.keys()
        ready: list[_Given] = []
        later: list[_Given] = []
        for one in open_ends:
            (later if named_in(one.variable.source) & unknown else ready).append(one)
        if not ready:
            break
        scope, failed = Scope(dict(kinds)), set()
        for one in ready:
            try:
                _settle(one, scope.compile(one.variable.source).kind, kinds, tell)
            except ExpressionError:
                failed.add(one.name)  # told when all formulas are checked
                kinds.setdefault(one.name, "answer")
        open_ends = later
    for one in open_ends:
        if one.name not in kinds:
            what = f"'{one.name}' hangs on its own value, and nothing gives it a first one"
            tell(Told(one.path, one.node, what, f"add it to the flow's variables, as in {{{one.name}: 0}}"))
            kinds[one.name] = "answer"
    return Scope(dict(kinds))


def _sensitive(given: list[_Given]) -> frozenset[str]:
    found = {one.name for one in given if one.variable.sensitive}
    while True:
        more = {one.name for one in given if named_in(one.variable.source) & found} - found
        if not more:
            return frozenset(found)
        found |= more


def _check(formula: Formula, node: str, scope: Scope, sensitive: frozenset[str], tell: Callable[[Told], None]) -> None:
    path = ("nodes", node, *formula.path)
    try:
        kind = scope.compile(formula.source).kind
    except ExpressionError as error:
        tell(Told(path, node, error.what, error.remedy, formula.at_key, error.line, error.column))
        return
    if formula.wanted and kind not in formula.wanted:
        wanted = SPOKEN_KINDS[formula.wanted[0]]
        remedy = "write a comparison, as in balance > 100.0" if formula.wanted[0] == "flag" else f"write {wanted}"
        what = f"expected {wanted}, and the expression comes to {SPOKEN_KINDS[kind]}"
        tell(Told(path, node, what, remedy, formula.at_key))
    secret = sorted(named_in(formula.source) & sensitive)
    if formula.handed and secret:
        why = "that flow would not know that it is secret"
        remedy = "let that flow ask for it, with `sensitive: true`"
        tell(Told(path, node, f"'{secret[0]}' is sensitive and must not be given to another flow", remedy, why=why))
    if formula.spoken and secret:
        why = "spoken words are recorded and kept, and others may hear them"
        tell(Told(path, node, f"'{secret[0]}' is sensitive and must not be said", "leave it out", why=why))
