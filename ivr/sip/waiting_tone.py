"""What who waits hears between prompts: the brand's music, or ringing."""

from __future__ import annotations

from ivr.sip.endpoint import Endpoint
from ivr.sip.media import Music, Player, Switchboard, WaitingSound


class WaitingTone:
    """For one caller. Music goes on where it was; ringing begins anew, so that no pause is longer than the tone's."""

    def __init__(self, endpoint: Endpoint, board: Switchboard, sound: WaitingSound) -> None:
        self._endpoint, self._board, self._sound = endpoint, board, sound
        self._music: Music | None = None
        self._tone: Player | Music | None = None

    @property
    def tone(self) -> Player | Music | None:
        """What is heard now."""
        return self._tone

    def start(self) -> Player | Music:
        """Let it sound; what is to be connected to the caller."""
        self._tone = self._swelling() or Player(self._endpoint, [self._sound.ringing], loop=True)
        return self._tone

    def hush(self) -> None:
        """Ringing stops; music fades under what is heard next."""
        tone, self._tone = self._tone, None
        if isinstance(tone, Music):
            tone.fade()
        else:
            self._board.drop(tone)

    def close(self) -> None:
        """The call is over."""
        self.hush()
        music, self._music = self._music, None
        self._board.drop(music)

    def _swelling(self) -> Music | None:
        if self._music is None and self._sound.music:
            self._music = Music(self._endpoint, self._sound.music, self._faded)
        if self._music is not None:
            self._music.swell()
        return self._music

    def _faded(self) -> None:
        if self._music is not None:
            self._board.disconnect(self._music)  # nobody hears it, so it stands still
