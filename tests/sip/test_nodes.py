"""Every kind of node in real calls: what is heard and kept, which ways are taken; who waits is never in silence."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from threading import Thread
from time import sleep

import numpy as np
import numpy.typing as npt
import pytest

from ivr.closures import ALL, CLOSED, Closure, Closures
from ivr.flow.load import load_flow
from ivr.flow.nodes import KINDS
from ivr.flow.nodes.split import Split
from ivr.tones import tone, write_wav
from speechqa.conversation import Conversation
from speechqa.measures import touchpoints
from speechqa.recording import load_recording
from tests.sip.peers import RATE_HZ, Call, Line, appears, audio, free_port, line, scripted, sounding

pytestmark = pytest.mark.sip
FLOW, PART = (Path(__file__).with_name(name) for name in ("nodes.yaml", "part.yaml"))
RINGING_HZ, AGENT_HZ, WHISPER_HZ, WAITING_HZ, QUEUE_HZ, AFTER_HZ = 425, 1100, 2500, 1800, 2000, 1900
LONGEST_SILENCE_S = 3.0
END = {"expect": "hang_up", "within": "30s"}


class Accounts(BaseHTTPRequestHandler):
    """A web service that knows one account."""

    def do_GET(self) -> None:
        sleep(1.2)  # long enough for words while one waits
        body = json.dumps({"open": self.path == "/accounts/42"}).encode()
        self.send_response(200)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_: object) -> None:
        """Say nothing."""


@pytest.fixture(scope="module")
def accounts() -> Iterator[int]:
    server = HTTPServer(("127.0.0.1", 0), Accounts)
    thread = Thread(target=server.serve_forever)
    thread.start()
    yield server.server_port
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def desk() -> int:
    return free_port()


@pytest.fixture(scope="module")
def nodes_line(tmp_path_factory: pytest.TempPathFactory, accounts: int, desk: int) -> Iterator[Line]:
    folder = tmp_path_factory.mktemp("nodes")
    flow = folder / "nodes.yaml"
    flow.write_text(FLOW.read_text().replace("PORT", str(accounts)))
    (folder / PART.name).write_text(PART.read_text())
    with line(folder / "calls", f"sip:service@127.0.0.1:{desk}", flow=flow) as up:
        yield up


@pytest.fixture(scope="module")
def agent_says(tmp_path_factory: pytest.TempPathFactory) -> str:
    file = tmp_path_factory.mktemp("desk") / "agent.wav"
    write_wav(file, tone(AGENT_HZ, 1.0))
    return str(file)


def pressed(keys: str, after: str = "600ms") -> list[dict[str, str]]:
    return [{"wait": after}, {"press": keys}]


def silences(samples: npt.NDArray[np.int16]) -> float:
    """The longest silence between two sounds, in seconds."""
    frame = RATE_HZ // 50
    frames = samples[: len(samples) // frame * frame].reshape(-1, frame)
    heard = np.flatnonzero(np.abs(frames.astype(np.int32)).max(axis=1) > 300)
    return float(np.diff(heard).max() - 1) / 50


@dataclass(frozen=True)
class Walk:
    """The call that came to nearly every kind of node, and what the caller heard."""

    call: Call
    heard: npt.NDArray[np.int16]
    calls: Path


@pytest.fixture(scope="module")
def walk(nodes_line: Line, tmp_path_factory: pytest.TempPathFactory, spoken: Path) -> Walk:
    folder = tmp_path_factory.mktemp("walk")
    steps = [
        {"expect": "speech"},
        *pressed("2", "100ms"),  # Norwegian
        *pressed("1"),  # record
        *pressed("1"),
        *pressed("42"),
        *pressed("5", "5.2s"),  # after the part, the lookup and its answer: very satisfied
        {"wait": "1.2s"},
        {"say": str(spoken)},  # the message, which ends with the silence after it
        *pressed("22334455", "1.8s"),
        END,
    ]
    scripted(folder, steps, nodes_line.address).outcome()
    return Walk(nodes_line.stored(), audio(folder / "heard.wav"), nodes_line.calls)


def test_a_walk_through_the_nodes(walk: Walk) -> None:
    call, heard = walk.call, walk.heard
    way = call.nodes[8]
    assert way in ("this_way", "that_way")
    assert call.nodes == [
        *("choose", "may_record", "main", "number", "count", "sort", "office", "try_out", way, "part", "inner"),
        *("home", "part", "fetch", "sorted", "told", "happy", "message", "which", "ring_me", "promised", "goodbye"),
    ]
    exits = {step["node"]: step["exit"] for step in call.steps if step["kind"] == "leave_node"}
    assert (exits["choose"], exits["office"], exits["fetch"]) == ("nb", "temporary", "ok")
    inner, happy = sounding(heard, 1000), sounding(heard, 1300)
    assert inner is not None and happy is not None
    waited = heard[int(inner[0] * RATE_HZ) : int((happy[0] + 0.4) * RATE_HZ)]
    assert silences(waited) <= LONGEST_SILENCE_S, "from the part through the lookup to the next question"
    assert sounding(waited, 920) is not None, "words while the service is asked"
    for hz in (600, 700, 800, 900, 1000, 1200, 1300, 1400, 1500, 1600):
        assert sounding(heard, hz) is not None, f"nobody heard {hz} Hz"
    assert call.step("note_score", survey="csat")["score"] == 5
    assert sounding(call.audio("message-1.wav"), 300) is not None
    assert call.step("book_callback")["number"] == "hidden", "it was keyed in as a secret"
    assert call.step("callback_booked")
    (request,) = (walk.calls / "callbacks/service").iterdir()
    kept = json.loads(request.read_text())
    assert (kept["number"], kept["language"], kept["call_id"]) == ("22334455", "nb", call.folder.name)
    assert request.stat().st_mode & 0o077 == 0
    for file in call.folder.iterdir():
        assert b"22334455" not in file.read_bytes()


def test_the_agent_is_briefed_and_the_language_remembered(
    nodes_line: Line, walk: Walk, tmp_path: Path, desk: int, agent_says: str
) -> None:
    """The caller of the walk is not asked for the language again."""
    agent = scripted(
        tmp_path / "agent",
        [{"ring": "9.5s"}, {"wait": "1.2s"}, {"say": agent_says}, {"wait": "200ms"}, "hang_up"],
        *("--listen", f"127.0.0.1:{desk}"),
    )
    steps = [{"expect": "speech"}, *pressed("1", "100ms"), *pressed("2"), END]
    scripted(tmp_path / "caller", steps, nodes_line.address).outcome()
    agent.outcome()
    call = nodes_line.stored()
    assert call.nodes == ["choose", "may_record", "main", "agent", "after", "goodbye"]
    assert call.step("call_started")["language"] == "nb"
    heard, at_the_desk = audio(tmp_path / "caller/heard.wav"), audio(tmp_path / "agent/heard.wav")
    briefing = sounding(at_the_desk, WHISPER_HZ)
    assert briefing is not None and briefing[0] < 0.5, "the briefing comes first"
    assert sounding(heard, WHISPER_HZ) is None
    assert sounding(heard, AGENT_HZ) is not None
    assert sounding(at_the_desk, RINGING_HZ) is None
    assert sounding(heard, WAITING_HZ) is not None, "words while it rings"
    assert sounding(heard, AFTER_HZ) is not None
    assert silences(heard) <= LONGEST_SILENCE_S
    assert not any("phone" in file.read_text() for file in (nodes_line.calls / "state/languages").iterdir())


def test_two_callers_queue_for_one_agent(
    nodes_line: Line, walk: Walk, tmp_path: Path, desk: int, agent_says: str
) -> None:
    to_the_queue = [{"expect": "speech"}, *pressed("1", "100ms"), *pressed("3"), END]
    listen = ("--listen", f"127.0.0.1:{desk}")
    engaged = scripted(tmp_path / "engaged", [{"decline": "busy"}], *listen)
    first = scripted(tmp_path / "first", to_the_queue, nodes_line.address)
    engaged.outcome()
    agent = scripted(tmp_path / "agent", [{"say": agent_says}, {"wait": "4s"}, "hang_up"], *listen)
    appears(tmp_path / "agent", "heard.wav")  # the agent talks with the first
    second = scripted(tmp_path / "second", to_the_queue, nodes_line.address)
    agent.outcome()
    again = scripted(tmp_path / "again", [{"ring": "3.5s"}, {"say": agent_says}, "hang_up"], *listen)
    first.outcome(), second.outcome(), again.outcome()
    calls = (nodes_line.stored(), nodes_line.stored())
    for call, folder in zip(calls, ("first", "second"), strict=True):
        assert call.nodes == ["choose", "may_record", "main", "waiting", "after", "goodbye"]
        heard = audio(tmp_path / folder / "heard.wav")
        for hz in (QUEUE_HZ, RINGING_HZ, AGENT_HZ, AFTER_HZ):
            assert sounding(heard, hz) is not None, f"{folder} did not hear {hz} Hz"
        talking, ringing = sounding(heard, AGENT_HZ), sounding(heard, RINGING_HZ)
        assert talking is not None and ringing is not None and ringing[1] <= talking[0]
        until_answered = heard[: int(talking[0] * RATE_HZ)]
        assert silences(until_answered) <= LONGEST_SILENCE_S
        assert [party.type for party in call.vcon.parties] == ["person", "bot", "person"]
        assert call.hung_up in ("agent", "line")
    assert calls[0].step("transfer_failed")["reason"] == "busy"
    assert calls[0].step("queue_moved")["wait_s"] == 0
    assert calls[1].step("queue_moved")["position"] == 1
    assert calls[1].step("queue_moved")["wait_s"] > 0, "somebody is talking"
    for call in calls:
        record = load_recording(call.folder)
        assert record.call is not None
        met = touchpoints.measure(Conversation(record.duration_s, "nb", {}), record.call.steps, None, None)
        assert [(each.kind, each.outcome) for each in met if each.kind != "node"] == [
            ("queue", "answered"),
            ("agent", "ended"),
        ]
        assert [each.name for each in met if each.kind == "node"][-1] == "goodbye"


def test_the_longest_wait_is_over(nodes_line: Line, walk: Walk, tmp_path: Path, desk: int) -> None:
    """The desk rings and nobody picks up. (A phone that is not there at all would be sent the INVITE for 32 s more.)"""
    agent = scripted(tmp_path / "agent", [{"ring": "20s"}], "--listen", f"127.0.0.1:{desk}")
    steps = [{"expect": "speech"}, *pressed("1", "100ms"), *pressed("4"), END]
    scripted(tmp_path, steps, nodes_line.address).outcome()
    agent.outcome(failed=True)
    call = nodes_line.stored()
    assert call.step("queue_failed")["reason"] == "timeout"
    assert call.nodes[-3:] == ["hurried", "late", "goodbye"]
    assert sounding(audio(tmp_path / "heard.wav"), 2200) is not None


TO_MAIN = [{"expect": "speech"}, *pressed("1", "100ms")]


def test_who_waits_in_the_queue_leaves_it_by_a_key(nodes_line: Line, walk: Walk, tmp_path: Path, desk: int) -> None:
    """The key works while the desk is rung, which then rings no more; the next caller finds an empty queue."""
    for time in ("first", "second"):
        agent = scripted(tmp_path / f"{time}_agent", [{"ring": "20s"}], "--listen", f"127.0.0.1:{desk}")
        steps = [*TO_MAIN, *pressed("3"), *pressed("7", "1s"), END]
        scripted(tmp_path, steps, nodes_line.address).outcome()
        agent.outcome(failed=True)
        call = nodes_line.stored()
        assert call.nodes[-3:] == ["waiting", "late", "goodbye"]
        assert call.step("queue_moved")["position"] == 1
        assert call.step("leave_node", node="waiting")["exit"] == "7"
        assert sounding(audio(tmp_path / "heard.wav"), 2200) is not None


def test_the_queue_is_full_when_no_leg_is_left_to_ring(tmp_path: Path, accounts: int) -> None:
    """A line of two legs: one caller may wait, the second hears that there is no room."""
    flow = tmp_path / "nodes.yaml"
    flow.write_text(FLOW.read_text().replace("PORT", str(accounts)))
    (tmp_path / PART.name).write_text(PART.read_text())
    to_main = [{"expect": "speech"}, *pressed("1", "100ms"), *pressed("1")]
    with line(tmp_path / "calls", f"sip:service@127.0.0.1:{free_port()}", flow=flow, legs=2) as up:
        early = [*to_main, *pressed("3", "2s"), *pressed("7", "6s"), END]
        first = scripted(tmp_path / "first", early, up.address, "--user", "first")
        second = scripted(tmp_path / "second", [*to_main, *pressed("3", "4s"), END], up.address, "--user", "second")
        second.outcome(), first.outcome()
        calls = {call.nodes[-2]: call for call in (up.stored(), up.stored())}
    assert calls["no_room"].step("queue_failed")["reason"] == "full"
    assert calls["late"].step("queue_moved")["position"] == 1
    assert sounding(audio(tmp_path / "second/heard.wav"), 2450) is not None


def test_an_agent_who_hangs_up_on_the_briefing_has_declined(
    nodes_line: Line, walk: Walk, tmp_path: Path, desk: int
) -> None:
    agent = scripted(tmp_path / "agent", [{"wait": "500ms"}, "hang_up"], "--listen", f"127.0.0.1:{desk}")
    scripted(tmp_path / "caller", [*TO_MAIN, *pressed("5"), END], nodes_line.address).outcome()
    agent.outcome()
    call = nodes_line.stored()
    assert call.nodes[-3:] == ["briefed", "refused", "goodbye"]
    assert call.step("transfer_failed")["reason"] == "declined"
    heard = audio(tmp_path / "caller/heard.wav")
    assert sounding(heard, WHISPER_HZ) is None, "the briefing is not for the caller"
    assert sounding(heard, 2300) is not None
    assert sounding(audio(tmp_path / "agent/heard.wav"), WHISPER_HZ) is not None
    assert [party.type for party in call.vcon.parties] == ["person", "bot"], "nobody joined"


def test_hours_are_closed_for_now_while_the_call_is_up(nodes_line: Line, walk: Walk, tmp_path: Path) -> None:
    closures = Closures(nodes_line.calls / CLOSED)
    caller = scripted(tmp_path, [*TO_MAIN, *pressed("6", "3s"), END], nodes_line.address)
    nodes_line.next("CallAnswered")
    closures.close("every_node", Closure("shop", "", "2026-11-24T12:00:00+00:00"))
    try:
        caller.outcome()
        call = nodes_line.stored()
    finally:
        closures.reopen("every_node", ALL)
    assert call.step("hours_switched")["closed"] == ["shop"]
    assert call.nodes[-3:] == ["opening", "is_shut", "goodbye"]
    assert sounding(audio(tmp_path / "heard.wav"), 2400) is not None


def test_a_flow_in_another_file_is_called(nodes_line: Line, walk: Walk, tmp_path: Path) -> None:
    scripted(tmp_path, [*TO_MAIN, *pressed("7"), *pressed("42"), END], nodes_line.address).outcome()
    call = nodes_line.stored()
    inside = ["part.which", "part.heard", "part.done"]
    assert call.nodes[2:] == ["main", "part_of", *inside, "part_of", "compared", "told_back", "goodbye"]
    heard = audio(tmp_path / "heard.wav")
    assert all(sounding(heard, hz) is not None for hz in (1050, 1150, 2350))


@pytest.mark.parametrize("way", ["this_way", "that_way"])
def test_both_ways_of_the_split_are_gone_by_callers_of_their_own(
    nodes_line: Line, walk: Walk, tmp_path: Path, way: str
) -> None:
    split = load_flow(FLOW).nodes["try_out"]
    assert isinstance(split, Split)
    user = next(f"caller{number}" for number in range(99) if split.way(f"caller{number}") == way)
    to_the_split = [{"expect": "speech"}, *pressed("1", "100ms"), *pressed("1"), *pressed("1"), *pressed("42")]
    steps = [*to_the_split, {"wait": "1s"}, "hang_up"]
    scripted(tmp_path, steps, nodes_line.address, "--user", user).outcome()
    call = nodes_line.stored()
    assert call.step("leave_node", node="try_out")["exit"] == way
    assert way in call.nodes


def test_the_calls_of_this_file_came_to_every_kind_of_node_and_to_every_node(nodes_line: Line, walk: Walk) -> None:
    """Run with the whole file: what was walked is read from the records of its calls. The kinds are the language's."""
    nodes = load_flow(FLOW).nodes
    walked = {node for file in nodes_line.calls.glob("*/*/call.vcon.json") for node in Call(file).nodes}
    assert nodes.keys() - walked == {"no_room"}, "where the line of two legs led"
    assert {nodes[name].kind for name in walked} == KINDS.keys()
