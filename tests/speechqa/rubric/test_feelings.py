"""The lexicons of feelings: sound by their own check, read with the words of their language, the same in every one."""

from __future__ import annotations

from pathlib import Path

import pytest

from speechqa.rubric.check import check_paths
from speechqa.rubric.load import EMOTION, SHIPPED, RubricError, languages, load_lexicon, read_lexicon

FILES = sorted((SHIPPED / EMOTION).glob("*.yaml"))


def test_every_language_has_one_and_all_are_sound() -> None:
    assert [file.stem for file in FILES] == list(languages())
    assert check_paths(FILES) == []


@pytest.mark.parametrize("file", FILES, ids=lambda file: file.stem)
def test_every_rule_has_examples_and_selling_has_its_advice(file: Path) -> None:
    own, whole = read_lexicon(file), load_lexicon(file.stem)
    assert set(own.rules) < set(whole.rules) and "anger" in own.rules and "reproach" not in own.rules
    assert [rule.id for rule in own.rules.values() if len(rule.match) < 4 or len(rule.no_match) < 4] == []
    assert whole.rules["upsell"].why and whole.rules["upsell"].say_instead
    assert own.spellings == whole.spellings


def test_what_a_lexicon_extends_must_be_one_of_its_language_by_itself(tmp_path: Path) -> None:
    (tmp_path / "en.yaml").write_text((SHIPPED / "en.yaml").read_text("utf-8"), "utf-8")
    (tmp_path / "uk.yaml").write_text("language: uk\nextends: en.yaml\nphrases: {}\n", "utf-8")
    with pytest.raises(RubricError, match=r"en\.yaml is no lexicon of the language 'uk'"):
        read_lexicon(tmp_path / "uk.yaml")
    (tmp_path / "own.yaml").write_text("language: en\nextends: none.yaml\nphrases: {}\n", "utf-8")
    with pytest.raises(RubricError, match=r"none\.yaml cannot be read"):
        read_lexicon(tmp_path / "own.yaml")
