"""The JSON Schema takes every flow that the loader takes, and refuses what an editor can see to be wrong."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from jsonschema import Draft202012Validator
from ruamel.yaml import YAML

from ivr.flow.editor_schema import editor_schema
from ivr.flow.load import parse_flow
from ivr.flow.nodes import KINDS
from ivr.flow.problems import FlowError
from tests.ivr.flow.test_flow_tests import NODES
from tests.ivr.flow.test_guide import EXAMPLES, whole

FLOWS = Path(__file__).parents[3] / "flows"
SHIPPED = [file.read_text(encoding="utf-8") for file in sorted(FLOWS.rglob("*.yaml"))]
SCHEMA = editor_schema()
VALIDATOR = Draft202012Validator(SCHEMA)


def as_an_editor_sees_it(text: str) -> Any:
    """YAML 1.2 with its own types; the keys of objects are texts."""
    return _text_keys(YAML(typ="safe", pure=True).load(text))


def _text_keys(value: Any) -> Any:
    if isinstance(value, dict):
        return {str(key): _text_keys(inner) for key, inner in value.items()}
    return [_text_keys(item) for item in value] if isinstance(value, list) else value


def complaints(text: str) -> list[str]:
    return [
        f"{list(error.absolute_path)}: {error.message}" for error in VALIDATOR.iter_errors(as_an_editor_sees_it(text))
    ]


def test_it_is_a_schema_of_its_dialect_and_plain_json() -> None:
    Draft202012Validator.check_schema(SCHEMA)
    assert json.loads(json.dumps(SCHEMA)) == SCHEMA


@pytest.mark.parametrize("text", SHIPPED + [whole(example) for example in EXAMPLES])
def test_it_takes_every_shipped_flow_and_every_example_of_the_guide(text: str) -> None:
    assert complaints(text) == []


def test_every_kind_of_node_is_in_it() -> None:
    ways = SCHEMA["properties"]["nodes"]["additionalProperties"]["anyOf"]
    required = [set(SCHEMA["$defs"][way["$ref"].rpartition("/")[2]]["required"]) for way in ways]
    assert len(ways) == len(KINDS)
    assert all(kind in words for kind, words in zip(KINDS, required, strict=True))


GOOD = """flow: f
nodes:
  a: {say: hello, next: m}
  m: {menu: ask, keys: {1: b, '#': a}, no_input: 6s, barge_in: false, anywhere: {'*': , 0: b}}
  b: {end: [thanks, bye]}
tests:
  t: [silence, key: 1 while ask, hears: [thanks, bye], ends]
"""


def test_a_good_flow_is_good() -> None:
    assert complaints(GOOD) == []
    assert parse_flow(GOOD).tests


@pytest.mark.parametrize(
    ("was", "now"),
    [
        ("flow: f\n", ""),
        ("flow: f", "flow: two words"),
        ("flow: f", "flow: f\nstarts: a"),
        (", next: m}", "}"),
        (", next: m}", ", nxet: m}"),
        (", next: m}", ", next: 7}"),
        ("{1: b,", "{12345: b,"),
        ("no_input: 6s", "no_input: 6"),
        ("no_input: 6s", "no_input: [6s]"),
        ("barge_in: false", "barge_in: maybe"),
        ("{end: [thanks, bye]}", "{end: []}"),
        ("{end: [thanks, bye]}", "goodbye"),
        ("{end: [thanks, bye]}", "{edn: bye}"),
        ("silence,", "silense,"),
        ("key: 1 while ask", "key: 1 during ask"),
        ("ends]", "wait: 5]"),
        ("ends]", "transfer: maybe]"),
    ],
)
def test_what_an_editor_can_see_to_be_wrong_is_wrong(was: str, now: str) -> None:
    broken = GOOD.replace(was, now, 1)
    assert broken != GOOD
    assert complaints(broken) != []
    with pytest.raises(FlowError):
        parse_flow(broken)


def test_it_takes_every_step_of_the_tests_that_the_loader_takes() -> None:
    steps = [
        "key: 2", "keys: 4711", "keys: 12#", "key: '* at once'", "silence", "speaks: 3s", "wait: 500ms", "hang up",
        "transfer: no_answer", "agent hangs up", "hears: main_menu", "never hears: [main_menu]", "reaches: main",
        "never reaches: main", "ends", "ends: finished", "records: complaint", "rings: service",
        "consents: {recording: yes}", "sets: {account: 12, name: Ann}", "language: en", "within: 90s",
    ]  # fmt: skip
    text = NODES + "".join(f"  t{number}: [{step}]\n" for number, step in enumerate(steps))
    text += "  b: [caller: '+4722334455', called: 5060, clock: 2026-12-24 17:30, known language: uk, silence]\n"
    assert len(parse_flow(text).tests) == len(steps) + 1
    assert complaints(text) == []
