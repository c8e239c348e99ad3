"""What a call is about to say: told while something else is heard, and true when the call gets there."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.commands import Lookup, Phrase, Play
from ivr.events import CallStarted, DigitPressed, Event, LookupAnswered, PromptEnded
from ivr.flow.interpret import advance, begin
from ivr.flow.load import load_flow
from ivr.flow.lookahead import MOST, upcoming
from ivr.flow.model import Flow
from ivr.flow.state import State

FLOW = """\
flow: bank
nodes:
  find: {lookup: 'GET https://crm.test/a', ok: hello, error: bye}
  hello: {say: welcome, next: main}
  main: {menu: main_menu, keys: {1: tell, 2: bye, 3: other}}
  tell: {say: balance, values: {sum: result.balance}, next: also}
  also: {say: due, values: {day: result.day}, next: main}
  other: {say: due, values: {day: "'2027-01-01'"}, next: main}
  bye: {end: goodbye}
"""


@pytest.fixture
def flow(tmp_path: Path) -> Flow:
    (tmp_path / "bank.yaml").write_text(FLOW, encoding="utf-8")
    return load_flow(tmp_path / "bank.yaml")


def walk(flow: Flow, *after: Event | str) -> tuple[State, list[Play]]:
    """The call's state and the last prompts after these events; ``"heard"`` is the end of what plays."""
    state, played = begin(flow), []
    for event in (CallStarted(0.0, "1", "2", "", "", ()), *after):
        if isinstance(event, str):
            event = PromptEnded(1.0, state.playing)
        state, commands = advance(flow, state, event)
        played = [command for command in commands if isinstance(command, Play)]
        asked = [command for command in commands if isinstance(command, Lookup)]
        if asked:
            answer = LookupAnswered(1.0, asked[0].serial, 200, (("result.balance", 12.5), ("result.day", "2026-12-24")))
            state, commands = advance(flow, state, answer)
            played = [command for command in commands if isinstance(command, Play)]
    return state, played


BALANCE = Phrase("balance", "en", (("sum", 12.5),))
DUE = Phrase("due", "en", (("day", "2026-12-24"),))


def test_while_the_welcome_is_heard_what_each_key_says_is_known(flow: Flow) -> None:
    state, [welcome] = walk(flow)
    assert welcome.phrases == (Phrase("welcome", "en"),)
    assert set(upcoming(flow, state, 1.0)) >= {BALANCE, Phrase("due", "en", (("day", "2027-01-01"),))}


def test_what_is_foreseen_is_said(flow: Flow) -> None:
    at_the_menu, _ = walk(flow, "heard")
    foreseen = upcoming(flow, at_the_menu, 1.0)
    assert foreseen[0] == BALANCE and DUE in foreseen, "the nearest first, then what follows it"
    _, [told] = walk(flow, "heard", DigitPressed(2.0, "1"))
    assert told.phrases == (BALANCE,)
    _, [then] = walk(flow, "heard", DigitPressed(2.0, "1"), "heard")
    assert then.phrases == (DUE,)


def test_looking_ahead_changes_nothing(flow: Flow) -> None:
    state, _ = walk(flow, "heard")
    before = state
    upcoming(flow, state, 1.0)
    assert state == before


def test_nothing_is_foreseen_without_values_or_after_the_end(flow: Flow) -> None:
    state, _ = walk(flow, "heard", DigitPressed(2.0, "2"))
    assert upcoming(flow, state, 3.0) == ()
    assert upcoming(flow, begin(flow), 0.0) == ()


def test_a_large_menu_is_not_made_in_advance_as_a_whole(tmp_path: Path) -> None:
    keys = ", ".join(f"{key}: n{key}" for key in range(1, 10))
    says = "\n".join(f"  n{key}: {{say: due, values: {{day: {key}}}, next: main}}" for key in range(1, 10))
    (tmp_path / "big.yaml").write_text(
        f"flow: big\nnodes:\n  main: {{menu: main_menu, keys: {{{keys}}}}}\n{says}\n", encoding="utf-8"
    )
    flow = load_flow(tmp_path / "big.yaml")
    state, _ = walk(flow)
    assert len(upcoming(flow, state, 1.0)) == MOST
