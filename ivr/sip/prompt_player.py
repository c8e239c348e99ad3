"""What one caller is told: a prompt's files one after the other, as they come."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from ivr.sip.endpoint import Endpoint
from ivr.sip.media import Player, Switchboard

log = logging.getLogger(__name__)


@dataclass(slots=True)
class _Prompt:
    """What is being said: files that are not heard yet, and whether more will come."""

    serial: int
    coming: list[Path]
    more: bool


class PromptPlayer:
    """One prompt at a time.

    ``begun(player)`` has the files heard; ``ended(serial)`` follows when a prompt is over by itself, ``silent()``
    whenever nothing is said any more.
    """

    def __init__(
        self,
        endpoint: Endpoint,
        board: Switchboard,
        begun: Callable[[Player], None],
        ended: Callable[[int], None],
        silent: Callable[[], None],
    ) -> None:
        self._endpoint, self._board = endpoint, board
        self._begun, self._ended, self._silent = begun, ended, silent
        self._prompt: _Prompt | None = None
        self._player: Player | None = None

    @property
    def player(self) -> Player | None:
        """What sounds now; None between files and prompts."""
        return self._player

    @property
    def busy(self) -> bool:
        """Whether a prompt is being said, or waits for its next file."""
        return self._prompt is not None

    def play(self, serial: int, files: Sequence[Path], more: bool) -> None:
        """Instead of what is said now; a file that cannot be played ends the prompt at once."""
        self.stop()
        self._prompt = _Prompt(serial, list(files), more)
        self._go_on(self._prompt)

    def play_on(self, serial: int, files: Sequence[Path], more: bool) -> None:
        """The next files; they are heard at once when all before them are over."""
        prompt = self._prompt
        if prompt is not None and prompt.serial == serial:
            prompt.coming += files
            prompt.more = more
            if self._player is None:
                self._go_on(prompt)

    def stop(self) -> None:
        """Fall silent at once."""
        prompt, self._prompt = self._prompt, None
        self._drop()
        if prompt is not None:
            self._silent()

    def _go_on(self, prompt: _Prompt) -> None:
        """Play what has come; end the prompt when nothing more will."""
        if self._prompt is not prompt:
            return
        self._drop()
        files, prompt.coming = prompt.coming, []
        if files:
            self._play(prompt, files)
        elif not prompt.more:
            self.stop()
            self._ended(prompt.serial)

    def _play(self, prompt: _Prompt, files: Sequence[Path]) -> None:
        try:
            self._player = Player(self._endpoint, files, ended=lambda: self._go_on(prompt))
        except OSError as error:
            log.error("%s; the call goes on without it", error)
            self._endpoint.later(lambda: self._go_on(prompt))
            return
        self._begun(self._player)

    def _drop(self) -> None:
        player, self._player = self._player, None
        self._board.drop(player)
