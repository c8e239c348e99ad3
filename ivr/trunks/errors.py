"""What can be wrong with trunks (the tree is drawn in the package's docstring)."""

from __future__ import annotations


class TrunkError(Exception):
    """A file of trunks that cannot be used; one sentence per line, each with its place and its remedy."""
