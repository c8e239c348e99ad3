"""A caller's audio to words, with a recogniser that only counts."""

from __future__ import annotations

import logging
import queue
from collections.abc import Callable

import numpy as np
import pytest

from ivr.hearing import Ears, Understanding, Understood

QUIET = bytes(320)
LOUD = (np.random.default_rng(1).standard_normal(160) * 3000).astype("<i2").tobytes()


class Counting:
    """Understands how long an utterance was."""

    def __init__(self, broken: bool = False) -> None:
        self.broken = broken
        self.loaded = 0
        self.length = 0

    def accepts(self, language: str) -> bool:
        return True

    def load(self) -> None:
        self.loaded += 1

    def begin(self, phrases: tuple[str, ...], language: str) -> Counting:
        self.length = 0
        return self

    def feed(self, pcm: bytes) -> None:
        self.length += len(pcm)

    def words(self) -> Understood:
        if self.broken:
            raise ValueError("my secret words")
        return Understood(f"{self.length // 320} frames", 0.9)


class Owner:
    """The owner thread: what came later, done when asked."""

    def __init__(self) -> None:
        self.work: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self.told: list[object] = []

    def turns(self, count: int) -> list[object]:
        for _ in range(count):
            self.work.get(timeout=10)()
        return self.told


def talk(ears: Ears) -> None:
    for frame in [QUIET] * 50 + [LOUD] * 50 + [QUIET] * 50:
        ears.hear(frame)


def ears_of(recognizer: Counting, owner: Owner) -> tuple[Understanding, Ears]:
    understanding = Understanding(lambda: recognizer, owner.work.put)
    return understanding, Ears(understanding, (), "en", lambda: owner.told.append("started"), owner.told.append)


def test_beginning_and_words_come_back_in_the_owners_thread() -> None:
    owner = Owner()
    understanding, ears = ears_of(Counting(), owner)
    talk(ears)
    assert owner.turns(2) == ["started", Understood("94 frames", 0.9)]
    understanding.close()


def test_a_recogniser_that_fails_hears_nothing_and_nothing_said_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    owner = Owner()
    understanding, ears = ears_of(Counting(broken=True), owner)
    with caplog.at_level(logging.DEBUG):
        talk(ears)
        assert owner.turns(2) == ["started", Understood("", 0.0)]
        understanding.close()
    assert "secret" not in caplog.text


def test_closed_ears_tell_nothing_even_of_what_was_under_way() -> None:
    owner = Owner()
    understanding, ears = ears_of(Counting(), owner)
    talk(ears)
    owner.work.get(timeout=10)
    words = owner.work.get(timeout=10)
    ears.close()
    words()
    talk(ears)
    assert owner.told == [] and owner.work.empty()
    understanding.close()
    understanding.warm()  # too late, and harmless
