"""``speechqa agree``: how far reviewers and the machine agree."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from speechqa import console

if TYPE_CHECKING:
    from speechqa.agreement.compare import ComparedCriterion
    from speechqa.agreement.measures import Agreement

EXAMPLES = "Examples:  speechqa agree reviews.csv   |   speechqa agree reviews.csv --json"


def agree(
    reviews: Annotated[Path, typer.Argument(help="CSV: call, criterion, reviewer, score (docs/rubrics.md).")],
    json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Agreement of reviewers with each other and with the machine, per criterion."""
    from speechqa.agreement.compare import compare
    from speechqa.agreement.reviews import read_reviews
    from speechqa.exchange.files import read_text

    with console.refusing():
        found = compare(read_reviews(read_text(reviews), str(reviews)))
    if json:
        console.print_json(document(found))
        return
    for each in found:
        _show(each)


def document(found: tuple[ComparedCriterion, ...]) -> dict[str, Any]:
    """The comparison as plain values."""
    from speechqa.analysis import plain

    rows = []
    for each in found:
        groups = [{**plain(group), "shown": group.shown} for group in each.bias]
        rows.append({**plain(each), "bias": groups, "machine_alone": each.machine_alone})
    return {"schema": "speechqa.agreement/1", "criteria": rows}


def _show(each: ComparedCriterion) -> None:
    print(each.criterion)
    print(f"  people with people   {_line(each.people)}")
    print(f"  machine with people  {_line(each.machine)}")
    for group in each.bias:
        sign = "  <- bias" if group.shown else ""
        spread = f"[{group.interval.low:+.2f}, {group.interval.high:+.2f}]"
        print(f"  {group.what} {group.group}: {group.bias:+.2f} {spread}, {group.calls} calls{sign}")
    if each.machine_alone:
        print("  The machine may score this alone.")
    else:
        print(f"  The machine should not score this alone: {'; '.join(each.reasons)}.")


def _line(found: Agreement) -> str:
    if not found.pairs:
        return "no call in common"
    spread = found.alpha_interval
    within = f" [{spread.low:.3f}, {spread.high:.3f}]" if spread else ""
    shares = f"exact {found.exact:.0%}, within one {found.within_one:.0%}"
    return f"{found.calls} calls, {shares}, kappa {_told(found.kappa)}, alpha {_told(found.alpha)}{within}"


def _told(value: float | None) -> str:
    return "not defined" if value is None else f"{value:.3f}"
