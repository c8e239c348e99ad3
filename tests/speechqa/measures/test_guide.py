from __future__ import annotations

from pathlib import Path

import pytest

from speechqa.measures import guide

PAGE = Path(__file__).parents[3] / "docs" / "measures.md"
MEASURES = Path(guide.__file__).parent


def test_the_page_says_what_the_measures_say() -> None:
    assert PAGE.read_text(encoding="utf-8") == guide.guide(), (
        "run: python -m speechqa.measures.guide > docs/measures.md"
    )


@pytest.mark.parametrize("module", [module for module, _ in guide.PAGES])
def test_every_measure_has_its_definition_and_source(module: str) -> None:
    text = guide.guide().split(f"`{module}`. ")[1].split("\n## ")[0]
    assert "**Definition.**" in text
    if module.startswith("speechqa.measures.") and not module.endswith((".spoken",)):
        assert "**Source.**" in text


def test_every_measure_is_on_the_page() -> None:
    files = {f"speechqa.measures.{path.stem}" for path in MEASURES.glob("*.py")}
    others = {"speechqa.measures.__init__", "speechqa.measures.inputs", "speechqa.measures.guide"}
    assert files - others <= {module for module, _ in guide.PAGES}
