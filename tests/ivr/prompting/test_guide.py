"""docs/prompts.md says what is so."""

from __future__ import annotations

import re
from pathlib import Path

from ivr.prompting.catalog import load_catalog
from ivr.prompting.placeholders import KINDS
from ivr.prompting.synthesize import ENGINES

GUIDE = (Path(__file__).parents[3] / "docs" / "prompts.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"```yaml\n(.*?)```", GUIDE, re.DOTALL)


def test_the_examples_are_a_brand(tmp_path: Path) -> None:
    brand, catalogue = BLOCKS[:2]
    (tmp_path / "brand.yaml").write_text(brand, encoding="utf-8")
    (tmp_path / "en.yaml").write_text(catalogue, encoding="utf-8")
    (tmp_path / "recorded").mkdir()
    (tmp_path / "recorded" / "balance.wav").touch()
    assert set(load_catalog(tmp_path).prompts["en"]) == {"welcome", "balance"}


def test_every_engine_and_kind_is_listed() -> None:
    assert re.findall(r"^\| `(\w+)`", GUIDE, re.MULTILINE) == list(ENGINES)
    assert all(f"`{kind}`" in GUIDE for kind in KINDS)


def test_licences_are_stated() -> None:
    assert all(licence in GUIDE for licence in ("Apache-2.0", "MIT", "GPL-3.0-or-later", "CC0"))
