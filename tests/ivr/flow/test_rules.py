"""Every rule of ``ivr check`` about what callers hate, each with its place, why and remedy."""

from __future__ import annotations

import time
from pathlib import Path

import pytest

from ivr.flow.check import check_flow
from ivr.flow.load import parse_flow
from ivr.flow.rules.spoken_keys import LANGUAGES, key_first, said_keys
from ivr.flow.rules.wording import seconds
from ivr.prompting.catalog import load_catalog
from tests.ivr.flow.phone import flow_of

END = "\nend: {end: bye}\nperson: {transfer: x, failed: end}"
TEXTS = {"bye": "Goodbye.", "waiting": "Please wait.", "call_limit": "Goodbye.", "gave_up": "Goodbye."}
TEXTS |= {f"{kind}_{time}": "Sorry." for kind in ("no_input", "no_match") for time in (1, 2, 3)}


def found(nodes: str, header: str = "", **texts: str) -> list[str]:
    flow = flow_of(nodes + END, header)
    return [str(problem) for problem in check_flow(flow, prompts={"en": {**TEXTS, **texts}} if texts else None)]


WAYS = {
    "a circle without a question": (
        "a: {menu: m, keys: {1: b}}\nb: {say: b, next: c}\nc: {set: {n: 1}, next: b}",
        "",
        [
            "flow.yaml:5:3: error: node 'b': the call goes round (b, c) without asking the caller anything. "
            "Nobody gets "
            "out of it before the call's steps are used up. Fix: put a question into the circle, or a branch "
            "that leads "
            "out of it."
        ],
    ),
    "a node that leads to itself": (
        "a: {lookup: 'GET https://x.example/', ok: end, error: a}",
        "",
        [
            "flow.yaml:4:3: error: node 'a': the call goes round (a) without asking the caller anything. Nobody gets "
            "out of it before the call's steps are used up. Fix: put a question into the circle, or a branch "
            "that leads "
            "out of it."
        ],
    ),
    "a circle with a fork that leads out": (
        "a: {set: {n: n + 1}, next: b}\nb: {branch: {n > 3: end}, else: c}\nc: {say: x, next: a}",
        "variables: {n: 0}",
        [],
    ),
    "a circle with a question": ("a: {menu: m, keys: {1: b}}\nb: {say: b, next: a}", "", []),
    "more than five options": (
        "a: {menu: m, keys: {1: end, 2: end, 3: end, 4: end, 5: end, 6: end}}",
        "",
        [
            "flow.yaml:4:22: warning: node 'a': the menu has 6 options. Callers forget the first ones after 5. "
            "Fix: split it into two menus."
        ],
    ),
    "recorded without consent": (
        "a: {say: x, next: b}\nb: {consent: recording, yes: m, no: end}\nm: {record: message, next: end}",
        "defaults: {anywhere: {5: m}}",
        [
            "flow.yaml:6:15: warning: node 'm': a call comes here without consent to record. In many countries nobody "
            "may be recorded unasked. Fix: put {consent: recording} before it, or say in its prompt what is kept, and "
            "write announced: true."
        ],
    ),
    "recorded with consent": (
        "b: {consent: recording, yes: m, no: end, anywhere: {5: end}}\nm: {record: message, next: end}",
        "",
        [],
    ),
    "recorded and announced": ("m: {record: message, announced: true, next: end}", "", []),
    "a return that nothing called": (
        "a: {call: s, next: s}\ns: {say: x, next: r}\nr: {return: done}",
        "",
        [
            "flow.yaml:6:3: error: node 'r': a call can come here without a `call`. Nothing was called, so the call "
            "would end here. Fix: come here through a `call` only, "
            "or write the flow's `returns` if other flows are to call it."
        ],
    ),
    "a language that is not spoken": (
        "l: {language: {1: en, 2: no}, next: end}",
        "languages: [en, nb]",
        ["flow.yaml:4:17: error: node 'l': the flow does not speak 'no'. Fix: choose one of: en, nb."],
    ),
}


@pytest.mark.parametrize(("nodes", "header", "messages"), WAYS.values(), ids=WAYS.keys())
def test_where_calls_go(nodes: str, header: str, messages: list[str]) -> None:
    assert [message for message in found(nodes, header) if "no call ever" not in message] == messages


def test_nobody_to_talk_to() -> None:
    flow = flow_of("m: {menu: m, keys: {1: end}}\nend: {end: bye}")
    assert [str(problem) for problem in check_flow(flow)] == [
        "flow.yaml:1:7: warning: no way leads to a person. Callers who are lost, or in distress, find "
        "nobody. Fix: lead to "
        "a transfer, a queue or a callback, best from a node `person`, which 0 then reaches."
    ]


MENU = "a: {menu: m, keys: {1: end, 2: person}}"

WORDS = {
    "as it should be": (MENU, {"m": "For bills, press 1. For faults, press 2. For a person, press zero."}, []),
    "said but not bound": (
        MENU,
        {"m": "For bills, press 1. For faults, press 2. For fun, press 3."},
        [
            "flow.yaml:4:13: error: node 'a': the prompt says key 3, and nothing is bound to it. Who presses it "
            "is told "
            "off. Fix: bind the key, or change the text."
        ],
    ),
    "bound but not said": (
        MENU,
        {"m": "For bills, press the 1 key."},
        [
            "flow.yaml:4:31: warning: node 'a': key 2 is bound, and the prompt does not say it. Nobody can know of it. "
            "Fix: say it in the prompt, or remove the key."
        ],
    ),
    "the key first": (
        MENU,
        {"m": "Press 1 for bills. For faults, press 2."},
        [
            "flow.yaml:4:13: warning: node 'a': 'Press 1 for' says the key first. Callers have forgotten the key when "
            "they know that they want it. Fix: say the key last, as in: for bills, press 1."
        ],
    ),
    "too long": (
        "a: {say: long, next: end}",
        {"long": "This goes on and on. " * 12},
        [
            "flow.yaml:4:12: warning: node 'a': the prompt 'long' (en) lasts 27 seconds. Callers stop listening after "
            "20. Fix: say less, or split it."
        ],
    ),
    "a gap that nothing fills": (
        "a: {say: tell, values: {due: caller}, next: end}",
        {"tell": "You owe {balance:money}, due on {due:date}."},
        [
            "flow.yaml:4:12: error: node 'a': the prompt 'tell' (en) has the gap {balance}, and nothing fills it. The "
            "prompt cannot be said. Fix: add values: {balance: <expression>}."
        ],
    ),
    "gaps that nodes fill themselves": (
        "a: {ask: q, confirm: c, next: b}\nb: {queue: x, failed: end}",
        {
            "q": "Which?",
            "c": "{value:digits}. If right, press 1.",
            "queue_welcome": "{position}",
            "queue_waiting": "{minutes}",
        },
        [],
    ),
}


@pytest.mark.parametrize(("nodes", "texts", "messages"), WORDS.values(), ids=WORDS.keys())
def test_what_is_said(nodes: str, texts: dict[str, str], messages: list[str]) -> None:
    assert [message for message in found(nodes, **texts) if "no call ever" not in message] == messages


def test_true_durations_go_before_guesses() -> None:
    flow = flow_of("a: {say: x, next: person}" + END)
    prompts = {"en": {**TEXTS, "x": "Hello."}}
    assert check_flow(flow, prompts=prompts, durations={"en": {"x": 19.9}}) == []
    assert "lasts 21 seconds" in check_flow(flow, prompts=prompts, durations={"en": {"x": 21.0}})[0].what


def test_keys_in_a_text() -> None:
    text = "Press one or two. To go on, press the star key. By pressing 12# you agree. Press hard. Impress 4 people."
    assert said_keys(text) == ["1", "2", "*", "12"]
    assert said_keys("press the pound key, press zero, press 9") == ["#", "0", "9"]


SAID = {
    "en": "For bills, press 1 or two. Press the star key. When you are done, press the pound key.",
    "uk": "Щоб почути рахунок, натисніть 1 або два. Натисніть зірочку. Коли закінчите, натисніть решітку.",
    "ru": "Чтобы узнать счёт, нажмите клавишу 1 или два. Нажмите звёздочку. Когда закончите, нажмите решётку.",
    "nb": "For regningen, trykk 1 eller to. Trykk stjerne. Når du er ferdig, trykk på firkant.",
    "ro": "Pentru factură, apăsați tasta 1 sau doi. Apăsați steluță. Când ați terminat, apăsați tasta diez.",
    "lt": "Jei dėl sąskaitos, spauskite 1 arba du. Spauskite žvaigždutę. Baigę spauskite groteles.",
}
FIRST = {
    "en": "Press 1 for bills.",
    "uk": "Натисніть 1, щоб почути рахунок.",
    "ru": "Нажмите 1, чтобы узнать счёт.",
    "nb": "Trykk 1 for regningen.",
    "ro": "Apăsați tasta 1 pentru factură.",
    "lt": "Spauskite 1, jei dėl sąskaitos.",
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_keys_in_every_language(language: str) -> None:
    assert said_keys(SAID[language], language) == ["1", "2", "*", "#"]
    assert key_first(SAID[language], language) is None
    assert said_keys(FIRST[language], language) == ["1"]
    assert key_first(FIRST[language], language) is not None


def test_each_shipped_text_names_the_keys_of_the_english_one() -> None:
    shipped = load_catalog(Path(__file__).parents[3] / "prompts/clearline").prompts
    english = {name: said_keys(prompt.template.written) for name, prompt in shipped["en"].items()}
    english.pop("choose_language")  # each language names its own key
    assert {*shipped} == {*LANGUAGES}
    for language, prompts in shipped.items():
        assert {name: said_keys(prompts[name].template.written, language) for name in english} == english
        assert prompts.keys() == shipped["en"].keys()
        assert all(prompts[name].template.names == shipped["en"][name].template.names for name in prompts)
        assert not [name for name in prompts if key_first(prompts[name].template.written, language)]


def test_keys_are_checked_in_every_language_that_is_known() -> None:
    flow = flow_of(MENU + END, "languages: [uk]")
    texts = {**TEXTS, "m": "Щоб запитати про рахунок, натисніть 1. Щоб щось іще, натисніть 3."}
    said = [problem.what for problem in check_flow(flow, prompts={"uk": texts})]
    assert "the prompt (uk) says key 3, and nothing is bound to it" in said
    assert "key 2 is bound, and the prompt (uk) does not say it" in said


def test_seconds_of_a_text_are_about_right() -> None:
    assert 2.5 < seconds("Welcome to Blue Harbor Energy. Thank you for calling.") < 4.5


def long_flow(nodes: int) -> str:
    lines = [f"  n{i}: {{menu: m, keys: {{1: n{(i + 1) % nodes}, 2: s{i}}}, tries: 2}}\n" for i in range(nodes)]
    lines += [f"  s{i}: {{say: x, next: {'s' + str(i + 1) if i + 1 < nodes else 'end'}}}\n" for i in range(nodes)]
    return "flow: long\nnodes:\n" + "".join(lines) + "  end: {end: bye}\n"


def test_checking_a_long_flow_takes_no_more_than_its_length() -> None:
    """A chain of thousands of nodes neither overflows the stack nor grows with its square."""
    flow = parse_flow(long_flow(1500))
    began = time.perf_counter()
    assert {problem.what for problem in check_flow(flow)} == {"no way leads to a person"}
    assert time.perf_counter() - began < 2.0
