"""The guide to the language says what is so: every example loads, every word of the language is in it."""

from __future__ import annotations

import re
import textwrap
from pathlib import Path

import pytest

from ivr.flow.load import parse_flow
from ivr.flow.nodes import KINDS
from ivr.flow.policy import Policy
from ivr.flow.schema import Header, words
from ivr.flow.testing.run import run_tests

GUIDE = (Path(__file__).parents[3] / "docs" / "flows.md").read_text(encoding="utf-8")
EXAMPLES = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)
ELSEWHERE = ("welcome", "main", "bills", "faults", "person", "goodbye", "agent")


@pytest.fixture(scope="module")
def file(tmp_path_factory: pytest.TempPathFactory) -> str:
    """Where an example would stand, with the flows that others call beside it."""
    folder = tmp_path_factory.mktemp("guide")
    (folder / "parts").mkdir()
    for example in EXAMPLES:
        if "\nreturns:" in example:
            name = example.partition("\n")[0].partition(":")[2].split()[0]
            (folder / "parts" / f"{name}.yaml").write_text(example, encoding="utf-8")
    return str(folder / "flow.yaml")


def whole(example: str) -> str:
    """The example as a flow; nodes alone are set among the nodes that they lead to."""
    if example.startswith("flow:"):
        return example
    others = "".join(f"{name}: {{end: bye}}\n" for name in ELSEWHERE if not re.search(rf"^{name}:", example, re.M))
    return "flow: example\nvariables: {visits: 0, vip: false}\nnodes:\n" + textwrap.indent(example + others, "  ")


@pytest.mark.parametrize("example", EXAMPLES, ids=range(len(EXAMPLES)))
def test_every_example_loads_and_its_tests_hold(example: str, file: str) -> None:
    flow = parse_flow(whole(example), file)
    assert flow.nodes
    assert [verdict.told(flow.file) for verdict in run_tests(flow) if not verdict.passed] == []


def test_examples_show_every_kind_and_the_guide_every_word(file: str) -> None:
    shown = {node.kind for example in EXAMPLES for node in parse_flow(whole(example), file).nodes.values()}
    assert shown == set(KINDS)
    known = {word for schema in (Header, *KINDS.values()) for word in words(schema)}
    assert {word for word in known if not re.search(rf"\b{word}\b", GUIDE)} == set()


def test_the_table_of_defaults_is_true() -> None:
    policy = Policy()
    rows = dict(re.findall(r"^\| `(\w+)` \|.*\| (.*) \|$", GUIDE, re.MULTILINE))
    assert rows["no_input"] == f"`{policy.no_input_s:.0f}s`"
    assert rows["inter_digit"] == f"`{policy.inter_digit_s:.0f}s`"
    assert rows["term"] == f"`{policy.term_s:.0f}s`"
    assert rows["tries"] == f"`{policy.tries}`"
    assert rows["barge_in"] == f"`{str(policy.barge_in).lower()}`"
    assert rows["no_input_says"] == f"`[{', '.join(policy.no_input_says)}]`"
    assert rows["no_match_says"] == f"`[{', '.join(policy.no_match_says)}]`"
