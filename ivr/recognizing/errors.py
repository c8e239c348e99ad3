"""What can be wrong with a recogniser (drawn in the package's docstring)."""

from __future__ import annotations


class RecognizerMissing(Exception):
    """There is no model to recognise speech with, or it does not load; one sentence with the remedy."""
