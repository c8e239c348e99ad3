"""Which flow a number runs: known answers, then laws."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.flow.opening import Opening
from ivr.trunks.e164 import e164
from ivr.trunks.numbers import DEFAULT, Number, destination, find

NINE_TO_FIVE = Opening("Europe/London", (((9 * 60, 17 * 60),),) * 5 + ((), ()), holidays="GB-ENG")
NUMBERS = (
    Number("+442079460123", "sales", hours="office", opening=NINE_TO_FIVE, closed="night"),
    Number("+4420794601*", "london"),
    Number("+44*", "britain"),
    Number("+44*", "partner", trunk="partner"),
    Number("100", "desk"),
    Number("+442079460199", "service", hours="office", opening=NINE_TO_FIVE, turned_away="closed_today"),
    Number(DEFAULT, "reception"),
    Number(DEFAULT, "other", trunk="partner"),
)


@pytest.mark.parametrize(
    ("trunk", "called", "at", "flow", "because"),
    [
        ("", "+442079460123", "2026-11-24T10:00", "sales", "is listed, and 'office' is open"),
        ("", "+442079460123", "2026-11-24T18:00", "night", "'office' is closed at that time"),
        ("", "+442079460123", "2026-12-25T10:00", "night", "closed for a public holiday"),
        ("partner", "+442079460123", "2026-11-24T10:00", "sales", "is listed"),
        ("", "+442079460155", "2026-11-24T10:00", "london", "begins with +4420794601, the longest pattern"),
        ("partner", "+441312345678", "2026-11-24T10:00", "partner", "begins with +44 of the trunk 'partner'"),
        ("", "+441312345678", "2026-11-24T10:00", "britain", "begins with +44"),
        ("", "100", "2026-11-24T10:00", "desk", "100 is listed"),
        ("", "1000", "2026-11-24T10:00", "reception", "no pattern matches 1000"),
        ("partner", "", "2026-11-24T10:00", "other", "a call without a number, so the default of the trunk 'partner'"),
    ],
)
def test_which_flow_runs_and_why(trunk: str, called: str, at: str, flow: str, because: str) -> None:
    found = destination(NUMBERS, trunk, called, datetime.fromisoformat(at).replace(tzinfo=UTC))
    assert found is not None
    assert (found.flow, found.turned_away) == (flow, False)
    assert because in found.because


def test_a_closed_number_may_turn_away_with_a_prompt() -> None:
    night = destination(NUMBERS, "", "+442079460199", datetime(2026, 11, 24, 20, tzinfo=UTC))
    day = destination(NUMBERS, "", "+442079460199", datetime(2026, 11, 24, 12, tzinfo=UTC))
    assert night is not None and (night.turned_away, night.announce) == (True, "closed_today")
    assert day is not None and (day.turned_away, day.announce, day.flow) == (False, "", "service")


def test_nothing_speaks_of_it() -> None:
    assert destination(NUMBERS[:4], "", "+4722334455", datetime(2026, 11, 24, tzinfo=UTC)) is None


digits = st.text("0123456789", min_size=1, max_size=6)
patterns = st.builds(lambda text, star: f"+{text}*" if star else f"+{text}", digits, st.booleans()) | st.just(DEFAULT)
entries = st.lists(
    st.builds(Number, patterns, st.just("flow"), trunk=st.sampled_from(["", "a", "b"])),
    max_size=8,
    unique_by=lambda one: (one.pattern, one.trunk),
)
calls = st.tuples(st.sampled_from(["", "a", "b"]), digits.map("+{}".format))


@given(entries, calls, st.randoms())
def test_the_order_of_the_file_does_not_matter(numbers, call, dice) -> None:
    shuffled = list(numbers)
    dice.shuffle(shuffled)
    assert find(numbers, *call) == find(shuffled, *call)


@given(entries, calls)
def test_what_is_found_matches_and_nothing_that_matches_is_closer(numbers, call) -> None:
    found = find(numbers, *call)
    matching = [one for one in numbers if one.matches(*call)]
    assert (found is None) == (not matching)
    assert all(one.rank <= found.rank for one in matching)


@given(entries, calls)
def test_a_listed_number_beats_every_pattern_and_other_entries_change_nothing(numbers, call) -> None:
    trunk, called = call
    exact = Number(called, "exact", trunk=trunk)
    others = [one for one in numbers if (one.pattern, one.trunk) != (called, trunk)]
    assert find([*others, exact], trunk, called) == exact
    found = find(numbers, trunk, called)
    assert find([*numbers, Number(called + "7", "longer"), Number("other", "name")], trunk, called) == found


@pytest.mark.parametrize(
    ("dialled", "country", "number"),
    [
        ("+44 20 7946 0123", "", "+442079460123"),
        ("442079460123", "", "+442079460123"),
        ("020 7946 0123", "GB", "+442079460123"),
        ("00442079460123", "GB", "+442079460123"),
        ("011442079460123", "US", "+442079460123"),
        ("442079460123", "GB", "+442079460123"),
        ("22 33 44 55", "NO", "+4722334455"),
        ("tel:+4722334455;phone-context=x", "", "+4722334455"),
        ("0201234", "", "0201234"),
        ("100", "GB", "100"),
        ("support", "GB", "support"),
        ("", "GB", ""),
    ],
)
def test_numbers_in_one_form(dialled: str, country: str, number: str) -> None:
    assert e164(dialled, country) == number


@given(st.text("+0123456789 ()-.abc", max_size=20), st.sampled_from(["", "GB", "NO", "US"]))
def test_the_form_is_final(dialled: str, country: str) -> None:
    once = e164(dialled, country)
    if once.startswith("+"):
        assert e164(once, country) == once
