"""One voice for many processes: a process that has the models serves WAV paths over a local socket.

The models of a voice take tens of megabytes; a cell that asks needs none of them. The socket is in a folder that only
the line's user can enter, and both ends have the same key, so nobody else can speak to it.
"""

from __future__ import annotations

import contextlib
import threading
import time
from collections.abc import Iterable
from functools import partial
from multiprocessing.connection import Client, Connection, Listener
from pathlib import Path
from typing import Any, Protocol

from ivr.commands import Phrase
from ivr.prompting.errors import PromptError
from ivr.prompting.parts import Part, Parts

RETRY_S, GIVE_UP_S = 0.1, 5.0
Question = tuple[Any, ...]
"""What is asked for (``parts``, ``make``, ``hold`` or ``warm``), and of what."""


class Source(Protocol):
    """What is served: ``ivr.prompting.library.PromptLibrary``."""

    def parts(self, phrase: Phrase) -> Parts:
        """The files of a phrase, to be made one by one; raises a ``PromptError``."""

    def hold(self) -> Path | None:
        """The music for who waits; raises a ``PromptError``."""

    def warm(self, language: str, ids: Iterable[str]) -> None:
        """Load what a value in one of these prompts would have to wait for; raises a ``PromptError``."""


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
            question: Question = asking.recv()
            try:
                asking.send((True, _reply(source, question)))
            except Exception as error:  # a voice's own errors, of every kind: the caller's call must go on
                asking.send((False, str(error) or type(error).__name__))


def _reply(source: Source, question: Question) -> Any:
    match question:
        case ("parts", phrase):
            parts = source.parts(phrase)
            return [str(part.path) for part in parts.files], parts.unfit
        case ("make", phrase, number):
            return str(source.parts(phrase).files[number].make())
        case ("hold",):
            music = source.hold()
            return str(music) if music else None
        case ("warm", language, ids):
            source.warm(language, ids)
    return None


class RemotePrompts:
    """A cell's side: the same WAV paths as the library's own. One question at a time; any thread may ask."""

    def __init__(self, socket: Path, key: bytes) -> None:
        self._socket = socket
        self._key = key
        self._asking = threading.Lock()
        self._connection: Connection | None = None

    def parts(self, phrase: Phrase) -> Parts:
        """The files of a phrase; raises ``PromptError``, also when the voice's process does not come back."""
        paths, unfit = self._answer("parts", phrase)
        files = [Part(Path(path), partial(self._make, phrase, number)) for number, path in enumerate(paths)]
        return Parts(tuple(files), tuple(unfit))

    def hold(self) -> Path | None:
        """The music for who waits."""
        music = self._answer("hold")
        return Path(music) if music else None

    def warm(self, language: str, ids: Iterable[str]) -> None:
        """Have the voice's process load what a first value would have to wait for."""
        self._answer("warm", language, tuple(ids))

    def _make(self, phrase: Phrase, number: int) -> Path:
        return Path(self._answer("make", phrase, number))

    def _answer(self, *question: Any) -> Any:
        with self._asking:
            made, answer = self._ask(question)
        if not made:
            raise PromptError(answer)
        return answer

    def _ask(self, question: Question) -> tuple[bool, Any]:
        until_s = time.monotonic() + GIVE_UP_S
        while True:
            try:
                if self._connection is None:
                    self._connection = Client(str(self._socket), "AF_UNIX", authkey=self._key)
                self._connection.send(question)
                answer: tuple[bool, Any] = self._connection.recv()
                return answer
            except (OSError, EOFError):  # the voice's process is being started again
                self._connection = None
                if time.monotonic() > until_s:
                    return False, "The voice's process does not answer."
                time.sleep(RETRY_S)
