"""What every measure may rely on: the checks of a conversation and of a threshold."""

from __future__ import annotations

import math

from speechqa.conversation import PARTIES, Conversation


def validate(conversation: Conversation) -> None:
    """Raise ValueError with one sentence when the conversation contradicts itself (times in seconds)."""
    if not (math.isfinite(conversation.duration_s) and conversation.duration_s >= 0):
        raise ValueError(f"a conversation lasts a finite time of at least 0 s, not {conversation.duration_s}")
    for party in conversation.speech:
        if party not in PARTIES:
            raise ValueError(f"speech of {party!r}: the parties of a call are {' and '.join(PARTIES)}")
    for word in conversation.words:
        if not (math.isfinite(word.start_s) and math.isfinite(word.end_s) and word.start_s <= word.end_s):
            raise ValueError(f"the word {word.text!r} cannot last from {word.start_s} to {word.end_s} s")


def validate_positive(**thresholds: float) -> None:
    """Raise ValueError naming the first threshold that is not a finite number above 0."""
    for name, value in thresholds.items():
        if not (math.isfinite(value) and value > 0):
            raise ValueError(f"{name} must be above 0, not {value}")
