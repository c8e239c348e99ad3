"""A flow file as YAML: every scalar stays the text that was written, and every value knows its place.

YAML's guesses (``0123`` a number, ``no`` a truth value, ``17:30`` a base-60 integer) are switched off: the schema alone
decides what a text means. ``read_tree`` is for checking and running; ``read_document`` and ``write_document`` are for
editing, where comments, quotes and the order of keys survive.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from io import StringIO
from typing import Any, NamedTuple

import yaml
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.error import MarkedYAMLError, YAMLError
from ruamel.yaml.nodes import MappingNode, ScalarNode
from ruamel.yaml.resolver import VersionedResolver
from ruamel.yaml.tag import Tag

from ivr.flow.problems import FlowError, Problem

Trail = tuple[str, ...]
HEAP = re.compile(r"(?:[\[{]\s*){50}")
SCALARS = (ScalarNode, yaml.ScalarNode)
MAPPINGS = (MappingNode, yaml.MappingNode)
STANDARD_TAGS = ("tag:yaml.org,2002:",)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a value and its key stand in a file; lines and columns count from 1."""

    line: int
    column: int
    key_line: int
    key_column: int
    quoted: bool = False
    key_quoted: bool = False


@dataclass(frozen=True, slots=True)
class Tree:
    """A file's content as dicts, lists, texts and ``None`` (nothing written); each value's place by its path."""

    content: object
    places: Mapping[Trail, Place]
    problems: tuple[Problem, ...] = ()


class _TextOnly(VersionedResolver):
    """Reads and writes every plain scalar as text; only nothing at all is null."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> Any:
        if kind is ScalarNode and implicit and implicit[0]:
            return Tag(suffix="tag:yaml.org,2002:str" if value else "tag:yaml.org,2002:null")
        return super().resolve(kind, value, implicit)


_Loader: Any = getattr(yaml, "CSafeLoader", yaml.SafeLoader)


class _Fast(_Loader):  # type: ignore[misc]
    """libyaml without its guesses at what a scalar could be, which cost a third of the reading and are thrown away."""

    def resolve(self, kind: Any, value: Any, implicit: Any) -> str:
        return STANDARD_TAGS[0] + ("str" if kind is yaml.ScalarNode else "map" if kind is yaml.MappingNode else "seq")


def _yaml(purpose: str = "rt") -> YAML:
    reader = YAML(typ=purpose, pure=True)
    reader.Resolver = _TextOnly
    reader.preserve_quotes = True
    reader.width = 1_000_000
    reader.indent(mapping=2, sequence=4, offset=2)
    return reader


def read_document(text: str, file: str = "flow.yaml") -> CommentedMap:
    """The document for editing, comments and all. Raises FlowError when it is not YAML with unique keys."""
    _refuse_depth(text, file)
    try:
        document = _yaml().load(text)
    except (YAMLError, RecursionError) as error:
        raise FlowError([_syntax_problem(error, file)]) from None
    if not isinstance(document, CommentedMap):
        raise FlowError([_not_a_flow(file)])
    return document


def write_document(document: CommentedMap) -> str:
    """The document as text; what was not edited is as it was, its comments included."""
    text = StringIO()
    _yaml().dump(document, text)
    return text.getvalue()


def read_tree(text: str, file: str) -> Tree:
    """The document for checking. Raises FlowError when it is not YAML; ``problems`` holds duplicate keys etc."""
    _refuse_depth(text, file)
    try:
        root = _compose(text)
        reader = _TreeReader(file)
        content = reader.read(root, (), None) if root is not None else None
    except (YAMLError, RecursionError) as error:
        raise FlowError([_syntax_problem(error, file)]) from None
    if not isinstance(content, dict):
        raise FlowError([_not_a_flow(file)])
    return Tree(content, reader.places, tuple(reader.problems))


def _compose(text: str) -> Any:
    """The tree of nodes with their marks: by libyaml, twenty times as fast, and by ruamel.yaml for what libyaml does
    not take, so that messages and YAML 1.2 are ruamel's.
    """
    if not text.startswith("%") and "\n%" not in text:
        try:
            return yaml.compose(text, Loader=_Fast)
        except yaml.YAMLError:
            pass
    return _yaml("safe").compose(text)


class _Spot(NamedTuple):
    """A line and a column, counted from 0."""

    line: int
    column: int

    @classmethod
    def of(cls, mark: Any) -> _Spot:
        return cls(mark.line, mark.column)


def _after(key: Any) -> _Spot:
    """Where a value that is not there would stand."""
    return _Spot(key.end_mark.line, key.end_mark.column + 1)


class _TreeReader:
    """Walks ruamel's nodes once, collecting values, places and what the flow language does not take."""

    def __init__(self, file: str) -> None:
        self.file = file
        self.places: dict[Trail, Place] = {}
        self.problems: list[Problem] = []
        self._seen: set[int] = set()

    def read(self, node: Any, path: Trail, key: Any) -> object:
        at = _after(key) if key is not None and node.value == "" and not node.style else _Spot.of(node.start_mark)
        before = key.start_mark if key is not None else at
        quoted, key_quoted = bool(isinstance(node, SCALARS) and node.style), bool(key is not None and key.style)
        self.places[path] = Place(at.line + 1, at.column + 1, before.line + 1, before.column + 1, quoted, key_quoted)
        if id(node) in self._seen:
            self._refuse(before, path, "an alias (*) is not part of the flow language", "write the value out")
            return node.value if isinstance(node, SCALARS) else None
        self._seen.add(id(node))
        if str(node.tag).startswith("!") or not str(node.tag).startswith(STANDARD_TAGS):
            self._refuse(at, path, f"the tag {node.tag} is not part of the flow language", "remove the tag")
        if isinstance(node, SCALARS):
            return None if not node.style and node.value in ("", "~", "null") else str(node.value)
        if isinstance(node, MAPPINGS):
            return dict(self._pairs(node, path))
        return [self.read(item, (*path, str(number)), None) for number, item in enumerate(node.value)]

    def _pairs(self, node: Any, path: Trail) -> Iterator[tuple[str, object]]:
        written: dict[str, int] = {}
        for key, value in node.value:
            mark = key.start_mark
            if not isinstance(key, SCALARS):
                self._refuse(mark, path, "a key must be a word or a digit", "write `key: value`")
                continue
            name = str(key.value)
            if name in written:
                what = f"'{name}' is written twice (first in line {written[name]})"
                self._refuse(mark, (*path, name), what, "keep one of the two")
                continue
            written[name] = mark.line + 1
            yield name, self.read(value, (*path, name), key)

    def _refuse(self, mark: Any, path: Trail, what: str, remedy: str) -> None:
        node = path[1] if len(path) > 1 and path[0] == "nodes" else ""
        self.problems.append(Problem(self.file, mark.line + 1, mark.column + 1, node, "error", what, "", remedy))


def _refuse_depth(text: str, file: str) -> None:
    """Refuse a heap of opening brackets at once: the YAML scanner needs seconds for it."""
    if HEAP.search(text):
        raise FlowError([_syntax_problem(RecursionError(), file)])


def _syntax_problem(error: Exception, file: str) -> Problem:
    if isinstance(error, MarkedYAMLError) and error.problem_mark is not None:
        mark = error.problem_mark
        what, remedy = _plain_words(str(error.problem or error.context))
        return Problem(file, mark.line + 1, mark.column + 1, "", "error", what, "", remedy)
    if isinstance(error, RecursionError):
        return Problem(file, 1, 1, "", "error", "the file is nested too deeply", "", "close the brackets")
    what = "the file holds a character that YAML does not allow"
    found = re.search(r"#x([0-9a-f]+)", str(error))
    named = f" (code {found.group(1)})" if found else ""
    return Problem(file, 1, 1, "", "error", what + named, "", "save it as plain UTF-8 text")


def _plain_words(problem: str) -> tuple[str, str]:
    if "undefined alias" in problem:
        return "a bare * begins an alias in YAML", "write the key in quotes: '*'"
    if "found duplicate key" in problem:
        key = problem.split('"')[1] if '"' in problem else "a key"
        return f"'{key}' is written twice", "keep one of the two"
    if "another document" in problem:
        return "the file holds more than one document", "write one flow per file, without `---` between"
    if "\\t" in problem:
        return "a tab stands where YAML wants spaces", "indent with spaces"
    remedy = "look at the indentation, brackets and quotes just before this place"
    return f"this is not YAML: {problem}", remedy


def _not_a_flow(file: str) -> Problem:
    remedy = "begin with `flow: <name>` and `nodes:`"
    return Problem(file, 1, 1, "", "error", "the file is no flow", "", remedy)
