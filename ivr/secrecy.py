"""What a call's record may not tell: keys, words and requests of ``sensitive`` nodes. Pure."""

from __future__ import annotations

from dataclasses import replace
from typing import TypeVar

from ivr.commands import BookCallback, Command, Lookup
from ivr.events import DigitPressed, SpeechHeard

HIDDEN = "hidden"
Notice = TypeVar("Notice")


def hidden_notice(notice: Notice) -> Notice | DigitPressed | SpeechHeard:
    """The notice without the key or the words of it."""
    if isinstance(notice, DigitPressed):
        return replace(notice, digit=HIDDEN)
    return replace(notice, text=HIDDEN) if isinstance(notice, SpeechHeard) else notice


def fit_to_record(command: Command) -> Command:
    """The command without what it holds of a secret."""
    if isinstance(command, Lookup) and command.sensitive:
        return replace(command, url=HIDDEN, body=HIDDEN)
    return replace(command, number=HIDDEN) if isinstance(command, BookCallback) and command.sensitive else command
