"""The parent of a line's processes: starts them, hears what they tell, starts a dead one again, ends them in order.

Everything heavy is imported before the first fork and frozen (``gc.freeze``), so that the processes share that memory.
The parent has one thread, no endpoint and no model: forking it again is always safe. Each worker has a pipe to it and
tells one JSON object per line; what it tells faster than the parent listens is dropped: calls may not wait for it.

Signals to the parent: SIGTERM drains (workers that carry calls get SIGTERM and end by themselves when their last call
is over, at the latest after ``drain_s``), SIGINT ends at once. A worker whose parent is gone drains too.
"""

from __future__ import annotations

import contextlib
import ctypes
import gc
import json
import logging
import os
import selectors
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from ivr.backoff import Backoff

log = logging.getLogger(__name__)

Tell = Callable[[dict[str, Any]], None]
Task = Callable[[Tell], int]
"""What a worker does, in its own process, until a signal ends it; the result is its exit code."""

WAKE_EVERY_S = 0.2
_PR_SET_PDEATHSIG = 1


@dataclass(frozen=True, slots=True)
class Worker:
    """One process of the line. ``carries`` calls: drained before the others are ended."""

    name: str
    task: Task
    carries: bool = False


@dataclass(slots=True)
class Running:
    """A worker's life as the parent sees it.

    ``told`` is the last thing of each kind (``event``) that the living worker said, ``heard`` how often each kind was
    said by it and those before it.
    """

    worker: Worker
    backoff: Backoff = field(default_factory=Backoff)
    pid: int = 0
    pipe: int = -1
    started_s: float = 0.0
    start_at_s: float = 0.0
    restarts: int = 0
    rest: bytes = b""
    told: dict[str, dict[str, Any]] = field(default_factory=dict)
    heard: Counter[str] = field(default_factory=Counter)


class Supervisor:
    """Runs workers until a signal. ``heard(worker name, what it told)`` and ``every_second()`` happen in the parent."""

    def __init__(
        self,
        workers: Sequence[Worker],
        heard: Callable[[str, dict[str, Any]], None],
        every_second: Callable[[Sequence[Running], bool], None] = lambda running, draining: None,
        drain_s: float = 600.0,
    ) -> None:
        self._running = [Running(worker) for worker in workers]
        self._heard = heard
        self._every_second = every_second
        self._drain_s = drain_s
        self._selector = selectors.DefaultSelector()
        self._asked: list[int] = []
        self._draining_since_s: float | None = None
        self._at_once = False

    @property
    def running(self) -> Sequence[Running]:
        """All workers, alive or resting."""
        return self._running

    def run(self) -> int:
        """Start all, keep them alive, end them at a signal; the exit code is 0 unless something had to be killed."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, lambda signum, frame: self._asked.append(signum))
        gc.collect()
        gc.freeze()
        try:
            second_s = 0.0
            while self._alive_or_wanted():
                self._start_due()
                self._listen(WAKE_EVERY_S)
                self._bury()
                self._obey()
                if (now_s := time.monotonic()) - second_s >= 1.0:
                    second_s = now_s
                    self._every_second(self._running, self._draining_since_s is not None)
        finally:
            killed = self._end_all()
            self._selector.close()
        return 1 if killed else 0

    def _alive_or_wanted(self) -> bool:
        carriers = [each for each in self._running if each.worker.carries] or self._running
        return self._draining_since_s is None or any(each.pid for each in carriers)

    def _start_due(self) -> None:
        if self._draining_since_s is None:
            for each in self._running:
                if not each.pid and time.monotonic() >= each.start_at_s:
                    self._start(each)

    def _start(self, each: Running) -> None:
        reading, writing = os.pipe()
        sys.stdout.flush()
        sys.stderr.flush()
        parent = os.getpid()
        pid = os.fork()
        if pid == 0:
            os.close(reading)
            self._selector.close()
            for other in self._running:
                if other.pipe >= 0:
                    os.close(other.pipe)
            _be(each.worker, writing, parent)
        os.close(writing)
        os.set_blocking(reading, False)
        each.pid, each.pipe, each.started_s, each.rest = pid, reading, time.monotonic(), b""
        each.told.clear()
        self._selector.register(reading, selectors.EVENT_READ, each)

    def _listen(self, wait_s: float) -> None:
        for key, _ in self._selector.select(wait_s):
            self._read(key.data)

    def _read(self, each: Running) -> None:
        while chunk := _read_some(each.pipe):
            *lines, each.rest = (each.rest + chunk).split(b"\n")
            for line in lines:
                what = json.loads(line)
                each.told[what["event"]] = what
                each.heard[what["event"]] += 1
                self._heard(each.worker.name, what)

    def _bury(self) -> None:
        for each in self._running:
            if each.pid and (ended := _waited(each.pid)) is not None:
                self._gone(each, ended)

    def _gone(self, each: Running, status: int) -> None:
        self._read(each)
        with contextlib.suppress(KeyError):
            self._selector.unregister(each.pipe)
        os.close(each.pipe)
        lived_s = time.monotonic() - each.started_s
        each.pid, each.pipe = 0, -1
        if self._draining_since_s is None:
            each.start_at_s = time.monotonic() + each.backoff.after(lived_s)
            each.restarts += 1
            how = f"by signal {os.WTERMSIG(status)}" if os.WIFSIGNALED(status) else f"with {os.WEXITSTATUS(status)}"
            self._heard(each.worker.name, {"event": "died", "how": how, "lived_s": round(lived_s, 3)})

    def _obey(self) -> None:
        asked, self._asked[:] = list(self._asked), []
        if signal.SIGINT in asked or (asked and self._draining_since_s is not None):
            self._at_once = True
        if asked and self._draining_since_s is None:
            self._draining_since_s = time.monotonic()
            self._signal_carriers(signal.SIGINT if self._at_once else signal.SIGTERM)
        elif self._at_once and asked:
            self._signal_carriers(signal.SIGINT)
        since_s = self._draining_since_s
        if since_s is not None and not self._at_once and time.monotonic() - since_s > self._drain_s:
            self._at_once = True
            self._signal_carriers(signal.SIGINT)

    def _signal_carriers(self, number: int) -> None:
        for each in self._running:
            if each.pid and each.worker.carries:
                os.kill(each.pid, number)

    def _end_all(self, within_s: float = 10.0) -> bool:
        """Tell what is left to end, wait, and kill what does not; whether anything had to be killed."""
        self._draining_since_s = self._draining_since_s or time.monotonic()
        for each in self._running:
            if each.pid:
                os.kill(each.pid, signal.SIGINT if each.worker.carries else signal.SIGTERM)
        until_s = time.monotonic() + within_s
        while any(each.pid for each in self._running) and time.monotonic() < until_s:
            self._listen(0.05)
            self._bury()
        left = [each for each in self._running if each.pid]
        for each in left:
            log.error("%s does not end and is killed", each.worker.name)
            os.kill(each.pid, signal.SIGKILL)
            os.waitpid(each.pid, 0)
            self._gone(each, 0)
        return bool(left)


def _be(worker: Worker, pipe: int, parent: int) -> None:
    """The rest of a worker's process; never returns."""
    code = 70
    try:
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, signal.SIG_DFL)
        os.set_blocking(pipe, False)
        _die_with(parent)

        def tell(what: dict[str, Any]) -> None:
            with contextlib.suppress(BrokenPipeError, BlockingIOError):
                os.write(pipe, json.dumps(what, ensure_ascii=False).encode() + b"\n")

        code = worker.task(tell)
    except KeyboardInterrupt:
        code = 0
    except BaseException:  # the process ends here, whatever it was: nothing above may run in a child
        log.exception("%s ends by a fault", worker.name)
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _die_with(parent: int) -> None:
    """Have the kernel send SIGTERM when the parent dies (Linux)."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
        if os.getppid() != parent:
            os._exit(0)


def _waited(pid: int) -> int | None:
    found, status = os.waitpid(pid, os.WNOHANG)
    return status if found else None


def _read_some(pipe: int) -> bytes:
    try:
        return os.read(pipe, 65536)
    except BlockingIOError:
        return b""


@contextlib.contextmanager
def signals() -> Iterator[list[int]]:
    """The SIGTERM and SIGINT that came so far, in a worker; the old handlers come back at the end."""
    came: list[int] = []
    before = {number: signal.getsignal(number) for number in (signal.SIGTERM, signal.SIGINT)}
    for number in before:
        signal.signal(number, lambda signum, frame: came.append(signum))
    try:
        yield came
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
