"""A prompt whose fixed words a person recorded and whose values the voice says: order, level, pauses, no click."""

from __future__ import annotations

from itertools import pairwise
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import soundfile
from typer.testing import CliRunner

from clearline.level import active_level_dbov
from ivr.cli import app
from ivr.commands import Phrase
from ivr.prompting import PromptLibrary
from ivr.prompting.catalog import load_catalog
from ivr.prompting.errors import CatalogError
from ivr.prompting.takes import read_takes, standings
from tests.ivr.prompting.fakes import ToneVoice

RATE_HZ = 8000
TEXT = "Hello {name}, you owe {sum:money}. Please pay soon."
PITCHES = {"bill_part1": 400.0, "bill_part2": 700.0, "bill_part3": 1000.0}
VOICE_HZ = 220.0
VALUES = (("name", "Ann"), ("sum", "5 EUR"))
Samples = npt.NDArray[np.float64]


@pytest.fixture
def studio(brand: Path, tmp_path: Path) -> Path:
    """Takes that begin and end in the middle of a loud sound, each at a level and with a room of its own."""
    (brand / "en.yaml").write_text(f"# Bills\nbill: '{TEXT}'\n", encoding="utf-8")
    folder = tmp_path / "takes"
    folder.mkdir()
    for number, (name, hz) in enumerate(PITCHES.items(), start=1):
        time = np.arange(round(1.1 * 48000)) / 48000
        sound = 0.08 * number * np.cos(2 * np.pi * hz * time) * (0.7 + 0.3 * np.cos(2 * np.pi * 4 * time))
        room = np.random.default_rng(number).normal(0, 2e-4 * number, len(sound))
        soundfile.write(folder / f"{name}.wav", sound + room, 48000)
    return folder


@pytest.fixture
def library(brand: Path, studio: Path, tmp_path: Path) -> PromptLibrary:
    result = CliRunner().invoke(app, ["prompts", "import", str(studio), "--brand", str(brand)])
    assert result.exit_code == 0, result.output
    opened = PromptLibrary.open(brand, tmp_path / "cache")
    opened._voices["en"] = ToneVoice()
    return opened


def pitch(samples: Samples) -> float:
    spectrum = np.abs(np.fft.rfft(samples * np.hanning(len(samples))))
    return float(np.argmax(spectrum)) * RATE_HZ / len(samples)


def sounds(samples: Samples) -> list[tuple[int, int]]:
    """First and last sample of each stretch between silences of 10 ms and more."""
    loud = np.flatnonzero(np.abs(samples) > 2 / 32768)
    gaps = np.flatnonzero(np.diff(loud) > RATE_HZ // 100)
    starts, ends = [loud[0], *loud[gaps + 1]], [*loud[gaps], loud[-1]]
    return [(int(a), int(b)) for a, b in zip(starts, ends, strict=True)]


def steepest_at_edges(samples: Samples) -> float:
    """The largest change of slope within a millisecond of where a sound begins or ends, against that of the sounds."""
    bend = np.abs(np.diff(samples, 2))
    edges = [at for span in sounds(samples) for at in span]
    near = max(float(bend[max(0, at - 8) : at + 8].max(initial=0)) for at in edges)
    return near / float(bend.max())


def test_pieces_and_values_are_heard_in_their_order(library: PromptLibrary) -> None:
    parts = library.spoken(Phrase("bill", "en", VALUES)).files
    heard = [pitch(soundfile.read(part.make(), dtype="float64")[0]) for part in parts]
    assert heard == pytest.approx([400, VOICE_HZ, 700, VOICE_HZ, 1000], abs=12)


def test_the_voice_says_each_value_with_its_punctuation(library: PromptLibrary) -> None:
    library.audio(Phrase("bill", "en", VALUES))
    voice = library._voices["en"]
    assert isinstance(voice, ToneVoice)
    assert [text for text, _ in voice.asked] == ["Ann,", "five euros."]


def test_no_joint_clicks_and_a_bare_cut_would(library: PromptLibrary, studio: Path) -> None:
    samples, rate = soundfile.read(library.audio(Phrase("bill", "en", VALUES)), dtype="float64")
    assert rate == RATE_HZ and len(sounds(samples)) == 5
    assert steepest_at_edges(samples) < 0.1
    bare = [soundfile.read(file, dtype="float64")[0][::6] for file in sorted(studio.iterdir())]
    silence = np.zeros(RATE_HZ // 4)
    cut = np.concatenate([each for take in bare for each in (silence, np.where(abs(take) < 1e-3, 0, take))])
    assert steepest_at_edges(cut) > 0.5, "the measure finds the click of a take that is not faded"


def test_all_parts_have_the_brands_level_and_no_room_in_their_pauses(library: PromptLibrary) -> None:
    parts = [part.make() for part in library.spoken(Phrase("bill", "en", VALUES)).files]
    levels = [active_level_dbov(*soundfile.read(part, dtype="int16")) for part in parts]
    assert levels == pytest.approx([-24] * 5, abs=1)
    samples, _ = soundfile.read(library.audio(Phrase("bill", "en", VALUES)), dtype="int16")
    spans = sounds(samples / 32768)
    pauses = [(b - a) / RATE_HZ for (_, a), (b, _) in pairwise(spans)]
    assert pauses == pytest.approx([0.06, 0.18, 0.06, 0.35], abs=0.05), "word, comma, word, sentence"
    assert all(not samples[a + 40 : b - 40].any() for (_, a), (b, _) in pairwise(spans)), "digital silence"


def test_what_is_recorded_is_there_before_any_value_is_known(library: PromptLibrary) -> None:
    library.prepare([Phrase("bill", "en")])
    ready = [part.ready for part in library.spoken(Phrase("bill", "en", VALUES)).files]
    assert ready == [True, False, True, False, True]
    voice = library._voices["en"]
    assert isinstance(voice, ToneVoice) and not voice.asked
    kept = {part.path.parent for part in library.spoken(Phrase("bill", "en", VALUES)).files}
    assert kept == {library.cache.folder, library.live.folder}, "values are kept apart"


def test_the_catalogue_and_the_notes_know_each_piece(brand: Path, library: PromptLibrary) -> None:
    assert (brand / "en.yaml").read_text(encoding="utf-8") == (
        f"# Bills\nbill:\n  text: '{TEXT}'\n  pieces:\n"
        "    1: recorded/en/bill_part1.wav\n    2: recorded/en/bill_part2.wav\n    3: recorded/en/bill_part3.wav\n"
    )
    assert set(standings(load_catalog(brand).prompts["en"], read_takes(brand)).values()) == {"current"}
    written = (brand / "en.yaml").read_text(encoding="utf-8")
    (brand / "en.yaml").write_text(written.replace("you owe", "you still owe"), encoding="utf-8")
    changed = standings(load_catalog(brand).prompts["en"], read_takes(brand))
    assert changed == {"bill_part1": "current", "bill_part2": "older", "bill_part3": "current"}


def test_while_a_piece_is_missing_the_voice_says_all(brand: Path, library: PromptLibrary, tmp_path: Path) -> None:
    written = (brand / "en.yaml").read_text(encoding="utf-8")
    (brand / "en.yaml").write_text(written.replace("    2: recorded/en/bill_part2.wav\n", ""), encoding="utf-8")
    partly = PromptLibrary.open(brand, tmp_path / "cache")
    partly._voices["en"] = voice = ToneVoice()
    partly.audio(Phrase("bill", "en", VALUES))
    assert [text for text, _ in voice.asked] == ["Hello Ann, you owe five euros.", "Please pay soon."]
    told = CliRunner().invoke(app, ["prompts", "check", "--brand", str(brand), "--no-listen"])
    assert "only 2 of its 3 pieces are recorded" in " ".join(told.output.split())


@pytest.mark.parametrize(
    ("lines", "reason"),
    [
        ("text: 'You owe {x}.'\n  pieces: {2: a.wav}", "there is no piece 2: the text has 1 between its gaps"),
        ("text: 'Hello.'\n  pieces: {1: a.wav}", "the text has no gaps: name its recording as file"),
        ("text: 'You owe {x}.'\n  pieces: {one: a.wav}", "'one' is no number"),
        ("text: 'You owe {x}.'\n  pieces: {1: b.wav}", "the recorded file b.wav is not in"),
    ],
)
def test_mistakes_are_told_with_their_place(brand: Path, lines: str, reason: str) -> None:
    (brand / "a.wav").touch()
    (brand / "en.yaml").write_text(f"bill:\n  {lines}\n", encoding="utf-8")
    with pytest.raises(CatalogError, match=rf"en\.yaml:3: bill: .*{reason}"):
        load_catalog(brand)


@pytest.mark.engine
def test_a_listener_understands_the_whole(brand: Path, tmp_path: Path) -> None:
    """Pieces cut out of a real voice's own sentences, values of that voice: the recogniser hears the text in order."""
    from ivr.prompting.checking.comparing import compare
    from ivr.prompting.checking.ear import installed_ears
    from ivr.prompting.synthesize import open_voice

    written = (brand / "brand.yaml").read_text(encoding="utf-8")
    (brand / "brand.yaml").write_text(
        written.replace("engine: espeak", "engine: hibari").replace("en-us", "heart"), encoding="utf-8"
    )
    text = "Thank you for waiting. You are number {place:number} in the queue, and it takes about {wait:duration}."
    (brand / "en.yaml").write_text(f"queue: '{text}'\n", encoding="utf-8")
    takes = tmp_path / "takes"
    takes.mkdir()
    artist = open_voice("hibari", "heart", tmp_path)
    read = ("Thank you for waiting. You are number,", "in the queue, and it takes about,")
    for number, words in enumerate(read, start=1):
        audio = artist.synthesize(words, speed=0.8)
        room = np.random.default_rng(number).normal(0, 3e-4, len(audio.samples))
        soundfile.write(takes / f"queue_part{number}.wav", audio.samples + room, audio.rate)
    result = CliRunner().invoke(app, ["prompts", "import", str(takes), "--brand", str(brand)])
    assert result.exit_code == 0, result.output
    library = PromptLibrary.open(brand, tmp_path / "cache")
    phrase = Phrase("queue", "en", (("place", 3), ("wait", "12m")))
    assert load_catalog(brand).prompt("queue", "en").recorded
    samples, _ = soundfile.read(library.audio(phrase), dtype="float32")
    ear = installed_ears(tmp_path)("en")
    assert ear is not None
    heard = ear.hear(samples, "en")
    assert compare(library.text(phrase), heard, "en").errors <= 1, heard
    assert steepest_at_edges(samples.astype(np.float64)) < 0.15
