"""The brand's sounds: levelled, without clicks, the logo before greetings alone; those of the shipped brands too."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import soundfile

from clearline.level import active_level_dbov
from ivr.commands import Phrase
from ivr.prompting import PromptLibrary
from ivr.prompting.errors import RecordingError
from ivr.prompting.render import RATE_HZ, WIDE_RATE_HZ
from ivr.tones import tone, write_wav
from tests.ivr.prompting.fakes import BRAND

SHIPPED = Path(__file__).parents[3] / "prompts"
SOUNDS = "sounds: {earcon: logo.wav, hold: music.wav, greetings: [hello]}\n"


@pytest.fixture
def sounding(brand: Path) -> Path:
    """The small brand with a logo and hold music, both tones; ``other`` is no greeting."""
    write_wav(brand / "logo.wav", tone(1500, 0.5))
    write_wav(brand / "music.wav", tone(700, 2.0, peak=30000))
    (brand / "brand.yaml").write_text(BRAND + SOUNDS, encoding="utf-8")
    (brand / "en.yaml").write_text("hello: Good morning.\nother: Good morning.\n", encoding="utf-8")
    return brand


def samples(file: Path) -> npt.NDArray[np.int16]:
    read: npt.NDArray[np.int16] = soundfile.read(file, dtype="int16")[0]
    return read


def test_the_logo_is_heard_before_greetings_alone(sounding: Path, tmp_path: Path) -> None:
    library = PromptLibrary.open(sounding, tmp_path)
    greeting = [part.make() for part in library.parts(Phrase("hello", "en")).files]
    other = [part.make() for part in library.parts(Phrase("other", "en")).files]
    assert len(greeting) == 2 and greeting[1:] == other, "the words are the same file"
    logo = samples(greeting[0])
    assert active_level_dbov(logo, RATE_HZ) == pytest.approx(-27, abs=1)
    assert np.flatnonzero(logo)[-1] / RATE_HZ == pytest.approx(0.54, abs=0.05)
    assert len(logo) / RATE_HZ == pytest.approx(0.54 + 0.25, abs=0.05), "a short gap before the words"


def test_another_logo_is_another_file(sounding: Path, tmp_path: Path) -> None:
    first = PromptLibrary.open(sounding, tmp_path).parts(Phrase("hello", "en")).files
    write_wav(sounding / "logo.wav", tone(1600, 0.5))
    second = PromptLibrary.open(sounding, tmp_path).parts(Phrase("hello", "en")).files
    assert first[0].path != second[0].path and first[1].path == second[1].path


def test_prepared_greetings_have_their_logo(sounding: Path, tmp_path: Path) -> None:
    library = PromptLibrary.open(sounding, tmp_path)
    library.prepare(library.fixed("en"))
    assert all(part.ready for part in library.parts(Phrase("hello", "en")).files)


def test_a_brand_without_sounds_is_words_alone(brand: Path, tmp_path: Path) -> None:
    library = PromptLibrary.open(brand, tmp_path)
    assert len(library.parts(Phrase("hello", "en")).files) == 1
    assert library.hold() is None


@pytest.mark.parametrize("silent", [True, False])
def test_sounds_that_are_none_are_refused(sounding: Path, tmp_path: Path, silent: bool) -> None:
    if silent:
        write_wav(sounding / "music.wav", tone(700, 1.0, peak=0))
    else:
        (sounding / "music.wav").write_bytes(b"no sound")
    with pytest.raises(RecordingError, match=r"music\.wav is (silent|not audio)"):
        PromptLibrary.open(sounding, tmp_path).hold()


@pytest.mark.parametrize("rate", [RATE_HZ, WIDE_RATE_HZ])
@pytest.mark.parametrize("brand", ["clearline", "juniper"])
def test_the_shipped_music_is_level_and_loops_without_a_click(brand: str, rate: int, tmp_path: Path) -> None:
    music = PromptLibrary.open(SHIPPED / brand, tmp_path).hold_at(rate)
    assert music is not None
    heard = samples(music).astype(int)
    assert soundfile.info(music).samplerate == rate and len(heard) > 8 * rate
    assert active_level_dbov(samples(music), rate) == pytest.approx(-30, abs=1)
    seam = np.concatenate([heard[-rate // 100 :], heard[: rate // 100]])
    assert np.abs(np.diff(seam)).max() < np.percentile(np.abs(np.diff(heard)), 99)


@pytest.mark.parametrize("brand", ["clearline", "juniper"])
def test_the_shipped_logos_are_short_and_level(brand: str, tmp_path: Path) -> None:
    library = PromptLibrary.open(SHIPPED / brand, tmp_path)
    [piece] = library.logo("welcome")
    logo = samples(piece.part(library.cache).make())
    assert 0.5 < len(logo) / RATE_HZ < 3
    assert active_level_dbov(logo, RATE_HZ) == pytest.approx(-27, abs=1)
    assert np.abs(logo[:40]).max() == 0 and np.abs(logo[-800:]).max() == 0
