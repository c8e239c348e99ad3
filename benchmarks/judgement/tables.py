"""The tables of docs/benchmarks.md: agreement on endings, precision and recall of the wording rules."""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from operator import add
from pathlib import Path

from benchmarks.judgement.agreement import Agreement
from benchmarks.judgement.examples import AVOID, CREDIT, HALVES, LANGUAGES, RULES
from speechqa.measures.ending import CRITERIA

PAGE = Path(__file__).parents[2] / "docs" / "benchmarks.md"
BEGIN = "<!-- python -m benchmarks.judgement --write: from here -->"
END = "<!-- python -m benchmarks.judgement --write: to here -->"

Figures = Mapping[tuple[str, str], Agreement]
"""What came out, by language and half."""


class PageError(Exception):
    """The page does not have the two marks between which the tables stand."""


def figures_as_text(figures: Figures) -> str:
    """Both halves, the sealed one first, as Markdown."""
    return "\n\n".join(part for half in reversed(HALVES) for part in _half(figures, half)) + "\n"


def written_into(page: str, text: str) -> str:
    """The page with its tables replaced; raises `PageError`."""
    before, begin, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not (begin and end):
        raise PageError(f"docs/benchmarks.md needs the line {BEGIN!r} and, after it, the line {END!r}.")
    return f"{before}{BEGIN}\n\n{text}\n{END}{after}"


def _half(figures: Figures, half: str) -> tuple[str, str]:
    columns = {language: figures[language, half] for language in LANGUAGES}
    columns["all"] = reduce(add, columns.values())
    endings = [(name, [_ending(each, name) for each in columns.values()]) for name in CRITERIA]
    endings.append(("**all**", [f"**{_short(each.ending())}**" for each in columns.values()]))
    wording = [(name, [_both(each, (name,)) for each in columns.values()]) for name in RULES]
    groups = {"to avoid": AVOID, "to credit": CREDIT, "all": RULES}
    wording += [(f"**{name}**", [_both(each, rules) for each in columns.values()]) for name, rules in groups.items()]
    asked = sum(columns["all"].asked.values())
    told = sum(columns["all"].hit.values()) + sum(columns["all"].missed.values())
    return (
        f"Endings, {half} half ({asked:,} judgements; as people did / all):\n\n"
        + _table("criterion", columns, endings),
        f"Wording, {half} half ({told} hits to find; precision / recall):\n\n" + _table("rule", columns, wording),
    )


def _table(what: str, columns: Mapping[str, Agreement], rows: list[tuple[str, list[str]]]) -> str:
    lines = [f"| {what} | {' | '.join(columns)} |", "|---" * (len(columns) + 1) + "|"]
    lines += [f"| {name.replace('_', ' ')} | {' | '.join(cells)} |" for name, cells in rows]
    return "\n".join(lines)


def _ending(found: Agreement, criterion: str) -> str:
    return f"{found.same[criterion]}/{found.asked[criterion]}"


def _both(found: Agreement, rules: tuple[str, ...]) -> str:
    return f"{_short(found.precision(rules))} / {_short(found.recall(rules))}"


def _short(share: float | None) -> str:
    """Two digits, rounded down, so that only what is whole reads 1.0."""
    if share is None:
        return "-"
    return "1.0" if share == 1 else f".{int(share * 100 + 1e-9):02d}"
