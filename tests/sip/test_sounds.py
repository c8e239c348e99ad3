"""The brand's sounds in a real call: its logo before the greeting, music while the agent is rung; and the record."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest

from clearline.level import active_level_dbov
from ivr.tones import tone, write_wav
from speechqa.call_record import load_call_record
from tests.sip.peers import RATE_HZ, ROOT, Call, audio, loudness, scripted, sounding

pytestmark = pytest.mark.sip
LOGO_HZ, MUSIC_HZ, RINGING_HZ, AGENT_HZ = 2300.0, 1700.0, 425.0, 3000.0
FLOW = """\
flow: sounds
languages: [en]
nodes:
  welcome: {say: welcome, next: may_record}
  may_record: {consent: recording, yes: person, no: person, tries: 1}
  person: {say: connecting, next: agent}
  agent: {transfer: service, ring: 20s, waiting: waiting, failed: goodbye, next: goodbye}
  goodbye: {end: goodbye}
"""
BRAND = f"""\
name: Tuner
extends: {ROOT / "prompts/clearline"}
voices: {{en: {{engine: espeak, voice: en-us}}}}
sounds: {{earcon: logo.wav, hold: music.wav, greetings: [welcome]}}
"""


@pytest.fixture
def brand(tmp_path: Path) -> Path:
    """A brand whose logo and music are tones; the music lasts two seconds and is looped."""
    folder = tmp_path / "brand"
    folder.mkdir()
    write_wav(folder / "logo.wav", tone(LOGO_HZ, 0.5))
    write_wav(folder / "music.wav", tone(MUSIC_HZ, 2.0, peak=20000))
    (folder / "brand.yaml").write_text(BRAND)
    (folder / "en.yaml").write_text('welcome: "Hello."\nconsent_recording: "Press 1."\n')
    return folder


@pytest.fixture
def address(tmp_path: Path, brand: Path, agent_port: int) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    (tmp_path / "flow.yaml").write_text(FLOW)
    command = [sys.executable, "-m", "ivr.cli", "serve", "--bind", "127.0.0.1:0", "--json"]
    command += ["--brand", str(brand), "--flow", str(tmp_path / "flow.yaml"), "--calls", str(tmp_path / "calls")]
    command += ["--target", f"service=sip:service@127.0.0.1:{agent_port}"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, text=True) as line:
        try:
            assert line.stdout is not None
            yield json.loads(line.stdout.readline())["address"], line
        finally:
            line.send_signal(signal.SIGTERM)
            assert line.wait(20) == 0


def test_the_logo_the_music_and_what_is_kept_of_them(
    tmp_path: Path, address: tuple[str, subprocess.Popen[str]], agent_port: int
) -> None:
    ring, line = address
    write_wav(tmp_path / "agent.wav", tone(AGENT_HZ, 0.6, peak=8000))
    script = [{"ring": "8s"}, {"say": str(tmp_path / "agent.wav")}, "hang_up"]
    agent = scripted(tmp_path / "agent", script, "--listen", f"127.0.0.1:{agent_port}")
    steps = [{"wait": "3500ms"}, {"press": "1"}, {"expect": "hang_up", "within": "60s"}]
    scripted(tmp_path / "caller", steps, ring).outcome()
    agent.outcome()
    assert line.stdout is not None
    told = [json.loads(line.stdout.readline()) for _ in range(2)]
    call = Call(Path(told[1]["record"]))
    heard = audio(tmp_path / "caller/heard.wav")

    halves = [loudness(heard[at : at + RATE_HZ // 2], LOGO_HZ) for at in range(0, len(heard), RATE_HZ // 2)]
    logo = sounding(heard[: 2 * RATE_HZ], LOGO_HZ, above=1500)
    assert logo is not None and logo[0] < 0.6 and 0.4 < logo[1] - logo[0] < 0.7, "the logo is the first thing"
    assert max(halves[3:]) < 0.2 * max(halves[:2]), "and is heard once"
    greeting = heard[int((logo[1] + 0.1) * RATE_HZ) : int((logo[1] + 1.0) * RATE_HZ)]
    assert np.abs(greeting).max() > 2000, "the greeting follows at once"

    ringing, answered = call.step("transfer")["at_s"], call.step("transfer_answered")["at_s"]
    waiting = heard[int((ringing + 0.3) * RATE_HZ) : int((answered - 0.2) * RATE_HZ)]
    assert len(waiting) > 5 * RATE_HZ
    assert loudness(waiting, MUSIC_HZ) > 800 and loudness(waiting, RINGING_HZ) < 50, "music instead of ringing"
    talking = heard[int((answered + 0.2) * RATE_HZ) : int((answered + 0.5) * RATE_HZ)]
    assert loudness(talking, AGENT_HZ) > 1000 and loudness(talking, MUSIC_HZ) < 100, "the music ends with the answer"
    assert active_level_dbov(waiting[: 4 * RATE_HZ], RATE_HZ) == pytest.approx(-30, abs=1.5)
    loudest = np.abs(waiting[: 4 * RATE_HZ].astype(int)).max()
    assert np.abs(np.diff(waiting[: 4 * RATE_HZ].astype(int))).max() < 1.4 * loudest, "no click where the loop ends"

    summary = call.vcon.summary
    assert summary is not None and summary.recording_start is not None
    offset_s = (summary.recording_start - call.vcon.dialog[0].start).total_seconds()
    [hold] = load_call_record(call.folder).hold.spans
    assert hold.start_s == pytest.approx(ringing - offset_s, abs=0.05)
    assert hold.end_s == pytest.approx(answered - offset_s, abs=0.05)
