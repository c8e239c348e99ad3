"""What became of a test of a flow, and how it is told in one line."""

from __future__ import annotations

from dataclasses import dataclass

from ivr.flow.testing.script import FlowTest, Step

SHOWN = 8


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of one test. ``step`` and ``why`` are the first step that did not hold, and what was there instead.

    ``path`` are the nodes in order, ``exits`` pairs of node and exit, ``heard`` the prompts, ``length_s`` the length of
    the call in virtual seconds.
    """

    test: FlowTest
    step: Step | None
    why: str
    path: tuple[str, ...]
    exits: tuple[tuple[str, str], ...]
    heard: tuple[str, ...]
    languages: frozenset[str]
    length_s: float

    @property
    def passed(self) -> bool:
        """Whether every step held."""
        return self.step is None

    def told(self, file: str) -> str:
        """One line: where, which test, what was wrong, and the call so far."""
        at = f"{file}:{self.step.line}:{self.step.column}" if self.step else f"{file}:{self.test.line}"
        shown = self.heard[-SHOWN:]
        heard = (", ..., " if len(self.heard) > SHOWN else "") + ", ".join(shown) or "nothing"
        return (
            f"{at}: test '{self.test.name}': {self.why}. "
            f"The call went {' > '.join(self.path) or 'nowhere'}; heard: {heard.removeprefix(', ')}."
        )
