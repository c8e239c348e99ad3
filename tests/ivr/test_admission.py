"""How many calls one source may bring."""

from __future__ import annotations

import ipaddress

from hypothesis import given
from hypothesis import strategies as st

from ivr.admission import BURST, BURST_OVER_S, LARGEST, RATE_OVER_S, Admission, AdmissionLimits, Doorkeeper


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


def friend(host: str) -> bool:
    return host == "10.0.0.1"


@given(st.sampled_from(["INVITE", "OPTIONS", "REGISTER", "ACK", "X"]), st.integers(0, 70_000), st.floats(0, 100))
def test_strangers_hear_the_same_whatever_they_send(method: str, length: int, now_s: float) -> None:
    assert Doorkeeper(friend).refusal("10.0.0.2", method, length, False, now_s) == 403


def test_what_passes_the_door() -> None:
    door = Doorkeeper(friend)
    assert door.refusal("10.0.0.1", "INVITE", 900, False, 0.0) == 0
    assert door.refusal("10.0.0.1", "INVITE", LARGEST, False, 0.0) == 513
    assert door.refusal("10.0.0.2", "BYE", 400, True, 0.0) == 0, "an agent who was rung hangs up"
    assert door.refusal("10.0.0.2", "BYE", LARGEST, True, 0.0) == 403
    assert door.refusal("10.0.0.1", "REFER", 400, True, 0.0) == 603, "nobody has the line ring somebody"
    assert door.refusal("10.0.0.2", "REFER", 400, True, 0.0) == 403


@given(st.lists(st.floats(0, 0.2), max_size=200))
def test_never_more_new_calls_than_the_library_has_sockets_for(pauses: list[float]) -> None:
    door, now_s, let_in = Doorkeeper(friend), 0.0, []
    for pause_s in pauses:
        now_s += pause_s
        if door.refusal("10.0.0.1", "INVITE", 900, False, now_s) == 0:
            let_in.append(now_s)
        assert door.refusal("10.0.0.1", "OPTIONS", 900, False, now_s) == 0
    for first in let_in:
        assert sum(first <= each < first + BURST_OVER_S for each in let_in) <= BURST
