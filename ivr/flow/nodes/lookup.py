"""``{lookup: 'GET {settings.crm}/accounts/{account}', ok: tell, error: person}``: ask a web service.

``{name}`` in the address stands for a variable, ``{settings.name}`` for a setting that no flow holds. The JSON of the
answer is in ``result`` (or the variable of ``into``): ``result.balance``. ``body`` is sent as JSON with a POST. The
exit ``not_found`` (404) leads to ``error`` unless written.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Annotated, ClassVar, Literal
from urllib.parse import quote

from pydantic import BeforeValidator, Field, model_validator

from ivr.commands import Lookup as Ask
from ivr.events import LookupAnswered, LookupFailed
from ivr.flow.expressions import Expression, named_in
from ivr.flow.model import Answer, Node
from ivr.flow.nodes.awaiting import NEXT_WORDS_S, Awaiting
from ivr.flow.nodes.base import Exit, Formula, Plan, SpeakingSchema, Variable, compiled
from ivr.flow.schema import FormulaMap, Name, NodeName, Prompts, Seconds, read_count, read_pairs, refuse, shape
from ivr.flow.step import Step
from ivr.flow.values import plain

_REQUEST = re.compile(r"(GET|POST) +(\S.*)")
_GAP = re.compile(r"\{([^{}]*)\}")
_SETTING = re.compile(r"settings\.[a-z][a-z0-9_]*")
_HOST = re.compile(r"(https?://[^/{}\s]+|\{settings\.[a-z][a-z0-9_]*\})(/|\?|$)")
LONGEST_WORDS_S = 10.0


def read_request(value: object) -> str:
    """``GET address`` or ``POST address``; where it goes is a setting or written out, never a variable."""
    found = _REQUEST.fullmatch(value) if isinstance(value, str) else None
    if found is None:
        refuse(f"expected a request, found {shape(value)}", "write as in GET {settings.crm}/accounts/{account}")
    if not _HOST.match(found[2]):
        remedy = "begin with {settings.<name>} or https://<host>, and follow it with /"
        refuse(f"'{found[2]}' does not say where to ask", remedy, "callers must not choose what the line connects to")
    return str(value)


def read_header(value: object) -> str:
    """A header's text; its gaps are settings."""
    if not isinstance(value, str) or any(not _SETTING.fullmatch(gap) for gap in _GAP.findall(value)) or "\n" in value:
        refuse(f"expected a header, found {shape(value)}", "write a text; its only gaps are {settings.<name>}")
    return value


Headers = Annotated[dict[str, Annotated[str, BeforeValidator(read_header)]], BeforeValidator(read_pairs)]
Retries = Annotated[int, BeforeValidator(lambda value: read_count(value, 0, 5))]


class LookupSchema(SpeakingSchema):
    """A question to a web service as written."""

    kind: ClassVar[str] = "lookup"

    lookup: Annotated[str, BeforeValidator(read_request)]
    ok: NodeName
    error: NodeName
    not_found: NodeName | None = None
    body: FormulaMap | None = None
    headers: Headers = Field(default_factory=dict)
    into: Name = "result"
    timeout: Seconds = 5.0
    retries: Retries = 1
    meanwhile: Prompts = ("one_moment",)
    waiting: Prompts = ("still_looking",)

    @model_validator(mode="after")
    def _only_a_post_has_a_body(self) -> LookupSchema:
        if self.body is not None and self.lookup.startswith("GET"):
            refuse("a GET has no body", "write POST, or put the values into the address")
        return self

    def exits(self) -> tuple[Exit, ...]:
        missing = (Exit("not_found", self.not_found, ("not_found",)),) if self.not_found else ()
        return (Exit("ok", self.ok, ("ok",)), Exit("error", self.error, ("error",)), *missing)

    def formulas(self) -> tuple[Formula, ...]:
        gaps = tuple(Formula(gap, ("lookup",)) for gap in self._gaps())
        sent = tuple(Formula(source, ("body", name)) for name, source in (self.body or {}).items())
        return (*gaps, *sent, *SpeakingSchema.formulas(self))

    def variables(self, name: str) -> Mapping[str, Variable]:
        return {self.into: Variable("answer", ("into",))}

    def build(self, name: str, plan: Plan) -> Node:
        sources = [*self._gaps(), *(self.body or {}).values()]
        method, _, url = self.lookup.partition(" ")
        return Lookup(
            name=name,
            policy=plan.policy,
            exits=self.exit_map(),
            values=self.spoken(plan),
            meanwhile=self.meanwhile,
            waiting=self.waiting,
            rounds=2 + int(self.timeout * (self.retries + 1) / NEXT_WORDS_S) + int(LONGEST_WORDS_S / NEXT_WORDS_S),
            method="POST" if method == "POST" else "GET",
            url=url.strip(),
            filling=compiled({gap: gap for gap in self._gaps()}, plan),
            headers=tuple(self.headers.items()),
            body=compiled(self.body or {}, plan),
            into=self.into,
            timeout_s=self.timeout,
            retries=self.retries,
            sensitive=any(named_in(source) & plan.sensitive for source in sources),
        )

    def _gaps(self) -> list[str]:
        return [gap for gap in _GAP.findall(self.lookup) if not _SETTING.fullmatch(gap)]


@dataclass(frozen=True, slots=True, kw_only=True)
class Lookup(Awaiting):
    """A question to a web service ready to be put."""

    kind: ClassVar[str] = "lookup"

    method: Literal["GET", "POST"]
    url: str
    filling: Mapping[str, Expression]
    headers: tuple[tuple[str, str], ...]
    body: Mapping[str, Expression]
    into: str
    timeout_s: float
    retries: int
    sensitive: bool

    def ask(self, step: Step, serial: int) -> None:
        known = step.known()
        gaps = {gap: worked_out.work_out(known) for gap, worked_out in self.filling.items()}

        def filled(gap: re.Match[str]) -> str:
            if gap[1] not in gaps:
                return gap[0]
            value = gaps[gap[1]]
            return "" if value is None else quote(plain(value), safe="")

        sent = {name: worked_out.work_out(known) for name, worked_out in self.body.items()}
        step.commands.append(
            Ask(
                serial,
                self.method,
                _GAP.sub(filled, self.url),
                self.headers,
                json.dumps(sent, ensure_ascii=False) if self.method == "POST" else "",
                self.timeout_s,
                self.retries,
                self.into,
                self.sensitive,
            )
        )

    def told(self, step: Step, event: Answer) -> None:
        if isinstance(event, LookupAnswered):
            own = (self.into, self.into + ".")
            kept = [(name, value) for name, value in event.values if name == own[0] or name.startswith(own[1])]
            step.remember(tuple(kept), instead_of=self.into)
            step.leave(self, "ok")
        elif isinstance(event, LookupFailed):
            step.leave(self, "not_found" if event.status == 404 and "not_found" in self.exits else "error")

    def wants(self) -> tuple[str, ...]:
        texts = (self.url, *(text for _, text in self.headers))
        named = [
            gap.removeprefix("settings.") for text in texts for gap in _GAP.findall(text) if _SETTING.fullmatch(gap)
        ]
        return tuple(dict.fromkeys(named))

    def needs(self) -> tuple[str, ...]:
        return ("lookup",)
