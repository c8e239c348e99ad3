"""Whom the line rings plays audio before the answer: the provider's ringing, or an announcement."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from tests.sip.early_desk import EARLY_HZ, TALK_HZ, EarlyDesk
from tests.sip.peers import RATE_HZ, Call, audio, scripted, sounding
from tests.sip.trunked import trunk_line

pytestmark = pytest.mark.sip
RINGING_HZ = 425.0


@pytest.mark.parametrize("early", [True, False])
def test_what_a_provider_plays_before_its_answer_is_heard_where_the_trunk_wants_it(tmp_path: Path, early: bool) -> None:
    """The other way round the caller hears our ringing until the desk picks up, and the desk only then."""
    desk = EarlyDesk()
    desk.start()
    trunks = f"trunks: {{out: {{domain: '127.0.0.1:{desk.port}', from: 127.0.0.9, early_media: {str(early).lower()}}}}}"
    with trunk_line(tmp_path / "line", trunks, "service=tel:100") as line:
        steps: list[Any] = [{"expect": "speech"}, {"press": "1"}, {"wait": "300ms"}, {"press": "1"}, {"wait": "300ms"}]
        steps += [{"press": "1"}, {"wait": "4s"}, {"hang_up": None}]
        caller = scripted(tmp_path / "caller", steps, line.address)
        caller.outcome()
        call = Call(Path(line.next("stored")["record"]))
    desk.join(20)
    assert desk.error is None
    heard_by_caller = audio(tmp_path / "caller" / "heard.wav")
    assert sounding(heard_by_caller, TALK_HZ) is not None
    assert (sounding(heard_by_caller, EARLY_HZ) is not None) == early
    assert (sounding(call.audio("agent.wav"), EARLY_HZ) is not None) == early
    assert (sounding(heard_by_caller[RATE_HZ:], RINGING_HZ) is not None) == (not early)
