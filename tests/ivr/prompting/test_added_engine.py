"""An engine of somebody else: one small file in an installed package, and a brand speaks with it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
import soundfile
from typer.testing import CliRunner

from ivr.cli import app
from ivr.commands import Phrase
from ivr.prompting import PromptLibrary
from ivr.prompting.engines import BUILT_IN, engines
from ivr.prompting.errors import VoiceError

ENGINE = """\
import numpy as np
from ivr.prompting.synthesize import Audio


class Whistle:
    natural = False
    version = "whistle 1"

    def __init__(self, voice, folder):
        self.hz = float(voice)

    def synthesize(self, text, *, speed=1.0):
        time = np.arange(int(16000 * 0.1 * len(text) / speed)) / 16000
        return Audio((0.3 * np.sin(2 * np.pi * self.hz * time)).astype(np.float32), 16000)
"""


@pytest.fixture
def installed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A package with the file above, as pip leaves it, where Python finds it."""
    site = tmp_path / "site"
    about = site / "whistle-1.0.dist-info"
    about.mkdir(parents=True)
    (site / "whistle.py").write_text(ENGINE, encoding="utf-8")
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: whistle\nVersion: 1.0\n", encoding="utf-8")
    (about / "entry_points.txt").write_text(
        "[clearline.voices]\nwhistle = whistle:Whistle\nbroken = whistle:Missing\nespeak = whistle:Whistle\n",
        encoding="utf-8",
    )
    monkeypatch.syspath_prepend(site)
    engines.cache_clear()
    yield site
    engines.cache_clear()


def named(brand: Path, engine: str, voice: str = "700") -> None:
    written = (brand / "brand.yaml").read_text(encoding="utf-8")
    written = written.replace("engine: espeak", f"engine: {engine}").replace("voice: en-us", f"voice: '{voice}'")
    (brand / "brand.yaml").write_text(written, encoding="utf-8")


@pytest.mark.usefixtures("installed")
def test_a_brand_speaks_with_an_added_engine(brand: Path, tmp_path: Path) -> None:
    named(brand, "whistle")
    library = PromptLibrary.open(brand, tmp_path / "cache")
    samples, rate = soundfile.read(library.audio(Phrase("hello", "en")))
    assert rate == 8000
    assert np.argmax(np.abs(np.fft.rfft(samples))) * rate / len(samples) == pytest.approx(700, abs=5)
    result = CliRunner().invoke(app, ["prompts", "build", "--brand", str(brand), "--jobs", "1"])
    assert result.exit_code == 0 and "whistle 700: a robot's voice as a fallback" in result.output


@pytest.mark.usefixtures("installed")
def test_a_built_in_engine_cannot_be_replaced_and_a_broken_one_is_told() -> None:
    assert engines() == {**BUILT_IN, "broken": "whistle:Missing", "whistle": "whistle:Whistle"}
    from ivr.prompting.synthesize import open_voice

    with pytest.raises(VoiceError, match=r"'broken' cannot be loaded .*install its package again"):
        open_voice("broken", "x", Path("."))


def test_an_engine_that_is_not_installed_is_refused_with_its_place(brand: Path) -> None:
    named(brand, "whistle")
    result = CliRunner().invoke(app, ["prompts", "build", "--brand", str(brand)])
    told = " ".join(result.output.split())
    assert result.exit_code == 2
    assert "brand.yaml:7: voices.en.engine: there is no engine 'whistle': use hibari, piper, espeak" in told
