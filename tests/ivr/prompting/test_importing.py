"""Takes of a studio into a brand: matched by name or words, checked, converted with a note or refused."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import numpy as np
import numpy.typing as npt
import pytest
import soundfile
from typer.testing import CliRunner, Result

from clearline.level import active_level_dbov
from ivr.cli import app
from ivr.commands import Phrase
from ivr.prompting import PromptLibrary
from ivr.prompting.catalog import load_catalog
from ivr.prompting.editing import with_files
from ivr.prompting.errors import RecordingError
from ivr.prompting.importing import Refused, Taken, looked_at, take
from ivr.prompting.listen import listened
from ivr.prompting.matching import by_name, by_words
from ivr.prompting.takes import TAKES_FILE, read_takes, standings, write_takes

SHIPPED = Path(__file__).parents[3] / "prompts"
CATALOGUE = """\
# What the line says.

# First words
hello: "Good morning."          # short

goodbye:
  text: "Thank you for calling. Goodbye."
  note: Friendly.

# With values
balance: "You owe {sum:money}."

main_menu: {text: "For bills, press 1.", note: Slowly.}
"""


@pytest.fixture
def acme(brand: Path) -> Path:
    (brand / "en.yaml").write_text(CATALOGUE, encoding="utf-8")
    return brand


def voice(seconds: float = 1.5, rate: int = 48000, gain: float = 0.3, noise: float = 1e-4) -> npt.NDArray[np.float64]:
    """Something like speech: a hum that swells four times a second, between silences with a little noise."""
    time = np.arange(round(seconds * rate)) / rate
    hum = gain * np.sin(2 * np.pi * 180 * time) * (0.6 + 0.4 * np.sin(2 * np.pi * 4 * time))
    quiet = np.zeros(round(0.5 * rate))
    whole = np.concatenate([quiet, hum, quiet])
    return whole + np.random.default_rng(1).normal(0, noise, len(whole))


def write(path: Path, samples: npt.NDArray[np.float64], rate: int = 48000) -> Path:
    path.parent.mkdir(parents=True, exist_ok=True)
    soundfile.write(path, samples, rate)
    return path


def run(*arguments: str) -> Result:
    return CliRunner().invoke(app, ["prompts", *arguments])


@pytest.mark.parametrize(
    ("stem", "prompt"),
    [
        ("main_menu", "main_menu"),
        ("Main Menu", "main_menu"),
        ("03 - main-menu", "main_menu"),
        ("en_main_menu", "main_menu"),
        ("main_menu.en", "main_menu"),
        ("main menu (final)", "main_menu"),
        ("main_menu_take_2", "main_menu"),
        ("MAIN_MENU_v3", "main_menu"),
        ("menu", None),
        ("main_menu_and_more", None),
        ("survey_p5", "survey_p5"),
        ("no_input_1", "no_input_1"),
    ],
)
def test_names_of_files(stem: str, prompt: str | None) -> None:
    assert by_name(stem, {"main_menu", "survey_p5", "no_input_1", "no_input_2"}, "en") == prompt


def test_every_shipped_prompt_is_found_by_its_own_name() -> None:
    for language, prompts in load_catalog(SHIPPED / "clearline").prompts.items():
        assert [by_name(f"07_{id}", prompts, language) for id in prompts] == list(prompts)


def test_words_are_matched_only_when_they_are_clearly_one_text() -> None:
    texts = {"one": "For bills, press 1.", "two": "For faults, press 2.", "three": "For faults, press 3."}
    sure = by_words("for bills press 1", texts)
    assert sure is not None and (sure.prompt, sure.sure) == ("one", True)
    twins = by_words("For faults, press 2.", {**texts, "four": "For faults, press two."})
    assert twins is not None and not by_words("For faults press", texts).sure  # type: ignore[union-attr]
    assert by_words("...", texts) is None


def test_nothing_said_by_the_shipped_brand_is_taken_for_another_prompt() -> None:
    prompts = load_catalog(SHIPPED / "clearline").prompts["en"]
    texts = {id: prompt.template.written for id, prompt in prompts.items() if not prompt.template.names}
    for id, text in texts.items():
        match = by_words(text.upper(), texts)
        assert match is not None and match.prompt == id
        others = {other: words for other, words in texts.items() if other != id}
        assert not by_words(text, others).sure, id  # type: ignore[union-attr]


def test_a_take_is_levelled_named_and_noted(acme: Path, tmp_path: Path) -> None:
    write(tmp_path / "takes/Hello take 2.wav", voice(gain=0.02))
    result = run("import", str(tmp_path / "takes"), "--brand", str(acme))
    assert result.exit_code == 0 and "Hello take 2.wav → hello" in result.output
    stored, rate = soundfile.read(acme / "recorded/en/hello.wav", dtype="int16")
    assert rate == 48000 and active_level_dbov(stored, rate) == pytest.approx(-24, abs=1)
    assert 1.5 < len(stored) / rate < 1.9, "half a second of silence is cut to a tenth"
    library = PromptLibrary.open(acme, tmp_path / "cache")
    heard, _ = soundfile.read(library.audio(Phrase("hello", "en")), dtype="int16")
    assert active_level_dbov(heard, 8000) == pytest.approx(-24, abs=1)


def test_comments_order_and_quotes_of_the_catalogue_stay(acme: Path) -> None:
    files = {("hello", 0): "h.wav", ("goodbye", 0): "g.wav", ("balance", 1): "b.wav", ("main_menu", 0): "m.wav"}
    assert (
        with_files(acme / "en.yaml", files, dict.fromkeys((id for id, _ in files), ""))
        == """\
# What the line says.

# First words
hello:
  text: "Good morning."
  file: h.wav                   # short

goodbye:
  text: "Thank you for calling. Goodbye."
  note: Friendly.
  file: g.wav

# With values
balance:
  text: "You owe {sum:money}."
  pieces:
    1: b.wav

main_menu: {text: "For bills, press 1.", note: Slowly., file: m.wav}
"""
    )


@pytest.mark.parametrize("language", ["en", "uk", "lt"])
def test_the_shipped_catalogues_lose_no_comment(language: str, tmp_path: Path) -> None:
    source = SHIPPED / "clearline" / f"{language}.yaml"
    ids = list(load_catalog(SHIPPED / "clearline").prompts[language])
    written = with_files(source, {(id, 0): f"{id}.wav" for id in ids}, dict.fromkeys(ids, ""))
    before, after = source.read_text(encoding="utf-8"), written
    assert [line for line in before.splitlines() if line.startswith("#")] == [
        line for line in after.splitlines() if line.startswith("#")
    ]
    assert after.count("file: ") == len(ids)
    assert with_files(source, {}, {}).count("\n") == before.count("\n")


def test_a_text_of_the_other_brand_gets_an_entry_of_its_own(acme: Path, tmp_path: Path) -> None:
    child = tmp_path / "child"
    child.mkdir()
    (child / "brand.yaml").write_text("name: Child\nextends: ../acme\n", encoding="utf-8")
    write(tmp_path / "takes/goodbye.wav", voice(2.0))
    assert run("import", str(tmp_path / "takes"), "--brand", str(child)).exit_code == 0
    prompt = load_catalog(child).prompt("goodbye", "en")
    assert prompt.file == child / "recorded/en/goodbye.wav"
    assert prompt.template.written == "Thank you for calling. Goodbye."


def test_a_dry_run_writes_nothing(acme: Path, tmp_path: Path) -> None:
    write(tmp_path / "takes/hello.wav", voice())
    result = run("import", str(tmp_path / "takes"), "--brand", str(acme), "--dry-run", "--json")
    assert json.loads(result.output)["files"][0]["prompt"] == "hello"
    assert (acme / "en.yaml").read_text(encoding="utf-8") == CATALOGUE and not (acme / "recorded").exists()


def test_two_takes_of_one_prompt_are_both_refused(acme: Path, tmp_path: Path) -> None:
    write(tmp_path / "takes/hello.wav", voice())
    write(tmp_path / "takes/hello_2.wav", voice())
    result = run("import", str(tmp_path / "takes"), "--brand", str(acme))
    assert result.exit_code == 1 and "hello.wav is a take of hello too" in result.output
    assert not (acme / "recorded").exists()


def test_values_cannot_be_recorded(acme: Path, tmp_path: Path) -> None:
    write(tmp_path / "takes/balance.wav", voice())
    result = run("import", str(tmp_path / "takes"), "--brand", str(acme))
    assert result.exit_code == 1 and "record what is between them (balance_part1)" in result.output


def test_words_tell_what_the_name_does_not(acme: Path, tmp_path: Path) -> None:
    library = PromptLibrary.open(acme, tmp_path / "cache")
    files = [write(tmp_path / "takes" / name, voice(2.0)) for name in ("a.wav", "b.wav")]
    heard = iter(["thank you for calling goodbye", "something quite different"])
    known, unknown = looked_at(library, "en", files, lambda audio: next(heard))
    assert isinstance(known, Taken) and known.prompt == "goodbye" and known.confidence > 0.9
    assert isinstance(unknown, Refused) and "name it as its prompt" in unknown.reason


def test_a_recording_older_than_its_text_is_known(acme: Path, tmp_path: Path) -> None:
    library = PromptLibrary.open(acme, tmp_path / "cache")
    file = write(tmp_path / "takes/hello.wav", voice())
    found = looked_at(library, "en", [file], lambda audio: "")
    take(library, "en", [one for one in found if isinstance(one, Taken)])

    def now() -> str:
        prompts = load_catalog(acme).prompts["en"]
        return standings(prompts, read_takes(acme))["hello"]

    assert now() == "current"
    catalogue = (acme / "en.yaml").read_text(encoding="utf-8")
    (acme / "en.yaml").write_text(catalogue.replace("Good morning.", "Good evening."), encoding="utf-8")
    assert now() == "older"
    (acme / "en.yaml").write_text(catalogue.replace("Good morning.", "Good  morning."), encoding="utf-8")
    assert now() == "current", "spaces are not heard"
    shutil.copy(file, acme / "recorded/en/hello.wav")
    assert now() == "unknown", "somebody has put another recording there"
    write_takes(acme, {})
    assert now() == "unknown"
    (acme / TAKES_FILE).write_text("[1]", encoding="utf-8")
    with pytest.raises(RecordingError, match=r"takes\.json cannot be read"):
        now()


@pytest.mark.parametrize(
    ("name", "samples", "rate", "note"),
    [
        ("stereo.wav", np.stack([voice(), voice()], axis=1), 48000, "2 channels, mixed to one"),
        ("one_sided.wav", np.stack([voice(), 0 * voice()], axis=1), 48000, "the loudest one is taken"),
        ("opposed.wav", np.stack([voice(), -voice()], axis=1), 48000, "the loudest one is taken"),
        ("cd.wav", voice(rate=44100), 44100, "44.1 kHz"),
        ("phone.wav", voice(rate=8000), 8000, "only 8000 samples a second"),
        ("small.mp3", voice(), 48000, "MP3, a compressed format"),
        ("quiet.wav", voice(gain=0.005, noise=1e-6), 48000, "quiet (-"),
        ("hiss.wav", voice(gain=0.1, noise=0.006), 48000, "some noise"),
        ("long.wav", voice(24.0, 16000), 16000, "callers lose the thread"),
    ],
)
def test_what_can_be_used_is_converted_with_a_note(
    tmp_path: Path, name: str, samples: npt.NDArray[np.float64], rate: int, note: str
) -> None:
    studio = listened(write(tmp_path / name, samples, rate))
    assert any(note in told for told in studio.notes), studio.notes
    assert studio.audio.samples.ndim == 1 and np.abs(studio.audio.samples).max() > 1e-3


@pytest.mark.parametrize(
    ("name", "samples", "reason"),
    [
        ("silent.wav", np.zeros(48000), "silent"),
        ("empty.wav", np.zeros(0), "silent"),
        ("clipped.wav", np.clip(8 * voice(), -1, 1), "clipped"),
        ("noisy.wav", voice(gain=0.1, noise=0.03), "noisy"),
        ("faint.wav", voice(gain=0.002, noise=1e-7), "too quiet"),
        ("click.wav", voice(0.05), "too short"),
    ],
)
def test_what_cannot_be_used_is_refused_with_a_sentence(
    tmp_path: Path, name: str, samples: npt.NDArray[np.float64], reason: str
) -> None:
    with pytest.raises(RecordingError, match=reason) as refusal:
        listened(write(tmp_path / name, samples))
    assert str(refusal.value).startswith(name)


@pytest.mark.parametrize("content", [b"", b"no audio", b"RIFF\x00\x00\x00\x00WAVEjunk"])
def test_what_is_no_audio_is_refused(tmp_path: Path, content: bytes) -> None:
    (tmp_path / "x.wav").write_bytes(content)
    with pytest.raises(RecordingError, match=r"x\.wav is not audio"):
        listened(tmp_path / "x.wav")


def test_a_take_that_is_far_from_its_texts_length_is_noted(tmp_path: Path) -> None:
    file = write(tmp_path / "a.wav", voice(6.0))
    assert not any("expected" in note for note in listened(file, 5.0).notes)
    assert any("is it this text?" in note for note in listened(file, 2.0).notes)


def test_a_folder_that_is_not_there_or_empty_is_refused(acme: Path, tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    for folder, told in ((tmp_path / "nowhere", "no such folder"), (tmp_path / "empty", "no file in it")):
        result = run("import", str(folder), "--brand", str(acme))
        assert result.exit_code == 2 and told in result.output
    result = run("import", str(tmp_path / "empty"), "--brand", str(acme), "--language", "xx")
    assert result.exit_code == 2 and "only in en" in result.output


@pytest.mark.engine
def test_the_shipped_voice_is_recognised_without_names(tmp_path: Path) -> None:
    """Real audio, the real recogniser: each recording finds its prompt, and a stranger's finds none."""
    from ivr.prompting.transcribe import Transcriber

    library = PromptLibrary.open(SHIPPED / "clearline", tmp_path / "cache")
    ids = ["welcome", "bills", "complaint_thanks", "queue_welcome"]
    files = [tmp_path / f"{number}.wav" for number in range(len(ids))]
    for id, file in zip(ids, files, strict=True):
        shutil.copy(library.audio(Phrase(id, "en")), file)
    hear = Transcriber("en", tmp_path)
    found = looked_at(library, "en", files, hear)
    assert [one.prompt for one in found if isinstance(one, Taken)] == ids
    stranger = tmp_path / "takes" / "x.wav"
    write(stranger, voice(3.0))
    [nobody] = looked_at(library, "en", [stranger], hear)
    assert isinstance(nobody, Refused)
