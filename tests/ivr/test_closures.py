"""Closing for now: what is kept, what the commands say, and what a call that is up makes of it."""

from __future__ import annotations

import json
import tempfile
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.closures import ALL, Closure, Closures
from ivr.events import CallStarted, DigitPressed
from ivr.flow.load import parse_flow
from ivr.flow.problems import FlowError
from ivr.flow.testing.run import run_tests
from ivr.record import CallRecord
from ivr.session import Session
from tests.fakes.leg import Clock, FakeLeg
from tests.ivr.flow.phone import Phone
from tests.ivr.test_flow_commands import ivr
from tests.ivr.test_session import Render

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
FLOW = """
flow: desk
hours: {office: {week: {mon-sun: 00:00-24:00}}, shop: {week: {mon-sun: 00:00-24:00}}}
nodes:
  main: {menu: m, keys: {1: open, 2: shop}}
  open: {hours: office, open: bye, closed: never, temporary: sorry}
  shop: {hours: shop, open: bye, closed: never}
  never: {end: never}
  sorry: {end: sorry}
  bye: {end: bye}
tests:
  closed from the beginning: [closed: office, key: 1, reaches: sorry]
  closed and opened while the call is up: [closes: office, opens: office, key: 1, reaches: bye]
  other hours stay as they are: [closes: [office], key: 2, reaches: bye]
  all are closed: [closes, key: 2, reaches: never]
"""


def test_tests_close_and_open() -> None:
    assert [verdict.why for verdict in run_tests(parse_flow(FLOW))] == [""] * 4


def test_hours_that_there_are_not_cannot_be_closed_in_a_test() -> None:
    with pytest.raises(FlowError, match=r"there are no hours 'ofice'\. Fix: did you mean 'office'\?"):
        parse_flow(FLOW.replace("closed: office, key", "closed: ofice, key"))


def test_a_call_takes_the_way_temporary_from_the_moment_of_the_closing(tmp_path: Path) -> None:
    closures, leg = Closures(tmp_path / "closed"), FakeLeg()
    flow = parse_flow(FLOW)
    record = CallRecord(tmp_path, "Line", "desk", "sha512-x", "en", leg.caller, leg.called)
    session = Session(
        flow, leg, record, Render(), {}, Path("beep.wav"), Clock(), closed=lambda: closures.names("desk", NOW)
    )
    session.start()
    session.look_at_hours()
    assert not any(step["kind"] == "hours_switched" for step in record.steps)
    closures.close("desk", Closure("office", "", NOW.isoformat()))
    session.look_at_hours()
    session.look_at_hours()
    assert [step["closed"] for step in record.steps if step["kind"] == "hours_switched"] == [("office",)]
    session.tell(DigitPressed(1.0, "1"))
    assert [step["node"] for step in record.steps if step["kind"] == "enter_node"] == ["main", "open", "sorry"]


def test_closed_when_the_call_begins() -> None:
    call = Phone(parse_flow(FLOW))
    call.tell(CallStarted(0.0, "1", "2", closed=(ALL,)))
    assert call.press("2").path == ["main", "shop", "never"]


def test_a_closing_ends_by_itself(tmp_path: Path) -> None:
    kept = Closures(tmp_path)
    kept.close("desk", Closure("office", (NOW + timedelta(hours=2)).isoformat(), NOW.isoformat(), "fire", "ann"))
    assert kept.names("desk", NOW) == ("office",)
    assert kept.names("desk", NOW + timedelta(hours=2)) == ()
    assert kept.names("other", NOW) == ()


names = st.sampled_from(["office", "shop", ALL])


@given(st.lists(st.tuples(st.booleans(), names), max_size=8))
def test_what_was_closed_and_not_opened_is_closed(acts: list[tuple[bool, str]]) -> None:
    closed: set[str] = set()
    with tempfile.TemporaryDirectory() as folder:
        kept = Closures(Path(folder))
        for closes, hours in acts:
            if closes:
                kept.close("desk", Closure(hours, "", NOW.isoformat()))
                closed.add(hours)
            else:
                gone = kept.reopen("desk", hours)
                assert {one.hours for one in gone} == (closed if hours == ALL else closed & {hours})
                closed -= {one.hours for one in gone}
            assert kept.names("desk", NOW) == tuple(sorted(closed))


@pytest.mark.parametrize("text", ["{", "[1]", '[{"hours": "office"}]', '[{"hours": "o", "until": "x", "since": ""}]'])
def test_a_damaged_file_closes_nothing(tmp_path: Path, text: str) -> None:
    (tmp_path / "desk.json").write_text(text, encoding="utf-8")
    assert Closures(tmp_path).names("desk", NOW) == ()


@pytest.fixture
def desk(tmp_path: Path) -> list[str]:
    """The flow's file, and the option that names the calls."""
    file = tmp_path / "desk.yaml"
    file.write_text(FLOW, encoding="utf-8")
    return [str(file), "--calls", str(tmp_path / "calls")]


def test_close_closed_and_open(desk: list[str]) -> None:
    code, out, _ = ivr("close", *desk, "--hours", "office", "--for", "2h", "--note", "Fire drill", "--by", "ann")
    assert code == 0
    assert out.startswith("The hours 'office' of 'desk' are closed until ")
    assert out.endswith("(by ann): Fire drill\n")
    told = json.loads(ivr("closed", "--calls", desk[2], "--json")[1])
    assert [one["hours"] for one in told["desk"]] == ["office"]
    assert ivr("open", *desk, "--hours", "shop")[1].startswith("The hours 'office' of 'desk' are closed until")
    assert ivr("open", *desk)[1] == "'desk' goes by the clock again.\n"
    assert ivr("closed", "--calls", desk[2])[1] == "Nothing is closed.\n"
    assert ivr("open", *desk)[1] == "'desk': nothing was closed.\n"


MISTAKES = {
    "hours that there are not": (["--hours", "ofice"], "the flow 'desk' has no hours 'ofice'; it has: office, shop"),
    "a time that is over": (["--until", "2020-01-01T10:00"], "2020-01-01 10:00 is over already; name a time to come"),
    "no time": (["--until", "noon"], "--until 'noon' is no time; write 2026-12-24T12:00, or 12:00 for today"),
    "no length": (["--for", "two"], "--for 'two' is no length of time; write 90m, 2h or 3d"),
    "both": (["--for", "2h", "--until", "12:00"], "say either --until or --for"),
}


@pytest.mark.parametrize(("options", "message"), MISTAKES.values(), ids=MISTAKES.keys())
def test_what_cannot_be_closed_is_one_sentence(desk: list[str], options: list[str], message: str) -> None:
    code, _, error = ivr("close", *desk, *options)
    assert (code, error.strip()) == (2, message)


def test_a_flow_that_is_unknown_or_asks_for_no_hours(desk: list[str]) -> None:
    assert ivr("close", "nobody", *desk[1:])[0] == 2
    code, _, error = ivr("close", "support", *desk[1:])
    assert code == 2
    assert "asks for no hours" in error
