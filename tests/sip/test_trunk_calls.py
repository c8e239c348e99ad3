"""How trunks' calls go, by SIPp and by hand: before the answer, late offers, holds, timers, keys, numbers and hours."""

from __future__ import annotations

import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from tests.peers import needs, program
from tests.sip.peers import ROOT, SCENARIOS, Call, Line, sipp_running, sounding
from tests.sip.test_keys import key_packet
from tests.sip.trunked import LongCalls, trunk_line

pytestmark = [pytest.mark.sip, needs("sipp"), pytest.mark.usefixtures("long_calls")]
RELIABLE, PICKY, INFORMED = "127.0.0.21", "127.0.0.22", "127.0.0.23"
"""The trunk that demands reliable provisional responses, of one codec, of INFO; one more rings from 127.0.0.1."""
SHUT = Path(__file__).with_name("shut.yaml")
EXERCISE = Path(__file__).with_name("flow.yaml")
TRUNKS = f"""
trunks:
  plain:
    from: [127.0.0.1]
    country: GB
    numbers:
      "+442079460101": {{flow: {EXERCISE}, announce: hz_700, ring: 200ms}}
      "+4420794602*": {{flow: {EXERCISE}, hours: never, closed: {SHUT}}}
  reliable: {{from: [{RELIABLE}], prack: required}}
  picky: {{from: [{PICKY}], codecs: [PCMA]}}
  informed: {{from: [{INFORMED}], keys: info}}
numbers:
  "+442079460101": {{flow: {EXERCISE}, announce: hz_700}}
  "+442079460102": {{flow: {EXERCISE}, hours: never, turned_away: hz_700}}
  default: {EXERCISE}
hours:
  never: {{week: {{mon-sun: closed}}}}
"""


@pytest.fixture(scope="module")
def line(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Line]:
    if program("sipp") is None:
        pytest.skip("sipp is not installed")
    with trunk_line(tmp_path_factory.mktemp("trunks"), TRUNKS) as up:
        yield up


@contextmanager
def rtp(host: str = "127.0.0.1") -> Iterator[socket.socket]:
    """A phone's audio."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as made:
        made.bind((host, 0))
        made.settimeout(5)
        yield made


def heard(phone: socket.socket) -> npt.NDArray[np.int16]:
    """What came so far, decoded (G.711); the phone's queue is empty after it."""
    phone.setblocking(False)
    packets = []
    try:
        while True:
            packets.append(phone.recv(2048))
    except BlockingIOError:
        phone.settimeout(5)
    return np.concatenate([_decoded(packet) for packet in packets] or [np.zeros(0, np.int16)])


def _decoded(packet: bytes) -> npt.NDArray[np.int16]:
    """ITU-T G.711, table by table: the sign, three bits of segment, four of step."""
    law, codes = packet[1] & 127, np.frombuffer(packet[12:], np.uint8)
    if law == 0:
        codes = ~codes
        segment, step = (codes >> 4) & 7, (codes & 15).astype(np.int32)
        value = (((step << 3) + 132) << segment) - 132
        return np.where(codes & 128, -value, value).astype(np.int16)
    codes = codes ^ 0x55
    segment, step = (codes >> 4) & 7, (codes & 15).astype(np.int32)
    value = np.where(segment == 0, (step << 4) + 8, ((step << 4) + 264) << np.maximum(segment, 1) - 1)
    return np.where(codes & 128, value, -value).astype(np.int16)


def line_audio(phone: socket.socket) -> tuple[str, int]:
    """Where the line hears a phone, once the call is up."""
    for _ in range(10):
        _, where = phone.recvfrom(2048)
    return str(where[0]), int(where[1])


@contextmanager
def ringing(
    scenario: str, line: Line, folder: Path, number: str, *phones: socket.socket, host: str = "127.0.0.1", ms: int = 300
) -> Iterator[None]:
    """SIPp rings this number by a scenario, with the audio of these phones, while the block runs."""
    text = (SCENARIOS / f"{scenario}.xml").read_text()
    for name, phone in zip(("[media_port]", "[second_port]"), phones, strict=False):
        text = text.replace(name, str(phone.getsockname()[1]))
    (folder / f"{scenario}.xml").write_text(text)
    options = ["-i", host, "-s", number, "-m", "1", "-d", str(ms)]
    with sipp_running(str(folder / scenario), line.host_port, *options, cwd=folder):
        yield


def stored(line: Line) -> Call:
    return Call(Path(line.next("stored")["record"]))


@pytest.mark.parametrize(("scenario", "host"), [("early", "127.0.0.1"), ("early_reliable", RELIABLE)])
def test_an_announcement_is_heard_before_the_answer(line: Line, tmp_path: Path, scenario: str, host: str) -> None:
    with rtp(host) as phone:
        with ringing(scenario, line, tmp_path, "02079460101" if host != RELIABLE else "442079460101", phone, host=host):
            pass
        assert sounding(heard(phone), 700) is not None
    call = stored(line)
    assert call.step("call_started")["called"] == "+442079460101"
    summary = call.vcon.summary
    assert summary is not None
    assert summary.model_dump()["trunk"] == ("reliable" if host == RELIABLE else "plain")
    assert summary.model_dump()["number"] == "+442079460101"


def test_a_closed_number_turns_callers_away_unanswered(line: Line, tmp_path: Path) -> None:
    before = len(list(line.calls.glob("2*/*")))
    with rtp() as phone:
        with ringing("turned_away", line, tmp_path, "+442079460102", phone):
            pass
        assert sounding(heard(phone), 700) is not None
    assert len(list(line.calls.glob("2*/*"))) == before, "no call, no record"


def test_a_caller_who_hangs_up_before_the_answer_leaves_nothing(line: Line, tmp_path: Path) -> None:
    with ringing("cancelled", line, tmp_path, "+442079460101"):
        pass
    with rtp() as phone, ringing("early", line, tmp_path, "+442079460101", phone):
        pass
    assert stored(line).hung_up == "customer", "the line goes on"


def test_out_of_hours_another_flow_runs(line: Line, tmp_path: Path) -> None:
    with rtp() as phone, ringing("talk", line, tmp_path, "02079460255", phone, ms=1500):
        pass
    call = stored(line)
    assert call.nodes == ["sorry"] and call.step("call_started")["called"] == "+442079460255"


def test_a_late_offer_holds_the_codecs_of_the_trunk_alone(line: Line, tmp_path: Path) -> None:
    with rtp(PICKY) as phone:
        with ringing("late_offer", line, tmp_path, "100", phone, host=PICKY, ms=800):
            pass
        assert sounding(heard(phone), 440) is not None
    assert stored(line).hung_up == "customer"


def test_hold_and_a_new_port_keep_the_recording_in_step(line: Line, tmp_path: Path) -> None:
    with rtp() as phone, rtp() as second:
        with ringing("hold", line, tmp_path, "100", phone, second):
            line_rtp = line_audio(phone)
            for press in (8000, 16000):  # past the welcome, then consent
                for end in (False, True):
                    phone.sendto(key_packet(press // 80 + end, 1, 800, end, at=press), line_rtp)
                subprocess.run(["sleep", "0.3"], check=True)
        assert sounding(heard(phone), 680) is not None
        assert sounding(heard(second), 680) is not None, "it talks to the new port after the hold"
    call = stored(line)
    history = [event.event for event in call.vcon.dialog[0].party_history or []]
    assert history.count("hold") == history.count("unhold") == 1
    caller, agent = call.audio("caller.wav"), call.audio("agent.wav")
    assert len(caller) == len(agent)
    began_s = call.step("note_consent")["at_s"]
    assert abs(len(caller) / 8000 - (call.vcon.dialog[0].duration or 0) + began_s) < 0.25


def test_a_key_sent_both_ways_counts_once_and_forty_milliseconds_are_enough(line: Line, tmp_path: Path) -> None:
    """One press of 1 as an INFO and as events, then 2 for 40 ms; the trunk that agreed on INFO hears no events."""
    for host, pressed in (("127.0.0.1", ["1", "2"]), (INFORMED, ["1"])):
        with rtp(host) as phone:
            with ringing("info_digit", line, tmp_path, "100", phone, host=host):
                line_rtp = line_audio(phone)
                for packet in range(3):
                    phone.sendto(key_packet(100 + packet, 1, 160 * (packet + 1), packet == 2, at=8000), line_rtp)
                subprocess.run(["sleep", "1"], check=True)
                for packet in range(2):
                    phone.sendto(key_packet(200 + packet, 2, 160 * (packet + 1), packet == 1, at=40000), line_rtp)
        call = stored(line)
        assert [step["digit"] for step in call.steps if step["kind"] == "digit_pressed"] == pressed


def test_who_is_rung_and_says_nothing_holds_its_leg_for_seconds_not_half_a_minute(tmp_path: Path) -> None:
    """One endpoint per process, so in its own: every leg rings in vain, twice; half of them hear ringing."""
    done = subprocess.run(
        [sys.executable, "-m", "tests.sip.silent_target"], cwd=ROOT, capture_output=True, text=True, timeout=60
    )
    assert done.returncode == 0, done.stderr
    assert done.stdout.splitlines() == ["4", "4"]


def test_sessions_are_refreshed_and_who_does_not_refresh_is_let_go(long_calls: LongCalls) -> None:
    """Two calls that began before the other tests: the line sends UPDATE, and BYE where no refresh came."""
    assert long_calls["refreshed"].hung_up == "customer"
    summary = long_calls["vanished"].vcon.summary
    assert summary is not None and summary.model_dump()["vanished"] is True
