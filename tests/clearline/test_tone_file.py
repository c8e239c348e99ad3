"""The tone of a brand's folder, read without its prompts."""

from __future__ import annotations

from pathlib import Path

import pytest

from clearline.tone_file import ToneError, read_tone, rules_for
from ivr.prompting.catalog import load_catalog
from ivr.shipped import shipped


@pytest.mark.parametrize("brand", ["clearline", "juniper"])
def test_the_tone_of_shipped_brands_is_what_their_prompts_are_held_to(brand: str) -> None:
    folder = shipped(f"prompts/{brand}")
    whole = load_catalog(folder).brand.tone
    assert read_tone(folder) == {language: tone.rules(language) for language, tone in whole.items()}


def test_a_brand_takes_over_what_it_does_not_say_itself(tmp_path: Path) -> None:
    for name in ("base", "own"):
        (tmp_path / name).mkdir()
    (tmp_path / "base/brand.yaml").write_text("tone: {en: {longest_sentence: 9, avoid: {nope: no}}}", encoding="utf-8")
    own = "extends: ../base\ntone: {en: {avoid: {yep: 'yes'}}, nb: {formality: informal}}"
    (tmp_path / "own/brand.yaml").write_text(own, encoding="utf-8")
    tone = read_tone(tmp_path / "own")
    assert tone["en"].longest_sentence == 9
    assert dict(tone["en"].avoid) == {"nope": "no", "yep": "yes"}
    assert rules_for(tone, "nb-NO") == tone["nb"]
    assert rules_for(tone, "fr") is None


def test_brands_that_extend_each_other_end(tmp_path: Path) -> None:
    (tmp_path / "brand.yaml").write_text("extends: .\ntone: {en: {use: [thanks]}}", encoding="utf-8")
    assert read_tone(tmp_path)["en"].use == ("thanks",)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (None, "no brand here"),
        ("[", "not sound YAML"),
        ("- a", "holds no brand"),
        ("tone: [a]", "no mapping"),
        ("tone: {en: {avoid: [a]}}", r"en\.avoid"),
        ("tone: {en: {lenght: 3}}", r"en\.lenght"),
    ],
)
def test_a_mistake_is_one_sentence(tmp_path: Path, text: str | None, says: str) -> None:
    if text is not None:
        (tmp_path / "brand.yaml").write_text(text, encoding="utf-8")
    with pytest.raises(ToneError, match=says) as told:
        read_tone(tmp_path)
    assert str(told.value).count("\n") == 0
