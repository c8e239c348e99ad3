"""Alarms of one cell and of many."""

from __future__ import annotations

import json
import logging
import os
import time
from pathlib import Path

import pytest

from ivr.alarms import FORGOTTEN_AFTER_S, Alarm, Alarms, merged
from ivr.status import LineStatus, read_status, write_status
from ivr.status_table import table


def test_an_alarm_is_counted_said_once_and_forgotten(caplog: pytest.LogCaptureFixture) -> None:
    alarms = Alarms()
    with caplog.at_level(logging.ERROR):
        for now_s in (10.0, 11.0, 12.0):
            alarms.sound("recording", "a call is not recorded: the disk takes no more", now_s)
        alarms.sound("disk", "less than 200 MB are free", 5.0)
    assert [record.getMessage().split(":")[0] for record in caplog.records] == ["alarm recording", "alarm disk"]
    disk, recording = alarms.now(20.0)
    assert (disk["kind"], disk["count"]) == ("disk", 1)
    assert (recording["first_s"], recording["last_s"], recording["count"]) == (10.0, 12.0, 3)
    alarms.clear("disk")
    assert [each["kind"] for each in alarms.now(20.0)] == ["recording"]
    assert alarms.now(12.0 + FORGOTTEN_AFTER_S) == []


def test_cells_alarms_are_one_per_kind() -> None:
    one = {"kind": "disk", "sentence": "old", "first_s": 5.0, "last_s": 6.0, "count": 2}
    other = {"kind": "disk", "sentence": "new", "first_s": 1.0, "last_s": 9.0, "count": 1}
    third = {"kind": "calls_out", "sentence": "x", "first_s": 7.0, "last_s": 7.0, "count": 1}
    assert merged([one, other, third]) == (Alarm("disk", "new", 1.0, 9.0, 3), Alarm("calls_out", "x", 7.0, 7.0, 1))


def test_alarms_are_shown(tmp_path: Path) -> None:
    alarm = Alarm("disk", "is full", 1.0, 2.0, 3)
    status = LineStatus(time.time(), os.getpid(), "support", False, (), {}, alarms=(alarm,))
    write_status(tmp_path, status)
    assert read_status(tmp_path, time.time()) == status
    assert json.loads((tmp_path / "state/line.json").read_text())["alarms"][0]["count"] == 3
    assert "is full" in str(table(status).caption)
