"""Variables, expressions, and the nodes that go on at once: set, branch, goto, split, call, return, language."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.commands import Phrase, Play, RememberLanguage
from ivr.events import CallStarted
from ivr.flow.expressions import ExpressionError, Scope
from ivr.flow.model import Flow
from ivr.flow.problems import FlowError
from ivr.flow.values import flatten, plain, unflatten
from tests.ivr.flow.phone import Phone, flow_of

END = "\nend: {end: bye}\nother: {end: other}"


def mistakes(flow: str, header: str = "") -> list[str]:
    with pytest.raises(FlowError) as caught:
        flow_of(flow, header)
    return [str(problem) for problem in caught.value.problems]


@pytest.mark.parametrize(
    ("source", "value"),
    [
        ("n + 1", 4),
        ("n > 2 && !flag", True),
        ("size(name) == 3 ? 'short' : 'long'", "short"),
        ("money * 2.0", 25.0),
        ("name.startsWith('A')", True),
        ("name.matches('^[a-z]+$')", False),
        ("result.owner.name", "Ann"),
        ("result.dues['0'] > 10", True),
        ("has(result.nothing)", False),
        ("result.nothing", None),
        ("n / 0", None),
        ("int(name)", None),
        ("result.dues", None),
        ("n in [1, 2, 3]", True),
        ("unset + 1", 1),
        ("n * 9223372036854775807", None),
    ],
)
def test_expressions_come_to_values(source: str, value: object) -> None:
    scope = Scope(
        {"n": "number", "unset": "number", "flag": "flag", "name": "text", "money": "decimal", "result": "answer"}
    )
    values = dict(flatten({"owner": {"name": "Ann"}, "dues": [12.5]})) | {"n": 3, "name": "Ann", "money": 12.5}
    assert scope.compile(source).work_out(values) == value


@pytest.mark.parametrize(
    "source", ["__import__('os')", "name.__class__", "open('x')", "caller.mro()", "().x", "lambda"]
)
def test_nothing_of_python_is_within_reach(source: str) -> None:
    with pytest.raises(ExpressionError):
        Scope({"name": "text", "caller": "text"}).compile(source)


@given(st.text(max_size=40))
def test_no_text_at_all_is_more_than_an_expression_error(source: str) -> None:
    try:
        Scope({"n": "number"}).compile(source).work_out({})
    except ExpressionError as error:
        assert error.line >= 1
        assert error.column >= 1


leaves = st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5)
names = st.text("abc", min_size=1, max_size=3)


@given(st.recursive(leaves, lambda inner: st.dictionaries(names, inner, max_size=3), max_leaves=12))
def test_an_answer_is_kept_flat_and_comes_back(content: object) -> None:
    def without_nulls(tree: object) -> object:
        if not isinstance(tree, dict):
            return tree
        kept = {name: without_nulls(inner) for name, inner in tree.items()}
        return {name: inner for name, inner in kept.items() if inner not in (None, {}) or inner is False}

    back = unflatten(dict(flatten(content)), "result")
    assert back == (without_nulls(content) if isinstance(content, dict) else {})


def test_an_answer_without_end_is_cut() -> None:
    assert len(flatten({str(number): number for number in range(1000)})) == 200
    assert len(str(dict(flatten({"long": "x" * 9000}))["result.long"])) == 2000


def test_values_are_plain_text_in_phrases() -> None:
    assert [plain(value) for value in (True, False, 12.5, 3, "x")] == ["true", "false", "12.5", "3", "x"]


def test_set_and_branch_go_on_at_once_and_values_are_said() -> None:
    flow = flow_of(
        """
        start: {set: {visits: visits + 1, greeting: "'hello ' + caller"}, next: sort}
        sort: {branch: {visits > 1: other, "caller == '1001'": known}, else: end}
        known: {say: hello, values: {who: greeting, visits: visits}, next: end}
        """
        + END,
        "variables: {visits: 0}",
    )
    call = Phone(flow).ring()
    assert call.path == ["start", "sort", "known"]
    assert call.exits == [("start", "next"), ("sort", "2")]
    values = (("who", "hello 1001"), ("visits", 1))
    assert call.asked(Play) == [Play(1, (Phrase("hello", "en", values),))]
    stranger = Phone(flow)
    stranger.tell(CallStarted(0.0, "99"))
    assert stranger.path == ["start", "sort", "end"]


def test_set_sees_the_values_from_before_and_keeps_what_cannot_be_worked_out() -> None:
    nodes = "a: {set: {x: y, y: x, z: x / 0}, next: b}\nb: {say: s, values: [x, y, z], next: end}" + END
    call = Phone(flow_of(nodes, "variables: {x: 1, y: 2, z: 7}")).ring()
    assert call.asked(Play)[0].phrases[0].values == (("x", 2), ("y", 1), ("z", 7))


def test_a_circle_of_nodes_that_say_nothing_ends_with_words() -> None:
    call = Phone(flow_of("a: {goto: b}\nb: {set: {n: 1}, next: a}")).ring()
    assert call.hears == ["call_limit"]
    assert call.listen().hung_up == "budget"


def test_a_call_that_takes_too_long_ends_with_words() -> None:
    call = Phone(flow_of("m: {menu: m, keys: {1: m}}", "max_time: 60s")).ring()
    call.at_s = 59.0
    assert call.press("1").hears == ["m"]
    call.at_s = 61.0
    assert call.press("1").hears == ["call_limit"]


def test_a_split_is_sticky_and_follows_the_weights() -> None:
    flow = flow_of("s: {split: {end: 1, other: 3}}" + END)

    def way(caller: str) -> str:
        call = Phone(flow)
        call.tell(CallStarted(0.0, caller))
        return call.path[1]

    callers = [str(number) for number in range(2000)]
    ways = [way(caller) for caller in callers]
    assert ways == [way(caller) for caller in callers]
    assert 0.70 < ways.count("other") / len(ways) < 0.80
    assert Phone(flow).ring().exits[0][1] in ("end", "other")


def test_a_withheld_number_is_drawn_anew() -> None:
    flow = flow_of("s: {split: {end: 1, other: 1}}" + END)
    ways = set()
    for second in range(40):
        call = Phone(flow)
        call.tell(CallStarted(0.0, "", at=f"2026-11-22T03:21:{second:02}+00:00"))
        ways.add(call.path[1])
    assert ways == {"end", "other"}


SUB = """
a: {call: sub, returns: {failed: other}, next: b}
b: {call: sub, next: end}
sub: {menu: m, keys: {1: ok, 2: failed}}
ok: {return: done}
failed: {return: failed}
"""


def test_a_sub_flow_returns_to_where_it_was_called() -> None:
    call = Phone(flow_of(SUB + END)).ring()
    assert call.press("1").path == ["a", "sub", "ok", "a", "b", "sub"]
    assert call.press("2").path[-3:] == ["failed", "b", "end"]
    assert call.exits[-2:] == [("failed", "failed"), ("b", "next")]
    assert Phone(flow_of(SUB + END)).ring().press("2").path[-1] == "other"


def test_a_return_without_a_call_ends_politely() -> None:
    call = Phone(flow_of("a: {return: x}")).ring()
    assert call.hears == ["gave_up"]
    assert call.listen().hung_up == "failed"


def test_9_goes_back_menu_by_menu() -> None:
    flow = flow_of(
        """
        one: {menu: one, keys: {1: two}}
        two: {menu: two, keys: {1: three}}
        three: {menu: three, keys: {1: word}}
        word: {say: word, next: three}
        """
    )
    call = Phone(flow).ring().press("111")
    assert call.press("9").path[-1] == "three"
    assert call.press("9").path[-1] == "two"
    assert call.press("9").path[-1] == "one"
    assert call.press("9").hears == ["no_match_1", "one"]


LANGUAGE = "l: {language: {1: en, 2: uk}, remember: true, next: end}" + END


def test_a_language_is_chosen_and_remembered() -> None:
    flow = flow_of(LANGUAGE, "languages: [en, uk]")
    call = Phone(flow).ring()
    assert call.hears == ["choose_language"]
    call.press("2")
    assert RememberLanguage("uk") in call.last
    assert call.asked(Play)[0].phrases == (Phrase("bye", "uk"),)
    again = Phone(flow)
    again.tell(CallStarted(0.0, "1001", language="uk"))
    assert again.path == ["l", "end"]
    assert again.state.language == "uk"
    stranger = Phone(flow)
    stranger.tell(CallStarted(0.0, "1001", language="xx"))
    assert (stranger.path, stranger.state.language) == (["l"], "en")


def test_a_silent_caller_keeps_the_language() -> None:
    call = Phone(flow_of(LANGUAGE, "languages: [en, uk]")).ring().silence().silence().silence()
    assert (call.path, call.state.language) == (["l", "end"], "en")


def test_a_language_can_be_set_without_a_question() -> None:
    call = Phone(flow_of("l: {language: uk, next: end}" + END, "languages: [en, uk]")).ring()
    assert call.asked(Play)[0].phrases == (Phrase("bye", "uk"),)


def keyed() -> Flow:
    return flow_of("m: {menu: m, keys: {1: end, 12: other, 3: end}, ends_with: '#'}" + END)


def test_keys_in_a_row_and_the_key_that_ends_them() -> None:
    assert Phone(keyed()).ring().press("12#").path == ["m", "other"]
    assert Phone(keyed()).ring().press("1#").path == ["m", "end"]
    waiting = Phone(keyed()).ring().press("1")
    assert waiting.silence().path == ["m", "end"]
    assert Phone(keyed()).ring().press("13").hears == ["no_match_1", "m"]
    two = flow_of("m: {menu: m, keys: {21: end, 22: other}}" + END)
    assert Phone(two).ring().press("22").path == ["m", "other"]
    assert Phone(two).ring().press("2").silence().hears == ["no_match_1", "m"]
    ahead = flow_of("a: {say: a, next: m}\nm: {menu: m, keys: {21: end, 22: other}}" + END)
    assert Phone(ahead).ring().press("2").press("2").path == ["a", "m", "other"]


def test_policy_of_a_group_stands_between_flow_and_node() -> None:
    flow = flow_of(
        "a: {menu: a, keys: {1: end}, group: g}\nb: {menu: b, keys: {1: end}, group: g, tries: 4}" + END,
        "defaults: {tries: 2, no_input: 8s}\ngroups: {g: {tries: 1, inter_digit: 2s}}",
    )
    policies = [flow.nodes[name].policy for name in "ab"]
    assert [(policy.tries, policy.no_input_s, policy.inter_digit_s) for policy in policies] == [(1, 8, 2), (4, 8, 2)]


MISTAKES = {
    "unknown variable": (
        "a: {branch: {balanse > 1.0: end}, else: end}",
        "flow.yaml:4:16: error: node 'a': there is no variable or function 'balanse'. Fix: did you mean 'balance'?",
    ),
    "unlike things": (
        "a: {branch: {'vip && balance > 1': end}, else: end}",
        "flow.yaml:4:32: error: node 'a': '>' does not work on a decimal number and a whole number. "
        "Fix: write a decimal number with its point, as in 100.0, or turn one into the other with double() or int().",
    ),
    "no condition": (
        "a: {branch: {balance: end}, else: end}",
        "flow.yaml:4:16: error: node 'a': expected true or false, and the expression comes to a decimal number. "
        "Fix: write a comparison, as in balance > 100.0.",
    ),
    "no expression": (
        "a: {set: {x: balance >}, next: end}",
        "flow.yaml:4:25: error: node 'a': this is no expression: mismatched input '<EOF>'. "
        "Fix: write it as in balance > 100.0 && !vip.",
    ),
    "a list": (
        "a: {set: {x: '[1, 2]'}, next: end}",
        "flow.yaml:4:16: error: node 'a': the expression comes to a list or a map, not to one value. "
        "Fix: take one value out of it, as in result.name.",
    ),
    "two kinds": (
        "a: {set: {vip: 3}, next: end}",
        "flow.yaml:4:18: error: node 'a': 'vip' is true or false elsewhere, and a whole number here. "
        "Fix: choose another name for one of the two.",
    ),
    "a variable that hangs on itself": (
        "a: {set: {n: n + 1}, next: end}",
        "flow.yaml:4:16: error: node 'a': 'n' hangs on its own value, and nothing gives it a first one. "
        "Fix: add it to the flow's variables, as in {n: 0}.",
    ),
    "built in": (
        "a: {set: {caller: '1'}, next: end}",
        "flow.yaml:4:12: error: node 'a': 'set': 'caller' is set by the line itself. Fix: choose another name.",
    ),
    "value of a prompt": (
        "a: {say: x, values: [balanc], next: end}",
        "flow.yaml:4:23: error: node 'a': there is no variable or function 'balanc'. Fix: did you mean 'balance'?",
    ),
    "ambiguous keys": (
        "a: {menu: m, keys: {1: end, 12: end}}",
        "flow.yaml:4:6: error: node 'a': 'keys': 1 cannot be told from the beginning of 12. After 1 the line would not "
        "know whether another key follows. Fix: choose other keys, or add `ends_with: '#'` and say so in the prompt.",
    ),
    "one way to split": (
        "a: {split: {end: 1}}",
        "flow.yaml:4:14: error: node 'a': 'split': expected nodes and weights, found `key: value` pairs. "
        "Fix: write two or more nodes with their weights, as in {short_menu: 1, long_menu: 3}.",
    ),
    "no weight": (
        "a: {split: {end: 0, a: 0}}",
        "flow.yaml:4:14: error: node 'a': 'split': every weight is 0. Fix: give one node a weight of 1 or more.",
    ),
    "unknown group": (
        "a: {say: x, next: end, group: g}",
        "flow.yaml:4:33: error: node 'a': 'group': there is no group 'g'. Fix: write it: groups: {g: {tries: 2}}.",
    ),
    "no else": (
        "a: {branch: {vip: end}}",
        "flow.yaml:4:3: error: node 'a': a branch node needs 'else'. A node without a way out leaves the caller in "
        "silence. Fix: add `else: <node>`.",
    ),
}


@pytest.mark.parametrize(("nodes", "message"), MISTAKES.values(), ids=MISTAKES.keys())
def test_mistakes_have_their_place_and_remedy(nodes: str, message: str) -> None:
    assert mistakes(nodes + "\nend: {end: bye}", "variables: {balance: 0.0, vip: false}") == [message]


def test_first_values_are_plain_values() -> None:
    assert flow_of("a: {end: bye}", "variables: {n: 1 + 1, t: \"'x'\"}").variables == (("n", 2), ("t", "x"))
    assert mistakes("a: {end: bye}", "variables: {n: m, caller: 1, z: 1 / 0}") == [
        "flow.yaml:2:16: error: 'n': there is no variable or function 'm'. "
        "Fix: a text stands in quotes within quotes: \"'m'\".",
        "flow.yaml:2:19: error: 'caller' is set by the line itself. Fix: choose another name.",
        "flow.yaml:2:33: error: 'z' has no value: '1 / 0' cannot be worked out. Fix: write a plain value.",
    ]


def test_kinds_follow_from_expressions_however_the_nodes_stand() -> None:
    nodes = "a: {branch: {b_is_big: end}, else: b}\nb: {set: {b_is_big: big > 3.0}, next: c}\n"
    assert flow_of(nodes + "c: {set: {big: 2.5}, next: a}" + END).nodes
