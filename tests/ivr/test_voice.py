"""The thread that makes prompts: the order of its work, and what it drops."""

from __future__ import annotations

import threading

import pytest

from ivr.voice import FORESEEN_AT_MOST, VoiceThread


def held(voice: VoiceThread) -> threading.Event:
    """Keep the thread busy until the event is set."""
    begun, go_on = threading.Event(), threading.Event()
    voice.submit(lambda: (begun.set(), go_on.wait(10)))
    assert begun.wait(10)
    return go_on


def test_what_is_waited_for_goes_before_what_is_foreseen() -> None:
    voice, done = VoiceThread(), []
    go_on = held(voice)
    voice.foresee(done.append, "foreseen 1")
    voice.foresee(done.append, "foreseen 2")
    voice.submit(done.append, "wanted 1")
    voice.submit(done.append, "wanted 2")
    over = threading.Event()
    voice.foresee(over.set)
    go_on.set()
    assert over.wait(10)
    voice.close()
    voice.join()
    assert done == ["wanted 1", "wanted 2", "foreseen 1", "foreseen 2"]


def test_a_busy_line_foresees_no_more_than_so_much_and_goes_on_later() -> None:
    voice, done = VoiceThread(), []
    go_on = held(voice)
    for number in range(FORESEEN_AT_MOST + 20):
        voice.foresee(done.append, number)
    over = threading.Event()
    go_on.set()
    while len(done) < FORESEEN_AT_MOST:
        threading.Event().wait(0.001)
    voice.foresee(over.set)
    assert over.wait(10)
    assert done == list(range(FORESEEN_AT_MOST))
    voice.close()


def test_an_error_costs_its_work_alone_and_the_end_drops_what_is_left(caplog: pytest.LogCaptureFixture) -> None:
    voice, done = VoiceThread(), []
    over = threading.Event()
    voice.submit(lambda: 1 / 0)
    voice.submit(over.set)
    assert over.wait(10) and "a prompt was not made" in caplog.text
    go_on = held(voice)
    voice.submit(done.append, 1)
    voice.close()
    go_on.set()
    voice.join()
    assert done == []
