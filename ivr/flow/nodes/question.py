"""What all questions share: asking, listening, no-input and no-match counted apart, the give-up, type-ahead, barge-in.

A question says its prompts and then listens for ``no_input`` seconds. A key counts from the first word on when
``barge_in`` is true, and after the last word otherwise (keys pressed before are kept and used then). The n-th no-input
is met with the n-th of ``no_input_says`` and the question again, the n-th no-match likewise; the ``tries``-th of either
goes out by the exit ``no_input`` or ``no_match``. An answer may have several keys; the next one is awaited for
``inter_digit`` seconds.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import ClassVar, Literal

from ivr.flow.model import Node
from ivr.flow.policy import REPEAT
from ivr.flow.step import GAVE_UP, Step

LONGEST_SPOKEN_S = 20.0
"""Within this time words that have begun are over and understood; then the caller counts as silent."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Question(Node):
    """A node that waits for keys. ``answers`` maps them to exits; ``ends_with`` is the key that ends an answer."""

    takes_anywhere: ClassVar[bool] = True
    waits: ClassVar[bool] = True
    takes_ahead: ClassVar[bool] = True

    prompts: tuple[str, ...]
    answers: Mapping[str, str]
    ends_with: str = ""

    def answer(self, step: Step, exit: str) -> None:
        """One of the answers was given."""
        step.leave(self, exit)

    def gives_up(self, step: Step, reason: Literal["no_input", "no_match"]) -> None:
        """No answer was to be had."""
        if reason in self.exits:
            step.leave(self, reason)
        else:
            step.give_up(reason)

    def enter(self, step: Step) -> None:
        if not self.takes_ahead:
            step.ahead = ""
        if step.ahead and self._understands(step, step.ahead[0]):
            self._hear_ahead(step)
        else:
            step.ahead = ""
            self.put(step)

    def put(self, step: Step) -> None:
        """Put the question."""
        step.say(self.prompts)

    def collecting(self, step: Step) -> bool:
        """Whether an answer has begun and is not complete."""
        return bool(step.input)

    def prompt_ended(self, step: Step) -> None:
        step.phase = "listening"
        if step.ahead:
            self._hear_ahead(step)
        else:
            step.wait(self.policy.inter_digit_s if self.collecting(step) else self.policy.no_input_s)

    def digit(self, step: Step, key: str) -> None:
        if step.phase == "saying" and not self.policy.barge_in:
            step.keep_ahead(key)
            return
        step.hush()
        step.cancel_wait()
        self._hear(step, key)

    def speaking(self, step: Step) -> None:
        """Fall silent and let the caller finish; keys that are under way are not disturbed."""
        if self.collecting(step) or (step.phase == "saying" and not self.policy.barge_in):
            return
        step.hush()
        step.phase = "listening"
        step.wait(LONGEST_SPOKEN_S)

    def nothing_said(self, step: Step) -> None:
        """What seemed to be speech held no words: wait on."""
        if step.phase == "listening" and not self.collecting(step):
            step.wait(self.policy.no_input_s)

    def timer(self, step: Step) -> None:
        if self.collecting(step):
            self._complete(step, step.input)
        else:
            step.no_inputs += 1
            self._retry(step, "no_input", step.no_inputs, self.policy.no_input_says)

    def says(self) -> tuple[str, ...]:
        last = () if "no_input" in self.exits else (GAVE_UP,)
        return self.prompts + self.policy.no_input_says + self.policy.no_match_says + last

    def can_end(self) -> bool:
        return "no_input" not in self.exits

    def _understands(self, step: Step, key: str) -> bool:
        return self._begins_an_answer(key) or self.jump(step, key) is not None

    def _begins_an_answer(self, keys: str) -> bool:
        return any(answer.startswith(keys) for answer in self.answers)

    def _may_go_on(self, keys: str) -> bool:
        return any(answer != keys and answer.startswith(keys) for answer in self.answers)

    def _hear_ahead(self, step: Step) -> None:
        key, step.ahead = step.ahead[0], step.ahead[1:]
        self._hear(step, key)
        if step.input and step.ahead:
            self._hear_ahead(step)

    def _hear(self, step: Step, key: str) -> None:
        keys = step.input + key
        if step.input and key == self.ends_with:
            self._complete(step, step.input)
        elif keys in self.answers and not self.ends_with and not self._may_go_on(keys):
            self._complete(step, keys)
        elif self._begins_an_answer(keys):
            step.input = keys
            self._await_next_key(step)
        elif step.input:
            self._complete(step, keys)
        else:
            self._jump(step, key)

    def _await_next_key(self, step: Step) -> None:
        step.phase = "listening"
        if not step.ahead:
            step.wait(self.policy.inter_digit_s)

    def _complete(self, step: Step, keys: str) -> None:
        step.input = ""
        exit = self.answers.get(keys)
        if exit is not None:
            self.answer(step, exit)
        else:
            self._mistake(step)

    def _jump(self, step: Step, key: str) -> None:
        target = self.jump(step, key)
        if target is None:
            self._mistake(step)
        elif target != REPEAT:
            self.go(step, key, target)
        elif step.afford():
            self.put(step)

    def _mistake(self, step: Step) -> None:
        step.no_matches += 1
        self._retry(step, "no_match", step.no_matches, self.policy.no_match_says)

    def _retry_from(self, step: Step) -> None:
        step.input = ""

    def _retry(self, step: Step, reason: Literal["no_input", "no_match"], time: int, says: tuple[str, ...]) -> None:
        step.ahead = ""
        self._retry_from(step)
        step.say_first(says[min(time, len(says)) - 1])
        if time >= self.policy.tries:
            self.gives_up(step, reason)
        elif step.afford():
            self.put(step)
