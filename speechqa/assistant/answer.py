"""What the model answered, checked: only what it can show in the transcript stands. Pure.

A criterion without a quote that is found word for word in one turn is dropped and counted; so is one that is not known
or is named twice. What stays is a proposal for a person, beside the measured evidence, and gives no points.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import dataclass

from pydantic import BaseModel, ConfigDict, ValidationError

from speechqa.assistant.prompt import Line
from speechqa.errors import AssistantError
from speechqa.measures.ending import Evidence
from speechqa.report.labels import CRITERIA

NOTE = "A proposal that a person has to check: nothing of it is scored."
FEWEST_WORDS = 2
LONGEST_SUMMARY = 1200
LONGEST_REASON = 300


@dataclass(frozen=True, slots=True)
class ProposedCriterion:
    """What the model thinks of one criterion; ``evidence`` are its quotes where they stand in the call."""

    criterion: str
    met: bool | None
    reason: str
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Proposal:
    """What a language model proposed; ``dropped`` counts the criteria that it could not show."""

    model: str
    note: str
    summary: str | None
    criteria: tuple[ProposedCriterion, ...]
    dropped: int


class _Criterion(BaseModel):
    model_config = ConfigDict(extra="ignore")

    criterion: str
    met: bool | None = None
    quote: str = ""
    reason: str = ""


class _Answer(BaseModel):
    model_config = ConfigDict(extra="ignore")

    summary: str | None = None
    criteria: list[_Criterion] = []


def read_answer(said: str, model: str, lines: Sequence[Line]) -> Proposal:
    """The proposal in a model's answer; raises `AssistantError` where it is not the JSON that was asked for."""
    start, end = said.find("{"), said.rfind("}")
    try:
        answer = _Answer.model_validate(json.loads(said[start : end + 1]))
    except (ValueError, ValidationError, RecursionError):
        raise AssistantError(f"The model {model!r} did not answer in the form that was asked for.") from None
    kept: dict[str, ProposedCriterion] = {}
    for each in answer.criteria:
        place = find(each.quote, lines)
        if place is not None and each.criterion in CRITERIA and each.criterion not in kept:
            reason = _plain(each.reason, LONGEST_REASON)
            kept[each.criterion] = ProposedCriterion(each.criterion, each.met, reason, (place,))
    summary = _plain(answer.summary or "", LONGEST_SUMMARY) or None
    return Proposal(model, NOTE, summary, tuple(kept.values()), len(answer.criteria) - len(kept))


def find(quote: str, lines: Sequence[Line]) -> Evidence | None:
    """The turn that holds the quote, letters and digits compared; None where there is none or it is one word."""
    words = _words(quote)
    if len(words) < FEWEST_WORDS:
        return None
    for line in lines:
        if f" {' '.join(words)} " in f" {' '.join(_words(line.text))} ":
            return Evidence(line.start_s, line.end_s, " ".join(quote.split()))
    return None


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text.casefold())


def _plain(text: str, longest: int) -> str:
    """One line of printable text."""
    line = " ".join("".join(c for c in text if c.isprintable() or c.isspace()).split())
    return line if len(line) <= longest else f"{line[: longest - 1].rstrip()}…"
