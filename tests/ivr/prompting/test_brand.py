"""Brands: one that extends another, how words are said, sounds, the company's name; and the two that are shipped."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from clearline.tone import ToneRules, breaches, unused
from ivr.prompting.brand import inherited, pronounced
from ivr.prompting.catalog import load_catalog
from ivr.prompting.errors import CatalogError

PROMPTS = Path(__file__).parents[3] / "prompts"
BRANDS = ("clearline", "juniper")


@pytest.fixture
def other(brand: Path) -> Path:
    folder = brand.parent / "other"
    folder.mkdir()
    (brand / "en.yaml").write_text("hello: Good morning from {company}.\nbye: Bye.\n", encoding="utf-8")
    (folder / "brand.yaml").write_text("name: Other\nextends: ../acme\nlevel_dbov: -20.0\n", encoding="utf-8")
    (folder / "en.yaml").write_text("bye: So long, from {company}.\n", encoding="utf-8")
    return folder


def test_a_brand_says_the_texts_of_the_one_it_extends_in_its_own_name(other: Path) -> None:
    catalog = load_catalog(other)
    said = {name: prompt.template.written for name, prompt in catalog.prompts["en"].items()}
    assert said == {"hello": "Good morning from Other.", "bye": "So long, from Other."}
    assert catalog.prompt("hello", "en").template.names == frozenset()
    assert (catalog.brand.level_dbov, catalog.brand.voices["en"].engine) == (-20.0, "espeak")
    assert load_catalog(other.parent / "acme").prompt("hello", "en").template.written == "Good morning from Acme."


def test_recordings_are_in_the_other_voice_and_are_not_taken_over(other: Path) -> None:
    acme = other.parent / "acme"
    (acme / "take.wav").write_bytes(b"RIFF")
    (acme / "en.yaml").write_text("hello: {text: Good morning., file: take.wav}\n", encoding="utf-8")
    assert load_catalog(acme).prompt("hello", "en").file == acme / "take.wav"
    assert load_catalog(other).prompt("hello", "en").file is None


def test_a_voice_that_is_a_file_is_found_from_the_brand_that_extends(other: Path) -> None:
    acme = other.parent / "acme"
    (acme / "voices").mkdir()
    (acme / "brand.yaml").write_text("name: Acme\nvoices: {en: {engine: piper, voice: voices}}\n", encoding="utf-8")
    assert load_catalog(other).brand.voices["en"].voice == str((acme / "voices").resolve())


@pytest.mark.parametrize(
    ("written", "line", "message"),
    [
        ("name: Other\nextends: ../nowhere\n", 2, "extends: there is no brand in .*nowhere: name its folder"),
        ("name: Other\nextends: .\n", 1, "extends: the brands extend each other in a circle"),
        ("name: Other\nextends: ../acme\nvoices: {en: {speed: 9.0}}\n", 3, "voices.en.speed: Input should be less"),
        ("name: Other\nextends: ../acme\nsounds: {hold: hum.ogg}\n", 3, "sounds.hold: the file hum.ogg is not in"),
        ("name: Other\nextends: ../acme\ntone: {English: {}}\n", 3, "tone: 'English' is not a language"),
        ("name: Other\nextends: ../acme\ntone: {en: {formality: stiff}}\n", 3, "tone.en.formality: Input should be"),
    ],
)
def test_mistakes_in_a_brand(other: Path, written: str, line: int, message: str) -> None:
    path = other / "brand.yaml"
    path.write_text(written, encoding="utf-8")
    with pytest.raises(CatalogError, match=f"^{re.escape(str(path))}:{line}: {message}"):
        load_catalog(other)


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("Welcome to Blue Harbor.", "Welcome to Blu Harbr."),
        ("BLUE HARBOR's offer", "Blu Harbr's offer"),
        ("Blue Harbor Energy and blue sky", "Blu Harbr Enerdzhee and blue sky"),
        ("Blueharbor, harbored", "Blueharbor, harbored"),
        ("Spauskite 1. Spauskite 12.", "spauskite vieną. Spauskite 12."),
    ],
)
def test_words_are_written_as_they_are_said(text: str, said: str) -> None:
    lexicon = {
        "Blue Harbor": "Blu Harbr",
        "Blue Harbor Energy": "Blu Harbr Enerdzhee",
        "spauskite 1": "spauskite vieną",
    }
    assert pronounced(text, lexicon) == said


@given(st.text(max_size=40))
def test_without_words_of_the_lexicon_a_text_is_said_as_written(text: str) -> None:
    assert pronounced(text, {}) == text
    assert pronounced(text, {"qqqq": "x"}) == text or "qqqq" in text.casefold()


def test_keys_are_joined_and_own_ones_win() -> None:
    base = {
        "name": "A",
        "extends": "..",
        "voices": {"en": {"engine": "espeak", "voice": "en"}},
        "sounds": {"hold": "x"},
    }
    own = {"name": "B", "voices": {"en": {"voice": "us"}, "uk": {"engine": "espeak", "voice": "uk"}}}
    voices = {"en": {"engine": "espeak", "voice": "us"}, "uk": {"engine": "espeak", "voice": "uk"}}
    assert inherited(own, base) == {"name": "B", "voices": voices}


@pytest.mark.parametrize("brand", BRANDS)
def test_the_shipped_brands_keep_their_own_tone(brand: str) -> None:
    catalog = load_catalog(PROMPTS / brand)
    assert set(catalog.brand.tone) == set(catalog.prompts) == {"en", "uk", "ru", "nb", "ro", "lt"}
    for language, tone in catalog.brand.tone.items():
        rules = ToneRules(language, tone.formality, tone.longest_sentence, tone.use, tone.avoid)
        texts = {name: prompt.template.written for name, prompt in catalog.prompts[language].items()}
        assert {name: found for name, text in texts.items() if (found := breaches(text, rules))} == {}
        assert unused(texts.values(), rules) == ()


def test_the_second_brand_never_says_the_name_or_the_business_of_the_first() -> None:
    for prompts in load_catalog(PROMPTS / "juniper").prompts.values():
        said = " ".join(prompt.template.written for prompt in prompts.values())
        assert "Juniper Mobile" in said and "Blue Harbor" not in said
        assert not re.search(r"\bgas\b|газ|gass|dujų", said)
