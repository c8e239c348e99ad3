"""The audio of measured callers: one socket for all of them, with the kernel's time of each packet's arrival.

The kernel's stamps (SO_TIMESTAMPNS) keep this program's own delays out of what is measured.
"""

from __future__ import annotations

import random
import selectors
import socket
import struct
import time
from dataclasses import dataclass, field

SILENT_PCMU = frozenset(b"\xff\x7f\xfe\x7e")
SO_TIMESTAMPNS = 35
BUFFER = 4 * 1024 * 1024
SETTLED = 50
"""Packets of a call before its gaps count: the first second has the answer, the ACK and the bridge in it."""


@dataclass
class Stream:
    """One call as the caller's socket sees it; times in seconds since 1970."""

    heard: int = 0
    press_at: int = 0
    pressed: int = 0
    pressed_s: float = 0.0
    silent_s: float | None = None
    due_s: float | None = None
    last_s: float = 0.0
    last_number: int = -1
    lost: int = 0
    gaps_ms: list[float] = field(default_factory=list)
    sequence: int = field(default_factory=lambda: random.randrange(1000))


class Phones:
    """Takes all RTP, presses keys, answers each packet with one of silence, or of a tone when it ``talks``."""

    def __init__(self, keys: int, apart: int = 10, talks: bytes = b"\xff" * 160) -> None:
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, BUFFER)
        self.socket.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        self.socket.bind(("127.0.0.1", 0))
        self.socket.setblocking(False)
        self.streams: dict[tuple[tuple[str, int], bytes], Stream] = {}  # by address and SSRC
        self._keys, self._apart, self._talks = keys, apart, talks
        self._selector = selectors.DefaultSelector()
        self._selector.register(self.socket, selectors.EVENT_READ)

    def turn(self, wait_s: float = 0.001) -> None:
        """What came within ``wait_s``, and keys that are due."""
        now_s = time.time()
        for (source, _), stream in self.streams.items():
            if stream.due_s is not None and now_s >= stream.due_s:
                stream.due_s = None
                self._key(stream, source, 0)
        if not self._selector.select(wait_s):
            return
        for _ in range(64):
            try:
                packet, stamps, _, source = self.socket.recvmsg(2048, 64)
            except BlockingIOError:
                return
            if len(packet) == 172 and packet[1] & 0x7F == 0:
                seconds, nanos = struct.unpack("@qq", stamps[0][2][:16])
                key = (source, packet[8:12])
                if key not in self.streams:
                    self.streams[key] = Stream(press_at=random.randrange(15, 30))
                self._take(self.streams[key], source, packet, seconds + nanos / 1e9)

    def _take(self, stream: Stream, source: tuple[str, int], packet: bytes, came_s: float) -> None:
        stream.heard += 1
        self._measure(stream, packet, came_s)
        self._send(stream, source, 0, self._talks)
        if stream.pressed and stream.silent_s is None and set(packet[12:]) <= SILENT_PCMU:
            stream.silent_s = came_s - stream.pressed_s
        since = stream.heard - stream.press_at
        if since >= 0 and since % self._apart == 0 and since < self._apart * self._keys:
            stream.due_s = time.time() + random.random() * 0.02  # a finger does not keep step with the packets
        elif 0 <= since < self._apart * self._keys:
            if stream.due_s is not None:  # the next packet came early: the key's first packet still goes first
                stream.due_s = None
                self._key(stream, source, 0)
            self._key(stream, source, since % self._apart)

    def _measure(self, stream: Stream, packet: bytes, came_s: float) -> None:
        number = struct.unpack("!H", packet[2:4])[0]
        if stream.heard > SETTLED:
            stream.gaps_ms.append((came_s - stream.last_s) * 1000)
            step = (number - stream.last_number) & 0xFFFF
            stream.lost += step - 1 if 1 < step < 1000 else 0
        stream.last_s, stream.last_number = came_s, number

    def _key(self, stream: Stream, source: tuple[str, int], packet: int) -> None:
        """Key 1, 100 ms long: five packets, then the end three times."""
        if packet >= 8:
            return
        if packet == 0:
            stream.pressed += 1
            if stream.pressed == 1:
                stream.pressed_s = time.time()
        event = struct.pack("!BBH", 1, (0x80 if packet >= 5 else 0) | 10, 160 * min(packet + 1, 5))
        self._send(stream, source, 101, event, packet)

    def _send(self, stream: Stream, source: tuple[str, int], kind: int, payload: bytes, key: int = -1) -> None:
        stream.sequence += 1
        stamp = (stream.heard - max(key, 0)) * 160  # all packets of one key carry the time of its start
        marker = 0x80 if key == 0 else 0
        header = struct.pack("!BBHII", 0x80, kind | marker, stream.sequence & 0xFFFF, stamp, 7)
        self.socket.sendto(header + payload, source)
