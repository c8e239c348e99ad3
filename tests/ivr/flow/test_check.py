"""What ``ivr check`` finds in flows that load."""

from __future__ import annotations

from pathlib import Path

from ivr.flow.check import check_flow, check_paths
from ivr.flow.load import load_flow
from ivr.flow.model import Flow
from ivr.flow.problems import Problem
from ivr.prompting.catalog import load_catalog
from tests.ivr.flow.phone import flow_of

ROOT = Path(__file__).parents[3]
NODES_SAY = {"one_moment", "message_review", "still_looking", "queue_welcome", "queue_waiting", "choose_language"}


def shipped_prompts() -> dict[str, dict[str, str]]:
    prompts = load_catalog(ROOT / "prompts" / "clearline").prompts
    return {language: {id: each.template.written for id, each in texts.items()} for language, texts in prompts.items()}


def errors(flow: Flow) -> list[Problem]:
    return [problem for problem in check_flow(flow) if problem.severity == "error"]


def test_what_is_shipped_is_right() -> None:
    assert check_paths([ROOT / "flows"], targets=["service", "on_call"], prompts=shipped_prompts()) == []


def test_every_shipped_prompt_is_used() -> None:
    flows = [load_flow(path) for path in sorted((ROOT / "flows").glob("*.yaml"))]
    used = {prompt for flow in flows for node in flow.nodes.values() for prompt in node.says()}
    assert shipped_prompts()["en"].keys() - used <= {"gave_up", "call_limit", *NODES_SAY}


def test_a_node_that_no_call_comes_to() -> None:
    flow = flow_of("a: {say: hi, next: bye}\nlost: {say: x, next: worse}\nworse: {end: x}\nbye: {end: bye}")
    assert [str(problem) for problem in check_flow(flow)] == [
        "flow.yaml:5:3: error: node 'lost': no call ever comes here. Fix: lead to it from another node, or remove it.",
        "flow.yaml:6:3: error: node 'worse': no call ever comes here. Fix: lead to it from another node, or remove it.",
    ]


def test_keys_that_work_anywhere_and_the_give_up_lead_somewhere_too() -> None:
    nodes = "a: {menu: m, keys: {1: bye}}\nbye: {end: bye}\nperson: {end: x}\nlast: {end: y}"
    assert errors(flow_of(nodes, "defaults: {give_up: last}")) == []


def test_nodes_from_which_no_end_can_be_reached() -> None:
    flow = flow_of("a: {say: a, next: b}\nb: {say: b, next: a}")
    assert [str(problem) for problem in check_flow(flow)] == [
        "flow.yaml:4:3: error: node 'a': no way leads from here to an end. "
        "The call would go round until its steps are used up. Fix: lead to an `end` node.",
        "flow.yaml:5:3: error: node 'b': no way leads from here to an end. "
        "The call would go round until its steps are used up. Fix: lead to an `end` node.",
    ]


def test_a_menu_without_give_up_and_a_transfer_without_next_are_ends() -> None:
    assert errors(flow_of("m: {menu: m, keys: {1: m}}")) == []
    assert check_flow(flow_of("t: {transfer: x, failed: t}")) == []


def test_transfer_targets_outside_the_allow_list() -> None:
    flow = flow_of("t: {transfer: servise, failed: t}")
    assert [str(problem) for problem in check_flow(flow, targets=["service"])] == [
        "flow.yaml:4:17: error: node 't': 'servise' is not an allowed transfer target. "
        "Calls go only to targets of the settings' allow-list. Fix: did you mean 'service'?"
    ]
    assert check_flow(flow, targets=[])[0].remedy == "add it to the transfer targets"
    assert check_flow(flow) == []


def test_prompts_without_a_text() -> None:
    flow = flow_of("a: {say: [hello, hi], next: b}\nb: {end: goodbye}", "languages: [en, uk, nb]")
    found = check_flow(flow, prompts={"en": ["hello", "hi", "goodbye", "call_limit"], "uk": ["helo", "goodbye"]})
    assert [str(problem) for problem in found] == [
        "flow.yaml:1:7: error: the prompt 'call_limit' has no text in 'uk'. "
        "It is said when a call has taken all its steps. Fix: add it to the texts of 'uk'.",
        "flow.yaml:2:12: error: there are no prompts in the language 'nb'. "
        "The catalogue has: en, uk. Fix: write its texts, or take it out of `languages`.",
        "flow.yaml:4:12: error: node 'a': the prompt 'hello' has no text in 'uk'. Fix: did you mean 'helo'?",
        "flow.yaml:4:12: error: node 'a': the prompt 'hi' has no text in 'uk'. Fix: add it to the texts of 'uk'.",
    ]


def test_folders_files_and_paths_that_are_not_there(tmp_path: Path) -> None:
    inner = tmp_path / "inner"
    inner.mkdir()
    (tmp_path / "b.yaml").write_text("flow: b\nnodes:\n  a: {end: bye}\n")
    (inner / "a.yml").write_text("flow: a\nnodes:\n  a: {endd: bye}\n")
    (tmp_path / "readme.txt").write_text("no flow")
    assert [problem.file for problem in check_paths([tmp_path])] == [str(inner / "a.yml")]
    assert check_paths([tmp_path / "b.yaml"]) == []
    assert "cannot be read" in check_paths([tmp_path / "c.yaml"])[0].what
    empty = tmp_path / "empty"
    empty.mkdir()
    assert str(check_paths([empty])[0]).endswith("no flow is here. Fix: name a folder with .yaml files.")
