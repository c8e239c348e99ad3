"""One invented call for all report tests: its document and matching sound."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from speechqa.report.html import write_report
from speechqa.report.waveform import ReportAudio, Samples, Track

RATE_HZ = 8000


@pytest.fixture
def example() -> dict[str, Any]:
    """The document; every test gets its own."""
    return json.loads(Path(__file__).with_name("example.json").read_text("utf-8"))


def tone_where(document: dict[str, Any], party: str) -> Samples:
    """A 300 Hz tone wherever that party speaks, silence elsewhere."""
    at_s = np.arange(int(document["duration_s"] * RATE_HZ)) / RATE_HZ
    spoken = np.zeros(len(at_s), bool)
    for span in document["speech"]:
        if span["party"] == party:
            spoken |= (at_s >= span["start_s"]) & (at_s < span["end_s"])
    return (0.3 * np.sin(2 * np.pi * 300 * at_s) * spoken).astype(np.float32)


@pytest.fixture(scope="session")
def sound() -> ReportAudio:
    """The example's sound: each party a tone where it speaks."""
    document = json.loads(Path(__file__).with_name("example.json").read_text("utf-8"))
    return ReportAudio(RATE_HZ, *(Track.of(tone_where(document, who)) for who in ("customer", "agent")))


@pytest.fixture(scope="session")
def report(tmp_path_factory: pytest.TempPathFactory, sound: ReportAudio) -> Path:
    """The example's report, written once."""
    path = tmp_path_factory.mktemp("report") / "report.html"
    write_report(json.loads(Path(__file__).with_name("example.json").read_text("utf-8")), sound, path)
    return path
