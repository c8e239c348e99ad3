"""Every mistake is named with its place and its remedy."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from ivr.flow.load import load_flow, parse_flow
from ivr.flow.problems import FlowError, did_you_mean

NODES = "flow: x\nnodes:\n"
NAME = "write one word of letters, digits and _ that does not begin with a digit."
SILENT = "A node without a way out leaves the caller in silence."

MISTAKES = {
    "empty file": ("", ["f.yaml:1:1: error: the file is no flow. Fix: begin with `flow: <name>` and `nodes:`."]),
    "a list": ("- a", ["f.yaml:1:1: error: the file is no flow. Fix: begin with `flow: <name>` and `nodes:`."]),
    "no nodes": ("flow: x", ["f.yaml:1:1: error: the flow needs 'nodes'. Fix: add `nodes:`."]),
    "nodes empty": ("flow: x\nnodes: {}", ["f.yaml:2:1: error: the flow has no nodes. Fix: write at least one node."]),
    "misspelt header": (
        "flow: x\nstrat: a\nnodes:\n  a: {end: bye}",
        ["f.yaml:2:1: error: the flow has no 'strat'. Fix: did you mean 'start'?"],
    ),
    "unknown start": (
        "flow: x\nstart: mian\nnodes:\n  main: {end: bye}",
        ["f.yaml:2:8: error: 'start' leads to 'mian', and there is no such node. Fix: did you mean 'main'?"],
    ),
    "unknown node": (
        NODES + "  a: {say: hi, next: mian}\n  main: {end: bye}",
        ["f.yaml:3:22: error: node 'a': 'next' leads to 'mian', and there is no such node. Fix: did you mean 'main'?"],
    ),
    "unknown node, nothing near": (
        NODES + "  a:\n    menu: m\n    keys:\n      1: a\n      2: zzz",
        ["f.yaml:7:10: error: node 'a': key 2 leads to 'zzz', and there is no such node. Fix: choose one of: a."],
    ),
    "unknown node in the policy": (
        "flow: x\ndefaults: {give_up: me, anywhere: {0: peron}}\nnodes:\n  person: {end: bye}",
        [
            "f.yaml:2:21: error: 'give_up' leads to 'me', and there is no such node. Fix: choose one of: person.",
            "f.yaml:2:39: error: key 0 leads to 'peron', and there is no such node. Fix: did you mean 'person'?",
        ],
    ),
    "unknown key": (
        NODES + "  a: {say: hi, nxt: b}\n  b: {end: bye}",
        [
            f"f.yaml:3:3: error: node 'a': a say node needs 'next'. {SILENT} Fix: add `next: <node>`.",
            "f.yaml:3:16: error: node 'a': a say node has no 'nxt'. Fix: did you mean 'next'?",
        ],
    ),
    "a policy where it means nothing": (
        NODES + "  a: {end: bye, tries: 3}",
        ["f.yaml:3:17: error: node 'a': an end node has no 'tries'. Fix: choose one of: group, values, end."],
    ),
    "no exit": (
        NODES + "  a: {say: hi}",
        [f"f.yaml:3:3: error: node 'a': a say node needs 'next'. {SILENT} Fix: add `next: <node>`."],
    ),
    "exit left empty": (
        NODES + "  a: {say: hi, next: }",
        [f"f.yaml:3:21: error: node 'a': 'next': expected a name, found nothing. Fix: {NAME}"],
    ),
    "misspelt kind": (
        NODES + "  a: {sai: hi, next: a}",
        ["f.yaml:3:7: error: node 'a': 'sai' is no kind of node. Fix: did you mean 'say'?"],
    ),
    "no kind": (
        NODES + "  a: {next: a}",
        [
            "f.yaml:3:3: error: node 'a': nothing says what the node does. "
            "Fix: add one of: say, menu, ask, consent, record, transfer, queue, callback, lookup, hours, survey, end, "
            "set, branch, split, goto, call, return, language."
        ],
    ),
    "two kinds": (
        NODES + "  a: {say: hi, menu: m, next: a}",
        [
            "f.yaml:3:16: error: node 'a': a node does one thing, this one wants say and menu. "
            "Fix: make two nodes of it.",
        ],
    ),
    "no mapping": (
        NODES + "  a: 3",
        [
            "f.yaml:3:6: error: node 'a': expected a node, found '3'. "
            "Fix: write what the node does, as in {say: welcome, next: main}."
        ],
    ),
    "reserved and bad names": (
        NODES + "  repeat: {end: bye}\n  1: {end: bye}",
        [
            "f.yaml:3:3: error: node 'repeat': 'repeat' is a word of the language and names no node. "
            "Fix: choose another name for the node.",
            f"f.yaml:4:3: error: node '1': expected a name, found '1'. Fix: {NAME}",
        ],
    ),
    "a text where an id belongs": (
        NODES + "  a: {end: hello world}",
        [
            "f.yaml:3:12: error: node 'a': 'end': expected a prompt id, found 'hello world'. "
            "Fix: write the id of a prompt, one word; its text stands in the brand's prompts."
        ],
    ),
    "key twice and no key": (
        NODES + "  a: {menu: m, keys: {1: a, 1: a, 12x: a}}",
        [
            "f.yaml:3:29: error: node 'a': '1' is written twice (first in line 3). Fix: keep one of the two.",
            "f.yaml:3:35: error: node 'a': 'keys': '12x' is no key of a telephone. "
            "Fix: write one of 0 to 9, '*' or '#', or up to four of them in a row.",
        ],
    ),
    "node twice": (
        NODES + "  a: {end: bye}\n  a: {end: bye}",
        ["f.yaml:4:3: error: node 'a': 'a' is written twice (first in line 3). Fix: keep one of the two."],
    ),
    "keys as a list": (
        NODES + "  a: {menu: m, keys: [a]}",
        [
            "f.yaml:3:22: error: node 'a': 'keys': expected keys and where they lead, found a list. "
            "Fix: write pairs, as in {1: bills, 2: faults}."
        ],
    ),
    "no keys": (
        NODES + "  a: {menu: m, keys: {}}",
        [
            "f.yaml:3:22: error: node 'a': 'keys': the menu has no keys. "
            "Fix: write where the keys lead, as in {1: bills, 2: faults}."
        ],
    ),
    "wrong types": (
        NODES + "  a:\n    menu: m\n    keys: {1: a}\n    no_input: 6\n    tries: many\n    barge_in: yes",
        [
            "f.yaml:6:15: error: node 'a': 'no_input': expected a duration, found '6'. "
            "Fix: write a number with its unit: 6s, 500ms or 2m.",
            "f.yaml:7:12: error: node 'a': 'tries': expected a whole number, found 'many'. "
            "Fix: write a number from 1 to 9.",
            "f.yaml:8:15: error: node 'a': 'barge_in': expected true or false, found 'yes'. Fix: write true or false.",
        ],
    ),
    "out of range": (
        NODES + "  a: {menu: m, keys: {1: a}, no_input: 0s, tries: 10}",
        [
            "f.yaml:3:40: error: node 'a': 'no_input': the duration '0s' is out of range. "
            "Fix: write more than 0s and at most 60m.",
            "f.yaml:3:51: error: node 'a': 'tries': expected a whole number, found '10'. "
            "Fix: write a number from 1 to 9.",
        ],
    ),
    "a transfer that may end in silence": (
        NODES + "  a: {transfer: x, busy: a}",
        [
            "f.yaml:3:6: error: node 'a': nothing says where the call goes when the transfer fails "
            "(no_answer, declined, unreachable). A caller must not be left in silence. Fix: add `failed: <node>`."
        ],
    ),
    "a failure exit never used": (
        NODES + "  a: {transfer: x, busy: a, no_answer: a, declined: a, unreachable: a, failed: a}",
        ["f.yaml:3:6: error: node 'a': `failed` is never used: each failure has its own exit. Fix: remove `failed`."],
    ),
    "kind of recording": (
        NODES + "  a: {record: massage, next: a}",
        ["f.yaml:3:15: error: node 'a': 'record': 'massage' is no kind of recording. Fix: did you mean 'message'?"],
    ),
    "consent without a no": (
        NODES + "  a: {consent: recording, yes: a, no: a, keys: {1: yes}}",
        [
            "f.yaml:3:48: error: node 'a': 'keys': the keys do not offer both answers. "
            "Fix: give a key to yes and one to no, as in {1: yes, 2: no}."
        ],
    ),
    "language": (
        "flow: x\nlanguages: [English]\nnodes:\n  a: {end: bye}",
        [
            "f.yaml:2:12: error: 'languages': expected a language, found 'English'. "
            "Fix: write language tags, as in [en, uk].",
        ],
    ),
    "defaults": (
        "flow: x\ndefaults: 3\nnodes:\n  a: {end: bye}",
        ["f.yaml:2:11: error: 'defaults': expected `key: value` pairs, found '3'. Fix: write pairs, as in {tries: 3}."],
    ),
    "bare star": (
        NODES + "  a: {menu: m, keys: {*: a}}",
        ["f.yaml:3:23: error: a bare * begins an alias in YAML. Fix: write the key in quotes: '*'."],
    ),
    "alias": (
        NODES + "  a: {end: &bye bye}\n  b: {end: *bye}",
        ["f.yaml:4:7: error: node 'b': an alias (*) is not part of the flow language. Fix: write the value out."],
    ),
    "tag": (
        NODES + "  a: {end: !python bye}",
        ["f.yaml:3:12: error: node 'a': the tag !python is not part of the flow language. Fix: remove the tag."],
    ),
    "tab": (
        NODES + "\ta: {end: bye}",
        ["f.yaml:3:1: error: a tab stands where YAML wants spaces. Fix: indent with spaces."],
    ),
    "two documents": (
        "flow: x\n---\nflow: y",
        [
            "f.yaml:2:1: error: the file holds more than one document. "
            "Fix: write one flow per file, without `---` between."
        ],
    ),
    "control character": (
        "flow: \x07",
        [
            "f.yaml:1:1: error: the file holds a character that YAML does not allow (code 0007). "
            "Fix: save it as plain UTF-8 text."
        ],
    ),
    "endless brackets": (
        "[" * 2000,
        ["f.yaml:1:1: error: the file is nested too deeply. Fix: close the brackets."],
    ),
}


@pytest.mark.parametrize(("text", "messages"), MISTAKES.values(), ids=MISTAKES.keys())
def test_a_mistake_is_named_with_its_place_and_remedy(text: str, messages: list[str]) -> None:
    with pytest.raises(FlowError) as caught:
        parse_flow(text, "f.yaml")
    assert [str(problem) for problem in caught.value.problems] == messages
    assert str(caught.value) == "\n".join(messages)


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    latin = tmp_path / "latin.yaml"
    latin.write_bytes(b"flow: caf\xe9")
    with pytest.raises(
        FlowError, match=r"latin\.yaml:1:1: error: byte 9 is not UTF-8 text\. Fix: save the file as UTF-8\."
    ):
        load_flow(latin)
    with pytest.raises(FlowError, match=r"none\.yaml:1:1: error: cannot be read \(No such file or directory\)"):
        load_flow(tmp_path / "none.yaml")


def test_a_byte_order_mark_is_no_mistake(tmp_path: Path) -> None:
    file = tmp_path / "bom.yaml"
    file.write_bytes(b"\xef\xbb\xbfflow: x\r\nnodes:\r\n  a: {end: bye}\r\n")
    assert load_flow(file).start == "a"


def test_suggestions() -> None:
    assert did_you_mean("mian", ["main", "bills"]) == "did you mean 'main'?"
    assert did_you_mean("zzz", ["main", "bills"]) == "choose one of: main, bills"
    assert did_you_mean("zzz", [str(number) for number in range(20)]).endswith(", 11, ...")
    assert did_you_mean("zzz", []) == ""


LETTERS = ["flow", "nodes", "say", "menu", "keys", "next", "a", "b", "1", "6s", "true", "~", "defaults", "tries"]
MARKS = ["'", '"', "\t", "{", "}", "[", "]", ":", ": ", ", ", "\n", "\n  ", "- ", "&x ", "*x", "!t ", "# c", "|", ">"]
WORDS = st.sampled_from([*LETTERS, *MARKS, "%YAML 1.1", "---", "?"])


@given(st.lists(WORDS, max_size=25).map("".join) | st.text(max_size=30))
@settings(max_examples=150)
def test_no_text_at_all_is_more_than_a_flow_error(text: str) -> None:
    for written in (text, NODES + "  a: " + text, NODES + "  a: {menu: m, keys: {1: " + text):
        try:
            parse_flow(written)
        except FlowError as error:
            assert error.problems
            assert all(problem.line >= 1 and problem.column >= 1 for problem in error.problems)
