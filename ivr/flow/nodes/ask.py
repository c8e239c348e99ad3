"""``{ask: account_number, digits: 7, next: balance}``: ask for something to be keyed in, and keep it in a variable.

The variable is called like the node unless ``into`` names it. ``confirm`` reads the answer back (its prompt has a gap
``{value}``): 1 is right, 2 is asked again. The answer ends at its greatest length, with ``ends_with``, or after
``inter_digit`` seconds. A ``sensitive`` answer is never said, recorded or logged, and no key pressed ahead is
part of it.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from types import MappingProxyType
from typing import Annotated, ClassVar

from pydantic import BeforeValidator, model_validator

from ivr.flow.forms import LENGTHS, VALUES, Form, FormKind, Order
from ivr.flow.model import Node
from ivr.flow.nodes.base import Exit, Plan, SpeakingSchema, Variable
from ivr.flow.nodes.question import Question
from ivr.flow.policy import REPEAT
from ivr.flow.problems import did_you_mean
from ivr.flow.schema import Asking, Flag, Key, Name, NodeName, Prompts, refuse, shape
from ivr.flow.step import Step
from ivr.flow.values import Value

CONFIRMING = 1
_RANGE = re.compile(r"(\d{1,9})(?:-(\d{1,9}))?")


def read_range(value: object) -> tuple[int, int]:
    """``7`` or ``4-8``."""
    found = _RANGE.fullmatch(value) if isinstance(value, str) else None
    low = int(found[1]) if found else 1
    high = int(found[2] or found[1]) if found else 0
    if low > high:
        refuse(f"expected a number or a range, found {shape(value)}", "write as in 7 or 4-8, the lower one first")
    return low, high


def read_form(value: object) -> object:
    """One of the kinds of answers."""
    if value not in LENGTHS:
        refuse(f"{shape(value)} is no kind of answer", did_you_mean(str(value), LENGTHS))
    return value


def read_order(value: object) -> object:
    """How a date is keyed in."""
    if value not in ("dmy", "mdy", "ymd"):
        refuse(f"{shape(value)} is no order of a date", "write dmy, mdy or ymd")
    return value


Range = Annotated[tuple[int, int], BeforeValidator(read_range)]


class AskSchema(SpeakingSchema, Asking):
    """A question for something as written."""

    kind: ClassVar[str] = "ask"

    ask: Prompts
    form: Annotated[FormKind, BeforeValidator(read_form)] = "digits"
    digits: Range | None = None
    range: Range | None = None
    order: Annotated[Order, BeforeValidator(read_order)] = "dmy"
    ends_with: Key = "#"
    into: Name | None = None
    confirm: Prompts | None = None
    sensitive: Flag = False
    next: NodeName | None = None
    yes: NodeName | None = None
    no: NodeName | None = None

    @model_validator(mode="after")
    def _words_that_go_together(self) -> AskSchema:
        asks_yes_no = self.form == "yes_no"
        if asks_yes_no and not ((self.yes and self.no) or self.next):
            refuse("a yes-no question needs 'yes' and 'no', or 'next'", "add `yes: <node>` and `no: <node>`")
        if not asks_yes_no and (self.next is None or self.yes or self.no):
            remedy = "add `next: <node>`" if self.next is None else "remove 'yes' and 'no'"
            refuse("an ask node has one way on, 'next'; only yes_no has 'yes' and 'no'", remedy)
        if self.digits is not None and (
            self.form not in ("digits", "phone") or not 1 <= self.digits[0] or self.digits[1] > 20
        ):
            refuse("'digits' counts the keys of digits and phone numbers, 1 to 20", "use `range` for a number's bounds")
        if self.range is not None and self.form != "number":
            refuse("'range' bounds a number", "add `form: number`, or count the keys with `digits`")
        if self.sensitive and (self.confirm or self.form == "speech"):
            why = "what is said aloud can be overheard and is recorded"
            refuse("a sensitive answer cannot be read back or spoken", "remove `confirm`", why)
        if self.ends_with in "0123456789" or (self.form == "money" and self.ends_with == "*"):
            refuse(f"'{self.ends_with}' is part of an answer and cannot end it", "write ends_with: '#'")
        return self

    def exits(self) -> tuple[Exit, ...]:
        ways = (("next", self.next), ("yes", self.yes), ("no", self.no))
        return tuple(Exit(way, target, (way,)) for way, target in ways if target is not None)

    def variables(self, name: str) -> Mapping[str, Variable]:
        kind = VALUES.get(self.form, "text")
        return {self.into or name: Variable(kind, ("into",) if self.into else ("ask",), "", self.sensitive)}

    def build(self, name: str, plan: Plan) -> Node:
        exits, give_up = dict(self.exit_map()), plan.policy.give_up
        if give_up is not None and give_up != name:
            exits |= {"no_input": give_up, "no_match": give_up}
        least, most = self.digits or LENGTHS[self.form]
        low, high = self.range or (0, 999_999_999)
        return Ask(
            name=name,
            policy=plan.policy,
            exits=MappingProxyType(exits),
            values=self.spoken(plan),
            prompts=self.ask,
            answers=MappingProxyType({}),
            ends_with=self.ends_with,
            form=Form(self.form, least, most, low, high, self.order),
            into=self.into or name,
            confirm=self.confirm or (),
            sensitive=self.sensitive,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class Ask(Question):
    """A question for something ready to run. ``part`` is 1 while the answer is read back."""

    kind: ClassVar[str] = "ask"

    form: Form
    into: str
    confirm: tuple[str, ...]
    sensitive: bool

    def enter(self, step: Step) -> None:
        if self.sensitive:
            step.ahead = ""
            step.hide()
        Question.enter(self, step)

    def put(self, step: Step) -> None:
        if step.part == CONFIRMING:
            value = self._value(step.input)
            step.say(self.confirm, more=(("value", "" if value is None else value),))
            return
        step.say(self.prompts)
        if self.form.kind == "speech":
            step.listen_for(())

    def collecting(self, step: Step) -> bool:
        return bool(step.input) and step.part != CONFIRMING

    def heard(self, step: Step, text: str, confidence: float) -> None:
        if self.form.kind != "speech" or (step.phase == "saying" and not self.policy.barge_in):
            return
        if not text.strip():
            self.nothing_said(step)
        else:
            step.hush()
            step.cancel_wait()
            self._settle(step, text.strip())

    def needs(self) -> tuple[str, ...]:
        return (*(("sensitive",) if self.sensitive else ()), *(("speech",) if self.form.kind == "speech" else ()))

    def says(self) -> tuple[str, ...]:
        return Question.says(self) + self.confirm

    def gaps(self, prompt: str) -> frozenset[str]:
        return frozenset(self.values) | ({"value"} if prompt in self.confirm else set())

    def _value(self, keys: str) -> Value | None:
        return keys if self.form.kind == "speech" else self.form.read(keys)

    def _begins_an_answer(self, keys: str) -> bool:
        return self.form.takes(keys[0])

    def _hear(self, step: Step, key: str) -> None:
        if step.part == CONFIRMING:
            self._hear_confirmation(step, key)
        elif step.input and key == self.ends_with:
            self._complete(step, step.input)
        elif self.form.takes(key) and not (key == "*" and not step.input):
            self._collect(step, step.input + key)
        elif step.input:
            self._start_over(step, key)
        else:
            self._jump(step, key)

    def _collect(self, step: Step, keys: str) -> None:
        step.input = keys
        if len(keys) < self.form.most:
            self._await_next_key(step)
        elif len(keys) == self.form.most and self.policy.term_s:
            step.phase = "listening"
            step.wait(self.policy.term_s)
        else:
            self._complete(step, keys)

    def _start_over(self, step: Step, key: str) -> None:
        """The key for "say that again" takes back what was keyed; any other is a mistake."""
        step.input = ""
        if self.jump(step, key) == REPEAT:
            self._jump(step, key)
        else:
            self._mistake(step)

    def _complete(self, step: Step, keys: str) -> None:
        if self._value(keys) is None:
            self._mistake(step)
        else:
            self._settle(step, keys)

    def _settle(self, step: Step, keys: str) -> None:
        step.input = keys
        if not self.confirm:
            self._keep(step)
        elif step.afford():
            step.part = CONFIRMING
            step.no_inputs = step.no_matches = 0
            self.put(step)

    def _hear_confirmation(self, step: Step, key: str) -> None:
        if key == "1":
            self._keep(step)
        elif key == "2":
            step.part, step.input = 0, ""
            if step.afford():
                self.put(step)
        else:
            self._jump(step, key)

    def _keep(self, step: Step) -> None:
        value = self._value(step.input)
        assert value is not None
        step.input = ""
        step.remember(((self.into, value),))
        own = ("yes" if value else "no") if self.form.kind == "yes_no" else "next"
        step.leave(self, own if own in self.exits else "next")

    def _retry_from(self, step: Step) -> None:
        """While an answer is read back it is kept; otherwise it begins anew."""
        if step.part != CONFIRMING:
            step.input = ""
