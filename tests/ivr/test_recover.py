"""Journals and what is made of them after a crash: the record that the call would have had."""

from __future__ import annotations

import os
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearline.vcon import read_vcon
from ivr.journal import FILE, Journal, lock, read
from ivr.record import CallRecord, Message, vcon_of
from ivr.recover import NotRecovered, Recovered, recover
from ivr.tones import silence, write_wav
from ivr.wavfile import HEADER_BYTES

STARTED = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)


def a_call(calls: Path) -> CallRecord:
    """A call of ten seconds with all that a record can hold."""
    record = CallRecord(calls, "Line", "support", "sha512-x", "en", "sip:ann@h", "sip:line@h", started=STARTED)
    record.note(0.5, "enter_node", node="welcome")
    record.consented(2.0, "recording", True)
    record.recording_at_s = 2.0
    record.pressed(4.0, "1")
    record.joined(5.0, "service", "sip:bo@h")
    record.messages.append(Message("message-1.wav", "complaint", 7.0, 1.0))
    record.note(9.0, "enter_node", node="goodbye")
    return record


def audio(folder: Path, seconds: float, name: str) -> None:
    """A recording whose header was never closed."""
    folder.mkdir(parents=True, exist_ok=True)
    write_wav(folder / name, silence(seconds))
    with (folder / name).open("r+b") as file:
        file.write(b"\0" * HEADER_BYTES)


def crash(record: CallRecord, *, recorded_s: float = 6.0) -> None:
    """What is on disk when the process of this call is killed."""
    journal = Journal(record)
    journal.write(journal.news())
    journal.close(remove=False)
    audio(record.folder, recorded_s, "caller.wav")
    audio(record.folder, recorded_s + 0.04, "agent.wav")
    audio(record.folder, 1.0, "message-1.wav")


def test_an_interrupted_call_becomes_the_record_it_would_have_had(tmp_path: Path) -> None:
    record = a_call(tmp_path)
    crash(record)
    (found,) = recover(tmp_path)
    assert isinstance(found, Recovered)
    assert (found.call_id, found.duration_s, found.recorded_s) == (record.call_id, 9.0, 6.04)
    made, wished = read_vcon(found.record), vcon_of(record)
    assert made.summary is not None and made.summary.interrupted and made.summary.hung_up is None
    assert made.attached("clearline.steps") == wished.attached("clearline.steps")
    assert made.attached("clearline.consent") == wished.attached("clearline.consent")
    assert made.parties == wished.parties and made.dialog[0].party_history == record.history
    assert [dialog.duration for dialog in made.dialog] == [9.0, 6.04, 6.04]
    assert list(recover(tmp_path)) == [] and not (record.folder / FILE).exists()


def test_the_recording_may_reach_further_than_the_journal(tmp_path: Path) -> None:
    crash(a_call(tmp_path), recorded_s=30.0)
    (found,) = recover(tmp_path)
    assert isinstance(found, Recovered) and found.duration_s == pytest.approx(32.04)


def test_a_message_under_way_is_kept(tmp_path: Path) -> None:
    record = a_call(tmp_path)
    record.note(9.5, "record_message", message_kind="compliment")
    crash(record)
    audio(record.folder, 3.0, "message-2.wav")
    (found,) = recover(tmp_path)
    assert isinstance(found, Recovered)
    kept = [each for each in read_vcon(found.record).attachments if each.purpose == "clearline.message"]
    assert [each.model_dump()["duration"] for each in kept] == [1.0, 3.0]
    assert kept[1].model_dump()["kind"] == "compliment"


def test_a_running_call_is_left_alone(tmp_path: Path) -> None:
    record = a_call(tmp_path)
    journal = Journal(record)
    journal.write(journal.news())
    assert list(recover(tmp_path)) == [] and (record.folder / FILE).exists()
    journal.close(remove=False)
    descriptor = lock(record.folder / FILE)
    assert descriptor is not None
    assert lock(record.folder / FILE) is None, "somebody mends it already"
    os.close(descriptor)


def test_a_record_that_was_written_wins_over_its_journal(tmp_path: Path) -> None:
    record = a_call(tmp_path)
    crash(record)
    (record.folder / "call.vcon.json").write_text("{}")
    assert list(recover(tmp_path)) == []
    assert (record.folder / "call.vcon.json").read_text() == "{}" and not (record.folder / FILE).exists()


@pytest.mark.parametrize("text", ["", "{", '{"steps": []}\n', "[]\n", '{"began": {}}\n'])
def test_a_journal_that_says_nothing_is_told_and_kept(tmp_path: Path, text: str) -> None:
    folder = tmp_path / "2026-11-24" / "20261124-093000-1a2b3c4d"
    folder.mkdir(parents=True)
    (folder / FILE).write_text(text)
    (found,) = recover(tmp_path)
    assert isinstance(found, NotRecovered) and found.folder == folder and found.reason
    assert (folder / FILE).exists()


@given(st.integers(0, 4000), st.lists(st.integers(1, 7), max_size=8))
def test_however_far_the_journal_came_it_is_read_as_far(cut: int, pauses: list[int]) -> None:
    """Written in any pieces and cut at any byte, a journal gives the beginning of the call's steps."""
    calls = Path("calls")
    record = CallRecord(calls, "Line", "support", "", "en", started=STARTED)
    journal, text = Journal(record), ""
    for number, steps in enumerate(pauses):
        for each in range(steps):
            record.note(number + each / 10, "enter_node", node=f"n{number}-{each}")
        text += journal.news()
    cut_text = text.encode()[:cut].decode(errors="replace")
    found = read(cut_text, calls)
    if found is None:
        assert cut < len(text) or not text
    else:
        assert found.steps == record.steps[: len(found.steps)] and found.call_id == record.call_id
        whole = cut_text.count("\n")  # a line that lacks nothing but its end is as good as whole
        assert len(found.steps) in (sum(pauses[:whole]), sum(pauses[: whole + 1]))
    if cut >= len(text) and text:
        assert found is not None
        for name in ("steps", "history", "consents", "call_id", "started", "language"):
            assert getattr(found, name) == getattr(record, name)
