"""What cannot be said as asked. The sentence never quotes the value: it may be personal, and the sentence is kept."""

from __future__ import annotations


class SayAsError(ValueError):
    """A value is not of the kind that its placeholder says, or the language has no words for it."""
