"""One line for all tests of this folder: its transfers ring ``agent_port``, where a test may put an agent."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from ivr.tones import tone, write_wav
from tests.peers import program
from tests.sip.peers import STARTED, Line, free_port, line
from tests.sip.trunked import LongCalls
from tests.sip.trunked import long_calls as lasting


@pytest.fixture(scope="session")
def agent_port() -> int:
    return free_port()


@pytest.fixture(scope="session")
def shared_line(tmp_path_factory: pytest.TempPathFactory, agent_port: int) -> Iterator[Line]:
    with line(tmp_path_factory.mktemp("calls"), f"sip:service@127.0.0.1:{agent_port}") as up:
        yield up


@pytest.fixture(scope="session")
def long_calls(tmp_path_factory: pytest.TempPathFactory) -> Iterator[LongCalls]:
    """Asked for by the tests before, so that nobody waits for the minute that it takes."""
    if program("sipp") is None:
        pytest.skip("sipp is not installed")
    with lasting(tmp_path_factory.mktemp("long")) as calls:
        yield calls


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
