"""Recordings out of vCon: the line's own folders, records of others, and the working group's examples."""

from __future__ import annotations

import base64
import json
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from clearline.vcon import content_hash
from ivr.commands import EnterNode, JoinQueue, LeaveNode
from ivr.events import QueueAnswered, QueueEnded
from ivr.record import CallRecord, store
from speechqa.conversation import Conversation
from speechqa.errors import CallRecordUnusable, RecordingError, RecordingMissing
from speechqa.measures import touchpoints
from speechqa.recording import load_recording
from speechqa.timeline import Timeline
from tests.speechqa.sounds import noise, write

START = "2026-11-22T10:00:00.000+00:00"


def at(seconds: float) -> str:
    return f"2026-11-22T10:00:{seconds:06.3f}+00:00"


def call_folder(tmp_path: Path, *, hung_up: str = "agent") -> Path:
    """What the line leaves behind: prompts until 3 s, an agent until 8 s with a hold, 10 s in all."""
    for name, seed in (("caller.wav", 1), ("agent.wav", 2)):
        write(tmp_path / name, noise(10, -20, seed=seed), subtype="ULAW")
    summary = {
        "call_id": "1",
        "flow": "support",
        "flow_hash": "0",
        "language": "en",
        "agents": [2],
        "hung_up": hung_up,
    }
    history = [(2, 3.0, "join"), (0, 5.0, "hold"), (0, 6.5, "unhold"), (2, 8.0, "drop")]
    dialog = [
        {
            "type": "recording-set",
            "start": START,
            "parties": [0, 1, 2],
            "party_history": [{"party": party, "time": at(when), "event": event} for party, when, event in history],
        },
        _recording("caller.wav", [0], content_hash(tmp_path / "caller.wav")),
        _recording("agent.wav", [[1, 2]], content_hash(tmp_path / "agent.wav")),
    ]
    attachment = {"purpose": "clearline.call", "start": START, "party": 1, "encoding": "json", "body": summary}
    parties = [{"type": "person"}, {"type": "bot"}, {"type": "person"}]
    record = {"uuid": "1", "parties": parties, "dialog": dialog, "analysis": [], "attachments": [attachment]}
    (tmp_path / "call.vcon.json").write_text(json.dumps(record))
    return tmp_path


def _recording(filename: str, parties: list[Any], digest: str) -> dict[str, Any]:
    return {
        "type": "recording",
        "start": START,
        "parties": parties,
        "mediatype": "audio/x-wav",
        "filename": filename,
        "content_hash": digest,
    }


def test_a_call_folder_says_who_is_who_and_what_happened(tmp_path: Path) -> None:
    recording = load_recording(call_folder(tmp_path))
    assert recording.layout == "two-files"
    assert recording.lanes["customer"].audio.name.endswith("caller.wav")
    assert recording.lanes["agent"].audio.name.endswith("agent.wav")
    assert (recording.roles_confidence, recording.language, recording.hung_up) == (1.0, "en", "agent")
    assert recording.hold == Timeline.of((5.0, 6.5))
    assert recording.announcements_in == Timeline.of((0, 3.0), (5.0, 6.5), (8.0, 10.0))


def test_the_steps_of_the_line_come_in_recording_time(tmp_path: Path) -> None:
    for name, seed in (("caller.wav", 1), ("agent.wav", 2)):
        write(tmp_path / name, noise(10, -20, seed=seed), subtype="ULAW")
    record = CallRecord(tmp_path.parent, "line", "support", "0", "en", started=datetime.fromisoformat(START))
    record.call_id, record.recording_at_s = tmp_path.name, 4.0
    record.asked(1.0, EnterNode("welcome", "say"))
    record.asked(4.0, LeaveNode("welcome", "next"))
    record.asked(4.5, JoinQueue(7, "service", 60.0))
    record.happened(QueueAnswered(6.0, 7))
    record.joined(6.0, "anna", "sip:anna@example.org")
    record.happened(QueueEnded(12.0, 7))
    record.ended(13.0, "customer")
    for file in (tmp_path / "caller.wav", tmp_path / "agent.wav"):
        (record.make_folder() / file.name).write_bytes(file.read_bytes())
    recording = load_recording(store(record).parent)
    assert recording.call is not None
    steps = recording.call.steps
    assert [(each.at_s, each.kind, each.name) for each in steps[:3]] == [
        (-3.0, "enter_node", "welcome"),
        (0.0, "leave_node", "welcome"),
        (0.5, "join_queue", "service"),
    ]
    found = touchpoints.measure(Conversation(10.0, "en", {}), steps, None, None)
    assert [(each.kind, each.name, each.start_s, each.end_s) for each in found] == [
        ("node", "welcome", -3.0, 0.0),
        ("queue", "service", 0.5, 2.0),
        ("agent", "service", 2.0, 8.0),
    ]


@pytest.mark.parametrize("steps", [None, {}, ["x", {"at_s": "1"}, {"kind": "enter_node"}, {"at_s": 1, "kind": 2}]])
def test_steps_that_are_none_are_left_out(tmp_path: Path, steps: Any) -> None:
    folder = call_folder(tmp_path)
    record = json.loads((folder / "call.vcon.json").read_text())
    attached = {"purpose": "clearline.steps", "start": START, "party": 1, "encoding": "json", "body": steps}
    record["attachments"].append(attached)
    (folder / "call.vcon.json").write_text(json.dumps(record))
    call = load_recording(folder).call
    assert call is not None and call.steps == ()


@pytest.mark.parametrize(
    ("network", "mos"),
    [
        ({"customer": {"mos": 3.9}}, 3.9),
        ({"customer": {"mos": None}}, None),
        ({"customer": {"mos": 17}}, None),
        ({"packets": 12}, None),
        ("good", None),
    ],
)
def test_the_networks_quality_is_what_the_line_counted(tmp_path: Path, network: object, mos: float | None) -> None:
    record = call_folder(tmp_path) / "call.vcon.json"
    document = json.loads(record.read_text())
    document["attachments"][0]["body"]["network"] = network
    record.write_text(json.dumps(document))
    call = load_recording(tmp_path).call
    assert call is not None and call.mos == mos


def test_the_line_hanging_up_is_nobody(tmp_path: Path) -> None:
    assert load_recording(call_folder(tmp_path, hung_up="line")).hung_up is None


def test_the_record_itself_can_be_named(tmp_path: Path) -> None:
    folder = call_folder(tmp_path)
    assert load_recording(folder / "call.vcon.json").sha256 == load_recording(folder).sha256


def test_a_changed_sound_file_is_refused(tmp_path: Path) -> None:
    folder = call_folder(tmp_path)
    write(folder / "agent.wav", noise(10, -20, seed=5))
    with pytest.raises(CallRecordUnusable, match="content_hash differs"):
        load_recording(folder)


def test_a_missing_sound_file_is_named(tmp_path: Path) -> None:
    folder = call_folder(tmp_path)
    (folder / "caller.wav").unlink()
    with pytest.raises(CallRecordUnusable, match=r"caller\.wav, which is not in its folder"):
        load_recording(folder)


def test_a_file_outside_the_records_folder_is_not_opened(tmp_path: Path) -> None:
    write(tmp_path / "secret.wav", noise(1, -20))
    (tmp_path / "calls").mkdir()
    record = {"parties": [], "dialog": [_recording("../secret.wav", [0], "")]}
    (tmp_path / "calls" / "x.vcon").write_text(json.dumps(record))
    with pytest.raises(CallRecordUnusable, match="not in its folder"):
        load_recording(tmp_path / "calls" / "x.vcon")


def test_inline_stereo_follows_the_parties_roles(tmp_path: Path) -> None:
    content = write(tmp_path / "call.wav", noise(1, -40), noise(1, -20)).read_bytes()
    dialog = {
        "type": "recording",
        "start": START,
        "parties": [0, 1],
        "encoding": "base64url",
        "body": base64.urlsafe_b64encode(content).decode().rstrip("="),
    }
    for roles, expected in ((("customer", "agent"), 1), (("agent", "customer"), 0)):
        record = {"parties": [{"role": role} for role in roles], "dialog": [dialog]}
        (tmp_path / "x.vcon").write_text(json.dumps(record))
        recording = load_recording(tmp_path / "x.vcon")
        assert recording.roles is not None and recording.roles["agent"] == expected
        assert not recording.roles_swapped


def test_folders_without_a_record_are_refused(tmp_path: Path) -> None:
    with pytest.raises(RecordingMissing, match="holds no call record"):
        load_recording(tmp_path)


def test_every_example_of_the_working_group_is_read_or_refused_plainly(shared: Path) -> None:
    read = set()
    examples = sorted((shared / "suites" / "vcon" / "examples").glob("*.vcon"))
    for example in examples:
        try:
            load_recording(example)
            read.add(example.name)
        except RecordingError as error:
            assert str(error).endswith(".") and "\n" not in str(error)
    assert len(examples) == 17
    assert read == {"ab_call_int_rec.vcon"}  # the only one whose sound is inside


@pytest.mark.parametrize(
    ("name", "says"),
    [
        ("ab_call_ext_rec", "not fetched; download it beside the record as ab_call.mp3"),
        ("ab_call_ext_rec_signed", "not fetched"),
        ("ab_call_ext_rec_encrypted", "is encrypted"),
        ("ab_call_ext_rec_redacted", "which is not in its folder"),
        ("ab_email_acct_prob_thread", "holds no recording"),
        ("ab", "holds no recording"),
        ("simple-vcon", "is no vCon"),
    ],
)
def test_each_refusal_says_what_to_do(shared: Path, name: str, says: str) -> None:
    with pytest.raises(CallRecordUnusable, match=says):
        load_recording(shared / "suites" / "vcon" / "examples" / f"{name}.vcon")
