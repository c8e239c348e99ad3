"""The one pjsua2 endpoint of a process and the thread that owns it.

pjsua2 is happy with exactly one owner: ``threadCnt=0``, one thread that loops ``tick``, callbacks that only enqueue
(several event threads dead-lock with the GIL, pjproject #3125). Everything here but ``later`` belongs to that thread:
a Python thread that pjsua2 does not know aborts the process (``libRegisterThread``), so no other thread calls into it.
What another thread enqueues is done at once: a packet to the own SIP port, too short to be read, ends the wait.

Destroying has one order (anything of pjsua2 alive after ``libDestroy`` aborts the process): calls, players, recorders
and ports, the account, a garbage collection, then the library. ``close`` does it, and is safe to call twice.

Single players, recorders and taps are given up by ``ivr.sip.ports``, which says why that is delicate.
"""

from __future__ import annotations

import contextlib
import gc
import heapq
import itertools
import logging
import os
import queue
import socket
import sys
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Literal, Protocol

import pjsua2 as pj

from ivr.rooms import Room
from ivr.sip.door import Decide, Door
from ivr.sip.errors import AddressTaken, AddressUnusable, SipError
from ivr.sip.linked import linked_legs
from ivr.sip.ports import CLOCK_HZ, Ports
from ivr.tones import write_silence

MOST_LEGS = 1000
"""Asked of the library where no number of legs is; it takes what it was compiled for."""

AudioFrom = Literal["signalled", "first"]
log = logging.getLogger(__name__)

WAKE = b"\r\n"
"""The keep-alive of RFC 5626, which the library drops unread."""

CODECS = ("PCMU", "PCMA", "G722")
_HIGHEST_RANK = 250
_ADDRESS_IN_USE = 120098
_PJ_ERRNO_BASE = 120000


class Closable(Protocol):
    """Anything that holds a pjsua2 object and must let go of it before the library ends."""

    def close(self) -> None:
        """Let go; harmless the second time."""


class _Library(pj.Endpoint):  # type: ignore[misc]
    """Hears about calls that the library itself turned away, chooses accounts, and knows of lost connections."""

    def __init__(self) -> None:
        super().__init__()
        self.rejected = 0
        self.select: Callable[[str, str], int | None] | None = None
        self.disconnected: Callable[[], None] | None = None

    def onSelectAccount(self, prm: pj.OnSelectAccountParam) -> None:
        """Before the answer's SDP is made, so codecs are chosen here too. An exception may not leave it."""
        if self.select is not None:
            chosen = self.select(prm.rdata.srcAddress, prm.rdata.wholeMsg)
            if chosen is not None:
                prm.accountIndex = chosen

    def onTransportState(self, prm: pj.OnTransportStateParam) -> None:
        if self.disconnected is not None and prm.state == pj.PJSIP_TP_STATE_DISCONNECTED and prm.type != "UDP":
            self.disconnected()

    def onRejectedIncomingCall(self, prm: pj.OnRejectedIncomingCallParam) -> None:
        # No Call object exists for it, so none can be collected later and hang up the next call with the same id.
        self.rejected += 1


class Endpoint:
    """A running SIP user agent on one UDP address, with a null sound device and an 8 kHz conference bridge.

    ``port`` 0 takes a free one. ``rtp_port`` is the first of the ports for audio, 0 lets the system choose.
    ``audio_from`` says whose audio is taken (``ivr.sip.source``): from the signalled address alone, or, for phones
    behind address translation, from whoever sends first. Raises AddressTaken or AddressUnusable.
    """

    def __init__(
        self,
        host: str,
        port: int,
        *,
        legs: int = MOST_LEGS,
        rtp_port: int = 0,
        agent: str = "Clearline",
        sip_log: Path | None = None,
        audio_from: AudioFrom = "signalled",
    ) -> None:
        self.host = host
        self.audio_from = audio_from
        self.rtp_port = rtp_port
        self.legs = legs
        self._ports: Ports | None = None
        self._work: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()
        self._owner = threading.get_ident()
        self._bell: socket.socket | None = None
        self._door: Door | None = None
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._order = itertools.count()
        self._codecs: tuple[str, ...] = ()
        self._holding: dict[int, Closable] = {}  # the owner holds every reference until released (pjproject #3856)
        self._room = Room("line")
        self._library: _Library | None = _Library()
        with _silent_stdout():  # libCreate writes to stdout before a log level can be set
            self._library.libCreate()
        try:
            self._start(port, agent, sip_log)
        except BaseException:
            self.close()
            raise

    def _start(self, port: int, agent: str, sip_log: Path | None) -> None:
        library = self.library
        try:
            library.libInit(_configuration(self.legs, agent, sip_log))
        except pj.Error as error:
            raise SipError(f"the SIP library cannot start (SIP log: {sip_log or 'none'}): {error.reason}") from None
        self.legs = min(self.legs, linked_legs())
        self.transport, self.port = _listen(library, self.host, port)
        self._bell = _bell(self.host, self.port)
        library.libStart()
        library.audDevManager().setNullDev()
        self.prefer(CODECS)
        self._ports = Ports(self.silence_file())

    def prefer(self, codecs: Sequence[str]) -> None:
        """Offer and accept these codecs alone, the first one best, in descriptions that are made from now on."""
        if tuple(codecs) == self._codecs:
            return
        self._codecs = tuple(codecs)
        ranks = {name.casefold(): _HIGHEST_RANK - place for place, name in enumerate(codecs)}
        for codec in [found.codecId for found in self.library.codecEnum2()]:
            name, rate = codec.casefold().split("/")[:2]
            usual = name != "speex" or rate == "8000"
            self.library.codecSetPriority(codec, ranks.get(name, 0) if usual else 0)

    def choose(self, select: Callable[[str, str], int | None], disconnected: Callable[[], None]) -> None:
        """``select(source, message)`` names the account of an incoming call; both are called in the owner thread."""
        self.library.select, self.library.disconnected = select, disconnected

    @property
    def library(self) -> pj.Endpoint:
        """The pjsua2 endpoint; raises RuntimeError after ``close``."""
        if self._library is None:
            raise RuntimeError("the SIP endpoint is closed")
        return self._library

    def guard(self, decide: Decide) -> bool:
        """Have every request looked at before anything is spent on it; False where the library does not allow it."""
        self._door = Door(decide)
        return self._door.hang(self.host, self.port, self.tick)

    @property
    def address(self) -> str:
        """The SIP URI to ring."""
        return f"sip:{self.host}:{self.port}"

    @property
    def rejected(self) -> int:
        """Calls turned away because all legs were in use (486)."""
        return self._library.rejected if self._library else 0

    @property
    def closed(self) -> bool:
        """Whether the library is gone."""
        return self._library is None

    def later(self, work: Callable[[], None]) -> None:
        """Have the owner thread do this at its next turn: the only thing that another thread or a callback may call."""
        self._work.put(work)
        bell = self._bell
        if bell is not None and threading.get_ident() != self._owner:
            with contextlib.suppress(OSError):  # closed in this moment, or so full of messages that nobody sleeps
                bell.send(WAKE)

    def after(self, wait_s: float, work: Callable[[], None]) -> None:
        """Do this in the owner thread after so many seconds; never after ``close``."""
        heapq.heappush(self._due, (time.monotonic() + wait_s, next(self._order), work))

    def tick(self, wait_s: float = 0.01) -> None:
        """Let SIP happen for up to ``wait_s`` seconds, then do what callbacks asked for and what is due."""
        self.library.libHandleEvents(round(wait_s * 1000))
        self._drain()
        while self._due and self._due[0][0] <= time.monotonic():
            heapq.heappop(self._due)[2]()
        if self._ports is not None:
            self._ports.tick(time.monotonic())

    def hold(self, thing: Closable) -> None:
        """Keep a reference until ``release``: the collector must never take a live call or player."""
        self._holding[id(thing)] = thing

    def release(self, thing: Closable) -> None:
        """Forget it; unknown things are ignored."""
        self._holding.pop(id(thing), None)

    @property
    def ports(self) -> Ports:
        """Where players, recorders and taps end; raises RuntimeError after ``close``."""
        if self._ports is None:
            raise RuntimeError("the SIP endpoint is closed")
        return self._ports

    def silence_file(self) -> Path:
        """One second of silence in a file, made once."""
        path = self._room.path / "silence.wav"
        if not path.exists():
            write_silence(path, 1.0)
        return path

    def close(self, within_s: float = 2.0) -> None:
        """Hang up what still talks, give the other sides ``within_s`` seconds to agree, and end the library."""
        if self._library is None:
            return
        with contextlib.suppress(pj.Error):
            self._library.hangupAllCalls()
            self._settle(within_s)
        self._due.clear()
        self._library.select = self._library.disconnected = None
        for thing in list(reversed(self._holding.values())):
            thing.close()
        self._holding.clear()
        for _ in range(3):
            self.tick(0.02)
        if self._ports is not None:
            self._ports.close()
            self._ports = None
        gc.collect()
        with contextlib.suppress(pj.Error):
            self._library.libDestroy(pj.PJSUA_DESTROY_NO_NETWORK)  # goodbyes are said; an INVITE to nobody waits 32 s
        self._library = None
        if self._bell is not None:
            self._bell.close()
            self._bell = None
        self._room.close()

    def _settle(self, within_s: float) -> None:
        until = time.monotonic() + within_s
        self.tick(0.01)
        while time.monotonic() < until and any(getattr(thing, "live", False) for thing in self._holding.values()):
            self.tick(0.01)
        for _ in range(3):  # a few turns of the clock close files and ports
            self.tick(0.02)

    def _drain(self) -> None:
        while True:
            try:
                work = self._work.get_nowait()
            except queue.Empty:
                return
            try:
                work()
            except Exception:  # one call's fault is not the others'
                log.exception("something that SIP asked for was not done")


def _configuration(legs: int, agent: str, sip_log: Path | None) -> pj.EpConfig:
    config = pj.EpConfig()
    config.uaConfig.threadCnt = 0
    config.uaConfig.mainThreadOnly = False
    config.uaConfig.maxCalls = legs
    config.uaConfig.userAgent = agent
    config.logConfig.consoleLevel = 0
    config.logConfig.level = 5 if sip_log else 0
    config.logConfig.msgLogging = 1 if sip_log else 0
    config.logConfig.filename = str(sip_log or "")
    media = config.medConfig
    media.clockRate = media.sndClockRate = CLOCK_HZ
    media.channelCount = 1
    media.noVad = True  # we always send, so that the other side can tell silence from a dead line
    media.ecTailLen = 0
    media.sndAutoCloseTime = -1  # the null device is the clock of recordings: it never stops
    return config


def _listen(library: pj.Endpoint, host: str, port: int) -> tuple[int, int]:
    config = pj.TransportConfig()
    config.port = port
    config.boundAddress = host
    try:
        transport = library.transportCreate(pj.PJSIP_TRANSPORT_UDP, config)
    except pj.Error as error:
        raise listening_failed(host, port, error) from None
    named = library.transportGetInfo(transport).localName
    return transport, int(named.rsplit(":", 1)[1])


def _bell(host: str, port: int) -> socket.socket:
    """A socket that reaches the endpoint's own SIP port."""
    bell = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    bell.setblocking(False)
    bell.connect((host if host != "0.0.0.0" else "127.0.0.1", port))
    return bell


def listening_failed(host: str, port: int, error: pj.Error, kind: str = "UDP") -> AddressTaken | AddressUnusable:
    """What to tell the operator of a transport that cannot be had."""
    if error.status == _ADDRESS_IN_USE or "in use" in error.reason:
        return AddressTaken(
            f"{kind} port {port} of {host} is in use by another program; stop that program or choose another port "
            f"with --bind {host}:PORT (port 0 takes a free one)"
        )
    why = os.strerror(error.status - _PJ_ERRNO_BASE) if error.status > _PJ_ERRNO_BASE else error.reason
    return AddressUnusable(f"cannot listen on {host}:{port}: {why}; name an address of this machine with --bind")


@contextlib.contextmanager
def _silent_stdout() -> Iterator[None]:
    sys.stdout.flush()
    kept = os.dup(1)
    null = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(null, 1)
        yield
    finally:
        os.dup2(kept, 1)
        os.close(kept)
        os.close(null)
