"""What a caller hears before the answer, free of charge: ringing, then an announcement over early media (RFC 3960).

Then the call is answered, or turned away. A caller who hangs up meanwhile ends it; no session and no record exist yet.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from pathlib import Path

from ivr.sip.call import Ended, SipCall
from ivr.sip.endpoint import Endpoint
from ivr.sip.media import Player, Switchboard

log = logging.getLogger(__name__)

Files = Callable[[Callable[[Sequence[Path]], None]], None]
"""Asks for the announcement's files (8 kHz mono PCM16 WAV); they are handed on in the owner thread, none on failure."""


class BeforeAnswer:
    """One call's time before the answer, in the owner thread; ``then`` answers it or turns it away."""

    def __init__(
        self, endpoint: Endpoint, call: SipCall, ring_s: float, announcement: Files | None, then: Callable[[], None]
    ) -> None:
        self._endpoint = endpoint
        self._call = call
        self._announcement = announcement
        self._then = then
        self._board = Switchboard()
        self._player: Player | None = None
        self._over = False
        call.on_ended = self._ended
        call.on_media = lambda: self._board.renew(call)
        if ring_s:
            call.ringing()
            endpoint.after(ring_s, self._announce)
        else:
            self._announce()

    def _announce(self) -> None:
        if self._over:
            return
        if self._announcement is None:
            self._done()
        else:
            self._announcement(self._say)

    def _say(self, files: Sequence[Path]) -> None:
        if self._over:
            return
        if not files:
            self._done()
            return
        self._call.progress()
        try:
            self._player = Player(self._endpoint, files, ended=self._done)
        except OSError as error:
            log.error("%s; the call is answered without it", error)
            self._done()
            return
        self._board.connect(self._player, self._call)

    def _done(self) -> None:
        if not self._over:
            self._stop()
            self._then()

    def _ended(self, ended: Ended) -> None:
        self._stop()

    def _stop(self) -> None:
        self._over = True
        player, self._player = self._player, None
        if player is not None:
            self._board.disconnect(player)
            player.close()
