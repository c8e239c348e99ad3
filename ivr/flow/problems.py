"""What can be wrong with a flow file, said so that its author can put it right.

::

    FlowError            a file is not a flow; ``problems`` says everything that is wrong with it
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Literal

Severity = Literal["error", "warning"]


@dataclass(frozen=True, slots=True, order=True)
class Problem:
    """One thing to put right. ``line`` and ``column`` count from 1; ``node`` is empty for the file as a whole."""

    file: str
    line: int
    column: int
    node: str
    severity: Severity
    what: str
    why: str
    remedy: str

    def __str__(self) -> str:
        """One line: where, how bad, what, why, and the remedy."""
        where = f"node '{self.node}': " if self.node else ""
        why = f" {_sentence(self.why)}" if self.why else ""
        place = f"{self.file}:{self.line}:{self.column}"
        stop = "" if self.remedy.endswith("?") else "."
        return f"{place}: {self.severity}: {where}{self.what}.{why} Fix: {self.remedy}{stop}"


class FlowError(Exception):
    """A file cannot be used as a flow."""

    def __init__(self, problems: Sequence[Problem]) -> None:
        self.problems = tuple(sorted(problems))
        super().__init__("\n".join(str(problem) for problem in self.problems))


def did_you_mean(word: str, known: Iterable[str]) -> str:
    """``did you mean 'main'?``, or the choices where nothing is near; empty when there is nothing to choose."""
    choices = list(known)
    near = get_close_matches(word, choices, n=1, cutoff=0.6)
    if near:
        return f"did you mean '{near[0]}'?"
    shown = ", ".join(choices[:12])
    return f"choose one of: {shown}{', ...' if len(choices) > 12 else ''}" if choices else ""


def _sentence(text: str) -> str:
    return text[0].upper() + text[1:] + "."
