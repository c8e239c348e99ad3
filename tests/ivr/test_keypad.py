"""Presses and echoes of keys."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.keypad import SHORTEST_CYCLE_S, TOGETHER_S, Keypad, KeySeen


def counted(seen: list[KeySeen], takes: str = "both") -> str:
    keypad = Keypad(takes)  # type: ignore[arg-type]
    return "".join(each.digit for each in seen if keypad.is_press(each))


@pytest.mark.parametrize(
    ("presses", "count"),
    [
        ([("1", 0.0), ("1", 0.002)], "1"),
        ([("1", 0.0), ("1", 0.05), ("1", 0.1)], "1"),
        ([("1", 0.0), ("2", 0.002)], "12"),
        ([("1", 0.0), ("1", 0.08)], "11"),
        ([("1", 0.0), ("2", 0.01), ("1", 0.02)], "121"),
    ],
)
def test_an_echo_is_no_press(presses: list[tuple[str, float]], count: str) -> None:
    assert counted([KeySeen(digit, at_s) for digit, at_s in presses]) == count


@given(st.lists(st.tuples(st.sampled_from("0123456789*#"), st.integers(0, 100)), max_size=30))
def test_keys_pressed_by_a_finger_all_count(keys: list[tuple[str, int]]) -> None:
    """Whatever is pressed, presses at least one cycle apart are never lost."""
    keypad, at_s = Keypad(), 0.0
    for digit, more_ms in keys:
        at_s += SHORTEST_CYCLE_S + more_ms / 1000
        assert keypad.is_press(KeySeen(digit, at_s))


@pytest.mark.parametrize(
    ("seen", "count"),
    [
        ([KeySeen("1", 0.0), KeySeen("1", 0.2, "info")], "1"),
        ([KeySeen("1", 0.0, "info"), KeySeen("1", 0.01)], "1"),
        ([KeySeen("1", 0.0), KeySeen("1", 0.2, "info"), KeySeen("1", 0.5), KeySeen("1", 0.7, "info")], "11"),
        ([KeySeen("1", 0.0), KeySeen("1", 0.3), KeySeen("1", 0.35, "info"), KeySeen("1", 0.6, "info")], "11"),
        ([KeySeen("1", 0.0), KeySeen("1", 3.0, "info", duration_ms=2900)], "1"),
        ([KeySeen("1", 0.0), KeySeen("1", 3.0, "info")], "11"),
        ([KeySeen("1", 0.0), KeySeen("2", 0.1, "info")], "12"),
        ([KeySeen("1", 0.0, "info"), KeySeen("1", 0.02, "info")], "11"),
    ],
)
def test_a_key_sent_both_ways_is_one_press(seen: list[KeySeen], count: str) -> None:
    assert counted(seen) == count


def test_packets_that_overtake_each_other_are_one_press_however_late() -> None:
    row = [KeySeen("1", at_s, stamp_ms=5000, duration_ms=100) for at_s in (0.0, 0.02, 0.5)]
    between = KeySeen("2", 0.2, stamp_ms=5200, duration_ms=60)
    assert counted([row[0], row[1], between, row[2]]) == "12"


def test_a_key_held_for_twenty_seconds_is_one_press_though_it_comes_in_pieces() -> None:
    piece_ms = 8191
    seen = [
        KeySeen("5", (piece * piece_ms + length_ms) / 1000, stamp_ms=1000 + piece * piece_ms, duration_ms=length_ms)
        for piece in range(3)
        for length_ms in range(20, piece_ms + 1, 20)
    ]
    assert counted(seen) == "5"


def test_the_same_key_twice_in_a_row_is_two_presses_however_short_the_pause() -> None:
    """Each 100 ms long in packets of 20 ms, 60 ms apart; a phone may count on in RTP time by one packet only."""
    for apart_ms in (160, 20):
        seen = [
            KeySeen("2", (press * 160 + length_ms) / 1000, stamp_ms=500 + press * apart_ms, duration_ms=length_ms)
            for press in range(4)
            for length_ms in range(0, 101, 20)
        ]
        assert counted(seen) == "2222"


def test_a_phone_whose_keys_all_have_one_time_is_heard() -> None:
    assert counted([KeySeen("1", at_s, stamp_ms=777) for at_s in (0.0, 2.0, 4.0)]) == "111"


def test_only_the_method_that_was_agreed_counts() -> None:
    seen = [KeySeen("1", 0.0), KeySeen("2", 5.0, "info")]
    assert (counted(seen, "rfc4733"), counted(seen, "info"), counted(seen)) == ("1", "2", "12")


@given(st.lists(st.tuples(st.sampled_from("123"), st.floats(0.3, 2.0), st.booleans()), max_size=20))
def test_sending_each_key_both_ways_counts_as_sending_it_once(keys: list[tuple[str, float, bool]]) -> None:
    """Whichever of the two comes first."""
    at_s, both, once = 0.0, [], []
    for digit, gap_s, info_first in keys:
        at_s += gap_s
        methods = ("info", "rfc4733") if info_first else ("rfc4733", "info")
        once.append(KeySeen(digit, at_s))
        both += [KeySeen(digit, at_s, methods[0]), KeySeen(digit, at_s + min(0.1, TOGETHER_S), methods[1])]  # type: ignore[arg-type]
    assert counted(both) == counted(once)
