"""The brand's sounds in a real call: its logo before the greeting, music while the agent is rung; and the record."""

from __future__ import annotations

import json
import signal
import subprocess
import sys
from array import array
from collections.abc import Iterator
from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest

from clearline.level import active_level_dbov
from ivr.fading import FADE_S
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

QUEUE_FLOW = """\
flow: queueing
languages: [en]
nodes:
  wait: {queue: service, prompt: queue_welcome, waiting: queue_waiting, every: 3s, failed: goodbye, next: goodbye}
  goodbye: {end: goodbye}
"""
TUNE_HZ, TUNE_S = (900.0, 1100.0, 1300.0, 1500.0), 2.0
"""Music of four notes, so that one can hear where it is."""
ANNOUNCED_HZ, ANNOUNCED_S = 2600.0, 0.6


@pytest.fixture
def tuneful(brand: Path) -> Path:
    """The same brand with music of four notes, and a tone for each announcement in the queue."""
    notes = [note for hz in TUNE_HZ for note in tone(hz, TUNE_S, peak=20000)]
    write_wav(brand / "music.wav", array("h", notes))
    write_wav(brand / "announced.wav", tone(ANNOUNCED_HZ, ANNOUNCED_S, peak=9000))
    written = "".join(
        f"{id}: {{text: Please wait., file: announced.wav}}\n" for id in ("queue_welcome", "queue_waiting")
    )
    (brand / "en.yaml").write_text(f"{written}goodbye: Goodbye.\n")
    return brand


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
def address(
    tmp_path: Path, brand: Path, agent_port: int, request: pytest.FixtureRequest
) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    (tmp_path / "flow.yaml").write_text(getattr(request, "param", FLOW))
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


@pytest.mark.parametrize("address", [QUEUE_FLOW], indirect=True)
def test_music_in_the_queue_fades_for_an_announcement_and_goes_on(
    tmp_path: Path, tuneful: Path, address: tuple[str, subprocess.Popen[str]], agent_port: int
) -> None:
    ring, _ = address
    write_wav(tmp_path / "agent.wav", tone(AGENT_HZ, 0.6, peak=8000))
    script = [{"ring": "9s"}, {"say": str(tmp_path / "agent.wav")}, "hang_up"]
    agent = scripted(tmp_path / "agent", script, "--listen", f"127.0.0.1:{agent_port}")
    scripted(tmp_path / "caller", [{"expect": "hang_up", "within": "60s"}], ring).outcome()
    agent.outcome()
    heard = audio(tmp_path / "caller/heard.wav")

    announced = spans(heard, ANNOUNCED_HZ, above=1000)
    assert len(announced) >= 3, "the greeting of the queue, and an announcement every three seconds"
    answered = sounding(heard, AGENT_HZ, above=500)
    assert answered is not None
    for (begin, end), (following, _) in pairwise(announced):
        assert 2.9 < following - end < 3.4
        music = loudest_note(heard, end + 0.3, following - 0.1)
        assert music > 800, "music between the announcements"
        assert loudest_note(heard, begin + 0.2, end - 0.05) < 0.05 * music, "and none under them"
    played_s = 0.0
    for (_, end), (following, _) in pairwise(announced):
        assert note_at(heard, end + 0.3) == TUNE_HZ[int((played_s + 0.4) / TUNE_S) % len(TUNE_HZ)], "it goes on"
        played_s += following - end + FADE_S
    for begin, end in announced[1:-1]:
        assert 0.05 < fade_s(heard, begin, going=True) < 0.2
        assert 0.05 < fade_s(heard, end, going=False) < 0.2
    assert 0.05 < fade_s(heard, answered[0], going=True) < 0.2, "and when somebody answers"


def spans(samples: npt.NDArray[np.int16], hz: float, above: float) -> list[tuple[float, float]]:
    """Each stretch in which this frequency sounds, in 20 ms windows."""
    frame = RATE_HZ // 50
    loud = [loudness(samples[i : i + frame], hz) > above for i in range(0, len(samples) - frame, frame)]
    edges = np.flatnonzero(np.diff([False, *loud, False]))
    return [(a / 50, b / 50) for a, b in edges.reshape(-1, 2).tolist()]


def note_at(samples: npt.NDArray[np.int16], at_s: float) -> float:
    """The note of the tune that is loudest there."""
    stretch = samples[round(at_s * RATE_HZ) : round((at_s + 0.2) * RATE_HZ)]
    return max(TUNE_HZ, key=lambda hz: loudness(stretch, hz))


def loudest_note(samples: npt.NDArray[np.int16], begin_s: float, end_s: float) -> float:
    """How loud the tune is in these seconds: the loudest note of the loudest 100 ms."""
    begin, end, step = round(begin_s * RATE_HZ), round(end_s * RATE_HZ), RATE_HZ // 10
    return max(loudness(samples[at : at + step], hz) for at in range(begin, end - step + 1, step) for hz in TUNE_HZ)


def fade_s(samples: npt.NDArray[np.int16], at_s: float, *, going: bool) -> float:
    """How long the tune takes from 90 to 10 % of its loudness around there (or back); 0.02 s for a cut."""
    step = RATE_HZ // 100
    begin = round((at_s - 0.3) * RATE_HZ)
    note = note_at(samples, at_s - 0.3 if going else at_s + 0.3)
    levels = np.array(
        [loudness(samples[at : at + step], note) for at in range(begin, begin + round(0.7 * RATE_HZ), step)]
    )
    levels = levels if going else levels[::-1]
    top = float(np.median(levels[:10]))
    last_loud = np.flatnonzero(levels > 0.9 * top)[-1]
    return float(np.flatnonzero(levels > 0.1 * top)[-1] - last_loud) / 100
