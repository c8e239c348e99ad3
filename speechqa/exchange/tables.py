"""CSV tables of an analysis: turns, words, findings, and one line of measures per call.

RFC 4180 with the lines of a table in order of time. A text that a spreadsheet would take for a formula (it begins with
``=``, ``+``, ``-``, ``@``, a tab or a line end) gets a ``'`` before it; numbers stay numbers. The measures table has a
column for every number, truth value and name in the document, under its path ("pace.agent.speech_rate_wpm"), and counts
of what comes in lists ("overlaps.agent.interruption"); an empty cell was not measured.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Any

from speechqa.conversation import PARTIES
from speechqa.exchange.document import Document

TABLES = ("turns", "words", "findings", "measures")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
OVERLAP_KINDS = ("interruption", "redirect", "attempt", "backchannel", "terminal", "simultaneous_start")
SILENCE_KINDS = ("dead_air", "announced", "hold")
Cell = str | float | bool | None


def write(documents: Sequence[Document], table: str) -> str:
    """One of `TABLES` over one or several calls, as CSV; raises KeyError for another name."""
    rows = {"turns": _turns, "words": _words, "findings": _findings, "measures": _measures}[table](documents)
    out = io.StringIO()
    csv.writer(out).writerows([[_cell(each) for each in row] for row in rows])
    return out.getvalue()


def _cell(value: Cell) -> str | float:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, str):
        text = value.replace("\0", "")
        return f"'{text}" if text.lstrip(" ").startswith(FORMULA_STARTS) else text
    return value


def _call(document: Document) -> str:
    analysis = document.analysis
    return (analysis.call.id if analysis.call else None) or analysis.recording.file


def _turns(documents: Sequence[Document]) -> Iterator[Sequence[Cell]]:
    yield "call", "party", "start_s", "end_s", "speech_rate_wpm", "text"
    for each in documents:
        for turn in each.analysis.turns:
            yield _call(each), turn.party, turn.start_s, turn.end_s, turn.speech_rate_wpm, turn.text


def _words(documents: Sequence[Document]) -> Iterator[Sequence[Cell]]:
    yield "call", "party", "start_s", "end_s", "confidence", "word"
    for each in documents:
        for word in each.analysis.words:
            yield _call(each), word.party, word.start_s, word.end_s, word.confidence, word.text


def _findings(documents: Sequence[Document]) -> Iterator[Sequence[Cell]]:
    yield "call", "rule", "credit", "party", "start_s", "end_s", "quote", "say_instead", "why"
    for each in documents:
        for f in each.analysis.findings or ():
            yield _call(each), f.rule, f.credit, f.party, f.start_s, f.end_s, f.quote, f.say_instead, f.why


def _measures(documents: Sequence[Document]) -> Iterator[Sequence[Cell]]:
    lines = [_line(each) for each in documents]
    columns = list(dict.fromkeys(column for line in lines for column in line))
    yield columns
    for line in lines:
        yield [line.get(column) for column in columns]


def _line(document: Document) -> dict[str, Cell]:
    line = dict(_flat(document.raw))
    line.pop("schema", None)
    return {**line, **_sections(document), **_counts(document)}


def _flat(value: Mapping[str, Any], path: str = "") -> Iterator[tuple[str, Cell]]:
    for key, each in value.items():
        if isinstance(each, Mapping):
            yield from _flat(each, f"{path}{key}.")
        elif each is None or isinstance(each, str | int | float):
            yield f"{path}{key}", each


def _sections(document: Document) -> dict[str, Cell]:
    """The points of the score's sections."""
    score = document.raw.get("score")
    sections = score.get("sections") if isinstance(score, Mapping) else None
    return {
        f"score.{each['id']}": each.get("points")
        for each in (sections if isinstance(sections, list) else [])
        if isinstance(each, Mapping) and isinstance(each.get("id"), str)
    }


def _counts(document: Document) -> dict[str, Cell]:
    """How many of each kind; None where the list was not measured."""
    analysis = document.analysis
    counts: dict[str, Cell] = {}
    for party in PARTIES:
        for kind in OVERLAP_KINDS:
            counts[f"overlaps.{party}.{kind}"] = (
                None
                if analysis.overlaps is None
                else _count(each.by == party and each.kind == kind for each in analysis.overlaps)
            )
    for kind in SILENCE_KINDS:
        found = [each for each in analysis.silences if each.kind == kind]
        counts[f"silences.{kind}"] = len(found)
        counts[f"silences.{kind}_s"] = round(sum(each.end_s - each.start_s for each in found), 3)
    findings = analysis.findings
    counts["findings.to_avoid"] = None if findings is None else _count(not each.credit for each in findings)
    counts["findings.to_credit"] = None if findings is None else _count(each.credit for each in findings)
    return counts


def _count(hits: Iterable[bool]) -> int:
    return sum(hits)
