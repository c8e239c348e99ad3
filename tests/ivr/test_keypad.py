"""Presses and echoes of keys."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.keypad import SHORTEST_CYCLE_S, Keypad


@pytest.mark.parametrize(
    ("presses", "counted"),
    [
        ([("1", 0.0), ("1", 0.002)], "1"),
        ([("1", 0.0), ("1", 0.05), ("1", 0.1)], "1"),
        ([("1", 0.0), ("2", 0.002)], "12"),
        ([("1", 0.0), ("1", 0.08)], "11"),
        ([("1", 0.0), ("2", 0.01), ("1", 0.02)], "121"),
    ],
)
def test_an_echo_is_no_press(presses, counted):
    keypad = Keypad()
    assert "".join(digit for digit, at_s in presses if keypad.is_press(digit, at_s)) == counted


@given(st.lists(st.tuples(st.sampled_from("0123456789*#"), st.integers(0, 100)), max_size=30))
def test_keys_pressed_by_a_finger_all_count(keys):
    """Whatever is pressed, presses at least one cycle apart are never lost."""
    keypad, at_s = Keypad(), 0.0
    for digit, more_ms in keys:
        at_s += SHORTEST_CYCLE_S + more_ms / 1000
        assert keypad.is_press(digit, at_s)
