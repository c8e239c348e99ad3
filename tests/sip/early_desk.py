"""A desk behind a provider that plays audio before the answer (183): a hand-made callee for one call."""

from __future__ import annotations

import re
import select
import socket
import threading
import time

from tests.sip.test_injection import Talker

EARLY_HZ, TALK_HZ = 1100.0, 1400.0
STEP_S = 0.02
MOST_S = 15.0


class EarlyDesk(threading.Thread):
    """Waits for one INVITE; sends 183 and a tone for a second, then answers and talks in another one until BYE."""

    def __init__(self) -> None:
        super().__init__(daemon=True)
        self._sip, self._rtp = (_bound(), _bound())
        self._sip.settimeout(20)
        self.port: int = self._sip.getsockname()[1]
        self.error: Exception | None = None

    def run(self) -> None:
        try:
            self._take_call()
        except Exception as error:
            self.error = error
        finally:
            self._sip.close()
            self._rtp.close()

    def _take_call(self) -> None:
        invite, caller = self._request(b"INVITE")
        port = int(re.findall(rb"m=audio (\d+)", invite)[0])
        self._answer(invite, caller, b"183 Session Progress")
        self._talk(port, EARLY_HZ, 1.0)
        self._answer(invite, caller, b"200 OK")
        self._request(b"ACK")
        self._talk(port, TALK_HZ, MOST_S)
        bye, caller = self._request(b"BYE")
        kept = [name + b": " + _header(bye, name) for name in (b"Via", b"From", b"To", b"Call-ID", b"CSeq")]
        self._sip.sendto(b"\r\n".join([b"SIP/2.0 200 OK", *kept, b"Content-Length: 0", b"", b""]), caller)

    def _request(self, kind: bytes) -> tuple[bytes, tuple[str, int]]:
        while True:
            message, source = self._sip.recvfrom(65536)
            if message.startswith(kind):
                return message, source

    def _answer(self, invite: bytes, caller: tuple[str, int], status: bytes) -> None:
        sdp = "v=0\r\no=- 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
        sdp += f"m=audio {self._rtp.getsockname()[1]} RTP/AVP 0\r\n"
        kept = [name + b": " + _header(invite, name) for name in (b"Via", b"From", b"Call-ID", b"CSeq")]
        own = [b"To: " + _header(invite, b"To") + b";tag=desk", f"Contact: <sip:desk@127.0.0.1:{self.port}>".encode()]
        body = [b"Content-Type: application/sdp", f"Content-Length: {len(sdp)}".encode(), b"", sdp.encode()]
        self._sip.sendto(b"\r\n".join([b"SIP/2.0 " + status, *kept, *own, *body]), caller)

    def _talk(self, port: int, hz: float, for_s: float) -> None:
        """So long, or until something comes by SIP."""
        talker, begun_s = Talker(self._rtp, port, hz, 7), time.monotonic()
        while (now_s := time.monotonic() - begun_s) < for_s and not select.select([self._sip], [], [], 0)[0]:
            if talker.sent * STEP_S <= now_s:
                talker.packet()
            time.sleep(0.002)


def _bound() -> socket.socket:
    made = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    made.bind(("127.0.0.1", 0))
    return made


def _header(message: bytes, name: bytes) -> bytes:
    return re.findall(rb"^" + name + rb": *([^\r]+)", message, re.MULTILINE)[0]
