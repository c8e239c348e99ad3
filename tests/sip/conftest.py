"""One line for all tests of this folder: its transfers ring ``agent_port``, where a test may put an agent."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ivr.tones import tone, write_wav
from tests.sip.peers import STARTED, Line, free_port, line


@pytest.fixture(scope="session")
def agent_port() -> int:
    return free_port()


@pytest.fixture(scope="session")
def shared_line(tmp_path_factory: pytest.TempPathFactory, agent_port: int) -> Iterator[Line]:
    with line(tmp_path_factory.mktemp("calls"), f"sip:service@127.0.0.1:{agent_port}") as up:
        yield up


@pytest.fixture(scope="session")
def spoken(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """What a caller says: 1.5 s of 300 Hz."""
    file = tmp_path_factory.mktemp("said") / "spoken.wav"
    write_wav(file, tone(300, 1.5))
    return file


@pytest.fixture(autouse=True)
def no_phone_is_left() -> Iterator[None]:
    yield
    while STARTED:
        STARTED.pop().end()
