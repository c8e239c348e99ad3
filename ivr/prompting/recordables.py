"""What a voice artist records of a prompt: all of it, or the pieces between its values. Pure.

The name of a piece, ``balance_part2``, is that of its file and of its note in ``takes.json``.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

from ivr.prompting.catalog import Prompt
from ivr.prompting.joints import pieces

WHOLE = 0


@dataclass(frozen=True, slots=True)
class Recordable:
    """One take: its name, whose it is, the number of the piece (``WHOLE`` for all of it), what is read, its file."""

    name: str
    prompt: str
    number: int
    text: str
    file: Path | None = None


def recordables(prompt: Prompt) -> tuple[Recordable, ...]:
    """The takes of a prompt; none of a text that is only values."""
    if not prompt.template.names:
        return (Recordable(prompt.id, prompt.id, WHOLE, prompt.template.written, prompt.file),)
    return tuple(
        Recordable(f"{prompt.id}_part{number}", prompt.id, number, text, prompt.pieces.get(number))
        for number, text in enumerate(pieces(prompt.template), start=1)
    )


def of_all(prompts: Iterable[Prompt]) -> dict[str, Recordable]:
    """By their names; a prompt that is called like a piece of another goes first."""
    every = [each for prompt in prompts for each in recordables(prompt)]
    return {each.name: each for each in sorted(every, key=lambda each: each.number == WHOLE)}
