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
    brand, more, catalogue = BLOCKS[:3]
    acme, other = tmp_path / "acme", tmp_path / "other"
    for folder, written in ((other, brand), (acme, brand + more)):
        (folder / "sounds").mkdir(parents=True)
        (folder / "sounds" / "earcon.ogg").touch()
        (folder / "sounds" / "hold.ogg").touch()
        (folder / "brand.yaml").write_text(written, encoding="utf-8")
    (other / "en.yaml").write_text("goodbye: Goodbye.\n", encoding="utf-8")
    (acme / "en.yaml").write_text(catalogue, encoding="utf-8")
    (acme / "recorded").mkdir()
    (acme / "recorded" / "balance.wav").touch()
    catalog = load_catalog(acme)
    assert set(catalog.prompts["en"]) == {"welcome", "balance", "goodbye"}
    assert catalog.brand.tone["en"].avoid == {"no problem": "you are welcome"}


def test_every_engine_and_kind_is_listed() -> None:
    assert re.findall(r"^\| `(\w+)`", GUIDE, re.MULTILINE) == list(ENGINES)
    assert all(f"`{kind}`" in GUIDE for kind in KINDS)


def test_licences_are_stated() -> None:
    assert all(licence in GUIDE for licence in ("Apache-2.0", "MIT", "GPL-3.0-or-later", "CC0"))
