"""Trunks that register at a real registrar (Kamailio, digest), and real calls through them, heard on both sides."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest

from ivr.front.kamailio import CONFIG
from ivr.status import LineStatus, read_status
from tests.peers import needs, program
from tests.sip.peers import ROOT, Call, Line, audio, free_port, scripted, sounding
from tests.sip.registrar import HERE, NORWAY, PASSWORDS, UK, Provider, answers, certificate, provider
from tests.sip.test_serve import ivr
from tests.sip.trunked import trunk_line

pytestmark = [pytest.mark.sip, needs("kamailio"), pytest.mark.usefixtures("long_calls")]
MENU_HZ, SPOKEN_HZ = 680, 300


def trunk(up: Provider, user: str = UK, **more: str) -> str:
    """A trunk at the provider, as YAML in one line."""
    tls = more.get("transport") == "tls"
    host = "[::1]" if more.get("ipv6") else HERE
    name = {UK: "UK", NORWAY: "NORWAY"}[user]
    words = {
        "registrar": f"'{host}:{up.tls_port if tls else up.port}'",
        "user": f"'{user}'",
        "password": f"{{env: PASSWORD_{name}}}",
        **({"trust": str(up.certificate)} if tls else {}),
        **more,
    }
    return "{" + ", ".join(f"{word}: {value}" for word, value in words.items()) + "}"


def states(line: Line, wanted: tuple[str, ...] = ("registered",)) -> LineStatus:
    """The line's status once every trunk is in one of these states (pytest-timeout is the limit)."""
    while True:
        status = read_status(line.calls, time.time())
        if status is not None and status.trunks and all(trunk.state in wanted for trunk in status.trunks):
            return status
        time.sleep(0.05)


@pytest.fixture(scope="module")
def md5(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    if program("kamailio") is None:
        pytest.skip("kamailio is not installed")
    with provider(tmp_path_factory.mktemp("md5")) as up:
        yield up


@pytest.fixture(scope="module")
def sha256(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Provider]:
    if program("kamailio") is None:
        pytest.skip("kamailio is not installed")
    with provider(tmp_path_factory.mktemp("sha256"), "SHA-256") as up:
        yield up


def phone(folder: Path, up: Provider, spoken: Path, number: str, trunks: str = "") -> dict[str, Any]:
    """Somebody on the telephone network rings a number of the line, consents and says something."""
    folder.mkdir(parents=True, exist_ok=True)
    steps: list[Any] = [{"expect": "speech"}, {"press": "1"}, {"wait": "300ms"}, {"press": "1"}]
    steps += [{"wait": "700ms"}, {"say": str(spoken)}, {"hang_up": None}]
    if trunks:
        (folder / "trunks.yaml").write_text(f"trunks: {{pstn: {trunks}}}\nlisten: {{ipv6: '::1', ipv6_port: 0}}\n")
        more = ["--trunks", str(folder / "trunks.yaml")]
        return scripted(folder, steps, f"tel:{number}", *more).outcome()
    return scripted(folder, steps, f"sip:{number}@{HERE}:{up.port}", "--user", "pstn").outcome()


def check_heard(folder: Path, call: Call) -> None:
    """Both sides heard each other: tones, measured."""
    assert sounding(audio(folder / "heard.wav"), MENU_HZ) is not None
    assert sounding(call.audio("caller.wav"), SPOKEN_HZ) is not None
    assert sounding(call.audio("agent.wav"), MENU_HZ) is not None


def test_two_accounts_in_one_cell_and_each_call_knows_its_trunk(md5: Provider, tmp_path: Path, spoken: Path) -> None:
    trunks = f"trunks:\n  uk: {trunk(md5)}\n  norway: {trunk(md5, NORWAY, transport='tcp')}\n"
    with trunk_line(tmp_path / "line", trunks) as line:
        states(line)
        for number, user, name in (("+442079460123", UK, "uk"), ("+4722334455", NORWAY, "norway")):
            phone(tmp_path / name, md5, spoken, number)
            call = Call(Path(line.next("stored")["record"]))
            summary = call.vcon.summary
            assert summary is not None and summary.model_dump()["trunk"] == name
            assert call.step("call_started")["called"] == number
            check_heard(tmp_path / name, call)
            assert any("algorithm=MD5" in each for each in md5.registrations(user))
        shown = ivr("status", "--calls", str(line.calls))
        assert "registered" in shown.stdout and "norway" in shown.stdout
        everything = (tmp_path / "line/line.log").read_text() + shown.stdout + md5.log
        assert PASSWORDS[UK] not in everything
    assert "expires 0" in md5.registrations(UK)[-1], "it unregisters when it ends"


def test_tls_with_srtp_and_sha_256(sha256: Provider, tmp_path: Path, spoken: Path) -> None:
    """The provider's certificate is checked; the audio is encrypted, and a caller without SRTP is refused."""
    secure = {"transport": "tls", "srtp": "mandatory"}
    with trunk_line(tmp_path / "line", f"trunks: {{uk: {trunk(sha256, **secure)}}}") as line:
        states(line)
        assert "algorithm=SHA-256" in sha256.registrations(UK)[-1] and "by tls" in sha256.registrations(UK)[-1]
        caller = (
            f"{{user: pstn, domain: '{HERE}', proxy: '{HERE}:{sha256.tls_port}', trust: {sha256.certificate},"
            " transport: tls, srtp: mandatory}"
        )
        phone(tmp_path / "phone", sha256, spoken, "+442079460123", caller)
        check_heard(tmp_path / "phone", Call(Path(line.next("stored")["record"])))
        plain = scripted(tmp_path / "plain", ["hang_up"], f"sip:{UK}@{HERE}:{sha256.port}", "--user", "pstn")
        assert plain.outcome(failed=True)["status"] in (406, 488)


def test_sip_over_ipv6(md5: Provider, tmp_path: Path, spoken: Path) -> None:
    """Registered and rung over IPv6; the audio goes over IPv4, which is what the published library can."""
    with trunk_line(
        tmp_path / "line", f"trunks: {{uk: {trunk(md5, ipv6='true')}}}\nlisten: {{ipv6: '::1', ipv6_port: 0}}\n"
    ) as line:
        states(line)
        assert "from ::1" in md5.registrations(UK)[-1]
        caller = f"{{user: pstn, domain: provider, proxy: '[::1]:{md5.port}', ipv6: true}}"
        phone(tmp_path / "phone", md5, spoken, "+442079460123", caller)
        check_heard(tmp_path / "phone", Call(Path(line.next("stored")["record"])))


def test_what_does_not_register_says_why(md5: Provider, tmp_path: Path) -> None:
    """A wrong password, a certificate that nobody vouches for, one of another host; calls are taken all the same."""
    (tmp_path / "other").mkdir()
    certificate(tmp_path / "other", "DNS:elsewhere.example")
    with provider(tmp_path / "elsewhere") as elsewhere:
        trunks = "trunks:\n" + "".join(
            f"  {name}: {made}\n"
            for name, made in {
                "wrong": trunk(md5, password="{env: PASSWORD_WRONG}"),
                "unknown": trunk(md5, transport="tls", trust=str(tmp_path / "other/cert.pem")),
                "unchecked": trunk(
                    md5, NORWAY, transport="tls", verify="false", trust=str(tmp_path / "other/cert.pem")
                ),
                "misnamed": trunk(elsewhere, transport="tls", registrar=f"'localhost:{elsewhere.tls_port}'"),
            }.items()
        )
        with trunk_line(tmp_path / "line", trunks) as line:
            while True:
                status = read_status(line.calls, time.time())
                seen = {each.name: each for each in status.trunks} if status else {}
                if seen and all(each.state in ("failed", "registered") for each in seen.values()):
                    break
                time.sleep(0.05)
            assert status is not None and status.takes_calls
            assert {name: each.state for name, each in seen.items()} == {
                "wrong": "failed",
                "unknown": "failed",
                "unchecked": "registered",
                "misnamed": "failed",
            }
            assert seen["wrong"].code in (401, 403)
            assert "ertificate" in seen["unknown"].reason and "ertificate" in seen["misnamed"].reason


def test_a_registrar_that_is_busy_is_asked_again_when_it_said(tmp_path: Path) -> None:
    with provider(tmp_path / "busy", busy_first=True) as up:
        with trunk_line(tmp_path / "line", f"trunks: {{uk: {trunk(up, retry='100ms')}}}") as line:
            states(line)
        assert len(up.registrations(UK)) >= 3, "refused, challenged, accepted"


@pytest.mark.engine
def test_calls_out_are_authenticated_and_show_the_number(md5: Provider, tmp_path: Path, spoken: Path) -> None:
    """A transfer and `ivr ring` through a trunk: the provider challenges, the desk sees the caller id."""
    made = trunk(md5, caller_id="'+442079460199'", early_media="true", country="GB")
    with trunk_line(tmp_path / "line", f"trunks: {{uk: {made}}}", "service=tel:020-7946-0800;trunk=uk") as line:
        states(line)
        answers: list[Any] = [{"ring": "200ms"}, {"wait": "800ms"}, {"hang_up": None}]
        desk = scripted(tmp_path / "desk", answers, "--listen", f"{HERE}:{md5.desk}")
        steps: list[Any] = [{"expect": "speech"}, {"press": "1"}, {"wait": "300ms"}, {"press": "1"}]
        steps += [{"wait": "300ms"}, {"press": "1"}, {"expect": "hang_up", "within": "20s"}]
        scripted(tmp_path / "caller", steps, f"sip:{UK}@{HERE}:{md5.port}", "--user", "pstn").outcome()
        desk.outcome()
        call = Call(Path(line.next("stored")["record"]))
        assert call.step("transfer_answered") and "INVITE +442079460800 from +442079460199 by udp" in md5.log
        desk = scripted(tmp_path / "ann", [{"wait": "300ms"}, {"hang_up": None}], "--listen", f"{HERE}:{md5.desk}")
        (tmp_path / "bye.yaml").write_text("flow: bye\nlanguages: [en]\nnodes:\n  bye: {end: goodbye}\n")
        command = [sys.executable, "-m", "ivr.cli", "ring", "tel:+442079460801;caller=+442079460177"]
        command += ["--flow", str(tmp_path / "bye.yaml"), "--trunks", str(tmp_path / "line/trunks.yaml"), "--json"]
        done = subprocess.run(
            [*command, "--calls", str(tmp_path / "out")],
            cwd=ROOT,
            capture_output=True,
            text=True,
            timeout=60,
            env={**os.environ, "PASSWORD_UK": PASSWORDS[UK]},
        )
        assert done.returncode == 0, done.stderr
        assert "INVITE +442079460801 from +442079460177 by udp" in md5.log


def test_of_many_cells_one_registers_for_the_front_and_all_know_the_trunk(
    md5: Provider, tmp_path: Path, spoken: Path
) -> None:
    """Provider, Kamailio as the front, two cells: the whole way, and each call knows by which trunk it came."""
    port = free_port()
    trunks = f"trunks:\n  other: {{domain: x, from: 203.0.113.66}}\n  uk: {trunk(md5, country='GB')}\n"
    before = len(md5.registrations(UK))
    with trunk_line(tmp_path / "line", trunks, cells=2, front=f"{HERE}:{port}") as line:
        status = states(line, ("none", "registered"))
        assert len(status.cells) == 2
        registered = [each for each in md5.registrations(UK)[before:] if "with Digest" in each]
        assert len(registered) == 1 and f"as <sip:{UK}@{HERE}:{port}>" in registered[0]
        with front_at(tmp_path / "front", line, port):
            phone(tmp_path / "phone", md5, spoken, "02079460123")
            call = Call(Path(line.next("stored")["record"]))
    summary = call.vcon.summary
    assert summary is not None and summary.model_dump()["trunk"] == "uk"
    assert call.step("call_started")["called"] == "+442079460123"
    check_heard(tmp_path / "phone", call)


@contextmanager
def front_at(folder: Path, line: Line, port: int) -> Iterator[None]:
    """Kamailio as `ivr kamailio` configures it, on this port."""
    options = ["--listen", f"{HERE}:{port}", "--allow", f"{HERE}/32", "--calls", str(line.calls), "--foreground"]
    options += ["--no-hide"]  # provider and front share an address here, which hiding cannot tell apart
    assert ivr("kamailio", *options, "--out", str(folder)).returncode == 0
    found = program("kamailio")
    assert found is not None
    command = [found, "-f", str(folder / CONFIG), "-DD", "-E", "-m", "32", "-M", "4", "-Y", str(folder)]
    with (folder / "kamailio.log").open("wb") as log, subprocess.Popen(command, stdout=log, stderr=log) as process:
        try:
            answers(port, process, folder / "kamailio.log")
            yield
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(15)
