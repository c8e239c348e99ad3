"""A caller and an agent: bridged both ways, each side in its own file; not answered, held, killed, hung up on."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import pytest

from ivr.tones import tone, write_wav
from tests.sip.peers import Line, appears, audio, free_port, line, loudness, scripted, sounding

pytestmark = pytest.mark.sip
CALLER_HZ, AGENT_HZ, RINGING_HZ = 300, 1100, 425
END = {"expect": "hang_up"}
TO_THE_AGENT = [
    {"expect": "speech"},
    {"press": "1"},
    {"wait": "250ms"},
    {"press": "1"},  # consent
    {"wait": "250ms"},
    {"press": "1"},  # the agent, please
]


@pytest.fixture(scope="module")
def voices(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("voices")
    write_wav(folder / "caller.wav", tone(CALLER_HZ, 2.0))
    write_wav(folder / "agent.wav", tone(AGENT_HZ, 2.0))
    return folder


def test_bridged_both_ways_and_recorded_apart(shared_line: Line, agent_port: int, tmp_path: Path, voices: Path) -> None:
    said, answered = str(voices / "caller.wav"), str(voices / "agent.wav")
    agent = scripted(
        tmp_path / "agent",
        [{"ring": "700ms"}, {"say": answered}, {"listen": "1.5s"}, {"listen_for_silence": "300ms"}, "hang_up"],
        "--listen",
        f"127.0.0.1:{agent_port}",
    )
    caller = scripted(
        tmp_path / "caller",
        [*TO_THE_AGENT, {"wait": "500ms"}, {"listen": "1.9s"}, {"listen_for_silence": "300ms"}, {"say": said}, END],
        shared_line.address,
    )
    agent.outcome(), caller.outcome()
    call = shared_line.stored()
    assert call.hung_up == "agent"
    assert call.nodes[-3:] == ["agent", "after", "goodbye"], "the caller is back in the flow"

    for heard_by_the_caller in (audio(tmp_path / "caller/heard.wav"), call.audio("agent.wav")):
        assert sounding(heard_by_the_caller, AGENT_HZ) is not None
        assert sounding(heard_by_the_caller, RINGING_HZ) is not None, "silence while it rings"
        assert sounding(heard_by_the_caller, CALLER_HZ) is None
    for heard_by_the_agent in (audio(tmp_path / "agent/heard.wav"), call.audio("caller.wav")):
        assert sounding(heard_by_the_agent, CALLER_HZ) is not None
        assert sounding(heard_by_the_agent, AGENT_HZ) is None
    ringing = sounding(call.audio("agent.wav"), RINGING_HZ)
    talking = sounding(call.audio("agent.wav"), AGENT_HZ)
    assert ringing is not None and talking is not None and ringing[1] <= talking[0]

    vcon = call.vcon
    assert [party.type for party in vcon.parties] == ["person", "bot", "person"]
    assert vcon.dialog[2].parties == [[1, 2]]
    history = [(event.party, event.event) for event in vcon.dialog[0].party_history or []]
    assert history.index((2, "join")) < history.index((2, "drop")) < history.index((0, "drop"))


def test_the_caller_hangs_up_on_the_agent(shared_line: Line, agent_port: int, tmp_path: Path, voices: Path) -> None:
    agent = scripted(tmp_path / "agent", [{"expect": "hang_up"}], "--listen", f"127.0.0.1:{agent_port}")
    caller = scripted(tmp_path / "caller", [*TO_THE_AGENT, {"wait": "600ms"}, "hang_up"], shared_line.address)
    caller.outcome(), agent.outcome()
    call = shared_line.stored()
    assert call.hung_up == "customer"
    assert call.step("transfer_answered")


@pytest.mark.parametrize(
    ("steps", "reason", "node"),
    [
        ([{"decline": "busy"}], "busy", "busy"),
        ([{"decline": "declined"}], "declined", "declined"),
        ([{"decline": "unavailable"}], "no_answer", "nobody"),
        ([{"ring": "4s"}], "no_answer", "nobody"),
    ],
    ids=["busy", "declined", "unavailable", "rings on"],
)
def test_an_agent_who_does_not_answer(
    shared_line: Line, agent_port: int, tmp_path: Path, steps: list[object], reason: str, node: str
) -> None:
    agent = scripted(tmp_path / "agent", steps, "--listen", f"127.0.0.1:{agent_port}")
    caller = scripted(tmp_path / "caller", [*TO_THE_AGENT, {"expect": "hang_up"}], shared_line.address)
    caller.outcome()
    agent.outcome(failed="ring" in str(steps))
    call = shared_line.stored()
    assert call.step("transfer_failed")["reason"] == reason
    assert call.nodes[-2:] == [node, "goodbye"]
    assert call.hung_up == "line"
    assert len(call.vcon.parties) == 2


def test_nobody_at_the_target_and_the_caller_gives_up_while_it_rings(tmp_path: Path) -> None:
    """Nothing listens at the target: the INVITE goes nowhere until the flow's ring time (2 s) is over."""
    with line(tmp_path / "calls", f"sip:service@127.0.0.1:{free_port()}") as up:
        patient = scripted(tmp_path / "patient", [*TO_THE_AGENT, {"expect": "hang_up"}], up.address)
        hasty = scripted(tmp_path / "hasty", [*TO_THE_AGENT, {"wait": "500ms"}, "hang_up"], up.address)
        patient.outcome()
        hasty.outcome()
        calls = {call.hung_up: call for call in (up.stored(), up.stored())}
        assert calls["line"].step("transfer_failed")["reason"] in ("no_answer", "unreachable")
        assert calls["customer"].nodes[-1] == "agent"


def test_hold_keeps_both_files_in_step(shared_line: Line, agent_port: int, tmp_path: Path, voices: Path) -> None:
    """A recorder writes nothing of a call on hold: looping silence keeps the file going, and the bridge comes back."""
    said = str(voices / "caller.wav")
    agent = scripted(
        tmp_path / "agent", [{"listen": "3s"}, {"expect": "hang_up"}], "--listen", f"127.0.0.1:{agent_port}"
    )
    caller = scripted(
        tmp_path / "caller",
        [
            *TO_THE_AGENT,
            {"wait": "500ms"},
            {"say": said},
            {"hold": "1.5s"},
            {"wait": "300ms"},
            {"say": said},
            "hang_up",
        ],
        shared_line.address,
    )
    outcome = caller.outcome()
    agent.outcome()
    call = shared_line.stored()
    kept = call.audio("caller.wav")
    assert len(kept) == len(call.audio("agent.wav"))
    recording = call.vcon.dialog[1]
    whole = call.vcon.dialog[0]
    assert recording.duration is not None and whole.duration is not None
    start_s = (recording.start - whole.start).total_seconds()
    assert abs(recording.duration - (whole.duration - start_s)) <= 0.1
    first, second = (outcome["steps"][i]["at_s"] for i in (7, 10))
    frames = [i / 50 for i in range(len(kept) // 160) if loudness(kept[i * 160 : i * 160 + 160], CALLER_HZ) > 500]
    gap_s = max(b - a for a, b in pairwise(frames))
    assert abs(gap_s - (second - first - 2.0)) <= 0.15, "time on hold is missing from the file"
    events = [event.event for event in whole.party_history or [] if event.party == 0]
    assert events.index("hold") < events.index("unhold")


def test_a_killed_agent_leaves_the_caller_in_the_flow(tmp_path: Path, agent_port: int) -> None:
    """No BYE ever comes from a dead agent: the audio that stops tells it."""
    with line(tmp_path / "calls", f"sip:service@127.0.0.1:{agent_port}", vanish_s=2.0) as up:
        agent = scripted(tmp_path / "agent", [{"wait": "30s"}], "--listen", f"127.0.0.1:{agent_port}")
        caller = scripted(tmp_path / "caller", [*TO_THE_AGENT, {"expect": "hang_up", "within": "15s"}], up.address)
        appears(tmp_path / "agent", "heard.wav")  # the agent answered
        agent.end()
        caller.outcome()
        call = up.stored()
        assert call.nodes[-2:] == ["after", "goodbye"]
        assert call.hung_up == "agent"


def test_a_caller_who_vanishes_is_let_go_and_kept(tmp_path: Path, agent_port: int) -> None:
    with line(tmp_path / "calls", f"sip:service@127.0.0.1:{agent_port}", vanish_s=2.0) as up:
        steps = [{"expect": "speech"}, {"press": "1"}, {"wait": "250ms"}, {"press": "1"}, {"wait": "30s"}]
        caller = scripted(tmp_path / "caller", steps, up.address)
        appears(up.calls, "*/*/caller.wav")
        caller.end()
        call = up.stored()
        assert call.hung_up == "customer"
        summary = call.vcon.summary
        assert summary is not None and summary.model_dump()["vanished"] is True
        assert len(call.audio("caller.wav")) == len(call.audio("agent.wav"))
