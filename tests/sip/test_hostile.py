"""What strangers and broken phones send: nothing dies, no leg is lost, the call under way goes on."""

from __future__ import annotations

import ipaddress
import random
import socket
import time
import uuid
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from benchmarks import fuzz
from ivr.admission import ACK_WITHIN_S
from ivr.line import LineSettings
from ivr.sip.accounts import Accounts
from ivr.sip.call import Ended
from ivr.sip.endpoint import Endpoint
from tests.peers import SHARED, needs, needs_shared
from tests.sip.peers import Line, free_port, line, scripted, sipp

pytestmark = pytest.mark.sip
SDP = "v=0\r\no=a 1 1 IN IP4 127.0.0.1\r\ns=-\r\nc=IN IP4 127.0.0.1\r\nt=0 0\r\nm=audio 4000 RTP/AVP 0\r\n"


def request(method: str, to: str, port: int, call_id: str, body: str = "", cseq: str = "", tag: str = "") -> bytes:
    """A SIP request as a phone on this port would write it."""
    to_tag = f";tag={tag}" if tag else ""
    # the ACK of a 200 and the BYE are transactions of their own; CANCEL and the ACK of a refusal are the INVITE's
    branch = f"{call_id}{method}" if method == "BYE" else call_id
    content = "Content-Type: application/sdp\r\n" if body else ""
    return (
        f"{method} {to} SIP/2.0\r\nVia: SIP/2.0/UDP 127.0.0.1:{port};branch=z9hG4bK{branch}\r\n"
        f"From: <sip:mallory@127.0.0.1:{port}>;tag={call_id}\r\nTo: <{to}>{to_tag}\r\nCall-ID: {call_id}\r\n"
        f"CSeq: 1 {cseq or method}\r\nContact: <sip:mallory@127.0.0.1:{port}>\r\nMax-Forwards: 70\r\n"
        f"{content}Content-Length: {len(body)}\r\n\r\n{body}"
    ).encode()


def first_line(phone: socket.socket, but: str = "SIP/2.0 1") -> str:
    """The next answer that is not provisional."""
    while True:
        line = phone.recv(65536).split(b"\r\n", 1)[0].decode()
        if not line.startswith(but):
            return line


@contextmanager
def phone_at(host: str, line: Line) -> Iterator[socket.socket]:
    """A UDP socket on this address of the machine, connected to the line."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind((host, 0))
        udp.settimeout(10)
        udp.connect(line.udp)
        yield udp


@pytest.fixture
def phone(shared_line: Line) -> Iterator[socket.socket]:
    with phone_at("127.0.0.1", shared_line) as udp:
        yield udp


def torture(phone: socket.socket, line: Line) -> None:
    """The 49 messages of RFC 4475, an empty one and zeros; all read when the OPTIONS after them is answered."""
    messages = sorted((SHARED / "suites/rfc4475").glob("*.dat"))
    assert len(messages) == 49
    for message in [*(file.read_bytes() for file in messages), b"", b"\x00" * 3000]:
        phone.send(message)
    last = uuid.uuid4().hex
    phone.send(request("OPTIONS", line.address, phone.getsockname()[1], last))
    while last.encode() not in phone.recv(65536):
        pass


@needs("sipp")
@needs_shared
def test_malformed_sip_harms_no_call_and_takes_no_leg(tmp_path: Path) -> None:
    """While a call runs, from a stranger (some are valid INVITEs: refused, no leg taken), then from a friend."""
    nobody = f"sip:nobody@127.0.0.1:{free_port()}"
    steps = [{"expect": "speech"}, {"wait": "3s"}, {"press": "1"}, {"wait": "200ms"}]
    with line(tmp_path / "calls", nobody, allow="127.0.0.1/32") as up:
        talking = scripted(tmp_path / "talking", steps, up.address)
        up.next("CallAnswered")
        with phone_at("127.0.0.2", up) as stranger:
            torture(stranger, up)
        sipp("talk", up.host_port, "-m", "3", "-l", "3", "-r", "100", "-d", "300", cwd=tmp_path)
        with phone_at("127.0.0.1", up) as friend:
            torture(friend, up)
        talking.outcome()
        calls = [up.stored() for _ in range(4)]
        assert [step["digit"] for call in calls for step in call.steps if step["kind"] == "digit_pressed"] == ["1"]


def test_a_stranger_may_not_ring(tmp_path: Path) -> None:
    """Who may ring is checked before the call gets anything (an INVITE never ACKed holds a leg for a minute)."""
    settings = LineSettings(host="0.0.0.0", allow=(ipaddress.IPv4Network("10.0.0.0/8"),))
    assert settings.may_ring("10.1.2.3") and not settings.may_ring("127.0.0.1") and not settings.may_ring("::1")


def test_an_invite_without_sdp_media_we_know_is_refused(shared_line: Line, phone: socket.socket) -> None:
    port = phone.getsockname()[1]
    video = SDP.replace("m=audio 4000 RTP/AVP 0", "m=audio 4000 RTP/AVP 97") + "a=rtpmap:97 opus/48000/2\r\n"
    phone.send(request("INVITE", shared_line.address, port, uuid.uuid4().hex, video))
    assert first_line(phone).split()[1] == "488"


def final_answer(phone: socket.socket, method: str) -> str:
    """The final answer to the request of this method, whole."""
    while True:
        text = phone.recv(65536).decode()
        if not text.startswith("SIP/2.0 1") and f"CSeq: 1 {method}" in text:
            return text


@needs("sipp")
def test_a_cancelled_call_leaves_nothing_behind(tmp_path: Path) -> None:
    """INVITE and CANCEL in one breath; where our 200 won, the caller hangs up as SIP says. Four legs stay free."""
    with line(tmp_path / "calls", f"sip:nobody@127.0.0.1:{free_port()}") as up, phone_at("127.0.0.1", up) as phone:
        port = phone.getsockname()[1]
        for _ in range(5):
            call_id = uuid.uuid4().hex
            phone.send(request("INVITE", up.address, port, call_id, SDP))
            phone.send(request("CANCEL", up.address, port, call_id))
            answer = final_answer(phone, "INVITE")
            tag = next(row for row in answer.splitlines() if row.startswith("To:")).partition("tag=")[2]
            phone.send(request("ACK", up.address, port, call_id, tag=tag))
            if answer.startswith("SIP/2.0 200"):
                phone.send(
                    request("BYE", up.address, port, call_id, cseq="BYE", tag=tag).replace(b"CSeq: 1", b"CSeq: 2")
                )
                assert up.stored().hung_up == "customer"
            else:
                assert answer.startswith("SIP/2.0 487")
        sipp("talk", up.host_port, "-m", "4", "-l", "4", "-r", "100", "-d", "300", cwd=tmp_path)


@needs("sipp")
def test_answers_that_nobody_acknowledges_hold_no_leg_for_long(tmp_path: Path) -> None:
    """All four legs are taken by INVITEs without an ACK; some seconds later four callers find four legs."""
    with line(tmp_path / "calls", f"sip:nobody@127.0.0.1:{free_port()}") as up, phone_at("127.0.0.1", up) as phone:
        port = phone.getsockname()[1]
        for _ in range(4):
            phone.send(request("INVITE", up.address, port, uuid.uuid4().hex, SDP))
            assert first_line(phone).startswith("SIP/2.0 200")
        phone.send(request("INVITE", up.address, port, uuid.uuid4().hex, SDP))
        while not (answer := first_line(phone)).startswith("SIP/2.0 486"):
            assert answer.startswith("SIP/2.0 200"), "one of the four again"
        time.sleep(ACK_WITHIN_S + 1.5)
        sipp("talk", up.host_port, "-m", "4", "-l", "4", "-r", "100", "-d", "300", cwd=tmp_path)
        assert {up.stored().hung_up for _ in range(4)} == {"customer"}
        assert [told["event"] for told in up.told].count("CallAnswered") == 4, "the flow begins with the ACK"


def test_one_address_gets_no_more_calls_than_its_share(tmp_path: Path) -> None:
    """Two at once from each; the third hears 480, another address is answered, and a call that is over makes room."""
    nobody = f"sip:nobody@127.0.0.1:{free_port()}"
    with line(tmp_path / "calls", nobody, per_source=2) as up, phone_at("127.0.0.1", up) as one:
        rung = [Dialog(one, up.address) for _ in range(3)]
        assert [call.status for call in rung] == ["200", "200", "480"]
        with phone_at("127.0.0.2", up) as other:
            assert Dialog(other, up.address).status == "200"
        rung[0].hang_up()
        up.stored()
        time.sleep(1.2)  # the cell looks once a second
        assert Dialog(one, up.address).status == "200"


class Dialog:
    """A call of raw messages, acknowledged."""

    def __init__(self, phone: socket.socket, to: str) -> None:
        self._phone, self._to, self._call_id = phone, to, uuid.uuid4().hex
        self._port = phone.getsockname()[1]
        phone.send(request("INVITE", to, self._port, self._call_id, SDP))
        answer = ""
        while self._call_id not in answer:
            answer = final_answer(phone, "INVITE")
        self.status = answer.split()[1]
        self._tag = next(row for row in answer.splitlines() if row.startswith("To:")).partition("tag=")[2]
        phone.send(request("ACK", to, self._port, self._call_id, tag=self._tag))

    def refer(self, to: str) -> str:
        """The final answer to a REFER inside the call."""
        text = request("REFER", self._to, self._port, self._call_id, tag=self._tag).replace(b"CSeq: 1", b"CSeq: 2")
        text = text.replace(b"z9hG4bK", b"z9hG4bKrefer").replace(b"Max", f"Refer-To: <{to}>\r\nMax".encode(), 1)
        self._phone.send(text)
        while "REFER" not in (answer := self._phone.recv(65536).decode()):
            pass
        return answer

    def replaced(self) -> str:
        """The final answer to another call that wants this one's place."""
        other = uuid.uuid4().hex
        place = f"Replaces: {self._call_id};to-tag={self._tag};from-tag={self._call_id}\r\nMax".encode()
        self._phone.send(request("INVITE", self._to, self._port, other, SDP).replace(b"Max", place, 1))
        while other not in (answer := final_answer(self._phone, "INVITE")):
            pass
        return answer

    def hang_up(self) -> None:
        bye = request("BYE", self._to, self._port, self._call_id, tag=self._tag)
        self._phone.send(bye.replace(b"CSeq: 1", b"CSeq: 2"))


def test_strangers_learn_nothing(tmp_path: Path) -> None:
    """Whatever number they try, the answer is one and the same; a friend's is not if it is huge."""
    nobody = f"sip:nobody@127.0.0.1:{free_port()}"
    with (
        line(tmp_path / "calls", nobody, allow="127.0.0.1/32") as up,
        phone_at("127.0.0.1", up) as friend,
        phone_at("127.0.0.3", up) as stranger,
    ):
        port = stranger.getsockname()[1]
        stranger.send(request("INVITE", up.address, port, uuid.uuid4().hex))  # no session description: a late offer
        assert first_line(stranger).startswith("SIP/2.0 403")
        for method in ("INVITE", "OPTIONS", "REGISTER", "SUBSCRIBE", "MESSAGE", "REFER"):
            answers = set()
            for user in ("line", "exercise", "nobody", "100"):
                body = SDP if method == "INVITE" else ""
                stranger.send(request(method, f"sip:{user}@{up.host_port}", port, uuid.uuid4().hex, body))
                answers.add(first_line(stranger))
            assert len(answers) == 1 and answers.pop().split()[1] == "403"
        invite = request("INVITE", up.address, friend.getsockname()[1], uuid.uuid4().hex, SDP)
        friend.send(invite.replace(b"Max-Forwards", b"Subject: " + b"x" * 10_000 + b"\r\nMax-Forwards"))
        assert first_line(friend).startswith("SIP/2.0 513")
        assert Dialog(friend, up.address).status == "200"


@needs("sipp")
@needs_shared
def test_broken_messages_by_the_hundred_touch_no_call(tmp_path: Path) -> None:
    """A few of the ten thousand that ``python -m benchmarks.fuzz`` sends, with two calls on the line."""
    figures = fuzz.run(tmp_path, 300, random.Random(), SHARED / "suites/rfc4475")
    assert figures.torture == 98 and figures.answers > 50
    assert (figures.processes_ended, figures.live_calls_failed, figures.live_recordings_whole) == (0, 0, 2)
    assert figures.legs_usable_after == figures.legs == 4


def test_a_burst_of_calls_is_cut_off_before_it_costs_anything(tmp_path: Path) -> None:
    """Calls set up and refused at once: beyond the burst they hear 503. Without the door 64 sockets end the process."""
    nobody = f"sip:nobody@127.0.0.1:{free_port()}"
    with line(tmp_path / "calls", nobody, per_source=1) as up, phone_at("127.0.0.1", up) as phone:
        call = Dialog(phone, up.address)
        for _ in range(40):
            for _ in range(4):
                phone.send(request("INVITE", up.address, phone.getsockname()[1], uuid.uuid4().hex, SDP))
            time.sleep(0.01)
        phone.settimeout(1.0)
        heard: Counter[str] = Counter()
        with pytest.raises(TimeoutError):
            while True:
                heard[first_line(phone).split()[1]] += 1
        assert heard["480"] and heard["503"] and set(heard) <= {"480", "486", "503"}
        call.hang_up()
        assert up.stored().hung_up == "customer"


def test_nobody_has_the_line_ring_somebody(tmp_path: Path) -> None:
    """REFER inside a call that is up (the library alone would ring whom it names), and an INVITE that replaces it."""
    with (
        line(tmp_path / "calls", f"sip:nobody@127.0.0.1:{free_port()}") as up,
        phone_at("127.0.0.1", up) as phone,
        socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as victim,
    ):
        victim.bind(("127.0.0.1", 0))
        victim.settimeout(1.0)
        call = Dialog(phone, up.address)
        assert call.status == "200"
        assert call.refer(f"sip:0900@127.0.0.1:{victim.getsockname()[1]}").split()[1] == "603"
        with pytest.raises(TimeoutError):
            victim.recv(65536)
        assert call.replaced().split()[1] == "603"
        call.hang_up()
        assert up.stored().hung_up == "customer"


def test_redirected_to_somebody_else_nobody_is_rung() -> None:
    """Who was rung answers 302 with another address: the call has failed, and nothing is sent there."""
    with bound() as desk, bound() as victim:
        desk.settimeout(0.02)
        victim.settimeout(0.5)
        endpoint = Endpoint("127.0.0.1", 0)
        call = Accounts(endpoint, lambda call: call.decline()).ring(f"sip:desk@127.0.0.1:{desk.getsockname()[1]}")
        ended: list[Ended] = []
        call.on_ended = ended.append
        while not ended:
            endpoint.tick()
            redirect(desk, f"sip:0900@127.0.0.1:{victim.getsockname()[1]}")
        with pytest.raises(TimeoutError):
            victim.recv(65536)
        endpoint.close()
    assert ended[0].status in (302, 487) and not ended[0].was_answered


def redirect(desk: socket.socket, to: str) -> None:
    """Answer an INVITE that has come, if one has."""
    try:
        text, source = desk.recvfrom(65536)
    except TimeoutError:
        return
    if text.startswith(b"INVITE"):
        rows = text.decode().split("\r\n")
        kept = [row for row in rows if row.split(":")[0] in ("Via", "From", "Call-ID", "CSeq")]
        tagged = next(row for row in rows if row.startswith("To:")) + ";tag=desk"
        answer = ["SIP/2.0 302 Moved Temporarily", *kept, tagged, f"Contact: <{to}>", "Content-Length: 0", "", ""]
        desk.sendto("\r\n".join(answer).encode(), source)


def bound() -> socket.socket:
    udp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    udp.bind(("127.0.0.1", 0))
    return udp


def test_a_caller_who_hangs_up_in_the_moment_of_the_answer_is_recorded(tmp_path: Path) -> None:
    """ACK and BYE in one breath: by the time the line looks, SIP has forgotten the call."""
    with line(tmp_path / "calls", f"sip:nobody@127.0.0.1:{free_port()}") as up, phone_at("127.0.0.1", up) as phone:
        port = phone.getsockname()[1]
        for _ in range(8):
            call_id = uuid.uuid4().hex
            phone.send(request("INVITE", up.address, port, call_id, SDP))
            answer = final_answer(phone, "INVITE")
            tag = next(row for row in answer.splitlines() if row.startswith("To:")).partition("tag=")[2]
            goodbye = request("BYE", up.address, port, call_id, cseq="BYE", tag=tag).replace(b"CSeq: 1", b"CSeq: 2")
            phone.send(request("ACK", up.address, port, call_id, tag=tag))
            phone.send(goodbye)
            assert up.stored().hung_up == "customer"
