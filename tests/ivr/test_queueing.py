"""A queue without calls: who is next, who rings whom, what the flow is told."""

from __future__ import annotations

from dataclasses import dataclass, field

from ivr.commands import JoinQueue
from ivr.events import (
    Event,
    QueueAnswered,
    QueueEnded,
    QueueFailed,
    QueueMoved,
    TransferAnswered,
    TransferEnded,
    TransferFailed,
)
from ivr.queueing import PAUSE_S, RING_S, TALK_S, Queues, Wait
from tests.fakes.leg import FakeLeg

DESK = "sip:desk@10.0.0.9"


@dataclass
class Caller:
    """A caller in the queue, with what the leg was asked and the flow was told."""

    queues: Queues
    leg: FakeLeg = field(default_factory=FakeLeg)
    told: list[Event] = field(default_factory=list)
    max_wait_s: float = 600.0
    at_s: float = 0.0

    def __post_init__(self) -> None:
        asked = JoinQueue(7, "service", self.max_wait_s)
        self.wait = Wait(asked, DESK, self.queues, self.leg, self.told.append, self.at_s)


def rung(caller: Caller) -> int:
    return caller.leg.verbs().count("ring")


def test_first_come_first_served_and_one_call_at_a_time() -> None:
    queues = Queues(3)
    first, second = Caller(queues), Caller(queues)
    for now_s in (0.0, 1.0):
        second.wait.tick(now_s)
        first.wait.tick(now_s)
    assert (rung(first), rung(second)) == (1, 0)
    assert first.told == [QueueMoved(0.0, 7, 1, 0.0)]
    assert second.told == [QueueMoved(0.0, 7, 2, TALK_S)]
    assert first.wait.read(TransferAnswered(2.0, 7)) == QueueAnswered(2.0, 7)
    second.wait.tick(3.0)
    assert rung(second) == 0
    assert second.told[-1] == QueueMoved(3.0, 7, 1, TALK_S)
    assert first.wait.read(TransferEnded(32.0, 7)) == QueueEnded(32.0, 7)
    second.wait.tick(32.0)
    assert rung(second) == 1


def test_a_busy_target_is_rung_again_by_the_same_caller_first() -> None:
    queues = Queues(3)
    first, second = Caller(queues), Caller(queues)
    first.wait.tick(0.0)
    assert first.wait.read(TransferFailed(1.0, 7, "busy")) is None
    for caller in (second, first):
        caller.wait.tick(1.0 + PAUSE_S - 0.1)
    assert (rung(first), rung(second)) == (1, 0)
    for caller in (second, first):
        caller.wait.tick(1.0 + PAUSE_S)
    assert (rung(first), rung(second)) == (2, 0)


def test_a_target_that_rings_on_is_left_in_peace_for_a_while() -> None:
    caller = Caller(Queues(1))
    caller.wait.tick(0.0)
    caller.wait.tick(RING_S)
    assert caller.leg.verbs() == ["start_waiting", "ring", "stop_ringing"]
    caller.wait.tick(RING_S + PAUSE_S)
    assert rung(caller) == 2


def test_the_longest_wait_while_it_rings() -> None:
    queues = Queues(1)
    caller = Caller(queues, max_wait_s=5.0)
    caller.wait.tick(0.0)
    caller.wait.tick(5.0)
    assert caller.told[-1] == QueueFailed(5.0, 7, "timeout")
    assert caller.leg.verbs()[-2:] == ["stop_ringing", "stop_waiting"]
    assert caller.wait.over
    after = Caller(queues)
    after.wait.tick(6.0)
    assert rung(after) == 1, "the target is free again"


def test_a_full_queue() -> None:
    queues = Queues(1)
    Caller(queues)
    late = Caller(queues)
    assert late.told == [QueueFailed(0.0, 7, "full")]
    assert late.wait.over
    assert late.leg.verbs() == []


def test_leaving_lets_the_next_move_up_and_talks_tell_the_wait() -> None:
    queues = Queues(3)
    first, second, third = Caller(queues), Caller(queues), Caller(queues)
    first.wait.tick(0.0)
    first.wait.read(TransferAnswered(0.0, 7))
    first.wait.read(TransferEnded(60.0, 7))
    second.wait.leave(60.0)
    third.wait.tick(60.0)
    assert third.told[-1] == QueueMoved(60.0, 7, 1, 0.0)
    fourth = Caller(queues)
    fourth.wait.tick(60.0)
    assert fourth.told[-1] == QueueMoved(60.0, 7, 2, 120.0), "one before it rings, one talk took a minute"
