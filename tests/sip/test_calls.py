"""Callers on the line: keys, barge-in, recording, messages, every way of ending a call."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.peers import SHARED, needs, needs_shared
from tests.sip.peers import Line, audio, loudness, scripted, sipp, sipp_running, sounding
from tests.sip.test_cells import refused

pytestmark = pytest.mark.sip
WELCOME_HZ, CONSENT_HZ, MENU_HZ = 440, 560, 680


@needs("sipp")
def test_a_call_by_sipp_is_answered_and_stored(shared_line: Line, tmp_path: Path) -> None:
    sipp("talk", shared_line.host_port, "-m", "1", "-d", "300", cwd=tmp_path)
    call = shared_line.stored()
    assert call.hung_up == "customer"
    assert call.vcon.parties[0].tel == "tel:5551234"
    assert call.vcon.dialog[0].recordings == []
    assert [file.name for file in call.folder.iterdir()] == ["call.vcon.json"], "no consent, so no audio is kept"


@needs("sipp")
def test_a_digit_by_sip_info(shared_line: Line, tmp_path: Path) -> None:
    sipp("info_digit", shared_line.host_port, cwd=tmp_path)
    call = shared_line.stored()
    assert call.step("digit_pressed")["digit"] == "1"
    assert call.nodes == ["welcome", "consent"]
    assert [h.button for h in call.vcon.dialog[0].party_history or [] if h.event == "keydown"] == ["1"]


@pytest.mark.parametrize("via", ["rfc4733", "info"])
def test_a_key_during_the_prompt_silences_it(shared_line: Line, tmp_path: Path, via: str) -> None:
    """Measured where it counts, in what the caller heard: the welcome (6 s) stops and the next prompt sounds."""
    steps = [{"expect": "speech"}, {"wait": "1s"}, {"press": "5", "via": via}, {"wait": "1s"}, "hang_up"]
    outcome = scripted(tmp_path, steps, shared_line.address).outcome()
    call = shared_line.stored()
    pressed_s = call.step("digit_pressed")["at_s"]
    assert call.step("stop_playing")["at_s"] - pressed_s <= 0.05
    heard = audio(tmp_path / "heard.wav")
    welcome, consent = sounding(heard, WELCOME_HZ), sounding(heard, CONSENT_HZ)
    assert welcome is not None and consent is not None
    assert welcome[1] < outcome["steps"][2]["at_s"] + 0.35, "the prompt went on after the key"
    assert consent[0] >= welcome[1] - 0.04


def test_a_long_tone_is_one_key(shared_line: Line, tmp_path: Path) -> None:
    steps = [{"expect": "speech"}, {"press": "5", "for": "900ms"}, "hang_up"]
    scripted(tmp_path, steps, shared_line.address).outcome()
    assert [s["digit"] for s in shared_line.stored().steps if s["kind"] == "digit_pressed"] == ["5"]


def test_consent_a_message_and_the_goodbye(shared_line: Line, tmp_path: Path, spoken: Path) -> None:
    """The whole path: consent starts the recording, the message is a file of its own, the line ends the call."""
    steps = [
        {"expect": "speech"},
        {"press": "1"},  # through the welcome
        {"wait": "300ms"},
        {"press": "1"},  # yes, record
        {"wait": "300ms"},
        {"press": "2"},  # leave a message
        {"wait": "700ms"},  # any key begins it; here the prompt runs out, then the beep
        {"wait": "500ms"},
        {"say": str(spoken)},  # 1.5 s, then silence ends the message
        {"expect": "hang_up", "within": "8s"},
    ]
    scripted(tmp_path, steps, shared_line.address).outcome()
    call = shared_line.stored()
    assert call.hung_up == "line"
    assert call.nodes == ["welcome", "consent", "main", "message", "thanks", "goodbye"]
    recorded = call.step("message_recorded")
    assert recorded["reason"] == "silence"
    message = call.audio("message-1.wav")
    heard = sounding(message, 300)
    assert heard is not None and 1.2 <= heard[1] - heard[0] <= 1.6
    assert abs(len(message) / 8000 - recorded["duration_s"]) < 0.15
    caller, agent = call.audio("caller.wav"), call.audio("agent.wav")
    assert len(caller) == len(agent)
    assert sounding(caller, 300) is not None and sounding(agent, 300) is None
    assert sounding(agent, MENU_HZ) is not None and sounding(caller, MENU_HZ) is None
    assert sounding(agent, WELCOME_HZ) is None, "nothing from before the consent is kept"
    assert (call.vcon.attached("clearline.consent")[0]["purpose"], call.folder.stat().st_mode & 0o077) == (
        "recording",
        0,
    )


def test_the_pound_key_ends_a_message_and_is_not_a_choice(shared_line: Line, tmp_path: Path, spoken: Path) -> None:
    presses = [{"press": "1"}, {"wait": "200ms"}, {"press": "1"}, {"wait": "200ms"}, {"press": "2"}, {"wait": "200ms"}]
    steps = [{"expect": "speech"}, *presses, {"press": "3"}, {"wait": "600ms"}, {"say": str(spoken)}, {"press": "#"}]
    scripted(tmp_path, [*steps, {"expect": "hang_up", "within": "5s"}], shared_line.address).outcome()
    assert shared_line.stored().step("message_recorded")["reason"] == "key"


def test_a_caller_who_hangs_up_while_leaving_a_message_leaves_it(
    shared_line: Line, tmp_path: Path, spoken: Path
) -> None:
    presses = [{"press": "1"}, {"wait": "200ms"}, {"press": "1"}, {"wait": "200ms"}, {"press": "2"}, {"wait": "200ms"}]
    steps = [{"expect": "speech"}, *presses, {"press": "3"}, {"wait": "600ms"}, {"say": str(spoken)}, "hang_up"]
    scripted(tmp_path, steps, shared_line.address).outcome()
    call = shared_line.stored()
    assert call.hung_up == "customer"
    assert call.step("message_recorded")["reason"] == "stopped"
    assert loudness(call.audio("message-1.wav")[4000:8000], 300) > 500


@needs("sipp")
def test_four_calls_talk_and_the_fifth_is_busy(shared_line: Line, tmp_path: Path) -> None:
    """The wheel is compiled for four calls; when they have ended the next four are answered again."""
    four = ("-m", "4", "-l", "4", "-r", "100", "-d")
    with sipp_running("talk", shared_line.host_port, *four, "3000", cwd=tmp_path):
        for _ in range(4):
            shared_line.next("CallAnswered")
        assert refused(shared_line.address).startswith("SIP/2.0 486")
    sipp("talk", shared_line.host_port, *four, "200", cwd=tmp_path)
    for _ in range(8):
        shared_line.stored()


@needs_shared
def test_every_record_fits_the_working_groups_schema(shared_line: Line) -> None:
    jsonschema = pytest.importorskip("jsonschema")
    schema = json.loads((SHARED / "suites/vcon/vcon_json_schema.json").read_text())
    records = sorted(shared_line.calls.glob("*/*/call.vcon.json"))
    assert len(records) > 3
    for record in records:
        jsonschema.validate(json.loads(record.read_text()), schema, format_checker=jsonschema.FormatChecker())
