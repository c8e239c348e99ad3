"""Somebody sends audio and keys into a call that is not theirs, before the caller has spoken and after."""

from __future__ import annotations

import io
import re
import socket
import struct
import time
import uuid
from dataclasses import dataclass

import numpy as np
import pytest
import soundfile as sf

from ivr.tones import tone
from tests.sip.peers import Line, sounding
from tests.sip.test_network import bound, rung

pytestmark = pytest.mark.sip
CALLER_HZ, INTRUDER_HZ = 300, 1300
TALK_S, CALLER_FROM_S = 5.0, 2.5


@dataclass
class Talker:
    """Sends one tone as µ-law, 20 ms at a time, and counts what comes back."""

    udp: socket.socket
    port: int
    hz: float
    ssrc: int
    sent: int = 0
    heard: int = 0

    def __post_init__(self) -> None:
        self.udp.setblocking(False)
        raw = io.BytesIO()
        sf.write(raw, np.array(tone(self.hz, 1.0, 8000), dtype=np.int16), 8000, format="RAW", subtype="ULAW")
        self._audio = raw.getvalue()

    def packet(self, times: int = 1) -> None:
        """The next 20 ms; ``times`` for an intruder that shouts."""
        for _ in range(times):
            at = 160 * (self.sent % 50)
            self._send(0, self._audio[at : at + 160])
            self.sent += 1
        while self._came():
            self.heard += 1

    def press(self, key: int) -> None:
        """One key by RFC 4733."""
        for number in range(5):
            self._send(101, struct.pack("!BBH", key, 10 | (0x80 if number > 2 else 0), 160 * (number + 1)))

    def _send(self, kind: int, payload: bytes) -> None:
        header = struct.pack("!BBHII", 0x80, kind, (self.sent + self.ssrc) & 0xFFFF, self.sent * 160, self.ssrc)
        self.udp.sendto(header + payload, ("127.0.0.1", self.port))

    def _came(self) -> bool:
        try:
            return bool(self.udp.recv(2048))
        except BlockingIOError:
            return False


def info(request: bytes, key: str) -> bytes:
    """The request with a key in it; each is a transaction of its own."""
    body = f"Signal={key}\r\nDuration=160\r\n".encode()
    head = b"Content-Type: application/dtmf-relay\r\nContent-Length: " + str(len(body)).encode()
    own = uuid.uuid4().hex.encode()
    return request.replace(b"Content-Length: 0", head).replace(b"branch=z9hG4bK", b"branch=z9hG4bK" + own) + body


def test_audio_and_keys_of_an_intruder_are_not_heard(shared_line: Line) -> None:
    """The intruder speaks first, and alone for two seconds: the moment at which the library would believe it."""
    with bound() as sip, bound() as rtp, bound() as other:
        answer, to = rung(shared_line, sip, rtp)
        shared_line.next("CallAnswered")
        port = int(re.findall(r"m=audio (\d+)", answer)[0])
        caller, intruder = Talker(rtp, port, CALLER_HZ, 7), Talker(other, port, INTRUDER_HZ, 9)
        for number, key in ((2, "1"), (3, "1")):  # past the welcome, and yes to the recording
            sip.send(info(to("INFO", number), key))
            assert sip.recv(65536).startswith(b"SIP/2.0 200")
        talk(caller, intruder)
        sip.send(to("BYE", 9))
        assert sip.recv(65536).startswith(b"SIP/2.0 200")
    call = shared_line.stored()
    assert [step["digit"] for step in call.steps if step["kind"] == "digit_pressed"] == ["1", "1"]
    heard = call.audio("caller.wav")
    spoken = sounding(heard, CALLER_HZ)
    assert spoken is not None and spoken[0] > 1.5 and spoken[1] > 4.0, "the caller is heard"
    assert sounding(heard, INTRUDER_HZ, above=50) is None
    assert intruder.heard == 0 < caller.heard, "nor is anything sent to the intruder"


def talk(caller: Talker, intruder: Talker) -> None:
    began_s, number = time.monotonic(), 0
    while (now_s := time.monotonic() - began_s) < TALK_S:
        intruder.packet(3)
        if now_s > CALLER_FROM_S:
            caller.packet()
        if number in (50, 200):
            intruder.press(2)
        number += 1
        time.sleep(max(0.0, 0.02 * number - now_s))
