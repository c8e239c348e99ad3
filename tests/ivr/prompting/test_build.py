"""Building a brand: what is missing is made at both rates, what is there is kept, what cannot be made is told."""

from __future__ import annotations

import json
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from typer.testing import CliRunner, Result

from clearline.level import active_level_dbov
from ivr.cli import app
from ivr.prompting.soundness import Soundness, soundness

TEXTS = """\
hello: Good morning.
short: Hi!
menu: "For bills, press 1. Your balance is {amount:money}. To speak to a person, press 0."
"""


@pytest.fixture
def texts(brand: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The small brand with three prompts, and a cache of its own."""
    (brand / "en.yaml").write_text(TEXTS, encoding="utf-8")
    monkeypatch.setenv("CLEARLINE_CACHE", str(tmp_path / "cache"))
    monkeypatch.chdir(tmp_path)
    return brand


def run(brand: Path, *more: str) -> Result:
    return CliRunner().invoke(app, ["prompts", "build", "--brand", str(brand), "--jobs", "1", *more])


def built(brand: Path, *more: str) -> dict[str, object]:
    result = run(brand, "--json", *more)
    assert result.exit_code == 0, result.output
    told: dict[str, object] = json.loads(result.output)["brands"][0]
    return told


def test_all_that_is_fixed_is_made_once(texts: Path) -> None:
    assert (built(texts)["made"], built(texts)["kept"]) == (4, 4)


def test_what_changed_is_made_and_nothing_else(texts: Path) -> None:
    built(texts)
    (texts / "en.yaml").write_text(TEXTS.replace("Good morning", "Good evening"), encoding="utf-8")
    told = built(texts)
    assert (told["made"], told["kept"]) == (1, 3)


def test_a_comment_changes_nothing_that_is_heard(texts: Path) -> None:
    built(texts)
    (texts / "en.yaml").write_text(f"# Reviewed.\n{TEXTS}", encoding="utf-8")
    assert built(texts)["made"] == 0


def test_a_file_that_was_lost_is_made_again(texts: Path, tmp_path: Path) -> None:
    first = built(texts)
    names = first["pieces"][0][4]  # type: ignore[index]
    (tmp_path / "cache" / names[1]).unlink()
    built(texts)
    assert (tmp_path / "cache" / names[1]).is_file()


def test_what_is_heard_by_other_systems_has_names_and_both_rates(texts: Path, tmp_path: Path) -> None:
    built(texts, "--out", str(tmp_path / "out"))
    names = sorted(str(path.relative_to(tmp_path / "out")) for path in (tmp_path / "out").rglob("*.wav"))
    files = ["hello.wav", "menu.1.wav", "menu.2.wav", "short.wav"]
    assert names == sorted(f"{rate}/en/{file}" for rate in (8000, 16000) for file in files)
    for name in names:
        samples, rate = soundfile.read(tmp_path / "out" / name, dtype="int16")
        assert str(rate) == name.split("/")[0]
        assert active_level_dbov(samples, rate) == pytest.approx(-24, abs=1)
        assert np.abs(samples).max() <= 10 ** (-3 / 20) * 32768
    wide, _ = soundfile.read(tmp_path / "out" / "16000" / "en" / "hello.wav")
    spectrum = np.square(np.abs(np.fft.rfft(wide)))
    assert spectrum[len(spectrum) // 2 :].sum() > 1e-4 * spectrum.sum()  # the octave that 8 kHz does not have


def test_a_robots_voice_is_told_with_the_command_that_replaces_it(texts: Path) -> None:
    (texts / "brand.yaml").write_text(
        (texts / "brand.yaml").read_text(encoding="utf-8") + "  uk: {engine: espeak, voice: uk}\n", encoding="utf-8"
    )
    (texts / "uk.yaml").write_text("hello: Доброго ранку.\n", encoding="utf-8")
    lines = run(texts).output.splitlines()
    command = f"python -m piper.download_voices uk_UA-ukrainian_tts-medium --download-dir {texts}/voices/uk"
    assert any("uk: espeak uk" in line and "robot" in line and command in line for line in lines)


def test_a_prompt_that_no_voice_can_say_is_told_and_the_others_are_made(texts: Path) -> None:
    (texts / "take.wav").write_bytes(b"no audio at all")
    (texts / "en.yaml").write_text(TEXTS + "bad: {text: Bad, file: take.wav}\n", encoding="utf-8")
    result = run(texts)
    assert result.exit_code == 1
    assert "not made: en bad:" in result.output and "not audio" in result.output
    assert "4 made" in result.output


def test_a_language_that_is_not_there_is_refused(texts: Path) -> None:
    result = run(texts, "--language", "xx")
    assert result.exit_code == 2
    assert "'xx'" in result.output and "only in en" in result.output


def test_a_folder_of_brands_is_all_of_them(texts: Path) -> None:
    result = run(texts.parent, "--json")
    assert [Path(one["brand"]).name for one in json.loads(result.output)["brands"]] == ["acme"]


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"level_dbov": -26.5}, "-26.5 dBov"),
        ({"peak_dbfs": -1.0}, "-1.0 dBFS"),
        ({"lead_s": 0.6}, "0.60 s of silence"),
        ({"in_band_db": -10.0}, "10%"),
    ],
)
def test_what_is_not_as_promised_is_said(wrong: dict[str, float], told: str) -> None:
    good = Soundness(2.0, -24.2, -3.5, -1.5, 0.05)
    assert good.faults(-24) == ()
    [fault] = replace(good, **wrong).faults(-24)
    assert told in fault


def test_soundness_of_a_tone() -> None:
    time = np.arange(16000) / 8000
    tone = np.concatenate([np.zeros(4000), 0.5 * np.sin(2 * np.pi * 1000 * time)])
    sound = soundness(np.rint(tone * 32767).astype(np.int16), 8000)
    assert sound.peak_dbfs == pytest.approx(-6.02, abs=0.05)
    assert sound.in_band_db == pytest.approx(0, abs=0.1)
    assert sound.lead_s == pytest.approx(0.5, abs=0.011)
    low = soundness(np.rint(16000 * np.sin(2 * np.pi * 100 * time)).astype(np.int16), 8000)
    assert low.in_band_db < -20


@pytest.mark.engine
def test_two_processes_make_what_one_makes(texts: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    lines = "".join(f"p{number}: This is prompt number {number}.\n" for number in range(14))
    (texts / "en.yaml").write_text(lines, encoding="utf-8")
    built(texts)
    one = {file.name: file.stat().st_size for file in (tmp_path / "cache").glob("*.wav")}
    monkeypatch.setenv("CLEARLINE_CACHE", str(tmp_path / "other"))
    assert built(texts, "--jobs", "2")["made"] == 14
    two = {file.name: file.stat().st_size for file in (tmp_path / "other").glob("*.wav")}
    assert len(one) == 28 and two == pytest.approx(one, rel=0.02), "the voice itself varies by a few samples"


def test_a_second_build_loads_nothing_heavy(texts: Path) -> None:
    """What makes it quick: neither numpy nor the catalogue's models are imported."""
    built(texts)
    code = "import sys; from ivr.cli import app; app(sys.argv[1:], standalone_mode=False); print(*sys.modules)"
    command = [sys.executable, "-c", code, "prompts", "build", "--brand", str(texts)]
    done = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert "0 made, 4 kept" in done.stdout
    assert not {"numpy", "ruamel.yaml", "ivr.prompting.library"} & set(done.stdout.split())
