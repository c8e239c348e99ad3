"""Kamailio in front of three cells, both real: who gets through, where calls go, what happens when a cell dies."""

from __future__ import annotations

import os
import re
import shutil
import signal
import socket
import ssl
import subprocess
import time
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest

from ivr.front.kamailio import CELLS, CONFIG, TLS, Cell, Front, files
from ivr.line import LineError
from tests.peers import needs, program
from tests.sip.peers import Line, scripted, sipp_running
from tests.sip.test_cells import cells, running
from tests.sip.test_hostile import SDP, request
from tests.sip.test_serve import ivr

real = pytest.mark.sip
HERE, THERE = "127.0.0.1", "127.0.0.9"
"""Where the front listens, and an address of this machine that may not ring it."""


@dataclass(frozen=True)
class Fronted:
    """A line behind a front."""

    line: Line
    port: int
    tls_port: int
    cells: tuple[str, ...]


def free(kind: socket.SocketKind = socket.SOCK_DGRAM) -> int:
    with socket.socket(socket.AF_INET, kind) as probe:
        probe.bind((HERE, 0))
        port: int = probe.getsockname()[1]
        return port


@contextmanager
def front(folder: Path, line: Line, addresses: list[str]) -> Iterator[Fronted]:
    """Kamailio as ``ivr kamailio`` configures it for the running line."""
    port, tls_port = free(), free(socket.SOCK_STREAM)
    key = ["-newkey", "rsa:2048", "-nodes", "-keyout", str(folder / "key.pem"), "-out", str(folder / "cert.pem")]
    openssl = shutil.which("openssl")
    assert openssl is not None
    subprocess.run([openssl, "req", "-x509", *key, "-days", "2", "-subj", "/CN=front"], check=True, capture_output=True)
    options = ["--listen", f"{HERE}:{port}", "--allow", f"{HERE}/32", "--calls", str(line.calls), "--foreground"]
    options += ["--transport", "udp", "--transport", "tcp", "--transport", "tls", "--tls-port", str(tls_port)]
    options += ["--certificate", str(folder / "cert.pem"), "--private-key", str(folder / "key.pem"), "--flood", "40"]
    done = ivr("kamailio", *options, "--out", str(folder))
    assert done.returncode == 0 and "(3 cells)" in done.stdout, done.stderr
    found = program("kamailio")
    assert found is not None
    log = (folder / "kamailio.log").open("wb")
    command = [found, "-f", str(folder / CONFIG), "-DD", "-E", "-m", "64", "-M", "8", "-Y", str(folder)]
    with log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        try:
            fronted = Fronted(line, port, tls_port, tuple(addresses))
            ready(fronted, process, folder)
            yield fronted
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(15)


def ready(fronted: Fronted, process: subprocess.Popen[bytes], folder: Path) -> None:
    """Wait until it answers and has heard of its cells (pytest-timeout is the limit)."""
    with phone(HERE, fronted.port, 0.5) as udp:
        while True:
            assert process.poll() is None, (folder / "kamailio.log").read_text()[-3000:]
            udp.send(request("OPTIONS", f"sip:{HERE}:{fronted.port}", udp.getsockname()[1], uuid.uuid4().hex))
            try:
                if udp.recv(65536).startswith(b"SIP/2.0 200"):
                    return
            except (TimeoutError, ConnectionRefusedError):
                time.sleep(0.05)


@contextmanager
def phone(host: str, port: int, wait_s: float = 10.0) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as udp:
        udp.bind((host, 0))
        udp.settimeout(wait_s)
        udp.connect((HERE, port))
        yield udp


def answer(fronted: Fronted, message: bytes, host: str = HERE, wait_s: float = 10.0) -> str:
    """The first line of the final answer, empty when there is none."""
    with phone(host, fronted.port, wait_s) as udp:
        udp.send(message)
        try:
            while (got := udp.recv(65536)).startswith(b"SIP/2.0 1"):
                pass
        except TimeoutError:
            return ""
        return got.split(b"\r\n", 1)[0].decode()


@pytest.fixture(scope="module")
def fronted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Fronted]:
    if program("kamailio") is None:
        pytest.skip("kamailio is not installed")
    folder = tmp_path_factory.mktemp("front")
    with cells(folder / "calls", 3) as (up, told):
        running(up)
        with front(folder, up, told["cells"]) as made:
            yield made


@real
def test_the_call_goes_through_and_is_kept(fronted: Fronted, tmp_path: Path) -> None:
    steps = [{"expect": "speech"}, {"wait": "1s"}, {"hang_up": None}]
    scripted(tmp_path / "caller", steps, f"sip:support@{HERE}:{fronted.port}").outcome()
    assert fronted.line.next("stored")["hung_up"] == "customer"


@real
@needs("sipp")
def test_calls_over_tcp(fronted: Fronted, tmp_path: Path) -> None:
    with sipp_running("behind", f"{HERE}:{fronted.port}", "-m", "2", "-d", "300", "-t", "t1", cwd=tmp_path):
        pass
    assert [fronted.line.next("stored")["hung_up"] for _ in range(2)] == ["customer"] * 2


@real
def test_a_call_over_tls(fronted: Fronted) -> None:
    trust = ssl.create_default_context(cafile=fronted.line.calls.parent / "cert.pem")
    trust.check_hostname = False
    with socket.create_connection((HERE, fronted.tls_port), 10) as plain, trust.wrap_socket(plain) as phone:
        to, call_id = f"sip:support@{HERE}:{fronted.tls_port};transport=tls", uuid.uuid4().hex

        def send(method: str, to: str, body: str = "", route: str = "", tag: str = "") -> None:
            text = request(method, to, phone.getsockname()[1], f"{call_id}", body, tag=tag).decode()
            text = text.replace("SIP/2.0/UDP", "SIP/2.0/TLS").replace("CSeq: 1 BYE", "CSeq: 2 BYE")
            phone.sendall((text.replace("Max-Forwards", f"{route}Max-Forwards", 1)).encode())

        send("INVITE", to, SDP)
        got = _final(phone)
        assert got.startswith("SIP/2.0 200")
        found = re.search(r"^Contact:\s*<([^>]+)>", got, re.MULTILINE)
        tag = re.search(r"^To:.*;tag=(\S+)", got, re.MULTILINE)
        assert found and tag
        routes = re.findall(r"^Record-Route:\s*(.+?)\r$", got, re.MULTILINE)
        back = "".join(f"Route: {route}\r\n" for route in reversed(routes))
        for method in ("ACK", "BYE"):
            send(method, found[1], route=back, tag=tag[1])
        assert _final(phone).startswith("SIP/2.0 200")
    assert fronted.line.next("stored")["hung_up"] == "customer"


def _final(phone: ssl.SSLSocket) -> str:
    """The next final answer on a stream, with its body."""
    text = ""
    while True:
        while "\r\n\r\n" not in text:
            text += phone.recv(65536).decode()
        head, rest = text.split("\r\n\r\n", 1)
        length = re.search(r"^Content-Length:\s*(\d+)", head, re.MULTILINE | re.IGNORECASE)
        body = int(length[1]) if length else 0
        while len(rest) < body:
            rest += phone.recv(65536).decode()
        if not head.startswith("SIP/2.0 1"):
            return head + "\r\n\r\n" + rest[:body]
        text = rest[body:]


@real
@needs("sipp")
def test_calls_are_spread_and_one_too_many_is_busy(fronted: Fronted, tmp_path: Path) -> None:
    """Twelve legs in three cells: four calls each, the thirteenth hears 486, and after them there is room again."""
    with sipp_running("behind", f"{HERE}:{fronted.port}", "-m", "12", "-r", "10", "-d", "6000", cwd=tmp_path):
        taken = [fronted.line.next("answered")["cell"] for _ in range(12)]
        assert sorted(taken) == sorted(f"cell-{number}" for number in (1, 2, 3) for _ in range(4))
        invite = request("INVITE", f"sip:support@{HERE}:{fronted.port}", 5999, uuid.uuid4().hex, SDP)
        assert answer(fronted, invite).startswith("SIP/2.0 486")
    assert {fronted.line.next("stored")["hung_up"] for _ in range(12)} == {"customer"}
    with sipp_running("behind", f"{HERE}:{fronted.port}", "-m", "1", "-d", "200", cwd=tmp_path):
        fronted.line.next("answered")
    fronted.line.next("stored")


@real
@needs("sipp")
def test_a_killed_cell_costs_its_own_calls_alone_and_the_next_caller_nothing(fronted: Fronted, tmp_path: Path) -> None:
    before = running(fronted.line)
    with sipp_running(
        "behind", f"{HERE}:{fronted.port}", "-m", "3", "-r", "20", "-d", "5000", "-nd", cwd=tmp_path
    ) as told:
        where = [fronted.line.next("answered")["cell"] for _ in range(3)]
        victim = next(cell for cell in before.cells if cell.name == where[0])
        os.kill(victim.pid, signal.SIGSTOP)  # it neither answers nor refuses: the hardest death to notice
        steps = [{"expect": "speech"}, {"hang_up": None}]
        for number in range(3):
            scripted(tmp_path / f"next-{number}", steps, f"sip:support@{HERE}:{fronted.port}").outcome()
        os.kill(victim.pid, signal.SIGKILL)
        others = [fronted.line.next("stored") for _ in range(5)]
        assert victim.name not in {each["cell"] for each in others}
        told.allowed_to_fail = True


@real
@pytest.mark.parametrize(
    ("what", "final"),
    [
        ("a stranger", "SIP/2.0 403"),
        ("a scanner", ""),
        ("a message too long", "SIP/2.0 513"),
        ("a request in no call", "SIP/2.0 481"),
        ("a method that is not spoken here", "SIP/2.0 405"),
        ("too many hops", "SIP/2.0 483"),
    ],
)
def test_who_is_kept_out(fronted: Fronted, what: str, final: str) -> None:
    to, call_id = f"sip:support@{HERE}:{fronted.port}", uuid.uuid4().hex
    invite = request("INVITE", to, 5999, call_id, SDP)
    match what:
        case "a stranger":
            assert answer(fronted, invite, THERE).startswith(final)
        case "a scanner":
            scanning = invite.replace(b"Max-Forwards", b"User-Agent: friendly-scanner\r\nMax-Forwards")
            assert answer(fronted, scanning, "127.0.0.10", wait_s=0.7) == final
            assert answer(fronted, invite, "127.0.0.10", wait_s=0.7) == final, "it stays blocked"
        case "a message too long":
            assert answer(fronted, request("INVITE", to, 5999, call_id, SDP + "a=x\r\n" * 2000)).startswith(final)
        case "a request in no call":
            assert answer(fronted, request("BYE", to, 5999, call_id, tag="none")).startswith(final)
        case "a method that is not spoken here":
            assert answer(fronted, request("SUBSCRIBE", to, 5999, call_id)).startswith(final)
        case "too many hops":
            assert answer(fronted, invite.replace(b"Max-Forwards: 70", b"Max-Forwards: 0")).startswith(final)


@real
def test_a_flood_is_blocked_while_others_get_through(fronted: Fronted) -> None:
    with phone("127.0.0.11", fronted.port, 1.0) as flooding:
        for number in range(400):
            flooding.send(request("OPTIONS", f"sip:{HERE}:{fronted.port}", 5999, f"flood-{number}"))
        seen = 0
        with pytest.raises(TimeoutError):
            while flooding.recv(65536):
                seen += 1
        assert seen < 200
        flooding.send(request("OPTIONS", f"sip:{HERE}:{fronted.port}", 5999, "flood-last"))
        with pytest.raises(TimeoutError):
            flooding.recv(65536)
    assert answer(fronted, request("OPTIONS", f"sip:{HERE}:{fronted.port}", 5999, uuid.uuid4().hex)).endswith("200 OK")


@real
def test_cells_are_not_named_towards_callers(fronted: Fronted) -> None:
    with phone(HERE, fronted.port) as udp:
        to, call_id = f"sip:support@{HERE}:{fronted.port}", uuid.uuid4().hex
        udp.send(request("INVITE", to, udp.getsockname()[1], call_id, SDP))
        while (got := udp.recv(65536).decode()).startswith("SIP/2.0 1"):
            pass
        assert got.startswith("SIP/2.0 200")
        headers = got.split("\r\n\r\n", 1)[0]
        assert not [address for address in fronted.cells if address.removeprefix("sip:") in headers]


def test_the_files_say_what_was_asked_for(tmp_path: Path) -> None:
    made = Front(HERE, 5060, (Cell("10.0.0.5", 5060, 4), Cell("10.0.0.6", 5061, 8)), ("192.0.2.0/24", "198.51.100.7"))
    written = files(made, tmp_path)
    assert set(written) == {CONFIG, CELLS}
    assert "1 sip:10.0.0.6:5061 0 0 duid=10.0.0.6-5061;maxload=8\n" in written[CELLS]
    assert 'is_in_subnet("$si", "192.0.2.0/24") || is_in_subnet("$si", "198.51.100.7/32")' in written[CONFIG]
    assert made.mask_key in written[CONFIG] and made.mask_key not in repr(made)
    assert TLS not in written and "enable_tls=no" in written[CONFIG]


@pytest.mark.parametrize(
    ("changed", "message"),
    [
        ({"cells": ()}, "at least one cell"),
        ({"allow": ()}, "who may ring"),
        ({"allow": ("everybody",)}, "'everybody' is no network"),
        ({"transports": ("sctp",)}, "sctp is no transport"),
        ({"transports": ("tls",)}, "TLS needs a certificate"),
        ({"inside": "front"}, "'front' is no IPv4 address"),
    ],
)
def test_what_cannot_be_written_is_refused(changed: dict[str, object], message: str) -> None:
    given = {"host": HERE, "port": 5060, "cells": (Cell(HERE, 6000, 4),), "allow": ("127.0.0.0/8",), **changed}
    with pytest.raises(LineError, match=message):
        Front(**given)  # type: ignore[arg-type]
