"""How many calls one source may bring."""

from __future__ import annotations

import ipaddress

from hypothesis import given
from hypothesis import strategies as st

from ivr.admission import RATE_OVER_S, Admission, AdmissionLimits


def test_no_limit_admits_all() -> None:
    admission = Admission(AdmissionLimits())
    assert all(admission.admits("10.0.0.1", 0.0) for _ in range(1000))


def test_so_many_at_once_and_room_again_when_one_is_over() -> None:
    admission = Admission(AdmissionLimits(calls=2))
    assert [admission.admits("a", 0.0) for _ in range(3)] == [True, True, False]
    assert admission.admits("b", 0.0), "another source has its own share"
    admission.over("a")
    assert [admission.admits("a", 0.0) for _ in range(2)] == [True, False]


def test_so_many_new_ones_in_ten_seconds() -> None:
    admission = Admission(AdmissionLimits(rate=2))
    assert [admission.admits("a", at) for at in (0.0, 5.0, 9.9, 10.0, 14.9, 15.0)] == [
        True,
        True,
        False,
        True,
        False,
        True,
    ]


def test_ending_what_never_began_gives_no_credit() -> None:
    admission = Admission(AdmissionLimits(calls=1))
    admission.over("a")
    assert [admission.admits("a", 0.0) for _ in range(2)] == [True, False]


@given(
    st.integers(1, 5),
    st.integers(1, 5),
    st.lists(st.tuples(st.sampled_from("ab"), st.booleans(), st.floats(0, 3)), max_size=60),
)
def test_limits_hold_whatever_happens(calls: int, rate: int, happened: list[tuple[str, bool, float]]) -> None:
    admission, now_s = Admission(AdmissionLimits(calls, rate)), 0.0
    running: dict[str, int] = {"a": 0, "b": 0}
    admitted: dict[str, list[float]] = {"a": [], "b": []}
    for source, rings, passed_s in happened:
        now_s += passed_s
        if not rings and running[source]:
            admission.over(source)
            running[source] -= 1
        elif rings:
            recent = [at for at in admitted[source] if now_s - at < RATE_OVER_S]
            room = running[source] < calls and len(recent) < rate
            assert admission.admits(source, now_s) == room
            if room:
                running[source] += 1
                admitted[source].append(now_s)


def test_old_sources_are_forgotten() -> None:
    admission = Admission(AdmissionLimits(rate=5))
    for number in range(20_000):
        assert admission.admits(str(ipaddress.IPv4Address(number)), number * 0.01)
    assert len(admission._came) < 12_000
