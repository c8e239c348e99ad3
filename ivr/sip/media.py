"""Audio inside the endpoint: players, recorders, ears, and who hears whom.

Who hears whom is kept as *wishes* in a ``Switchboard``: a re-INVITE (hold, resume) gives a call a new conference port,
and the wishes are carried out again. All of this belongs to the endpoint's owner thread, but for the callbacks noted.
"""

from __future__ import annotations

import contextlib
from array import array
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

import pjsua2 as pj

from ivr.fading import FadingLoop
from ivr.listening import SpeechMeter, level_dbfs
from ivr.sip.endpoint import Endpoint
from ivr.sip.ports import FRAME_MS, PjTap


class Plug(Protocol):
    """A source or a sink of audio; ``port`` is None while there is none (a call on hold, a closed player)."""

    @property
    def port(self) -> pj.AudioMedia | None:
        """Its place in the conference bridge."""


class Closable(Plug, Protocol):
    """A plug that belongs to one call and ends with it."""

    def close(self) -> None:
        """Let go of it; safe to call twice."""


class Switchboard:
    """Who hears whom in one call, kept over re-INVITEs."""

    def __init__(self) -> None:
        self._wishes: list[tuple[Plug, Plug]] = []

    def connect(self, source: Plug, *sinks: Plug) -> None:
        """Let each sink hear the source, now and after every change of ports."""
        for sink in sinks:
            if (source, sink) not in self._wishes:
                self._wishes.append((source, sink))
                _start(source, sink)

    def disconnect(self, *plugs: Plug) -> None:
        """Take these out of every connection."""
        for wish in [wish for wish in self._wishes if any(plug in wish for plug in plugs)]:
            self._wishes.remove(wish)
            _stop(*wish)

    def drop(self, *plugs: Closable | None) -> None:
        """Take these out of every connection, and close them; None is nothing."""
        present = [plug for plug in plugs if plug is not None]
        self.disconnect(*present)
        for plug in present:
            plug.close()

    def only(self, source: Plug, sink: Plug) -> None:
        """Let the sink hear this source and nothing else any more."""
        for wish in [wish for wish in self._wishes if wish[1] is sink and wish[0] is not source]:
            self._wishes.remove(wish)
            _stop(*wish)
        self.connect(source, sink)

    def renew(self, plug: Plug) -> None:
        """Carry out the wishes of a plug whose port changed (connecting twice is harmless)."""
        for wish in self._wishes:
            if plug in wish:
                _start(*wish)


def _start(source: Plug, sink: Plug) -> None:
    if source.port is not None and sink.port is not None:
        with contextlib.suppress(pj.Error):  # a port that is gone by now: its call is about to end
            source.port.startTransmit(sink.port)


def _stop(source: Plug, sink: Plug) -> None:
    if source.port is not None and sink.port is not None:
        with contextlib.suppress(pj.Error):
            source.port.stopTransmit(sink.port)


class _PjPlayer(pj.AudioMediaPlayer):  # type: ignore[misc]
    ended: Callable[[], None] | None = None

    def onEof2(self) -> None:
        # On a thread of the library, and late: enqueue only; the player may be closed when the owner hears of it.
        if self.ended is not None:
            self.ended()


class Player:
    """Plays files one after the other without a gap, once or for ever; ``ended`` is called in the owner thread.

    Files are 8 kHz mono PCM16 WAV. Nothing is called after ``close``. Raises OSError for a file that cannot be played.
    """

    def __init__(
        self, endpoint: Endpoint, files: Sequence[Path], *, ended: Callable[[], None] | None = None, loop: bool = False
    ) -> None:
        self._endpoint = endpoint
        self._ended = ended
        player = _PjPlayer()
        names = pj.StringVector()
        for file in files:
            names.append(str(file))
        try:
            player.createPlaylist(names, "prompt", 0 if loop else pj.PJMEDIA_FILE_NO_LOOP)
        except pj.Error as error:
            raise OSError(f"cannot play {', '.join(map(str, files))}: {error.reason}") from None
        player.ended = lambda: endpoint.later(self._finished)
        self._port: _PjPlayer | None = player
        endpoint.hold(self)

    @property
    def port(self) -> pj.AudioMedia | None:
        """None once closed."""
        return self._port

    def _finished(self) -> None:
        if self._port is not None and self._ended is not None:  # a late end of a closed player is nobody's end
            self._ended()

    def close(self) -> None:
        """Fall silent and let go of the files."""
        if self._port is not None:
            self._port.ended = None
            self._endpoint.ports.retire(self._port)
            self._port = None
        self._endpoint.release(self)


@dataclass(frozen=True, slots=True)
class WaitingSound:
    """What a caller hears between the prompts while somebody is rung, looped: a file of ringing, or music's samples."""

    ringing: Path
    music: array[int] | None = None


class Music:
    """Music for who waits, which fades at both ends (``ivr.fading``) and goes on where it was left.

    ``quiet`` is called in the owner thread when it has faded out; until then it is still heard. Nothing is called after
    ``close``.
    """

    def __init__(self, endpoint: Endpoint, samples: array[int], quiet: Callable[[], None]) -> None:
        self._endpoint = endpoint
        self._loop = FadingLoop(samples)
        self._quiet = quiet
        self._told = True
        self._port: PjTap | None = endpoint.ports.lend(give=self._give)
        endpoint.hold(self)

    @property
    def port(self) -> pj.AudioMedia | None:
        """None once closed."""
        return self._port

    @property
    def silent(self) -> bool:
        """Whether it has faded out."""
        return self._loop.silent

    def swell(self) -> None:
        """Be heard, from whatever loudness it has."""
        self._loop.swell()
        self._told = False

    def fade(self) -> None:
        """Go."""
        self._loop.fade()

    def _give(self, count: int) -> bytes:
        frame = self._loop.frame(count)
        if self._loop.silent and not self._told:
            self._told = True
            self._endpoint.later(self._faded)
        return frame

    def _faded(self) -> None:
        if self._port is not None and self.silent:  # it may have been told to come back meanwhile
            self._quiet()

    def close(self) -> None:
        """Fall silent at once."""
        if self._port is not None:
            self._endpoint.ports.take_back(self._port)
            self._port = None
        self._endpoint.release(self)


class Recorder:
    """Writes what it hears into an 8 kHz mono PCM16 WAV file.

    The header is final only some milliseconds after ``close`` (see ``wavfile.is_final``). Nothing is written while
    nothing is connected, so a silence player always is, by its owner.
    """

    def __init__(self, endpoint: Endpoint, file: Path) -> None:
        self._endpoint = endpoint
        recorder = pj.AudioMediaRecorder()
        try:
            recorder.createRecorder(str(file))
        except pj.Error as error:
            raise OSError(f"cannot record into {file}: {error.reason}") from None
        self._port: pj.AudioMediaRecorder | None = recorder
        endpoint.hold(self)

    @property
    def port(self) -> pj.AudioMedia | None:
        """None once closed."""
        return self._port

    def close(self) -> None:
        """Stop writing."""
        if self._port is not None:
            self._endpoint.ports.retire(self._port, at_once=True)
            self._port = None
        self._endpoint.release(self)


class Tap:
    """Hands on what it hears, 20 ms of 8 kHz PCM16 at a time, on the media clock's thread; nothing after ``close``."""

    def __init__(self, endpoint: Endpoint, hear: Callable[[bytes], None]) -> None:
        self._endpoint = endpoint
        self._port: PjTap | None = endpoint.ports.lend(hear)
        endpoint.hold(self)

    @property
    def port(self) -> pj.AudioMedia | None:
        """None once closed."""
        return self._port

    def close(self) -> None:
        """Hear no more."""
        if self._port is not None:
            self._endpoint.ports.take_back(self._port)
            self._port = None
        self._endpoint.release(self)


class Ear(Tap):
    """Listens to whatever is connected to it and tells speech from silence by energy, 20 ms at a time."""

    def __init__(self, endpoint: Endpoint) -> None:
        self.meter = SpeechMeter(FRAME_MS / 1000)
        super().__init__(endpoint, lambda frame: self.meter.hear(level_dbfs(array("h", frame))))
