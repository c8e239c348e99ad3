"""Characters that no voice can say: refused with their place, unless the brand tells how they are said."""

from __future__ import annotations

from pathlib import Path

import pytest

from ivr.prompting.catalog import load_catalog
from ivr.prompting.characters import unsayable
from ivr.prompting.errors import CatalogError
from tests.ivr.prompting.fakes import BRAND


@pytest.mark.parametrize(
    ("text", "language", "odd"),
    [
        ("Good morning.", "en", None),
        ("Café, naïve, №5? – “Yes”… 20 °C, €5", "en", None),
        ("Blue Harbor Energy вітає вас.", "uk", None),
        ("Для п’яти об'єктів: їжа, ґанок", "uk", None),
        ("Ačiū, kad laukėte", "lt", None),
        ("Vă mulțumim", "ro", None),
        ("你好", "zh", None),
        ("Hello 漢字", "en", "漢"),
        ("Hello Привіт", "en", "П"),
        ("Привіт שלום", "uk", "ש"),
        ("Thank you 😀", "en", "😀"),
        ("Well done ✓", "nb", "✓"),
        ("private \ue000", "en", "\ue000"),
    ],
)
def test_which_characters_a_voice_can_say(text: str, language: str, odd: str | None) -> None:
    assert unsayable(text, language) == odd


def test_a_strange_letter_is_refused_with_its_line(brand: Path) -> None:
    (brand / "en.yaml").write_text("hello: Good morning.\nbye:\n  note: x\n  text: Bye, 漢.\n", encoding="utf-8")
    with pytest.raises(CatalogError, match=r"en\.yaml:4: bye: no voice of 'en' can say '漢' \(U\+6F22\)"):
        load_catalog(brand)


def test_the_pronunciation_makes_it_sayable(brand: Path) -> None:
    (brand / "en.yaml").write_text("bye: Goodbye from 漢.\n", encoding="utf-8")
    (brand / "brand.yaml").write_text(BRAND + "pronunciation: {en: {漢: Han}}\n", encoding="utf-8")
    assert load_catalog(brand).prompt("bye", "en").template.written == "Goodbye from 漢."


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("word " * 2000, r"en\.yaml:1: hello\.text: the text has 10000 characters, more than 2000: split it"),
        ("You owe {sum:gold}.", r"en\.yaml:1: hello: \{sum:gold\} has an unknown kind; the kinds are"),
        ("You owe {Sum}.", r"en\.yaml:1: hello: \{Sum\} is not a placeholder"),
        ("You owe {sum", r"en\.yaml:1: hello: A single \{ stands alone"),
    ],
)
def test_texts_that_cannot_be_used(brand: Path, text: str, told: str) -> None:
    (brand / "en.yaml").write_text(f'hello: "{text}"\n', encoding="utf-8")
    with pytest.raises(CatalogError, match=told):
        load_catalog(brand)
