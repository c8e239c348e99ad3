"""The one thread in which prompts are made: what a caller waits for first, what is only foreseen when it is idle."""

from __future__ import annotations

import itertools
import logging
import queue
import threading
from collections.abc import Callable
from typing import Any

FORESEEN_AT_MOST = 32
"""Foreseen work that may wait: on a busy line what is far off is not worth making."""

_STOP, _WANTED, _FORESEEN = range(3)
log = logging.getLogger(__name__)


class VoiceThread:
    """Work of one kind, one after the other; an error costs its work alone."""

    def __init__(self) -> None:
        self._work: queue.PriorityQueue[tuple[int, int, Callable[[], None]]] = queue.PriorityQueue()
        self._order = itertools.count()
        self._foreseen = threading.Semaphore(FORESEEN_AT_MOST)
        self._thread = threading.Thread(target=self._run, name="voice", daemon=True)
        self._thread.start()

    def submit(self, work: Callable[..., Any], *given: Any) -> None:
        """Do this next, after all that was submitted before."""
        self._work.put((_WANTED, next(self._order), lambda: work(*given)))

    def foresee(self, work: Callable[..., Any], *given: Any) -> None:
        """Do this when nothing submitted is left; dropped when too much waits already."""
        if self._foreseen.acquire(blocking=False):

            def relieved() -> None:
                self._foreseen.release()
                work(*given)

            self._work.put((_FORESEEN, next(self._order), relieved))

    def close(self) -> None:
        """End after what is being done now; the rest is dropped."""
        self._work.put((_STOP, next(self._order), lambda: None))

    def join(self, within_s: float = 10.0) -> None:
        """Wait for the end: a voice that speaks while the process ends may take it down."""
        self._thread.join(within_s)

    def _run(self) -> None:
        while True:
            kind, _, work = self._work.get()
            if kind == _STOP:
                return
            try:
                work()
            except Exception:
                log.exception("a prompt was not made")
