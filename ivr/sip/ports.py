"""The endpoint's audio ports from their birth to their end: the one place where a port of the bridge is given up.

The library frees a port's memory as soon as its object is dropped, and the media clock takes the port out of the bridge
at its next tick, out of that memory (pjproject #3928, #4200, #4526); an end of file may be on its way to a player yet,
on another thread (#5045). Hence three rules, which belong to the owner thread like everything else of the library:

* A tap is a port of ours, which hears or gives. It is never destroyed while the clock runs: it is lent, taken back,
  and lent again.
* A closed player rests until no event can be on its way to it; a recorder is dropped soon, since that ends its file.
* After players and recorders were dropped, several at a time, the owner thread does nothing until the clock has gone
  on: all memory of the library is asked for in this thread, so nothing takes what was freed before the clock left it.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from pathlib import Path

import pjsua2 as pj

CLOCK_HZ = 8000
FRAME_MS = 20
FRAME_SAMPLES = CLOCK_HZ * FRAME_MS // 1000
PLAYER_RESTS_S = 0.3
TAP_RESTS_S = 0.1
MOST_DUE, LONGEST_DUE_S = 8, 2.0
"""So many players or so long a wait make it worth it to stand still for two ticks of the clock (40 ms)."""
CLOCK_STANDS_S = 1.0


class PjTap(pj.AudioMediaPort):  # type: ignore[misc]
    """A port that hands on what it hears, or gives what is heard of it: 20 ms of PCM16 at a time.

    ``hear`` and ``give`` (of so many samples) are called on the media clock's thread.
    """

    hear: Callable[[bytes], None] | None = None
    give: Callable[[int], bytes] | None = None

    def onFrameReceived(self, frame: pj.MediaFrame) -> None:
        """An exception may not leave it."""
        hear = self.hear
        if hear is not None:
            hear(bytes(frame.buf))

    def onFrameRequested(self, frame: pj.MediaFrame) -> None:
        """An exception may not leave it; without ``give`` there is no sound."""
        give = self.give
        if give is not None:
            frame.type = pj.PJMEDIA_FRAME_TYPE_AUDIO
            frame.buf = pj.ByteVector(give(FRAME_SAMPLES))


class Ports:
    """Taps to lend, players and recorders to rest and drop; the clock's ticks are told by the file ``silence``.

    A tap is called by the clock fifty times a second even when nothing is connected to it: none is made but to listen.
    """

    def __init__(self, silence: Path) -> None:
        self._spare: deque[tuple[float, PjTap]] = deque()
        self._resting: deque[tuple[float, pj.AudioMedia]] = deque()
        self._urgent: list[pj.AudioMedia] = []
        self._source: pj.AudioMediaPlayer | None = pj.AudioMediaPlayer()
        self._source.createPlayer(str(silence))
        self._clock: pj.AudioMedia | None = pj.Endpoint.instance().audDevManager().getPlaybackDevMedia()

    def lend(self, hear: Callable[[bytes], None] | None = None, give: Callable[[int], bytes] | None = None) -> PjTap:
        """A tap: one that rested, or a new one."""
        rested = bool(self._spare) and self._spare[0][0] <= time.monotonic()
        tap = self._spare.popleft()[1] if rested else _new_tap()
        tap.hear, tap.give = hear, give
        return tap

    def take_back(self, tap: PjTap) -> None:
        """A tap that nothing is connected to any more."""
        tap.hear = tap.give = None
        self._spare.append((time.monotonic() + TAP_RESTS_S, tap))

    def retire(self, port: pj.AudioMedia, *, at_once: bool = False) -> None:
        """A player or recorder that nothing is connected to any more."""
        if at_once:
            self._urgent.append(port)
        else:
            self._resting.append((time.monotonic() + PLAYER_RESTS_S, port))

    def tick(self, now_s: float) -> None:
        """Drop what is due, if there is enough of it or it has waited long enough."""
        due = sum(1 for due_s, _ in self._resting if due_s <= now_s)
        if self._urgent or due >= MOST_DUE or (due and self._resting[0][0] + LONGEST_DUE_S <= now_s):
            self._drop(due)

    def close(self) -> None:
        """Drop everything, the spare taps last; the library is about to end."""
        self._drop(len(self._resting))
        self._source = self._clock = None
        self._spare.clear()
        time.sleep(5 * FRAME_MS / 1000)  # nobody counts the clock's ticks any more

    def _drop(self, due: int) -> None:
        if not self._urgent and not due:
            return
        source, clock = self._source, self._clock
        if source is not None and clock is not None:
            source.startTransmit(clock)
        self._urgent.clear()
        for _ in range(due):
            self._resting.popleft()
        if source is not None and clock is not None:
            _stand_still(source)
            source.stopTransmit(clock)


def _stand_still(source: pj.AudioMediaPlayer) -> None:
    """Until the clock has had two whole ticks; what was asked of the bridge before is done in the first of them.

    Each tick takes a frame from the file that plays into nowhere, so its position tells them apart.
    """
    ticks, position, until_s = 0, source.getPos(), time.monotonic() + CLOCK_STANDS_S
    while ticks < 2 and time.monotonic() < until_s:
        time.sleep(0.002)
        now = source.getPos()
        if now != position:
            ticks, position = ticks + 1, now


def _new_tap() -> PjTap:
    shape = pj.MediaFormatAudio()
    shape.type = pj.PJMEDIA_TYPE_AUDIO
    shape.init(pj.PJMEDIA_FORMAT_L16, CLOCK_HZ, 1, FRAME_MS * 1000, 16)
    tap = PjTap()
    tap.createPort("tap", shape)
    return tap
