"""Tests in flow files: what they can say, when they hold, and what they tell when they do not."""

from __future__ import annotations

from pathlib import Path
from xml.etree import ElementTree

import pytest

from ivr.flow.load import load_flow, parse_flow
from ivr.flow.problems import FlowError
from ivr.flow.testing.coverage import coverage
from ivr.flow.testing.report import as_json, as_junit, as_lines, report
from ivr.flow.testing.run import run_tests
from ivr.flow.testing.script import EXPECTATIONS, WORDS
from ivr.flow.testing.verdict import Verdict

NODES = """flow: test
defaults: {give_up: person}
nodes:
  welcome: {say: welcome, next: main}
  main: {menu: main_menu, keys: {1: message, 2: safety}}
  safety: {say: [stay_away, call_us], next: may_ask, barge_in: false}
  may_ask: {consent: survey, yes: goodbye, no: goodbye}
  message: {record: message, max: 30s, next: thanks}
  thanks: {say: thanks, next: goodbye}
  person: {transfer: service, meanwhile: connecting, failed: message, next: goodbye}
  goodbye: {end: goodbye}
tests:
"""


def verdict(steps: str) -> Verdict:
    return run_tests(parse_flow(f"{NODES}  t: [{steps}]"))[0]


@pytest.mark.parametrize(
    "steps",
    [
        "silence, silence, silence, reaches: person",
        "silence, silence, silence, hears: [no_input_1, no_input_2, no_input_3, connecting]",
        "key: 1 while welcome, reaches: message",
        "key: 2 while welcome, hears: [stay_away, call_us, consent_survey]",
        "key: 2, key: 9 while call_us, hears: consent_survey, keys: 777, hears: no_match_3, consents: {survey: no}",
        "key: 2, key: 1, consents: {survey: yes}, ends: finished",
        "key: 1, records: message, speaks: 5s, hears: [thanks, goodbye], ends",
        "key: 1, speaks: 10m, within: 60s, ends: finished",
        "key: 1, silence, hears: thanks",
        "key: 1, wait: 5s, key: '#', hears: thanks, within: 15s",
        "key: 1, wait: 5s, hang up, ends: hung_up, records: message",
        "key: 0 at once, rings: service, transfer: answered, agent hangs up, hears: goodbye",
        "key: 0, transfer: busy, reaches: message",
        "key: 0, wait: 31s, reaches: message, hears: leave_message",
        "key: 0, wait: 20s, hears: [connecting, waiting]",
        "caller: '+4722334455', key: '*', hears: [main_menu], language: en, never reaches: person, never hears: thanks",
    ],
)
def test_these_hold(steps: str) -> None:
    found = verdict(steps)
    assert found.passed, found.told("flow.yaml")


@pytest.mark.parametrize(
    ("steps", "why"),
    [
        ("silence, reaches: person", "expected to reach 'person', but the line waits for the caller at 'main'"),
        ("key: 9, hears: stay_away", "expected to hear 'stay_away', heard 'no_match_1', 'main_menu', and the line"),
        (
            "key: 2 while thanks",
            "the caller was to act while 'thanks' is said, but the line waits for the caller at 'main'",
        ),
        ("key: 0, reaches: message", "expected to reach 'message', but 'service' is ringing at 'person'"),
        ("key: 0, transfer: answered, ends", "'service' is talking with the caller at 'person'"),
        ("key: 1, ends", "expected the end of the call, but the line records a message at 'message'"),
        ("key: 1, silence, ends: no_input", "expected the end 'no_input', but the call ended (finished) at 'goodbye'"),
        ("key: 1, silence, silence", "the call was already over: the call ended (finished) at 'goodbye'"),
        ("transfer: busy", "nobody is being rung: the line waits for the caller at 'main'"),
        ("agent hangs up", "no agent is on the line"),
        ("speaks: 3s", "nothing is being recorded"),
        ("silence, never hears: no_input_1", "'no_input_1' was heard after"),
        ("key: 1, never reaches: [person, message]", "the call came to 'message'"),
        ("key: 1, records: complaint", "expected a recording of a complaint, recorded 'message'"),
        ("key: 0, rings: boss", "expected 'boss' to be rung, rung was 'service'"),
        ("consents: {survey: yes}", "expected yes to survey, noted was no answer"),
        ("key: 2, key: 2, consents: {survey: yes}", "expected yes to survey, noted was no"),
        ("language: uk", "expected the language uk, but the call is in en"),
        ("silence, within: 5s", "expected at most 5 s since the answer, but it is 10.0 s"),
        ("sets: {account: 12}", "nothing is stored under that name"),
    ],
)
def test_these_do_not_and_say_what_was_there_instead(steps: str, why: str) -> None:
    found = verdict(steps)
    assert not found.passed
    assert why in found.why


def test_what_came_before_an_act_does_not_count_after_it() -> None:
    assert verdict("hears: main_menu, key: 9, hears: main_menu").passed
    assert not verdict("key: 1, hears: main_menu").passed


def test_a_failure_tells_place_path_and_what_was_heard() -> None:
    told = verdict("silence, reaches: thanks").told("flow.yaml")
    assert told.startswith("flow.yaml:13:16: test 't': expected to reach 'thanks'")
    assert told.endswith("The call went welcome > main; heard: welcome, main_menu, no_input_1, main_menu.")


@pytest.mark.parametrize(
    ("test", "place", "said"),
    [
        ("t: [reaches: mian]", "13:16", "there is no node 'mian'. Fix: did you mean 'main'?"),
        ("t: [silense]", "13:7", "'silense' is no step. Fix: did you mean 'silence'?"),
        ("t: [key: 12a]", "13:12", "'key': expected keys of a telephone, found '12a'"),
        ("t: [key: 1, caller: '5']", "13:15", "'caller' comes too late. Fix: write it as the first step"),
        ("t: [transfer: bussy]", "13:17", "'bussy' is no outcome of a transfer. Fix: did you mean 'busy'?"),
        ("t: [wait: 5]", "13:13", "expected a duration, found '5'"),
        ("t: [silence: 3]", "13:16", "nothing may follow this word"),
        ("t: [clock: noon]", "13:14", "expected a date and a time, found 'noon'"),
        ("t: []", "13:6", "test 't': expected steps, found nothing"),
        ("t: silence", "13:6", "test 't': expected steps, found 'silence'"),
        ("t: [[silence]]", "13:7", "expected a step, found a list"),
        ("t: [consents: {recording: maybe}]", "13:17", "expected yes or no, found 'maybe'"),
    ],
)
def test_mistakes_have_a_place_and_a_remedy(test: str, place: str, said: str) -> None:
    with pytest.raises(FlowError) as caught:
        parse_flow(f"{NODES}  {test}")
    assert len(caught.value.problems) == 1
    assert str(caught.value).startswith(f"flow.yaml:{place}: error: test 't'")
    assert said in str(caught.value)


def test_tests_are_pairs() -> None:
    with pytest.raises(FlowError, match="expected tests, found a list"):
        parse_flow(f"{NODES}  - silence")


def test_what_is_written_stays_text() -> None:
    assert verdict("key: 1, silence, never hears: thanks").step is not None
    flow = parse_flow(NODES + "  no: [caller: 0123, keys: 0099]")
    assert flow.tests[0].steps[0].value == "0123"
    assert flow.tests[0].name == "no"


def test_coverage_names_what_no_test_comes_to() -> None:
    flow = parse_flow(NODES + "  t: [key: 1, silence, ends]")
    seen = coverage(flow, run_tests(flow))
    assert (seen.nodes.done, seen.nodes.of) == (5, 8)
    assert seen.nodes.missing == ("safety", "may_ask", "person")
    assert "main.2" in seen.exits.missing and "main.no_input" in seen.exits.missing
    assert "main.1" not in seen.exits.missing
    assert seen.languages.percent == 100


def test_reports_agree_with_each_other() -> None:
    flow = parse_flow(NODES + "  good: [silence]\n  'bad <&> one': [silence, reaches: person]")
    told = report(flow, run_tests(flow), 0.5)
    lines = list(as_lines(told))
    assert lines[0].startswith("flow.yaml:14:28: test 'bad <&> one'")
    assert "1 passed, 1 failed, 4 a second; nodes 2 of 8 (25 %)" in lines[1]
    plain = as_json([told])
    assert (plain["tests"], plain["failed"]) == (2, 1)
    assert plain["flows"][0]["tests"][1]["failed_at"] == {"line": 14, "column": 28, "step": "reaches"}
    suite = ElementTree.fromstring(as_junit([told]))[0]
    assert (suite.get("tests"), suite.get("failures")) == ("2", "1")
    assert [case.get("name") for case in suite] == ["good", "bad <&> one"]
    assert suite[1][0].tag == "failure"


def test_a_flow_without_tests_says_so() -> None:
    flow = parse_flow(NODES.replace("tests:\n", ""))
    assert "no tests" in next(as_lines(report(flow, [], 0.1)))


SHIPPED = sorted((Path(__file__).parents[3] / "flows").rglob("*.yaml"))


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.stem)
def test_the_tests_of_every_shipped_flow_hold_and_come_to_nearly_all_of_it(file: Path) -> None:
    flow = load_flow(file)
    verdicts = run_tests(flow)
    assert [found.told(flow.file) for found in verdicts if not found.passed] == []
    seen = coverage(flow, verdicts)
    assert seen.nodes.percent >= 95, seen.nodes.missing
    assert seen.exits.percent >= 95, seen.exits.missing
    assert seen.languages.percent == 100


def test_every_word_is_either_done_or_expected() -> None:
    from ivr.flow.testing.run import ACTING, EXPECTING
    from ivr.flow.testing.script import BEGINNINGS

    assert set(ACTING) | set(EXPECTING) | set(BEGINNINGS) == set(WORDS)
    assert set(EXPECTING) == set(EXPECTATIONS)


WORLD = """flow: world
variables: {balance: 0.0}
nodes:
  account: {ask: account_number, digits: 4, next: look}
  look: {lookup: 'GET {settings.crm}/accounts/{account}', ok: rich, error: wait, not_found: account}
  rich: {branch: {result.balance > 100.0: thanks}, else: wait}
  wait: {queue: service, keys: {1: ring_back}, failed: goodbye, next: rate}
  ring_back: {callback: service, next: thanks, failed: goodbye}
  rate: {survey: csat, next: goodbye}
  thanks: {end: thanks}
  goodbye: {end: goodbye}
tests:
"""


@pytest.mark.parametrize(
    "steps",
    [
        "keys: 4711, looks up: 'GET {settings.crm}/accounts/4711', sets: {account: 4711}",
        "keys: 0071, lookup: {balance: 120.5}, reaches: thanks, sets: {result.balance: 120.5}",
        "keys: 4711, lookup: {balance: 12}, joins: service, hears: queue_welcome",
        "keys: 4711, lookup: timeout, reaches: wait",
        "keys: 4711, lookup: not_found, reaches: account",
        "keys: 4711, wait: 2s, hears: one_moment",
        "keys: 4711, lookup: refused, queue: {position: 3, wait: 4m}, wait: 25s, hears: queue_waiting",
        "keys: 4711, lookup: unreachable, queue: answered, agent hangs up, reaches: rate, key: 5, scores: {csat: 5}",
        "keys: 4711, lookup: unreachable, queue: full, ends: finished",
        "keys: 4711, lookup: unreachable, wait: 11m, reaches: goodbye",
        "caller: '+4722', keys: 4711, lookup: unreachable, key: 1, books: '+4722', callback: booked, hears: thanks",
        "caller: '+4722', keys: 4711, lookup: unreachable, key: 1, callback: refused, hears: goodbye",
    ],
)
def test_the_world_answers(steps: str) -> None:
    found = run_tests(parse_flow(f"{WORLD}  t: [{steps}]"))[0]
    assert found.passed, found.told("flow.yaml")


@pytest.mark.parametrize(
    ("steps", "why"),
    [
        ("lookup: ok", "nothing is being looked up"),
        ("queue: answered", "the caller is in no queue"),
        ("callback: booked", "no callback is being booked"),
        ("says: hello", "the line does not listen for words"),
        ("keys: 4711, looks up: 'GET x'", "looked up was 'GET {settings.crm}/accounts/4711'"),
        ("keys: 4711, lookup: ok, lookup: timeout", "nothing is being looked up: the caller waits in the queue"),
        ("keys: 4711, lookup: timeout, queue: answered, ends", "the caller talks with an agent of the queue 'service'"),
        ("keys: 4711, ends", "the line waits for the answer to a Lookup at 'look'"),
        ("scores: {csat: 5}", "expected the score 5 for csat, but that was not answered"),
    ],
)
def test_the_world_was_not_asked(steps: str, why: str) -> None:
    found = run_tests(parse_flow(f"{WORLD}  t: [{steps}]"))[0]
    assert not found.passed
    assert why in found.why


def test_spoken_words_reach_a_node_that_listens_for_them() -> None:
    text = "flow: f\nnodes:\n  a: {ask: what, form: speech, into: wish, next: b}\n  b: {end: bye}\ntests:\n"
    holds, lacks = run_tests(
        parse_flow(text + "  t: [says: a new meter, sets: {wish: a new meter}, reaches: b, ends]\n  n: [silence, ends]")
    )
    assert holds.passed, holds.why
    assert not lacks.passed
