"""Flows that call flows in other files: read once each, never in a circle, and joined into one flow that runs.

A called flow keeps its own variables, languages, policy and hours. Its nodes stand in the joined flow under its name
and theirs, as in ``identify.main``, so that the reading of a call knows nothing of files.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Mapping, Sequence
from hashlib import sha256
from pathlib import Path

from ivr.flow.model import Flow, Node, Source
from ivr.flow.problems import FlowError, Problem, did_you_mean
from ivr.flow.schema import SUFFIXES


class NotCallable(Exception):
    """A flow in another file cannot be called from here."""

    def __init__(self, what: str, remedy: str, why: str = "") -> None:
        super().__init__(what)
        self.what, self.remedy, self.why = what, remedy, why


class Library:
    """The files of one reading. ``parse`` makes a flow of a file's content and name; it calls ``part`` in its turn."""

    def __init__(self, first: str, parse: Callable[[bytes, str, Library], Flow]) -> None:
        self._parse = parse
        self._open = [os.path.abspath(first)]
        self._read: dict[str, Flow | FlowError] = {}

    def part(self, caller: str, written: str) -> Flow:
        """The flow that ``written`` names in the file ``caller``. Raises NotCallable, or FlowError (for each file once
        with its problems, later without).
        """
        file = os.path.normpath(Path(caller).parent / written)
        key = os.path.abspath(file)
        if key in self._open:
            round_trip = " > ".join(Path(one).name for one in [*self._open[self._open.index(key) :], key])
            why = "a call would never come out of it"
            what = f"the flows call each other in a circle ({round_trip})"
            raise NotCallable(what, "leave one of the calls out", why)
        if key not in self._read:
            self._read[key] = self._flow(file, key)
            found = self._read[key]
        else:
            found = self._read[key]
            found = FlowError([]) if isinstance(found, FlowError) else found
        if isinstance(found, FlowError):
            raise found
        return _callable(found)

    def _flow(self, file: str, key: str) -> Flow | FlowError:
        content = _content(file)
        self._open.append(key)
        try:
            return self._parse(content, file, self)
        except FlowError as error:
            return error
        finally:
            self._open.pop()


def _content(file: str) -> bytes:
    try:
        return Path(file).read_bytes()
    except FileNotFoundError:
        beside = sorted(path.name for path in Path(file).parent.glob("*") if path.suffix in SUFFIXES)
        remedy = did_you_mean(Path(file).name, beside) or "write the path from the folder of this file"
        raise NotCallable(f"there is no file {file}", remedy) from None
    except OSError as error:
        raise NotCallable(f"{file} cannot be read ({error.strerror})", "check the path and who may read it") from None


def _callable(flow: Flow) -> Flow:
    if not flow.returns:
        remedy = "write with which words it comes back, as in `returns: [done]`, at the top of that file"
        raise NotCallable(f"{flow.file} is a flow that callers ring, not one to be called", remedy)
    return flow


def clashes(name: str, parts: Iterable[Flow], file: str) -> Problem | None:
    """Two files whose flows have one name: nobody could tell their nodes apart."""
    known = {name: os.path.abspath(file)}
    for flow in parts:
        if known.setdefault(flow.name, os.path.abspath(flow.file)) != os.path.abspath(flow.file):
            place = flow.places["flow",]
            what, remedy = f"another file's flow is called '{flow.name}', too", "choose another name for one of them"
            return Problem(flow.file, place.line, place.column, "", "error", what, "one call uses both files", remedy)
    return None


def all_parts(direct: Iterable[Flow]) -> list[Flow]:
    """The flows that are called, and those that they call, each file once."""
    found: dict[str, Flow] = {}
    for flow in direct:
        for one in (flow, *flow.parts.values()):
            found.setdefault(os.path.abspath(one.file), one)
    return list(found.values())


def joined(own: Mapping[str, Node], parts: Iterable[Flow]) -> dict[str, Node]:
    """The nodes of a flow and of everything that it calls, under names that none of them shares."""
    nodes = dict(own)
    for flow in parts:
        for name, node in flow.own.items():
            nodes[f"{flow.name}.{name}"] = node.renamed(_under(flow.name))
    return nodes


def _under(part: str) -> Callable[[str], str]:
    return lambda name: name if "." in name else f"{part}.{name}"


def sources(own: Source, parts: Iterable[Flow]) -> tuple[Source, ...]:
    """The files that a flow is made of, its own first."""
    return (own, *(flow.sources[0] for flow in parts))


def layout(flow: Flow) -> tuple[str, ...]:
    """The paths of a flow's files from the folder that holds them all, its own first; nothing where it is one file."""
    if len(flow.sources) == 1:
        return ()
    paths = [os.path.abspath(source.file) for source in flow.sources]
    top = os.path.commonpath([os.path.dirname(path) for path in paths])
    return tuple(Path(os.path.relpath(path, top)).as_posix() for path in paths)


def identity(files: Sequence[str], contents: Sequence[bytes]) -> bytes:
    """What tells one state of a flow from every other: its file; of several files a list of them, as ``sha256sum``
    writes it (SHA-256, two spaces, path).
    """
    if not files:
        return contents[0]
    each = zip(contents, files, strict=True)
    return "".join(f"{sha256(content).hexdigest()}  {file}\n" for content, file in each).encode()
