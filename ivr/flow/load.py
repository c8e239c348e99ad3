"""From a file to a flow that runs, or to everything that is wrong with it, each with its place and its remedy."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from types import MappingProxyType
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from ivr.flow.collector import collector_paused
from ivr.flow.document import Place, Tree, read_tree
from ivr.flow.hours import HoursSchema
from ivr.flow.linking import Library, NotCallable, all_parts, clashes, joined, sources
from ivr.flow.model import Flow, Node, Source
from ivr.flow.nodes import KINDS
from ivr.flow.nodes.base import NodeSchema, Plan
from ivr.flow.nodes.call import CallSchema
from ivr.flow.opening import Opening
from ivr.flow.policy import WORDS, expected, inherit
from ivr.flow.problems import FlowError, Problem, did_you_mean
from ivr.flow.schema import Asking, Header, read_node_name, shape, words
from ivr.flow.scoping import Told, scope_of
from ivr.flow.testing.script import FlowTest, Known, read_tests
from ivr.flow.values import Value

POLICY_WORDS = tuple(Asking.model_fields)
WAYS_OUT = ("next", "yes", "no", "else", "ok", "error", "open", "closed")
NO_WAY_OUT = "a node without a way out leaves the caller in silence"
Schema = TypeVar("Schema", bound=BaseModel)
Way = tuple[str, tuple[str, ...]]


def load_flow(path: Path) -> Flow:
    """The flow in this file. Raises FlowError with everything that is wrong with it."""
    try:
        content = path.read_bytes()
    except OSError as error:
        remedy = "check the path and who may read it"
        raise FlowError([_whole_file(str(path), f"cannot be read ({error.strerror})", remedy)]) from None
    return _first(content, str(path))


def parse_flow(text: str, file: str = "flow.yaml") -> Flow:
    """The flow in this text; ``file`` is for messages, and the place from which it calls flows in other files. Raises
    FlowError with everything that is wrong with them.
    """
    return _first(text.encode("utf-8", "surrogatepass"), file)


def _first(content: bytes, file: str) -> Flow:
    with collector_paused():
        return _parse(content, file, Library(file, _parse))


def _parse(content: bytes, file: str, library: Library) -> Flow:
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        what = f"byte {error.start} is not UTF-8 text"
        raise FlowError([_whole_file(file, what, "save the file as UTF-8")]) from None
    return _Reading(read_tree(text, file), Source(file, content), library).flow()


def _whole_file(file: str, what: str, remedy: str) -> Problem:
    return Problem(file, 1, 1, "", "error", what, "", remedy)


class _Reading:
    """One reading of one file: collects problems until none is left to be found, then builds or refuses."""

    def __init__(self, tree: Tree, source: Source, library: Library) -> None:
        self.file = source.file
        self.source = source
        self.library = library
        self.places = tree.places
        self.content: Mapping[str, Any] = tree.content if isinstance(tree.content, dict) else {}
        self.problems = list(tree.problems)
        written = self.content.get("nodes")
        self.written: Mapping[str, Any] = written if isinstance(written, dict) else {}

    def flow(self) -> Flow:
        """Raises FlowError when there is any problem."""
        header = self._validate(Header, self.content, (), "the flow")
        nodes = {name: schema for name, node in self.written.items() if (schema := self._node(name, node))}
        if header is not None:
            self._check_header_links(header)
        for name, schema in nodes.items():
            self._check_links(_ways(schema), name)
            if header is not None:
                self._check_group(schema, name, header.groups)
                self._check_hours(schema, name, header.hours)
        hours = self._hours(header.hours if header else {})
        parts = self._parts(nodes, header.flow if header else "")
        scope, begin, sensitive = scope_of(header.variables if header else {}, nodes, self._tell)
        tests, mistakes = read_tests(
            self.content.get("tests"), self.places, self.file, self._known(parts, begin, hours)
        )
        self.problems += mistakes
        if self.problems or header is None:
            raise FlowError(self.problems)
        general = inherit(expected(nodes, header.defaults.give_up), _said(header.defaults))
        world = Plan(general, scope, header.flow, sensitive, hours)
        built = {name: schema.build(name, self._plan(world, header, schema)) for name, schema in nodes.items()}
        flow = self._build(header, built, begin, tests)
        return replace(
            flow,
            kinds=MappingProxyType(scope.kinds),
            sensitive=sensitive,
            returns=header.returns,
            hours=tuple(hours),
            parts=MappingProxyType({part.name: part for part in parts}),
            nodes=MappingProxyType(joined(built, parts)),
            sources=sources(self.source, parts),
        )

    def _known(self, parts: Sequence[Flow], begin: Mapping[str, Value], hours: Mapping[str, Opening]) -> Known:
        nodes = [*self.written, *(f"{part.name}.{name}" for part in parts for name in part.own)]
        return Known(nodes, begin, [*hours, *(name for part in parts for name in part.hours)])

    def _parts(self, schemas: Mapping[str, NodeSchema], flow: str) -> list[Flow]:
        """The flows in other files that this one calls, and those that they call."""
        direct = []
        for name, schema in schemas.items():
            if isinstance(schema, CallSchema) and schema.file:
                part = self._part(name, schema)
                if part is not None:
                    direct.append(part)
                    schema.bind(part)
                    self._check_call(name, schema, part)
        parts = all_parts(direct)
        clash = clashes(flow, parts, self.file)
        self.problems += [clash] if clash is not None else []
        return parts

    def _part(self, name: str, schema: CallSchema) -> Flow | None:
        try:
            return self.library.part(self.file, schema.file)
        except NotCallable as error:
            self._refuse(("nodes", name, "call"), name, f"'call': {error.what}", error.why, error.remedy)
        except FlowError as error:
            self.problems += error.problems
        return None

    def _check_call(self, name: str, schema: CallSchema, part: Flow) -> None:
        """What is given, taken and returned must be known there, and every word must lead somewhere."""
        path = ("nodes", name)
        odd = [(("returns", word), word, part.returns, "returns no") for word in schema.returns]
        odd += [(("give", to), to, (*part.kinds,), "has no variable") for to in schema.give or {}]
        odd += [(("take", own), theirs, (*part.kinds,), "has no variable") for own, theirs in schema.take.items()]
        for where, word, known, what in odd:
            if word not in known:
                self._refuse((*path, *where), name, f"{part.file} {what} '{word}'", "", did_you_mean(word, known))
        open_ends = [word for word in part.returns if word not in schema.returns]
        if open_ends and schema.next is None:
            remedy = f"add `next: <node>`, or `returns: {{{open_ends[0]}: <node>}}`"
            self._refuse(path, name, f"nothing says where '{open_ends[0]}' leads", NO_WAY_OUT, remedy, at_key=True)
        if not open_ends and schema.next is not None:
            what, remedy = "'next' is never taken: every word that comes back leads elsewhere", "leave it out"
            self._refuse((*path, "next"), name, what, "", remedy)

    def _hours(self, written: Mapping[str, Any]) -> dict[str, Opening]:
        schemas = {
            name: self._validate(HoursSchema, one, ("hours", name), "the hours") for name, one in written.items()
        }
        return {name: schema.opening() for name, schema in schemas.items() if schema is not None}

    def _plan(self, world: Plan, header: Header, schema: NodeSchema) -> Plan:
        grouped = header.groups.get(schema.group) if schema.group is not None else None
        around = inherit(world.policy, _said(grouped)) if grouped is not None else world.policy
        return replace(world, policy=inherit(around, _said(schema)))

    def _build(
        self, header: Header, nodes: dict[str, Node], begin: Mapping[str, Value], tests: tuple[FlowTest, ...]
    ) -> Flow:
        return Flow(
            name=header.flow,
            file=self.file,
            languages=header.languages,
            start=header.start or next(iter(nodes)),
            max_steps=header.max_steps,
            nodes=MappingProxyType(nodes),
            places=MappingProxyType(dict(self.places)),
            tests=tests,
            max_time_s=header.max_time,
            variables=tuple(begin.items()),
        )

    def _check_group(self, schema: NodeSchema, name: str, groups: Mapping[str, Asking]) -> None:
        if schema.group is not None and schema.group not in groups:
            what = f"'group': there is no group '{schema.group}'"
            remedy = did_you_mean(schema.group, groups) or f"write it: groups: {{{schema.group}: {{tries: 2}}}}"
            self._refuse(("nodes", name, "group"), name, what, "", remedy)

    def _check_hours(self, schema: NodeSchema, name: str, known: Mapping[str, Any]) -> None:
        hours = getattr(schema, "hours", None)
        if hours is not None and hours not in known:
            remedy = did_you_mean(hours, known) or f"write them: hours: {{{hours}: {{week: {{mon-fri: 08:00-16:00}}}}}}"
            self._refuse(("nodes", name, "hours"), name, f"'hours': there are no hours '{hours}'", "", remedy)

    def _tell(self, told: Told) -> None:
        """A mistake within an expression: the place is that of the expression, moved to the mistake."""
        place = self._place(told.path)
        line, column = (place.key_line, place.key_column) if told.at_key else (place.line, place.column)
        quoted = place.key_quoted if told.at_key else place.quoted
        moved = told.column - 1 + (1 if quoted else 0) if told.line == 1 and told.column > 1 else 0
        remedy = told.remedy or "look at the names and the types in it"
        self.problems.append(Problem(self.file, line, column + moved, told.node, "error", told.what, told.why, remedy))

    def _node(self, name: str, written: object) -> NodeSchema | None:
        path = ("nodes", name)
        try:
            read_node_name(name)
        except ValueError as error:
            self._refuse(path, name, *_told(error), at_key=True)
        if not isinstance(written, dict):
            remedy = "write what the node does, as in {say: welcome, next: main}"
            self._refuse(path, name, f"expected a node, found {shape(written)}", "", remedy)
            return None
        kinds = [key for key in written if key in KINDS]
        if len(kinds) != 1:
            self._refuse_kind(path, name, written, kinds)
            return None
        return self._validate(KINDS[kinds[0]], written, path, _one(kinds[0]))

    def _refuse_kind(self, path: tuple[str, ...], name: str, written: Mapping[str, Any], kinds: list[str]) -> None:
        if kinds:
            what = f"a node does one thing, this one wants {' and '.join(kinds)}"
            self._refuse((*path, kinds[1]), name, what, "", "make two nodes of it", at_key=True)
            return
        known = {word for schema in KINDS.values() for word in words(schema)}
        odd = next((key for key in written if key not in known), None)
        remedy = did_you_mean(odd, KINDS) if odd else f"add one of: {', '.join(KINDS)}"
        at = (*path, odd) if odd else path
        what = f"'{odd}' is no kind of node" if odd else "nothing says what the node does"
        self._refuse(at, name, what, "", remedy, at_key=True)

    def _validate(self, schema: type[Schema], written: object, path: tuple[str, ...], whose: str) -> Schema | None:
        try:
            return schema.model_validate(written)
        except ValidationError as error:
            node = path[1] if path[:1] == ("nodes",) else ""
            for found in error.errors(include_url=False):
                self._translate(dict(found), schema, path, node, whose)
            return None

    def _translate(
        self, found: Mapping[str, Any], schema: type[BaseModel], path: tuple[str, ...], node: str, whose: str
    ) -> None:
        loc = tuple(str(part) for part in found["loc"])
        last = loc[-1] if loc else ""
        if found["type"] == "extra_forbidden":
            fields = words(Asking if len(loc) > 1 else schema)
            remedy = did_you_mean(last, fields)
            self._refuse((*path, *loc), node, f"{whose} has no '{last}'", "", remedy, at_key=True)
        elif found["type"] == "missing":
            why = NO_WAY_OUT if last in WAYS_OUT or last == "keys" else ""
            remedy = f"add `{last}: <node>`" if last in WAYS_OUT else f"add `{last}:`"
            self._refuse(path, node, f"{whose} needs '{last}'", why, remedy, at_key=True)
        elif found["type"] == "flow":
            said = found["ctx"]
            named = f"'{loc[0]}': " if loc else ""
            at_key = last == "[key]"
            where = (*path, *(loc[:-1] if at_key else loc))
            self._refuse(where, node, named + said["what"], said["why"], said["remedy"], at_key=at_key)
        else:
            what = f"'{last}': expected `key: value` pairs, found {shape(found['input'])}"
            self._refuse((*path, *loc), node, what, "", "write pairs, as in {tries: 3}")

    def _check_header_links(self, header: Header) -> None:
        ways: list[Way] = [(header.start, ("start",))] if header.start else []
        self._check_links([*ways, *_policy_ways(header.defaults, ("defaults",))], "")
        if not self.written:
            self._refuse(("nodes",), "", "the flow has no nodes", "", "write at least one node", at_key=True)

    def _check_links(self, ways: Iterable[Way], node: str) -> None:
        prefix = ("nodes", node) if node else ()
        refused: set[tuple[str, ...]] = set()
        for target, path in ways:
            if target not in self.written and path not in refused:
                refused.add(path)
                remedy = did_you_mean(target, self.written)
                what = f"{_way(path)} leads to '{target}', and there is no such node"
                self._refuse((*prefix, *path), node, what, "", remedy or "write that node")

    def _refuse(
        self, path: tuple[str, ...], node: str, what: str, why: str, remedy: str, *, at_key: bool = False
    ) -> None:
        place = self._place(path)
        line, column = (place.key_line, place.key_column) if at_key else (place.line, place.column)
        self.problems.append(Problem(self.file, line, column, node, "error", what, why, remedy))

    def _place(self, path: tuple[str, ...]) -> Place:
        while path and path not in self.places:
            path = path[:-1]
        return self.places[path]


def _way(path: tuple[str, ...]) -> str:
    return f"key {path[-1]}" if path[-2:-1] in (("keys",), ("anywhere",)) else f"'{path[-1]}'"


def _one(kind: str) -> str:
    return f"{'an' if kind[0] in 'aeiou' else 'a'} {kind} node"


def _told(error: ValueError) -> tuple[str, str, str]:
    said = getattr(error, "context", None) or {}
    return str(said.get("what", error)), str(said.get("why", "")), str(said.get("remedy", ""))


def _said(schema: BaseModel) -> Mapping[str, Any]:
    return {word: getattr(schema, word) for word in POLICY_WORDS if word in type(schema).model_fields}


def _ways(schema: NodeSchema) -> Iterator[Way]:
    yield from ((way.target, way.path) for way in schema.exits())
    yield from _policy_ways(schema, ())


def _policy_ways(schema: BaseModel, path: tuple[str, ...]) -> Iterator[Way]:
    give_up = getattr(schema, "give_up", None)
    if give_up is not None:
        yield give_up, (*path, "give_up")
    for key, target in (getattr(schema, "anywhere", None) or {}).items():
        if target is not None and target not in WORDS:
            yield target, (*path, "anywhere", key)
