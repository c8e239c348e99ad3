"""``tests:`` as written: a name, then in order what happens in the call and what must come of it.

::

    tests:
      a silent caller reaches a person: [silence, silence, silence, reaches: person]
      a key during the greeting works: [key: 2 while welcome, reaches: faults]

A step is one word, or one or more pairs of a word and its value, which count in the order in which they are written.
Every step keeps its place in the file. The words are in ``ACTS`` and ``EXPECTATIONS``; running them is run.py's part.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from pydantic_core import PydanticCustomError

from ivr.flow.document import Place, Trail
from ivr.flow.problems import Problem, did_you_mean
from ivr.flow.schema import KEYS, read_count, read_name, read_seconds, refuse, shape
from ivr.flow.values import Value
from ivr.flow.world import CALLBACKS, LOOKUPS, QUEUES, TRANSFERS, as_json

PRESS = re.compile(rf"([{re.escape(KEYS)}]+)(?: while (\w+)| (at once))?")
POSITION = frozenset({"position", "wait"})
SWITCHES = ("closed", "closes", "opens")
YES_NO = {"yes": True, "no": False}

Reader = Callable[[object], Any]


@dataclass(frozen=True, slots=True)
class Step:
    """One thing that happens or must have happened; ``value`` is what the word's reader made of it."""

    word: str
    value: Any
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class FlowTest:
    """One test of a flow file. ``line`` and ``column`` count from 1."""

    name: str
    steps: tuple[Step, ...]
    line: int
    column: int


@dataclass(frozen=True, slots=True)
class Press:
    """Keys that the caller presses.

    They wait until the line listens, unless ``during`` names a prompt to press them over, or ``at_once`` is true.
    """

    keys: str
    during: str = ""
    at_once: bool = False


@dataclass(frozen=True, slots=True)
class Saying:
    """Words that the caller says, and how sure the recogniser is of them, 0 to 1."""

    words: str
    during: str = ""
    confidence: float = 1.0


def read_press(value: object) -> Press:
    """``2``, ``4711#``, ``2 while welcome`` or ``2 at once``."""
    found = PRESS.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        remedy = "write keys, and if they come early, during what: `key: 2`, `key: 2 while welcome`, `key: 2 at once`"
        refuse(f"expected keys of a telephone, found {shape(value)}", remedy)
    return Press(found[1], found[2] or "", bool(found[3]))


def read_saying(value: object) -> Saying:
    """Words, or ``{words: ..., while: <prompt>, confidence: 0.4}``."""
    if isinstance(value, str):
        return Saying(value)
    if not isinstance(value, dict) or "words" not in value or set(value) - {"words", "while", "confidence"}:
        remedy = "write the words, or {words: my bill, while: main_menu, confidence: 0.4}"
        refuse(f"expected words that the caller says, found {shape(value)}", remedy)
    return Saying(str(value["words"]), str(value.get("while", "")), read_share(value.get("confidence", "1")))


def read_share(value: object) -> float:
    """A number from 0 to 1."""
    if not isinstance(value, str) or not re.fullmatch(r"0(\.\d+)?|1(\.0+)?", value):
        refuse(f"expected a number from 0 to 1, found {shape(value)}", "write as in 0.4")
    return float(value)


def read_nothing(value: object) -> None:
    """The word alone."""
    if value is not None:
        refuse(f"nothing may follow this word, found {shape(value)}", "write the word alone")


def read_text(value: object) -> str:
    """A text of at least one character."""
    if not isinstance(value, str) or not value:
        refuse(f"expected a text, found {shape(value)}", "write it in one line, in quotes if need be")
    return value


def read_names(value: object) -> tuple[str, ...]:
    """One name or a list of them."""
    names = value if isinstance(value, list) else [value]
    if not names:
        refuse("expected a name, found an empty list", "name at least one")
    return tuple(_dotted(name) for name in names)


def read_hours(value: object) -> tuple[str, ...]:
    """The name of the flow's hours, a list of them, or nothing: all of them."""
    return ("*",) if value is None else read_names(value)


def read_pairs_of_names(value: object) -> Mapping[str, Any]:
    """Pairs of a name and a value."""
    if not isinstance(value, dict) or not value:
        refuse(f"expected `name: value` pairs, found {shape(value)}", "write pairs, as in {account: 0123456}")
    return MappingProxyType({_dotted(name): said for name, said in value.items()})


def read_consents(value: object) -> Mapping[str, bool]:
    """``{recording: yes}``."""
    pairs = read_pairs_of_names(value)
    odd = next((said for said in pairs.values() if said not in YES_NO), None)
    if odd is not None:
        refuse(f"expected yes or no, found {shape(odd)}", "write as in {recording: yes}")
    return MappingProxyType({purpose: YES_NO[said] for purpose, said in pairs.items()})


def read_outcome(value: object, outcomes: Sequence[str], what: str) -> str:
    """One of the outcomes of something."""
    if value not in outcomes:
        remedy = did_you_mean(value, outcomes) if isinstance(value, str) else f"choose one of: {', '.join(outcomes)}"
        refuse(f"{shape(value)} is no outcome of {what}", remedy)
    return str(value)


def read_lookup(value: object) -> object:
    """``ok``, ``not_found``, a failure, or what the service sends."""
    return as_json(value) if isinstance(value, dict) else read_outcome(value, LOOKUPS, "a lookup")


def read_queue(value: object) -> object:
    """``answered``, a failure, or a place: ``{position: 3, wait: 4m}``."""
    if isinstance(value, dict) and set(value) == POSITION:
        return read_count(value["position"], 1, 999), read_seconds(value["wait"])
    return read_outcome(value, QUEUES, "a queue")


def read_reason(value: object) -> str:
    """Why a call ended, or nothing: any reason."""
    return "" if value is None else read_name(value)


def read_moment(value: object) -> str:
    """``2026-12-24 17:30``, in UTC unless it says otherwise: ISO 8601."""
    try:
        moment = datetime.fromisoformat(value) if isinstance(value, str) else None
    except ValueError:
        moment = None
    if moment is None:
        refuse(f"expected a date and a time, found {shape(value)}", "write as in 2026-12-24 17:30 (UTC)")
    return (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC).isoformat()


def as_kind(first: Value, text: str) -> Value:
    """A text as a value of the same kind as this one; raises KeyError or ValueError."""
    if isinstance(first, bool):
        return {"true": True, "false": False}[text]
    return int(text) if isinstance(first, int) else float(text) if isinstance(first, float) else str(text)


def _dotted(value: object) -> str:
    if not isinstance(value, str) or not all(part.isidentifier() or part.isdigit() for part in value.split(".")):
        refuse(f"expected a name, found {shape(value)}", "write a name, or a list of names")
    return value


BEGINNINGS: Mapping[str, Reader] = MappingProxyType(
    {
        "caller": read_text,
        "called": read_text,
        "clock": read_moment,
        "known language": read_text,
        "given": read_pairs_of_names,
        "closed": read_hours,
    }
)
ACTS: Mapping[str, Reader] = MappingProxyType(
    {
        "key": read_press,
        "keys": read_press,
        "says": read_saying,
        "silence": read_nothing,
        "speaks": read_seconds,
        "wait": read_seconds,
        "hang up": read_nothing,
        "transfer": lambda value: read_outcome(value, TRANSFERS, "a transfer"),
        "lookup": read_lookup,
        "queue": read_queue,
        "callback": lambda value: read_outcome(value, CALLBACKS, "a callback"),
        "agent hangs up": read_nothing,
        "closes": read_hours,
        "opens": read_hours,
    }
)
EXPECTATIONS: Mapping[str, Reader] = MappingProxyType(
    {
        "hears": read_names,
        "never hears": read_names,
        "reaches": read_names,
        "never reaches": read_names,
        "ends": read_reason,
        "records": read_text,
        "rings": read_text,
        "looks up": read_text,
        "joins": read_text,
        "books": read_text,
        "scores": read_pairs_of_names,
        "consents": read_consents,
        "sets": read_pairs_of_names,
        "language": read_text,
        "within": read_seconds,
    }
)
WORDS: Mapping[str, Reader] = MappingProxyType({**BEGINNINGS, **ACTS, **EXPECTATIONS})


@dataclass(frozen=True, slots=True)
class Known:
    """What tests may name: nodes, variables with their first values, hours."""

    nodes: Collection[str]
    variables: Mapping[str, Value]
    hours: Collection[str]


def read_tests(
    written: object, places: Mapping[Trail, Place], file: str, known: Known
) -> tuple[tuple[FlowTest, ...], list[Problem]]:
    """The tests of a file, and everything that is wrong with them, each with its place and its remedy."""
    reading = _Reading(places, file, known)
    if written is None:
        return (), []
    if not isinstance(written, dict):
        reading.refuse(("tests",), f"expected tests, found {shape(written)}", "write `name of the test: [steps]`")
        return (), reading.problems
    return tuple(reading.test(str(name), steps) for name, steps in written.items()), reading.problems


class _Reading:
    """Reads one file's tests and collects what is wrong with them."""

    def __init__(self, places: Mapping[Trail, Place], file: str, known: Known) -> None:
        self.places = places
        self.file = file
        self.known = known
        self.problems: list[Problem] = []

    def test(self, name: str, written: object) -> FlowTest:
        path = ("tests", name)
        place = self.places[path]
        if not isinstance(written, list) or not written:
            remedy = "write a list, as in [silence, silence, reaches: person]"
            self.refuse(path, f"test '{name}': expected steps, found {shape(written or None)}", remedy)
            return FlowTest(name, (), place.key_line, place.key_column)
        steps = [step for number, item in enumerate(written) for step in self._steps(name, item, (*path, str(number)))]
        for step in steps[next((n for n, step in enumerate(steps) if step.word not in BEGINNINGS), len(steps)) :]:
            if step.word in BEGINNINGS:
                self._wrong(name, step.line, step.column, f"'{step.word}' comes too late", "write it as the first step")
        return FlowTest(name, tuple(steps), place.key_line, place.key_column)

    def _steps(self, name: str, item: object, path: Trail) -> Iterator[Step]:
        if isinstance(item, str):
            yield from self._step(name, item, None, path)
        elif isinstance(item, dict):
            for word, value in item.items():
                yield from self._step(name, word, value, (*path, word))
        else:
            self.refuse(path, f"test '{name}': expected a step, found {shape(item)}", "write a step, as in `key: 2`")

    def _step(self, name: str, word: str, value: object, path: Trail) -> Iterator[Step]:
        place = self.places[path]
        reader = WORDS.get(word)
        if reader is None:
            self._wrong(name, place.key_line, place.key_column, f"'{word}' is no step", did_you_mean(word, WORDS))
            return
        try:
            read = reader(value)
        except PydanticCustomError as error:
            said = error.context or {}
            self._wrong(name, place.line, place.column, f"'{word}': {said['what']}", str(said["remedy"]))
            return
        for node in read if word in ("reaches", "never reaches") else ():
            if node not in self.known.nodes:
                remedy = did_you_mean(node, self.known.nodes)
                self._wrong(name, place.line, place.column, f"there is no node '{node}'", remedy)
        for hours in read if word in SWITCHES else ():
            if hours not in (*self.known.hours, "*"):
                remedy = did_you_mean(hours, self.known.hours) or "write them under `hours`"
                self._wrong(name, place.line, place.column, f"there are no hours '{hours}'", remedy)
        if word == "given":
            read = {variable: self._given(name, variable, text, place) for variable, text in read.items()}
        yield Step(word, read, place.key_line, place.key_column)

    def _given(self, test: str, variable: str, text: str, place: Place) -> Value:
        """A value of the kind that the variable has."""
        first = self.known.variables.get(variable)
        if first is None:
            remedy = did_you_mean(variable, self.known.variables) or "write the variable under `variables`"
            self._wrong(test, place.line, place.column, f"'given': no variable '{variable}' has a first value", remedy)
            return text
        try:
            return as_kind(first, text)
        except (KeyError, TypeError, ValueError):
            what = f"'given': {shape(text)} does not go with the first value of '{variable}', {first!r}"
            self._wrong(test, place.line, place.column, what, "write a value of the same kind")
            return first

    def refuse(self, path: Trail, what: str, remedy: str) -> None:
        place = self.places[path]
        self.problems.append(Problem(self.file, place.line, place.column, "", "error", what, "", remedy))

    def _wrong(self, test: str, line: int, column: int, what: str, remedy: str) -> None:
        what = f"test '{test}': {what}"
        self.problems.append(Problem(self.file, line, column, "", "error", what, "", remedy or "see the guide"))
