"""Where the flows and brands that come with the product are: in the installed package, or beside it in a checkout."""

from __future__ import annotations

from pathlib import Path

import clearline

FLOW = "flows/support.yaml"
BRAND = "prompts/clearline"


def shipped(name: str) -> Path:
    """The path of a shipped file or folder, such as ``flows/support.yaml``."""
    package = Path(clearline.__file__).parent
    installed = package / "shipped" / name
    return installed if installed.exists() else package.parent / name
