"""What `ivr serve` refuses of trunks and numbers before a caller hears it."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.status import LineStatus, TrunkStatus
from ivr.status_table import tables
from tests.ivr.test_flow_commands import ivr


@pytest.mark.parametrize(
    ("number", "sentence"),
    [
        (
            "{flow: bye.yaml, announce: no_such_prompt}",
            "number 100: the brand has no prompt 'no_such_prompt' in 'en'",
        ),
        ("{flow: bye.yaml, language: xx}", "is not spoken in 'xx', only in en"),
        ("never_published", "never_published"),
    ],
)
def test_numbers_that_no_caller_could_ring(tmp_path: Path, number: str, sentence: str) -> None:
    (tmp_path / "trunks.yaml").write_text(f"numbers:\n  '100': {number}\n")
    (tmp_path / "bye.yaml").write_text("flow: bye\nlanguages: [en]\nnodes:\n  bye: {end: goodbye}\n")
    where = ["--trunks", str(tmp_path / "trunks.yaml"), "--store", str(tmp_path / "published")]
    code, _, error = ivr("serve", "--bind", "127.0.0.1:0", "--calls", str(tmp_path / "calls"), *where)
    assert code == 2 and sentence in error and "Traceback" not in error


@pytest.mark.parametrize(
    ("option", "value", "sentence"),
    [
        ("--trunks", "none.yaml", "none.yaml: cannot be read"),
        ("--front", "here", "'here' is no address to listen on"),
        ("--target", "service=tel:+4722334455", "there are no trunks; name a file of them with --trunks FILE"),
    ],
)
def test_options_that_cannot_be_used(tmp_path: Path, option: str, value: str, sentence: str) -> None:
    code, _, error = ivr("serve", "--bind", "127.0.0.1:0", "--calls", str(tmp_path), option, value)
    assert code == 2 and sentence in error and "Traceback" not in error


def test_the_status_tells_of_trunks_by_name_alone() -> None:
    trunks = (TrunkStatus("example", "failed", 403, "Forbidden", 61.0), TrunkStatus("peer", "none"))
    status = LineStatus(0.0, 1, "support", False, (), {}, trunks)
    assert status.to_json()["trunks"][0]["state"] == "failed"
    shown = tables(status).renderables[1]
    assert [list(column.cells) for column in shown.columns] == [  # type: ignore[attr-defined]
        ["example", "peer"],
        ["failed", "not needed"],
        ["0:01:01", ""],
        ["403 Forbidden", ""],
    ]
