"""docs/prompts.md says what is so."""

from __future__ import annotations

import re
from pathlib import Path

from ivr.prompting.catalog import load_catalog
from ivr.prompting.engines import BUILT_IN
from ivr.prompting.sayas import FORMS, KINDS
from ivr.prompting.sayas.guide import EXAMPLES, lines

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
    for name in ("goodbye", "due_part1", "due_part2"):
        (acme / "recorded" / f"{name}.wav").touch()
    catalog = load_catalog(acme)
    assert set(catalog.prompts["en"]) == {"welcome", "balance", "goodbye", "due"}
    assert catalog.prompt("due", "en").recorded
    assert catalog.brand.tone["en"].avoid == {"no problem": "you are welcome"}


def test_every_engine_and_kind_is_listed() -> None:
    voices = GUIDE.partition("## Voices")[2].partition("\n## ")[0]
    assert re.findall(r"^\| `(\w+)`", voices, re.MULTILINE) == list(BUILT_IN)


def test_every_kind_of_value_is_told_with_its_forms() -> None:
    rows = re.findall(r"^\| ((?:`\w+`(?:, )?)+)(?: \(unless written\))? \|[^|]*\|([^|]*)\|$", GUIDE, re.MULTILINE)
    told = {kind: re.findall(r"`(\w+)`", forms) for kinds, forms in rows for kind in re.findall(r"`(\w+)`", kinds)}
    assert {kind: tuple(told.get(kind, ["missing"])) for kind in KINDS} == dict(FORMS)


def test_the_table_of_words_is_what_is_said() -> None:
    assert "\n".join(lines()) in GUIDE
    assert {written.partition("/")[0] for written, _ in EXAMPLES} == set(KINDS) - {"text"}


def test_licences_are_stated() -> None:
    assert all(licence in GUIDE for licence in ("Apache-2.0", "MIT", "GPL-3.0-or-later", "CC0"))
