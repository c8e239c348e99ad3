"""What a supervisor wrote stays what it was."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st
from ruamel.yaml.error import YAMLError

from ivr.flow.document import Place, _Fast, _TreeReader, _yaml, read_document, read_tree, write_document
from ivr.flow.load import parse_flow
from ivr.flow.problems import FlowError

SHIPPED = sorted((Path(__file__).parents[3] / "flows").glob("*.yaml"))
WRITTEN = """\
# About this flow
flow: support # its name
codes: [0123, no, 17:30, 1_000, 0x1F, 1.50, 'yes', "12", 1e3, off, 2026-01-01]
nodes:
  # the beginning
  a: {say: hi, next: b} # to the end
  b:
    end: bye
    1: one
    '*': star
"""


def test_every_scalar_is_the_text_that_was_written() -> None:
    content = read_tree(WRITTEN, "f.yaml").content
    assert isinstance(content, dict)
    codes = ["0123", "no", "17:30", "1_000", "0x1F", "1.50", "yes", "12", "1e3", "off", "2026-01-01"]
    assert content["codes"] == codes
    assert read_document(WRITTEN)["codes"] == codes
    assert list(content["nodes"]["b"]) == ["end", "1", "*"]


def test_only_nothing_is_nothing() -> None:
    tree = read_tree("a: \nb: ~\nc: null\nd: ''\ne: 'null'", "f.yaml")
    assert tree.content == {"a": None, "b": None, "c": None, "d": "", "e": "null"}


@pytest.mark.parametrize("text", [WRITTEN, *(path.read_text() for path in SHIPPED)])
def test_reading_and_writing_changes_nothing(text: str) -> None:
    assert write_document(read_document(text)) == text


def test_an_edit_keeps_comments_and_everything_else() -> None:
    document = read_document(WRITTEN)
    document["nodes"]["a"]["next"] = "c"
    document["nodes"]["b"]["end"] = "no"
    after = WRITTEN.replace("next: b", "next: c").replace("end: bye", "end: no")
    assert write_document(document) == after


MARKS = ["{", "}", "[", "]", ", ", ": ", "'", '"', "#", "|", "~", "&x ", "*x", "!t "]
PIECES = ["a", "b: ", "- ", "\n", "\n  ", "é", "1", *MARKS]


@given(st.lists(st.sampled_from(PIECES), max_size=14).map("".join))
@settings(max_examples=300)
def test_the_quick_reader_reads_what_the_other_one_reads(text: str) -> None:
    try:
        root = yaml.compose(text, Loader=_Fast)
        quick = _TreeReader("f")
        content = quick.read(root, (), None) if root is not None else None
    except yaml.YAMLError:
        return
    thorough = _TreeReader("f")
    try:
        root = _yaml("safe").compose(text)
    except YAMLError:
        return
    assert content == (thorough.read(root, (), None) if root is not None else None)
    assert {path: place.line for path, place in quick.places.items()} == {
        path: place.line for path, place in thorough.places.items()
    }


def test_a_document_must_be_a_flow_in_yaml() -> None:
    for text in ("- a", "a: 1\na: 2", "a: [", "", "[" * 2000):
        with pytest.raises(FlowError):
            read_document(text)


def test_places_of_nodes_and_fields() -> None:
    places = parse_flow("flow: x\nnodes:\n  a:\n    menu: m\n    keys:\n      1: b\n  b: {end: [p, q]}\n").places
    assert places["flow",] == Place(1, 7, 1, 1)
    assert places["nodes", "a"] == Place(4, 5, 3, 3)
    assert places["nodes", "a", "keys", "1"] == Place(6, 10, 6, 7)
    assert places["nodes", "b", "end", "1"] == Place(7, 16, 7, 16)
