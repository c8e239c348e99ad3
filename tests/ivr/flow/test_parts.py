"""Flows that call flows in other files: joined into one, each with its own variables, languages, policy and words."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ivr.events import CallStarted
from ivr.flow.check import check_paths
from ivr.flow.drawing.graph import graph
from ivr.flow.load import load_flow
from ivr.flow.model import Flow
from ivr.flow.problems import FlowError
from ivr.flow.testing.coverage import coverage
from ivr.flow.testing.run import run_tests
from ivr.flow.versions import NotPublishable, VersionError, VersionStore
from tests.ivr.flow.phone import Phone

MAIN = """
flow: shop
languages: [en, uk, nb]
variables: {account: "''", kind: 0}
nodes:
  choose: {language: {1: en, 2: uk, 3: nb}, next: main}
  main: {menu: main_menu, keys: {1: who}}
  who:
    call: parts/identify.yaml
    give: {most: 2}
    take: {account: number}
    returns: {unknown: sorry}
    next: known
  known: {say: welcome, values: [account], next: bye}
  sorry: {say: sorry, next: bye}
  bye: {end: bye}
"""
IDENTIFY = """
flow: identify
languages: [en, uk]
returns: [known, unknown]
variables: {most: 3, tried: 0}
defaults: {tries: 1, no_match_says: [no_such_account], give_up: unknown}
nodes:
  main: {ask: your_account, digits: 4, into: number, next: count}
  count: {set: {tried: tried + 1}, next: sort}
  sort: {branch: {number == "4711": known, tried >= most: unknown}, else: main}
  known: {return: known}
  unknown: {return: unknown}
tests:
  a known number: [keys: 4711, reaches: known]
  after so many: [given: {most: 1}, keys: 1111, reaches: unknown]
  silence: [silence, reaches: unknown]
"""


def shop(folder: Path, main: str = MAIN, **parts: str) -> Path:
    (folder / "parts").mkdir(exist_ok=True)
    for name, text in {"identify": IDENTIFY, **parts}.items():
        (folder / "parts" / f"{name}.yaml").write_text(text, encoding="utf-8")
    file = folder / "shop.yaml"
    file.write_text(main, encoding="utf-8")
    return file


def told(folder: Path, main: str, **parts: str) -> list[str]:
    """What is wrong, each with its place and without the folder."""
    shop(folder, main, **parts)
    return [str(problem).replace(f"{folder}/", "") for problem in check_paths([folder / "shop.yaml"])]


def rung(flow: Flow, keys: str) -> Phone:
    call = Phone(flow)
    call.tell(CallStarted(0.0, "1001", "5060"))
    return call.press(keys)


def test_a_call_goes_through_another_file_and_comes_back_with_what_it_found(tmp_path: Path) -> None:
    call = rung(load_flow(shop(tmp_path)), "114711")
    identified = ["identify.main", "identify.count", "identify.sort", "identify.known"]
    assert call.path == ["choose", "main", "who", *identified, "who", "known"]
    assert call.exits[-2:] == [("identify.known", "known"), ("who", "next")]
    assert dict(call.state.values) == {"caller": "1001", "called": "5060", "kind": 0, "account": "4711"}


def test_what_is_given_holds_there_and_the_word_chooses_the_exit(tmp_path: Path) -> None:
    call = rung(load_flow(shop(tmp_path)), "111111")
    assert call.path[-1] == "identify.main"
    assert dict(call.state.values)["identify/most"] == 2
    call.press("2222")
    assert call.path[-2:] == ["who", "sorry"]
    assert call.exits[-1] == ("who", "unknown")


def test_every_call_of_it_begins_anew(tmp_path: Path) -> None:
    main = MAIN.replace("returns: {unknown: sorry}", "returns: {unknown: main}").replace("  sorry:", "  # sorry:")
    call = rung(load_flow(shop(tmp_path, main)), "11" + "1111" * 2)
    assert call.path[-1] == "main"
    call.press("1" + "1111")
    assert call.path[-1] == "identify.main"
    assert dict(call.state.values)["identify/tried"] == 1


def test_its_policy_and_its_words_are_its_own(tmp_path: Path) -> None:
    flow = load_flow(shop(tmp_path))
    assert (flow.nodes["identify.main"].policy.tries, flow.nodes["main"].policy.tries) == (1, 3)
    call = rung(flow, "11")
    assert call.silence().path[-2:] == ["who", "sorry"]


def test_a_language_that_it_does_not_speak_is_the_first_of_its_own_there_and_the_callers_again_after(
    tmp_path: Path,
) -> None:
    flow = load_flow(shop(tmp_path))
    in_uk, in_nb = rung(flow, "21"), rung(flow, "31")
    assert (in_uk.state.language, in_nb.state.language) == ("uk", "en")
    assert (in_uk.press("4711").state.language, in_nb.press("4711").state.language) == ("uk", "nb")
    assert set(flow.spoken) == {"en", "uk", "nb"}


def test_a_language_that_the_caller_chooses_there_stays(tmp_path: Path) -> None:
    part = IDENTIFY.replace("  main: {ask", "  first: {language: {1: en, 2: uk}, next: main}\n  main: {ask")
    call = rung(load_flow(shop(tmp_path, identify=part)), "11" + "2" + "4711")
    assert (call.path[-1], call.state.language) == ("known", "uk")


def test_9_leads_back_out_of_it_to_the_menu_before(tmp_path: Path) -> None:
    part = IDENTIFY.replace("  main: {ask", "  first: {menu: first, keys: {1: main}}\n  main: {ask")
    call = rung(load_flow(shop(tmp_path, identify=part)), "31")
    assert (call.path[-1], call.state.language) == ("identify.first", "en")
    call.press("9")
    assert (call.path[-1], call.state.language, call.state.calls) == ("main", "nb", ())
    assert not any("/" in name for name, _ in call.state.values)
    assert call.press("1").press("1").press("4711").path[-1] == "known"


def test_flows_in_files_call_each_other_in_turn(tmp_path: Path) -> None:
    part = IDENTIFY.replace('{number == "4711": known', '{number == "4711": ask_pin')
    part += "\n"
    part = part.replace(
        "  known: {return", "  ask_pin: {call: pin.yaml, returns: {right: known}, next: unknown}\n  known: {return"
    )
    pin = (
        "flow: pin\nreturns: [right, wrong]\nnodes:\n  main: {ask: your_pin, digits: 2, sensitive: true, next: sort}\n"
        "  sort: {branch: {main == '12': right}, else: wrong}\n  right: {return: right}\n  wrong: {return: wrong}\n"
    )
    flow = load_flow(shop(tmp_path, identify=part, pin=pin))
    assert [Path(source.file).name for source in flow.sources] == ["shop.yaml", "identify.yaml", "pin.yaml"]
    call = rung(flow, "11" + "4711" + "12")
    assert call.path[-3:] == ["identify.known", "who", "known"]
    assert rung(flow, "11" + "4711" + "13").path[-1] == "sorry"


def test_the_tests_of_both_files_hold_and_count_their_own_nodes(tmp_path: Path) -> None:
    steps = "[key: 1, key: 1, keys: 4711, reaches: identify.known, reaches: known, hears: [welcome, bye], ends]"
    main = f"{MAIN}tests:\n  known: {steps}\n"
    flow = load_flow(shop(tmp_path, main))
    verdicts = run_tests(flow)
    assert [verdict.why for verdict in verdicts] == [""]
    assert coverage(flow, verdicts).nodes.missing == ("sorry",)
    part = flow.parts["identify"]
    assert [verdict.passed for verdict in run_tests(part)] == [True] * 3
    assert coverage(part, run_tests(part)).exits.missing == ("main.no_match", "sort.else")


def test_a_test_gives_only_variables_that_there_are_and_of_their_kind(tmp_path: Path) -> None:
    wrong = IDENTIFY.replace("{most: 1}", "{mist: 1}").replace("silence: [", "kind: [given: {most: many},")
    (tmp_path / "identify.yaml").write_text(wrong, encoding="utf-8")
    with pytest.raises(FlowError) as caught:
        load_flow(tmp_path / "identify.yaml")
    assert [problem.what for problem in caught.value.problems] == [
        "test 'after so many': 'given': no variable 'mist' has a first value",
        "test 'kind': 'given': 'many' does not go with the first value of 'most', 3",
    ]


MISTAKES = {
    "no such file": (
        MAIN.replace("identify.yaml", "identfy.yaml"),
        "shop.yaml:9:11: error: node 'who': 'call': there is no file parts/identfy.yaml. "
        "Fix: did you mean 'identify.yaml'?",
    ),
    "a path out of the file system's top": (
        MAIN.replace("parts/identify.yaml", "/etc/flow.yaml"),
        "shop.yaml:9:11: error: node 'who': 'call': '/etc/flow.yaml' is neither a node nor a flow's file. "
        "Fix: write the path from this file's folder, with slashes and its ending, as in parts/identify.yaml.",
    ),
    "an unknown word": (
        MAIN.replace("unknown: sorry", "unknwon: sorry"),
        "shop.yaml:12:24: error: node 'who': parts/identify.yaml returns no 'unknwon'. Fix: did you mean 'unknown'?",
    ),
    "an unknown variable given": (
        MAIN.replace("most: 2", "least: 2"),
        "shop.yaml:10:19: error: node 'who': parts/identify.yaml has no variable 'least'. "
        "Fix: choose one of: caller, called, language, most, tried, number.",
    ),
    "a value of another kind": (
        MAIN.replace("most: 2", "most: 2.5"),
        "shop.yaml:10:18: error: node 'who': expected a whole number, and the expression comes to a decimal number. "
        "Fix: write a whole number.",
    ),
    "an unknown variable taken": (
        MAIN.replace("account: number", "account: numbr"),
        "shop.yaml:11:21: error: node 'who': parts/identify.yaml has no variable 'numbr'. Fix: did you mean 'number'?",
    ),
    "a word that leads nowhere": (
        MAIN.replace("    next: known\n", ""),
        "shop.yaml:8:3: error: node 'who': nothing says where 'known' leads. A node without a way out leaves the "
        "caller in silence. Fix: add `next: <node>`, or `returns: {known: <node>}`.",
    ),
    "an exit that is never taken": (
        MAIN.replace("{unknown: sorry}", "{unknown: sorry, known: known}"),
        "shop.yaml:13:11: error: node 'who': 'next' is never taken: every word that comes back leads elsewhere. "
        "Fix: leave it out.",
    ),
    "variables of the same file": (
        MAIN.replace("parts/identify.yaml", "main").replace("    take: {account: number}\n", ""),
        "shop.yaml:9:5: error: node 'who': 'give' is for another flow's file. "
        "Fix: leave it out: nodes of one file share their variables.",
    ),
}


@pytest.mark.parametrize(("main", "message"), MISTAKES.values(), ids=MISTAKES.keys())
def test_mistakes_have_their_place_and_remedy(tmp_path: Path, main: str, message: str) -> None:
    assert message in told(tmp_path, main)


def test_what_is_wrong_in_the_other_file_is_told_there_and_once(tmp_path: Path) -> None:
    twice = MAIN.replace("  known: {say", "  again: {call: parts/identify.yaml, next: known}\n  known: {say")
    twice = twice.replace("next: known\n  again", "next: again\n  again")
    broken = IDENTIFY.replace("into: number, next: count", "into: number, next: cuont")
    assert told(tmp_path, twice, identify=broken)[0] == (
        "parts/identify.yaml:8:60: error: node 'main': 'next' leads to 'cuont', and there is no such node. "
        "Fix: did you mean 'count'?"
    )
    assert sum("cuont" in line for line in told(tmp_path, twice, identify=broken)) == 1


def test_a_circle_of_files_is_found(tmp_path: Path) -> None:
    part = IDENTIFY.replace("known: {return: known}", "known: {call: ../shop.yaml, next: unknown}", 1)
    assert told(tmp_path, MAIN, identify=part)[0] == (
        "parts/identify.yaml:11:17: error: node 'known': 'call': the flows call each other in a circle "
        "(shop.yaml > identify.yaml > shop.yaml). A call would never come out of it. Fix: leave one of the calls out."
    )


def test_a_flow_that_callers_ring_cannot_be_called(tmp_path: Path) -> None:
    plain = "flow: identify\nnodes:\n  a: {end: bye}\n"
    assert told(tmp_path, MAIN, identify=plain)[0].endswith(
        "parts/identify.yaml is a flow that callers ring, not one to be called. Fix: write with which words it comes "
        "back, as in `returns: [done]`, at the top of that file."
    )


def test_two_flows_of_one_name_are_refused(tmp_path: Path) -> None:
    assert told(tmp_path, MAIN, identify=IDENTIFY.replace("flow: identify", "flow: shop"))[0] == (
        "parts/identify.yaml:2:7: error: another file's flow is called 'shop', too. One call uses both files. "
        "Fix: choose another name for one of them."
    )


def test_a_sensitive_answer_is_not_given_and_stays_sensitive_when_it_is_taken(tmp_path: Path) -> None:
    part = IDENTIFY.replace("digits: 4, into", "digits: 4, sensitive: true, into")
    found = told(tmp_path, MAIN, identify=part)
    assert (
        "shop.yaml:14:33: error: node 'known': 'account' is sensitive and must not be said. Spoken words are "
        in found[0]
    )
    secret = MAIN.replace("  main: {menu", "  pin: {ask: pin, digits: 4, sensitive: true, next: main}\n  main: {menu")
    secret = secret.replace("next: main}\n  pin", "next: pin}\n  pin").replace(
        "give: {most: 2}", "give: {most: int(pin)}"
    )
    assert "'pin' is sensitive and must not be given to another flow" in told(tmp_path, secret)[0]


def test_words_that_are_promised_and_not_returned_and_the_other_way_round(tmp_path: Path) -> None:
    found = told(tmp_path, MAIN, identify=IDENTIFY.replace("[known, unknown]", "[known, unknown, later]"))
    assert any("parts/identify.yaml:4:10: error: nothing returns 'later'" in line for line in found)
    (tmp_path / "own.yaml").write_text(IDENTIFY.replace("[known, unknown]", "[known]"), encoding="utf-8")
    own = [str(problem) for problem in check_paths([tmp_path / "own.yaml"])]
    assert "the flow's `returns` does not name 'unknown'" in own[0]


def test_a_language_that_is_missing_there_is_warned_of(tmp_path: Path) -> None:
    assert [line for line in told(tmp_path, MAIN) if "does not speak" in line] == [
        "shop.yaml:9:11: warning: node 'who': parts/identify.yaml does not speak 'nb'. "
        "Callers would hear 'en' there. Fix: add the language to that flow."
    ]


def test_prompts_of_both_files_are_looked_for_in_the_languages_of_each(tmp_path: Path) -> None:
    shop(tmp_path)
    texts = dict.fromkeys(["choose_language", "main_menu", "welcome", "sorry", "bye", "call_limit", "gave_up"], "x")
    texts |= {f"no_{what}_{time}": "x" for what in ("input", "match") for time in (1, 2, 3)}
    prompts = {"en": {**texts, "your_account": "x", "no_such_account": "x"}, "uk": texts, "nb": texts}
    problems = check_paths([tmp_path / "shop.yaml"], prompts=prompts)
    missing = [problem.what for problem in problems if problem.severity == "error"]
    assert missing == [f"the prompt '{prompt}' has no text in 'uk'" for prompt in ("no_such_account", "your_account")]


def test_a_part_is_one_box_in_the_picture(tmp_path: Path) -> None:
    drawn = graph(load_flow(shop(tmp_path)))
    assert [(box.name, box.detail) for box in drawn.boxes if box.kind == "call"] == [("who", "identify")]
    assert {arrow.target for arrow in drawn.arrows if arrow.source == "who"} == {"known", "sorry"}


def published(store: VersionStore, file: Path) -> str:
    return store.publish(file, author="ann", note="n", at="2026-11-22T04:00:00+00:00").hash


def test_a_version_holds_all_its_files_as_they_were(tmp_path: Path) -> None:
    file, store = shop(tmp_path), VersionStore(tmp_path / "published")
    first = published(store, file)
    shop(tmp_path, identify=IDENTIFY.replace("4711", "4712"))
    assert published(store, file) != first
    one, two = store.history("shop").versions
    assert one.files == ("shop.yaml", "parts/identify.yaml")
    assert rung(store.load("shop", one), "114711").path[-1] == "known"
    assert rung(store.load("shop", two), "114711").path[-1] == "identify.main"
    kept = store.folder / "shop" / one.kept[1]
    kept.write_text(IDENTIFY.replace("most: 3", "most: 4"), encoding="utf-8")
    with pytest.raises(VersionError, match=r"1-[0-9a-f]{12} was changed after it was published"):
        store.load("shop", one)


def test_a_version_is_not_made_when_the_other_files_tests_fail(tmp_path: Path) -> None:
    broken = IDENTIFY.replace("keys: 4711, reaches: known", "keys: 4712, reaches: known")
    file, store = shop(tmp_path, identify=broken), VersionStore(tmp_path / "published")
    with pytest.raises(NotPublishable, match=r"identify\.yaml:14:32: test 'a known number'"):
        published(store, file)


def test_a_flow_that_only_others_call_is_not_published(tmp_path: Path) -> None:
    shop(tmp_path)
    with pytest.raises(NotPublishable, match="other flows call it"):
        published(VersionStore(tmp_path / "published"), tmp_path / "parts" / "identify.yaml")


def test_versions_of_before_there_were_parts_are_read(tmp_path: Path) -> None:
    store = VersionStore(tmp_path / "published")
    (tmp_path / "one.yaml").write_text("flow: one\nnodes:\n  a: {end: bye}\n", encoding="utf-8")
    published(store, tmp_path / "one.yaml")
    index = json.loads(store.index("one").read_text(encoding="utf-8"))
    del index["versions"][0]["files"]
    store.index("one").write_text(json.dumps(index), encoding="utf-8")
    assert store.load("one", store.history("one").versions[0]).nodes.keys() == {"a"}
