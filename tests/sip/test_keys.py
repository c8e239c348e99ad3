"""Keys on a bad network: the packets of one key overtake each other."""

from __future__ import annotations

import socket
import struct
from pathlib import Path

import pytest

from tests.peers import needs
from tests.sip.peers import SCENARIOS, Line, sipp_running

pytestmark = pytest.mark.sip
EVENT, PCMU, TICKS = 101, 0, 160


def key_packet(sequence: int, digit: int, duration: int, end: bool = False, at: int = 8000) -> bytes:
    """One RFC 4733 packet of a key that began at this RTP time."""
    header = struct.pack("!BBHII", 0x80, EVENT, sequence, at, 7)
    return header + struct.pack("!BBH", digit, (0x80 if end else 0) | 10, duration)


@needs("sipp")
def test_packets_of_a_key_in_the_wrong_order_are_one_key(shared_line: Line, tmp_path: Path) -> None:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as phone:
        phone.bind(("127.0.0.1", 0))
        talk = (SCENARIOS / "talk.xml").read_text().replace("[media_port]", str(phone.getsockname()[1]))
        (tmp_path / "talk.xml").write_text(talk)
        with sipp_running(str(tmp_path / "talk"), shared_line.host_port, "-m", "1", "-d", "800", cwd=tmp_path):
            for _ in range(10):  # the line's audio, 20 ms a packet: it is up and we know where to send
                _, line_rtp = phone.recvfrom(2048)
            for sequence, (duration, end) in enumerate([(2, False), (1, False), (3, False), (4, True), (4, True)]):
                phone.sendto(key_packet(100 + sequence, 1, duration * TICKS, end), line_rtp)
    call = shared_line.stored()
    assert [step["digit"] for step in call.steps if step["kind"] == "digit_pressed"] == ["1"]
