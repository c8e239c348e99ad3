"""From a caller's audio to words: each call's ``Ears`` end-point live, one ``Understanding`` thread recognises for all.

Frames come on the media clock's thread; nothing there but a level and a queue. Recognition happens in the one worker
thread, which loads the model once, at its first use. Results come back through ``later``, in the owner's thread. What
is said is nobody's business here: it is never logged.
"""

from __future__ import annotations

import contextlib
import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cached_property
from typing import Protocol

from ivr.endpointing import Began, Endpointer, Went

log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Understood:
    """The words of an utterance, and how sure the recogniser is, 0 to 1."""

    text: str
    confidence: float


NOTHING = Understood("", 0.0)


class Utterance(Protocol):
    """One utterance on its way to words; one thread."""

    def feed(self, pcm: bytes) -> None:
        """More of its audio: 8 kHz mono PCM16."""

    def words(self) -> Understood:
        """What was said, when all has been fed."""


class PhraseRecognizer(Protocol):
    """Recognises utterances, best those that are expected. Made cheaply, loaded by ``load``."""

    def accepts(self, language: str) -> bool:
        """Whether this language is known."""

    def load(self) -> None:
        """Have the model ready; harmless the second time. Raises an Exception with one sentence."""

    def begin(self, phrases: tuple[str, ...], language: str) -> Utterance:
        """A new utterance; no phrases mean free speech."""


class Understanding:
    """The recogniser of a process and its thread. ``opening`` is called at the first use; ``later`` runs in the owner's
    thread what it is given.
    """

    def __init__(self, opening: Callable[[], PhraseRecognizer], later: Callable[[Callable[[], None]], None]) -> None:
        self._opening = opening
        self.later = later
        self._worker = ThreadPoolExecutor(1, "understanding")

    @cached_property
    def recognizer(self) -> PhraseRecognizer:
        """The recogniser, not loaded yet."""
        return self._opening()

    def warm(self) -> None:
        """Load the model now, without waiting for it."""
        self.soon(lambda: self.recognizer.load())

    def soon(self, work: Callable[[], None]) -> None:
        """Do this in the worker, in order; a fault is logged without what was said."""

        def safely() -> None:
            try:
                work()
            except Exception as error:
                log.error("the recogniser failed (%s)", type(error).__name__)

        with contextlib.suppress(RuntimeError):  # closing: nobody waits for it any more
            self._worker.submit(safely)

    def close(self) -> None:
        """Take no more work."""
        self._worker.shutdown(wait=False, cancel_futures=True)


class Ears:
    """One caller while a question listens. ``started()`` and ``heard(words)`` are called in the owner's thread."""

    def __init__(
        self,
        understanding: Understanding,
        phrases: tuple[str, ...],
        language: str,
        started: Callable[[], None],
        heard: Callable[[Understood], None],
    ) -> None:
        self._understanding = understanding
        self._phrases = phrases
        self._language = language
        self._started = started
        self._heard = heard
        self._endpointer = Endpointer()
        self._utterance: Utterance | None = None  # the worker's own
        self._open = True

    def hear(self, pcm: bytes) -> None:
        """20 ms of the caller; on whichever thread has them, in order."""
        if not self._open:
            return
        found = self._endpointer.hear(pcm)
        if found is None:
            return
        if isinstance(found, Began):
            self._understanding.later(self._tell_started)
            self._understanding.soon(lambda: self._begin(found.pcm))
        elif isinstance(found, Went):
            self._understanding.soon(lambda: self._feed(found.pcm))
        else:
            self._understanding.soon(self._end)

    def close(self) -> None:
        """Hear no more; nothing is told any more."""
        self._open = False

    def _begin(self, pcm: bytes) -> None:
        if self._open:
            recognizer = self._understanding.recognizer
            recognizer.load()
            self._utterance = recognizer.begin(self._phrases, self._language)
            self._utterance.feed(pcm)

    def _feed(self, pcm: bytes) -> None:
        if self._utterance is not None and self._open:
            self._utterance.feed(pcm)

    def _end(self) -> None:
        utterance, self._utterance = self._utterance, None
        if not self._open:
            return
        words = NOTHING
        try:
            words = utterance.words() if utterance is not None else NOTHING
        finally:
            self._understanding.later(lambda: self._tell(words))

    def _tell_started(self) -> None:
        if self._open:
            self._started()

    def _tell(self, words: Understood) -> None:
        if self._open:
            self._heard(words)
