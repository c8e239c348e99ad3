"""What a line keeps between calls: requests to ring back, chosen languages."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import pytest

from ivr.callbacks import Callbacks
from ivr.languages import RememberedLanguages

ASKED = datetime(2026, 11, 22, 4, 0, tzinfo=UTC)


def test_a_request_is_kept_whole(tmp_path: Path) -> None:
    callbacks = Callbacks(tmp_path)
    assert callbacks.book("service", "+47 22 33 44 55", "call-1", "nb", ASKED)
    assert callbacks.book("service", "22334455", "call-1", "nb", ASKED)
    first, second = sorted((tmp_path / "service").iterdir())
    assert json.loads(first.read_text()) == {
        "queue": "service",
        "number": "+4722334455",
        "language": "nb",
        "asked_at": "2026-11-22T04:00:00+00:00",
        "call_id": "call-1",
    }
    assert first.stat().st_mode & 0o777 == 0o600
    assert (first.name, second.name) == ("call-1-1.json", "call-1-2.json")


@pytest.mark.parametrize("number", ["", "anonymous", "12", "1" * 16, "+", "22;sip:x"])
def test_a_number_that_nobody_can_dial_is_refused(tmp_path: Path, number: str) -> None:
    assert not Callbacks(tmp_path).book("service", number, "call-1", "en", ASKED)
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_refuses_is_a_refusal(tmp_path: Path) -> None:
    (tmp_path / "service").write_text("a file where the folder should be")
    assert not Callbacks(tmp_path).book("service", "22334455", "call-1", "en", ASKED)


def test_a_language_is_remembered_without_the_number(tmp_path: Path) -> None:
    RememberedLanguages(tmp_path).remember("+4712345678", "nb")
    languages = RememberedLanguages(tmp_path)
    languages.remember("+4787654321", "uk")
    languages.remember("+4712345678", "en")
    assert [languages.of(caller) for caller in ("+4712345678", "+4787654321", "+4700000000")] == ["en", "uk", ""]
    kept = "".join(file.name + file.read_text() for file in tmp_path.iterdir())
    assert "12345678" not in kept and "87654321" not in kept


def test_a_caller_without_a_number_is_not_remembered(tmp_path: Path) -> None:
    languages = RememberedLanguages(tmp_path)
    languages.remember("", "nb")
    assert languages.of("") == ""
    assert list(tmp_path.iterdir()) == []


def test_each_line_hashes_with_a_key_of_its_own(tmp_path: Path) -> None:
    for name in ("a", "b"):
        RememberedLanguages(tmp_path / name).remember("+4712345678", "nb")
    first, second = ({file.name for file in (tmp_path / name).iterdir()} for name in ("a", "b"))
    assert first & second == {"key"}
