"""A phone of raw packets on a bad network: what the line counts stands in the call's record."""

from __future__ import annotations

import re
import socket
import struct
import time
import uuid
from collections.abc import Callable

import pytest

from tests.sip.peers import Line
from tests.sip.test_hostile import request

pytestmark = pytest.mark.sip
TALK_S = 16.0


def test_lost_packets_and_a_caller_who_hears_nothing(shared_line: Line) -> None:
    """Two of ten packets to the line are lost, and the caller reports that nothing of the line comes through: the line
    writes down both, and hangs up on who cannot hear it.
    """
    with bound() as sip, bound() as rtp, bound() as rtcp:
        answer, _ = rung(shared_line, sip, rtp, rtcp)
        shared_line.next("CallAnswered")
        port = int(re.findall(r"m=audio (\d+)", answer)[0])
        theirs = int(re.findall(r"a=rtcp:(\d+)", answer)[0]) if "a=rtcp:" in answer else port + 1
        talk(rtp, rtcp, port, theirs)
        assert sip.recv(65536).startswith(b"BYE ")
    call = shared_line.stored()
    samples = call.vcon.attached("clearline.network")
    assert [sample["side"] for sample in samples] == ["customer"] * len(samples) and len(samples) >= 2
    for sample in samples[:2]:
        assert sample["loss_percent"] == pytest.approx(20.0, abs=4.0) and sample["mos"] < 3.5
        assert sample["their_loss_percent"] is not None and sample["their_loss_percent"] > 95
    noticed = call.step("one_way_audio", side="customer")
    assert noticed["ended"] and noticed["at_s"] < TALK_S and call.hung_up == "customer"
    summary = call.vcon.summary
    assert summary is not None
    told = summary.model_dump()["network"]["customer"]
    assert told["loss_percent"] == pytest.approx(20.0, abs=4.0) and 1.0 <= told["worst_mos"] <= told["mos"] < 3.5


def bound() -> socket.socket:
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.bind(("127.0.0.1", 0))
    udp.settimeout(10)
    return udp


def rung(
    line: Line, sip: socket.socket, rtp: socket.socket, rtcp: socket.socket | None = None
) -> tuple[str, Callable[[str, int], bytes]]:
    """The line's answer, and how to write the next request of this call."""
    sip.connect(line.udp)
    port, call_id = sip.getsockname()[1], uuid.uuid4().hex
    body = (
        "v=0\r\no=a 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\n"
        f"m=audio {rtp.getsockname()[1]} RTP/AVP 0 101\r\na=rtpmap:0 PCMU/8000\r\n"
        "a=rtpmap:101 telephone-event/8000\r\n"
    )
    if rtcp is not None:
        body += f"a=rtcp:{rtcp.getsockname()[1]}\r\n"
    sip.send(request("INVITE", line.address, port, call_id, body))
    while not (answer := sip.recv(65536).decode()).startswith("SIP/2.0 200"):
        pass
    tag = re.findall(r"^To:.*;tag=(\S+)", answer, re.MULTILINE)[0]

    def to(method: str, number: int) -> bytes:
        return request(method, line.address, port, call_id, tag=tag).replace(
            b"CSeq: 1 " + method.encode(), f"CSeq: {number} {method}".encode()
        )

    sip.send(to("ACK", 1))
    return answer, to


def talk(rtp: socket.socket, rtcp: socket.socket, port: int, control: int) -> None:
    """Silence for ``TALK_S``, two packets of ten left out, and a receiver report a second: all is lost."""
    began_s, number, ours, sent_by_line = time.monotonic(), 0, 0x1234, 0
    rtp.setblocking(False)
    ssrc = 0
    while (now_s := time.monotonic() - began_s) < TALK_S:
        if number % 10 not in (3, 4):
            rtp.sendto(struct.pack("!BBHII", 0x80, 0, number, number * 160, ours) + b"\xff" * 160, ("127.0.0.1", port))
        number += 1
        while (packet := _came(rtp)) is not None:
            ssrc = struct.unpack("!I", packet[8:12])[0]
            sent_by_line += 1
        if ssrc and number % 50 == 0:
            lost = struct.pack("!I", 0xFF000000 | sent_by_line)
            block = struct.pack("!I", ssrc) + lost + struct.pack("!IIII", sent_by_line, 0, 0, 0)
            rtcp.sendto(struct.pack("!BBHI", 0x81, 201, 7, ours) + block, ("127.0.0.1", control))
        time.sleep(max(0.0, 0.02 * number - now_s))


def _came(rtp: socket.socket) -> bytes | None:
    try:
        return rtp.recv(2048)
    except BlockingIOError:
        return None
