"""One voice for many processes: a process that has the models serves WAV paths over a local socket.

The models of a voice take tens of megabytes; a cell that asks needs none of them. The socket is in a folder that only
the line's user can enter, and both ends have the same key, so nobody else can speak to it.
"""

from __future__ import annotations

import contextlib
import threading
import time
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path
from typing import Protocol

from ivr.commands import Phrase
from ivr.prompting.errors import PromptError

RETRY_S, GIVE_UP_S = 0.1, 5.0


class Source(Protocol):
    """What is served: ``ivr.prompting.library.PromptLibrary``."""

    def audio(self, phrase: Phrase) -> Path:
        """The WAV file of a phrase; raises a ``PromptError``."""


def serve_prompts(source: Source, socket: Path, key: bytes) -> None:
    """Answer until the process ends; one thread per cell. An earlier socket of this name is taken over."""
    socket.unlink(missing_ok=True)
    with Listener(str(socket), "AF_UNIX", authkey=key) as listener:
        while True:
            with contextlib.suppress(OSError, EOFError):  # a cell that died while it said hello
                asking = listener.accept()
                threading.Thread(target=_answer, args=(source, asking), daemon=True).start()


def _answer(source: Source, asking: Connection) -> None:
    with asking, contextlib.suppress(EOFError, OSError):
        while True:
            phrase: Phrase = asking.recv()
            try:
                asking.send((True, str(source.audio(phrase))))
            except Exception as error:  # a voice's own errors, of every kind: the caller's call must go on
                asking.send((False, str(error) or type(error).__name__))


class RemotePrompts:
    """A cell's side: the same WAV paths as the library's own. One question at a time; any thread may ask."""

    def __init__(self, socket: Path, key: bytes) -> None:
        self._socket = socket
        self._key = key
        self._asking = threading.Lock()
        self._connection: Connection | None = None

    def audio(self, phrase: Phrase) -> Path:
        """The WAV file of a phrase; raises ``PromptError``, also when the voice's process does not come back."""
        with self._asking:
            made, answer = self._ask(phrase)
        if not made:
            raise PromptError(answer)
        return Path(answer)

    def _ask(self, phrase: Phrase) -> tuple[bool, str]:
        until_s = time.monotonic() + GIVE_UP_S
        while True:
            try:
                if self._connection is None:
                    self._connection = Client(str(self._socket), "AF_UNIX", authkey=self._key)
                self._connection.send(phrase)
                answer: tuple[bool, str] = self._connection.recv()
                return answer
            except (OSError, EOFError):  # the voice's process is being started again
                self._connection = None
                if time.monotonic() > until_s:
                    return False, "The voice's process does not answer."
                time.sleep(RETRY_S)
