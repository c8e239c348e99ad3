"""A whole brand proven: a humming voice, an ear that hears what it is told to, real files."""

from __future__ import annotations

import json
import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
import soundfile
from rich.console import Console

from ivr.prompting import PromptLibrary
from ivr.prompting.checking.ear import Ear, Memory, installed_ears
from ivr.prompting.checking.line import Samples, through_g711
from ivr.prompting.checking.page import page
from ivr.prompting.checking.problems import Proof, Report
from ivr.prompting.checking.proving import Proving
from ivr.prompting.checking.telling import as_json, print_report
from ivr.prompting.takes import Take, audio_hash, write_takes
from ivr.prompting.whisper import loops
from tests.ivr.prompting.fakes import ToneVoice

TEXTS = """\
hello: Good morning and welcome to our line.
menu: "For bills, press 1. You are number {position:number} in the queue."
broken: "<b>Press & hold</b> the key."
"""


class Told(Ear):
    """Hears the sentence that it was given, and counts how often it listened."""

    def __init__(self, heard: str) -> None:
        super().__init__("told", "")
        self.heard, self.listened = heard, 0

    def hear(self, samples: Samples, language: str) -> str:
        self.listened += 1
        return self.heard


def proving(brand: Path, ear: Ear | None, texts: str = TEXTS) -> Proving:
    (brand / "en.yaml").write_text(texts, encoding="utf-8")
    opened = PromptLibrary.open(brand, brand / "cache")
    voices = {language: ToneVoice(natural=True) for language in opened.catalog.brand.voices}
    library = PromptLibrary(opened.catalog, opened.cache, dict(voices))
    return Proving(library, lambda language: ear, Memory(brand / "heard"))


def rules(report: Report) -> set[tuple[str, str, str]]:
    return {(each.severity, each.rule, each.prompt) for each in report.problems}


def proof_of(report: Report, prompt: str) -> Proof:
    return next(each for each in report.proofs if each.prompt == prompt)


def test_every_prompt_is_proven_those_with_gaps_with_two_values(brand: Path) -> None:
    report = proving(brand, Told("good morning and welcome to our line")).report(["en"])
    assert sorted(each.prompt for each in report.proofs) == ["broken", "hello", "menu", "menu"]
    assert {each.values for each in report.proofs if each.prompt == "menu"} == {
        (("position", "1"),),
        (("position", "23"),),
    }
    assert any("number twenty-three" in each.text for each in report.proofs)
    hello = proof_of(report, "hello")
    assert hello.comparison is not None and hello.comparison.errors == 0
    assert hello.sound is not None and hello.sound.level_dbov == pytest.approx(-24, abs=1)
    assert ("error", "heard_otherwise", "menu") in rules(report)
    assert [each.prompt for each in report.proofs][-1] == "hello"  # worst first


def test_a_prompt_is_listened_to_once(brand: Path) -> None:
    ear = Told("anything")
    proving(brand, ear).report(["en"])
    proving(brand, ear).report(["en"])
    assert ear.listened == 4


def test_without_an_ear_that_is_said_with_the_command(brand: Path) -> None:
    report = proving(brand, None).report(["en"])
    note = next(each for each in report.general if each.rule == "not_heard")
    assert "pip install" in note.remedy
    assert report.count("error") == 0
    assert report.languages[0].word_error_percent is None


def test_a_robots_voice_is_said_with_the_command_of_a_natural_one(brand: Path) -> None:
    opened = proving(brand, None)
    opened.library._voices["en"] = ToneVoice(natural=False)
    note = next(each for each in opened.report(["en"]).general if each.rule == "robot_voice")
    assert f"piper.download_voices en_US-lessac-medium --download-dir {brand}/voices/en" in note.remedy


def test_broken_audio_in_the_cache_is_one_sentence(brand: Path) -> None:
    opened = proving(brand, Told("good morning and welcome to our line"))
    opened.report(["en"])
    for file in (brand / "cache").rglob("*.wav"):
        file.write_bytes(b"RIFF, but no more")
    report = opened.report(["en"])
    assert ("error", "unmade", "hello") in rules(report)
    assert "is broken: delete it" in next(each.what for each in report.problems if each.prompt == "hello")


def test_recordings_are_judged_as_they_were_taken(brand: Path) -> None:
    hum = 2.0 * np.sin(2 * np.pi * 300 * np.arange(16000 * 3) / 16000)
    soundfile.write(brand / "clipped.wav", np.clip(hum, -1, 1), 16000)
    (brand / "noise.wav").write_bytes(b"no audio")
    texts = (
        "hello: {text: Good morning to you., file: clipped.wav}\nbye: {text: Goodbye to you., file: noise.wav}\n"
        "new: Welcome.\n"
    )
    ear = Told("something else entirely")
    opened = proving(brand, ear, texts)
    for name in ("clipped.wav", "noise.wav"):
        os.utime(brand / name, (1, 1))
    found = rules(opened.report(["en"]))
    assert {("error", "clipped", "hello"), ("error", "unmade", "bye"), ("error", "heard_otherwise", "hello")} <= found
    assert ("warning", "older_than_text", "hello") in found
    ear.heard = "good morning to you"
    said = Proving(opened.library, opened.ears, Memory(brand / "fresh")).report(["en"])
    assert ("warning", "older_than_text", "hello") not in rules(said)


@pytest.mark.parametrize(("heard", "severity"), [("good morning to you", "warning"), ("good day to all", "error")])
def test_a_text_that_changed_since_its_recording(brand: Path, heard: str, severity: str) -> None:
    hum = 0.2 * np.sin(2 * np.pi * 300 * np.arange(16000 * 3) / 16000)
    soundfile.write(brand / "take.wav", hum, 16000)
    take = Take("take.wav", audio_hash(brand / "take.wav"), "Good day to all.")
    write_takes(brand, {"en": {"hello": take}})
    texts = "hello: {text: Good morning to you., file: take.wav}\n"
    assert (severity, "older_than_text", "hello") in rules(proving(brand, Told(heard), texts).report(["en"]))
    write_takes(brand, {"en": {"hello": replace(take, text="Good morning to you.")}})
    found = rules(proving(brand, Told(heard), texts).report(["en"]))
    assert "older_than_text" not in {rule for _, rule, _ in found}


def test_a_language_that_lacks_prompts(brand: Path) -> None:
    text = (brand / "brand.yaml").read_text(encoding="utf-8")
    (brand / "brand.yaml").write_text(f"{text}  nb: {{engine: espeak, voice: nb}}\n", encoding="utf-8")
    (brand / "nb.yaml").write_text('hello: "God morgen, og velkommen."\n', encoding="utf-8")
    report = proving(brand, None).report(["nb"])
    assert {("error", "missing", "menu"), ("error", "missing", "broken")} <= rules(report)


def test_the_report_as_json_text_and_page(brand: Path) -> None:
    opened = proving(brand, Told("good morning and welcome to our lime now"))
    report = opened.report(["en"])
    document = json.loads(json.dumps(as_json(report)))
    assert document["schema"] == "clearline.prompts/1"
    assert document["errors"] == report.count("error") > 0
    assert {each["prompt"] for each in document["prompts"]} == {"hello", "menu", "broken"}
    console = Console(record=True, width=160)
    print_report(report, console)
    told = console.export_text()
    assert "hello (en)" in told and "lime now" in told
    text = page(report, opened.audio, "2026-11-24")
    assert "&lt;b&gt;Press" in text and "<b>Press" not in text
    assert "<mark>lime</mark>" in text
    assert text.count("data:audio/mpeg;base64,") == len(report.proofs)
    assert "http://" not in text and "https://" not in text


def test_the_memory_forgets_what_cannot_be_read(tmp_path: Path) -> None:
    ear, samples = Told("hello"), np.zeros(800, np.float32)
    memory = Memory(tmp_path)
    assert memory.heard(ear, samples, "en") == "hello"
    for file in tmp_path.iterdir():
        file.write_text("{", encoding="utf-8")
    assert memory.heard(ear, samples, "en") == "hello"
    assert ear.listened == 2
    assert memory.heard(ear, samples + np.float32(0.1), "en") == "hello"
    assert ear.listened == 3


def test_a_recogniser_that_repeats_itself_is_noticed() -> None:
    assert loops("а-я-я" * 80)
    assert loops("що на, " * 60)
    assert not loops("To leave a complaint, press 1. To leave a compliment, press 2. To end the call, press 3.")
    assert not loops("")


def test_g711_costs_what_the_recommendation_says() -> None:
    tone = (0.25 * np.sin(2 * np.pi * 1000 * np.arange(8000) / 8000)).astype(np.float32)
    error = through_g711(tone) - tone
    snr_db = 10 * np.log10(float(np.mean(tone**2)) / float(np.mean(error**2)))
    assert 35 < snr_db < 42  # mu-law: about 38 dB for a loud tone


@pytest.mark.engine
def test_the_packaged_ear_hears_a_robot_say_english(tmp_path: Path, brand: Path) -> None:
    (brand / "en.yaml").write_text("hello: Thank you for waiting. To report a fault, press two.\n", encoding="utf-8")
    library = PromptLibrary.open(brand, brand / "cache")
    report = Proving(library, installed_ears(tmp_path), Memory(tmp_path / "heard")).report(["en"])
    found = report.proofs[0].comparison
    assert found is not None and found.word_error_rate <= 0.3
    assert report.languages[0].recognizer == "Whisper tiny.en"
