"""When a registration is tried again."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from ivr.trunks.registration import MOST_S, REFUSED_WAIT_S, Registration


def test_waits_double_are_shortened_by_chance_and_end_with_success() -> None:
    registration = Registration(first_s=4.0)
    waits = []
    for chance in (0.0, 1.0, 1.0):
        registration.failed(100.0, 503, "busy", chance)
        assert registration.retry_at_s is not None
        waits.append(registration.retry_at_s - 100.0)
    assert waits == [2.0, 8.0, 16.0]
    registration.succeeded(200.0)
    assert (registration.state, registration.retry_at_s, registration.since_s) == ("registered", None, 200.0)
    registration.failed(300.0, 408, "timeout", 1.0)
    assert registration.retry_at_s == 304.0


def test_a_refused_password_is_not_tried_often_and_retry_after_is_obeyed() -> None:
    refused, busy = Registration(1.0), Registration(1.0)
    refused.failed(0.0, 403, "Forbidden", 0.5)
    busy.failed(0.0, 503, "Busy", 0.5, retry_after_s=120.0)
    assert (refused.retry_at_s, busy.retry_at_s) == (REFUSED_WAIT_S, 120.0)


def test_it_is_due_once() -> None:
    registration = Registration(1.0)
    registration.failed(0.0, 503, "", 1.0)
    assert [registration.due(at_s) for at_s in (0.5, 1.0, 1.0, 9.0)] == [False, True, False, False]


def test_a_lost_connection_matters_to_who_was_registered() -> None:
    trying, registered = Registration(1.0), Registration(1.0)
    registered.succeeded(0.0)
    trying.lost(5.0, 0.0)
    registered.lost(5.0, 0.0)
    assert (trying.retry_at_s, registered.retry_at_s) == (None, 5.5)


@given(st.lists(st.tuples(st.sampled_from([403, 408, 503, 0]), st.floats(0, 0.999)), min_size=1, max_size=60))
def test_it_never_gives_up_and_never_hurries(failures: list[tuple[int, float]]) -> None:
    registration, now_s = Registration(5.0), 0.0
    for code, chance in failures:
        registration.failed(now_s, code, "", chance)
        assert registration.retry_at_s is not None
        assert 2.5 <= registration.retry_at_s - now_s <= MOST_S
        now_s = registration.retry_at_s
        assert registration.due(now_s)
