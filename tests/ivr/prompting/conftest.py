"""A small brand folder to write mistakes into, and a voice that loads nothing."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.ivr.prompting.fakes import BRAND


@pytest.fixture
def brand(tmp_path: Path) -> Path:
    """A brand folder with a brand.yaml that speaks English by espeak, the lightest engine."""
    folder = tmp_path / "acme"
    folder.mkdir()
    (folder / "brand.yaml").write_text(BRAND, encoding="utf-8")
    (folder / "en.yaml").write_text("hello: Good morning.\n", encoding="utf-8")
    return folder
