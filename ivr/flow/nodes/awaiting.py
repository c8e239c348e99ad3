"""What all nodes share that ask somebody else and wait: words first after half a second, and again every few seconds.

An answer that comes at once is not preceded by words; after that no silence is longer than three seconds.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from ivr.flow.model import Node
from ivr.flow.step import Step

FIRST_WORDS_S = 0.5
NEXT_WORDS_S = 3.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Awaiting(Node):
    """A node that waits for an answer; ``rounds`` of words without one lead to ``unanswered``."""

    unanswered: ClassVar[str] = "error"

    meanwhile: tuple[str, ...]
    waiting: tuple[str, ...]
    rounds: int

    def ask(self, step: Step, serial: int) -> None:
        """Put the question to whoever answers it."""
        raise NotImplementedError

    def enter(self, step: Step) -> None:
        step.phase = "asking"
        if step.preface:
            step.say(self.meanwhile, "asking")
        else:
            step.wait(FIRST_WORDS_S)
        step.pending = step.give_serial()
        self.ask(step, step.pending)

    def prompt_ended(self, step: Step) -> None:
        step.wait(NEXT_WORDS_S)

    def timer(self, step: Step) -> None:
        step.part += 1
        if step.part > self.rounds:
            step.leave(self, self.unanswered)
        elif step.afford():
            step.say(self.meanwhile if step.part == 1 else self.waiting, "asking")

    def digit(self, step: Step, key: str) -> None:
        step.keep_ahead(key)

    def says(self) -> tuple[str, ...]:
        return self.meanwhile + self.waiting
