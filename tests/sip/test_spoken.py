"""A real call in which the caller speaks: over the prompt to the right node, not understood, silent, and understood."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from ivr.prompting.cache import write_wav
from ivr.prompting.render import LEAD_S, Manner, render_text
from ivr.prompting.synthesize import open_voice
from tests.sip.peers import audio, line, scripted, sounding

pytestmark = [pytest.mark.sip, pytest.mark.engine]
MENU_HZ = 680
SAID = {"bill": "My bill is wrong.", "pizza": "I would like to order a pizza.", "fault": "It is not working."}


def test_a_caller_speaks_and_is_understood(tmp_path: Path) -> None:
    joe, files = open_voice("piper", "joe", Path()), {}
    for name, text in SAID.items():
        files[name] = tmp_path / f"{name}.wav"
        write_wav(files[name], render_text(text, joe, Manner()))
    steps = [
        {"expect": "speech"},
        {"wait": "1s"},
        {"say": str(files["bill"])},  # over the menu, which is 6 s long
        {"expect": "speech", "within": "8s"},
        {"expect": "silence"},
        {"say": str(files["pizza"])},
        {"expect": "speech", "within": "8s"},
        {"expect": "silence"},
        {"expect": "speech", "within": "8s"},  # after 2 s of silence
        {"expect": "silence"},
        {"say": str(files["fault"])},
        {"expect": "hang_up", "within": "12s"},
    ]
    with line(tmp_path / "calls", "sip:nobody@127.0.0.1:1", flow=Path(__file__).with_name("spoken.yaml")) as up:
        phone = scripted(tmp_path / "phone", steps, up.address)
        phone.outcome()
        call = up.stored()
    assert call.nodes == ["main", "more", "faults", "goodbye"]
    heard = [step for step in call.steps if step["kind"] == "speech_heard" and step["text"]]
    assert ["bill" in heard[0]["text"], "pizza" in heard[1]["text"], "working" in heard[2]["text"]] == [True] * 3
    played = [phrase["prompt"] for step in call.steps if step["kind"] == "play" for phrase in step["phrases"]]
    assert played == ["main_menu", "more", "no_match_1", "more", "no_input_1", "more", "faults", "goodbye"]
    told = sounding(audio(tmp_path / "phone" / "heard.wav"), MENU_HZ)
    spoken = np.flatnonzero(np.abs(audio(tmp_path / "phone" / "said.wav").astype(int)) > 300)
    assert told is not None
    assert told[1] - spoken[0] / 8000 < 0.3 + LEAD_S, "the prompt goes on over the caller"
