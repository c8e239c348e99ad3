"""Settings: nearest wins, and a mistake is named."""

from pathlib import Path

import pytest

from clearline.settings import SettingsError, load_settings


@pytest.fixture(autouse=True)
def clean_place(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("CLEARLINE_CONFIG", "CLEARLINE_CALLS", "VOSK_MODEL"):
        monkeypatch.delenv(name, raising=False)
    return tmp_path


def test_defaults_stand_in_one_place():
    assert load_settings().line.bind == "127.0.0.1:5060"
    assert load_settings().calls == Path("calls")


def test_options_win_over_environment_over_file(clean_place, monkeypatch):
    (clean_place / "clearline.toml").write_text('calls = "from-file"\n[line]\nbind = "127.0.0.1:5080"\n')
    assert load_settings().calls == Path("from-file")
    monkeypatch.setenv("CLEARLINE_CALLS", "from-environment")
    assert load_settings().calls == Path("from-environment")
    assert load_settings(calls=Path("option")).calls == Path("option")
    assert load_settings(calls=None).calls == Path("from-environment")
    assert load_settings().line.bind == "127.0.0.1:5080"


def test_vosk_model_has_its_customary_name(monkeypatch):
    monkeypatch.setenv("VOSK_MODEL", "/models/vosk-en")
    assert load_settings().vosk_model == Path("/models/vosk-en")


def test_targets_are_a_table(clean_place):
    (clean_place / "clearline.toml").write_text('[line.targets]\nservice = "sip:200@127.0.0.1:5070"\n')
    assert load_settings().line.targets == {"service": "sip:200@127.0.0.1:5070"}


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("call = 'x'", "'call': Extra inputs"),
        ("[line]\nbind = 3", r"'line\.bind'"),
        ("calls = ", "not TOML"),
    ],
)
def test_a_mistake_is_named(clean_place, text, says):
    (clean_place / "clearline.toml").write_text(text)
    with pytest.raises(SettingsError, match=says) as caught:
        load_settings()
    assert "clearline.toml" in str(caught.value)


def test_a_named_file_must_exist(monkeypatch):
    monkeypatch.setenv("CLEARLINE_CONFIG", "/nowhere/x.toml")
    with pytest.raises(SettingsError, match="no such file"):
        load_settings()
