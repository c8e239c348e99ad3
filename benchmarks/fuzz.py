"""Hostile SIP against a line with calls on it: ``python -m benchmarks.fuzz [--messages 10000] [--seed 1]``. Needs SIPp.

The 49 torture messages of RFC 4475 (a folder of ``.dat`` files, ``--torture``) and so many messages with faults in
them (``benchmarks.mutate``), half of them from an address that may not ring, half from one that may, at a cell that
carries two calls. Passed when no process ended, both calls were carried to their end with whole recordings, and
afterwards four calls at once find all four legs.
"""

from __future__ import annotations

import argparse
import json
import random
import re
import socket
import struct
import sys
import tempfile
import threading
import time
import uuid
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path

from benchmarks.cells import Cells, cells
from benchmarks.many_calls import FLOW, recordings, wav_s
from benchmarks.mutate import METHODS, SDP, mutated, request
from benchmarks.scenarios import Sipp, scenario
from ivr.admission import ACK_WITHIN_S

ENDLESS = FLOW.replace("[music, more], next: goodbye", "[music, more], next: long")
FRIEND, STRANGER = "127.0.0.1", "127.0.0.2"
TORTURE = Path(__file__).parents[2] / "shared/suites/rfc4475"
LIVE = 2
PACED = 40
"""After so many messages the line must answer an OPTIONS before more are sent: every one of them is read."""
PATIENCE_S = 20.0


@dataclass
class Figures:
    """What came of it."""

    torture: int = 0
    messages: int = 0
    answers: int = 0
    processes_ended: int = 0
    live_calls: int = LIVE
    live_calls_failed: int = 0
    live_recordings_whole: int = 0
    other_calls_begun: int = 0
    legs: int = 0
    legs_usable_after: int = 0

    @property
    def passed(self) -> bool:
        """No crash, no call touched, no leg lost."""
        whole = self.live_calls_failed == 0 and self.live_recordings_whole == self.live_calls
        return not self.processes_ended and whole and self.legs_usable_after == self.legs


def main() -> int:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--messages", type=int, default=10_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--torture", type=Path, default=TORTURE)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="clearline-fuzz-") as folder:
        figures = run(Path(folder), options.messages, random.Random(options.seed), options.torture)
    print(json.dumps(asdict(figures), indent=1))
    return int(not figures.passed)


def run(folder: Path, messages: int, dice: random.Random, torture: Path = TORTURE) -> Figures:
    """Torture, then so many messages with faults, from a stranger and a friend in turn."""
    (folder / "flow.yaml").write_text(ENDLESS)
    known = [file.read_bytes() for file in sorted(torture.glob("*.dat"))]
    figures = Figures(torture=2 * len(known), messages=messages)
    allow = [f"{FRIEND}/32"]
    with cells(folder, 1, folder / "flow.yaml", allow=allow, prompt_s=10.0) as line:
        figures.legs = line.legs
        live = [LiveCall(line, number) for number in range(LIVE)]
        began_s = time.monotonic()
        with _phone(STRANGER, line) as stranger, _phone(FRIEND, line) as friend:
            for phone in (stranger, friend):
                _send(phone, known, figures)
                _send(phone, list(_faulty(phone, line, known, messages // 2, dice)), figures)
        talked_s = time.monotonic() - began_s
        for call in live:
            call.stop()
        figures.live_calls_failed = sum(not call.ended_well for call in live)
        time.sleep(ACK_WITHIN_S + 2.0)
        legs = str(line.legs)
        numbers = ("-m", legs, "-l", legs, "-r", "20", "-d", "1000", "-recv_timeout", "3000", "-rtp_echo")
        outcome = Sipp(folder / "after", line.addresses[0].removeprefix("sip:"), scenario(), *numbers).outcome()
        figures.legs_usable_after = outcome.made - outcome.failed
        figures.processes_ended = sum(cell.restarts for cell in line.status.cells)
        figures.other_calls_begun = sum(cell.answered for cell in line.status.cells) - LIVE - outcome.made
    long = [file.parent for file in (folder / "calls").glob("2*/*/caller.wav") if wav_s(file) >= talked_s - 1.0]
    found = recordings(long)
    figures.live_recordings_whole = found.recorded - found.not_whole
    return figures


class LiveCall(threading.Thread):
    """A caller with a voice (a tone) who stays on the line until ``stop``; ``ended_well`` when nobody else hung up."""

    def __init__(self, line: Cells, number: int) -> None:
        super().__init__(daemon=True)
        self._sip, self._rtp = _bound(FRIEND), _bound(FRIEND)
        self._sip.connect(_where(line))
        self._to = line.addresses[0]
        self._id, self._number, self._tag = uuid.uuid4().hex, number, ""
        self._over = threading.Event()
        self.ended_well = False
        self.packets_heard = 0
        port = self._ring()
        self._rtp.connect((FRIEND, port))
        self.start()

    def _ring(self) -> int:
        body = SDP.replace(b"audio 4000", f"audio {self._rtp.getsockname()[1]}".encode())
        self._ask("INVITE", 1, body)
        answer = self._answer("INVITE")
        self._tag = re.findall(r"^To:.*;tag=(\S+)", answer, re.MULTILINE)[0]
        self._ask("ACK", 1)
        for number in (2, 3):  # past the welcome, and yes to the recording
            time.sleep(0.8)
            self._ask("INFO", number, b"Signal=1\r\nDuration=160\r\n", "application/dtmf-relay")
            self._answer("INFO")
        return int(re.findall(r"m=audio (\d+)", answer)[0])

    def run(self) -> None:
        """Send the tone in time, and take what comes."""
        began_s, number, audio = time.monotonic(), 0, bytes((0x20, 0xA0) * 80)
        self._rtp.setblocking(False)
        while not self._over.is_set():
            header = struct.pack("!BBHII", 0x80, 0, number & 0xFFFF, number * 160, self._number)
            self._swallow(lambda packet=header + audio: self._rtp.send(packet))
            while self._swallow(lambda: self._rtp.recv(2048)):
                self.packets_heard += 1
            number += 1
            time.sleep(max(0.0, began_s + 0.02 * number - time.monotonic()))

    @staticmethod
    def _swallow(work: Callable[[], object]) -> bool:
        try:
            return bool(work())
        except (BlockingIOError, ConnectionRefusedError):
            return False

    def stop(self) -> None:
        """Hang up; well when the line agrees and had not said BYE itself."""
        self._over.set()
        self.join()
        self._ask("BYE", 9)
        self.ended_well = self._answer("BYE").startswith("SIP/2.0 200")
        self._sip.close()
        self._rtp.close()

    def _ask(self, method: str, number: int, body: bytes = b"", kind: str = "application/sdp") -> None:
        here = f"{FRIEND}:{self._sip.getsockname()[1]}"
        tag = f";tag={self._tag}" if self._tag else ""
        head = (
            f"{method} {self._to} SIP/2.0\r\nVia: SIP/2.0/UDP {here};branch=z9hG4bK{self._id}{method}{number}\r\n"
            f"From: <sip:live@{here}>;tag=live\r\nTo: <{self._to}>{tag}\r\nCall-ID: {self._id}\r\n"
            f"CSeq: {number} {method}\r\nContact: <sip:live@{here}>\r\nMax-Forwards: 70\r\n"
            + (f"Content-Type: {kind}\r\n" if body else "")
            + f"Content-Length: {len(body)}\r\n\r\n"
        )
        self._sip.send(head.encode() + body)

    def _answer(self, method: str) -> str:
        """The final answer; "" when the line said BYE."""
        while True:
            text = self._sip.recv(65536).decode()
            if text.startswith("BYE"):
                return ""
            if text.startswith("SIP/2.0") and not text.startswith("SIP/2.0 1") and f" {method}\r\n" in text:
                return text


def _bound(host: str) -> socket.socket:
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.bind((host, 0))
    udp.settimeout(10)
    return udp


def _where(line: Cells) -> tuple[str, int]:
    host, port = line.addresses[0].removeprefix("sip:").split(":")
    return host, int(port)


@contextmanager
def _phone(host: str, line: Cells) -> Iterator[socket.socket]:
    with _bound(host) as udp:
        udp.connect(_where(line))
        yield udp


def _faulty(
    phone: socket.socket, line: Cells, known: Sequence[bytes], count: int, dice: random.Random
) -> Iterator[bytes]:
    host, port = _where(line)
    here = "{}:{}".format(*phone.getsockname())
    for number in range(count):
        sound = [request(method, host, port, here, number + 1) for method in METHODS]
        message = dice.choice(known) if known and dice.random() < 0.2 else dice.choice([sound[0], dice.choice(sound)])
        yield mutated(message, [*sound, *known], dice)


def _send(phone: socket.socket, messages: Sequence[bytes], figures: Figures) -> None:
    for first in range(0, len(messages), PACED):
        for message in messages[first : first + PACED]:
            phone.send(message)
        figures.answers += _read_until_answered(phone, f"pace-{first}-{uuid.uuid4().hex}")


def _read_until_answered(phone: socket.socket, call_id: str) -> int:
    """Ask how the line is until it answers; how many other messages came."""
    here = "{}:{}".format(*phone.getsockname())
    host, port = phone.getpeername()
    ask = request("OPTIONS", host, port, here, 1).replace(f"fuzz-1@{here}".encode(), call_id.encode())
    seen, until_s = 0, time.monotonic() + PATIENCE_S
    phone.settimeout(0.5)
    while time.monotonic() < until_s:
        phone.send(ask.replace(b"z9hG4bKfuzz1", f"z9hG4bK{uuid.uuid4().hex}".encode()))
        try:
            while True:
                got = phone.recv(65536)
                if call_id.encode() in got:
                    return seen
                seen += 1
        except (TimeoutError, ConnectionRefusedError):
            time.sleep(0.05)
    raise RuntimeError("the line does not answer any more")


if __name__ == "__main__":
    sys.exit(main())
