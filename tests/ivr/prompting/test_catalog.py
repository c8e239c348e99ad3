"""Brand and catalogue files: what is read, and every mistake with its line."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from ivr.prompting.catalog import load_catalog
from ivr.prompting.errors import CatalogError, UnknownPrompt
from tests.ivr.prompting.fakes import BRAND

SHIPPED = Path(__file__).parents[3] / "prompts" / "clearline"


def refused(folder: Path, file: str, line: int | None, message: str) -> None:
    where = f"{folder / file}:{line}: " if line else f"{folder / file}"
    with pytest.raises(CatalogError, match=f"^{re.escape(where)}.*{message}") as caught:
        load_catalog(folder)
    assert "\n" not in str(caught.value)


def test_a_brand_is_read(brand: Path) -> None:
    (brand / "en.yaml").write_text('a: Hello.\nb:\n  text: "Bye {name}."\n  note: warm\n', encoding="utf-8")
    catalog = load_catalog(brand)
    assert catalog.brand.name == "Acme"
    assert catalog.brand.pauses.sentence == 0.35
    assert catalog.brand.voices["en"].engine == "espeak"
    assert catalog.prompt("a", "en").template.parts == ("Hello.",)
    assert catalog.prompt("b", "en").template.names == {"name"}
    assert catalog.prompt("b", "en").note == "warm"


def test_yaml_is_read_as_version_1_2(brand: Path) -> None:
    (brand / "brand.yaml").write_text(BRAND + "  no:\n    engine: espeak\n    voice: nb\n", encoding="utf-8")
    (brand / "no.yaml").write_text("off: Hei.\n", encoding="utf-8")
    assert load_catalog(brand).prompt("off", "no").language == "no"


@pytest.mark.parametrize(
    ("text", "line", "message"),
    [
        ("a: Hello.\nb: [x\n", 3, "this is not YAML"),
        ("a: Hello.\na: Again.\n", 2, "this is not YAML: found duplicate key"),
        ("- a\n- b\n", 1, "expected a mapping"),
        ("", 1, "expected a mapping"),
        ("a: Hello.\nBig Name: Hello.\n", 2, "'Big Name' is not a prompt id"),
        ("a: Hello.\nb: 12\n", 2, "b: expected a mapping"),
        ("a: Hello.\nb:\n  note: x\n", 2, "b.text: this key is missing: add it"),
        ("a:\n  text: Hello.\n  txet: x\n", 3, "a.txet: this key is not known here: check its spelling"),
        ("a:\n  note: x\n  text: 12\n", 3, "a.text: Input should be a valid string"),
        ("a: Hello.\n\nb: ' ... '\n", 3, "b.text: the text has no words"),
        ("a:\n  text: " + "word " * 2000 + "\n", 2, "a.text: the text has 9999 characters, more than 2000"),
        ('a: Hello.\nb: "Hi\\a there"\n', 2, r"unspeakable character U\+0007"),
        ("a:\n  note: x\n  text: Hi {name\n", 3, "a: A single { stands alone"),
        ("a: Hello.\nb: Pay {x:gold}.\n", 2, r"b: \{x:gold\} has an unknown kind"),
        ("a:\n  text: Hi.\n  file: take.wav\n", 3, "a: the recorded file take.wav is not in"),
    ],
)
def test_a_mistake_in_a_catalogue_is_named_with_its_line(brand: Path, text: str, line: int, message: str) -> None:
    (brand / "en.yaml").write_text(text, encoding="utf-8")
    refused(brand, "en.yaml", line, message)


@pytest.mark.parametrize(
    ("old", "new", "line", "message"),
    [
        (
            "engine: espeak",
            "engine: robot",
            7,
            "voices.en.engine: there is no engine 'robot': use hibari, piper, espeak",
        ),
        ("speed: 1", "speed: 9", 9, "voices.en.speed: Input should be less than or equal to 2"),
        ("speed: 1", "sped: 1", 9, "voices.en.sped: this key is not known"),
        ("350ms", "soon", 4, "pauses.sentence: 'soon' is not a length of time: write 350ms or 0.4s"),
        ("level_dbov: -24", "level_dbov: loud", 2, "level_dbov: Input should be a valid number"),
        ("name: Acme\n", "", 1, "name: this key is missing"),
        ("  en:\n", "  english:\n", 5, "'english' is not a language"),
    ],
)
def test_a_mistake_in_a_brand_is_named_with_its_line(brand: Path, old: str, new: str, line: int, message: str) -> None:
    (brand / "brand.yaml").write_text(BRAND.replace(old, new), encoding="utf-8")
    refused(brand, "brand.yaml", line, message)


def test_a_language_without_a_voice_is_refused(brand: Path) -> None:
    (brand / "lt.yaml").write_text("hello: Labas.\n", encoding="utf-8")
    refused(brand, "lt.yaml", 1, "brand.yaml names no voice for 'lt'")


def test_files_that_are_not_there(brand: Path, tmp_path: Path) -> None:
    refused(tmp_path / "nowhere", "", None, "no such brand folder")
    (brand / "en.yaml").unlink()
    refused(brand, "", None, "no catalogue beside brand.yaml")
    (brand / "brand.yaml").unlink()
    refused(brand, "brand.yaml", None, "cannot be read")


def test_a_file_that_is_not_utf8(brand: Path) -> None:
    (brand / "en.yaml").write_bytes("a: Grüße\n".encode("latin-1"))
    refused(brand, "en.yaml", 1, "not UTF-8")


def test_an_unknown_prompt_or_language_is_named(brand: Path) -> None:
    catalog = load_catalog(brand)
    with pytest.raises(UnknownPrompt, match=r"en\.yaml has no prompt 'hallo'"):
        catalog.prompt("hallo", "en")
    with pytest.raises(UnknownPrompt, match="no prompts in 'xx', only in en"):
        catalog.prompt("hello", "xx")


def test_the_shipped_brand_is_sound() -> None:
    catalog = load_catalog(SHIPPED)
    assert catalog.brand.level_dbov == -24
    assert catalog.prompts["en"]
