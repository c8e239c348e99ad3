"""Endings and wording by their text alone, in six languages, against what people said of them.

    python -m benchmarks.judgement [--write] [--show uk]

Prints agreement on the criteria of an ending, precision and recall of each wording rule, per language, for the
development and the sealed half. ``--write`` puts the tables into docs/benchmarks.md, ``--show`` lists the single
differences of a language's development half; those of the sealed half are never listed.
"""

from __future__ import annotations

from typing import Annotated

import typer

from benchmarks.judgement.agreement import agreement
from benchmarks.judgement.examples import HALVES, LANGUAGES, read_examples
from benchmarks.judgement.tables import PAGE, figures_as_text, written_into


def main(
    write: Annotated[bool, typer.Option(help="Put the tables into docs/benchmarks.md.")] = False,
    show: Annotated[str | None, typer.Option(help="List the differences of this language's development half.")] = None,
) -> None:
    """Judge every example and print the figures."""
    if show is not None:
        _show(show)
        return
    figures = {(language, half): agreement(read_examples(language, half)) for language in LANGUAGES for half in HALVES}
    text = figures_as_text(figures)
    print(text)
    if write:
        PAGE.write_text(written_into(PAGE.read_text(encoding="utf-8"), text), encoding="utf-8")


def _show(language: str) -> None:
    if language not in LANGUAGES:
        raise typer.BadParameter(
            f"there are examples in {', '.join(LANGUAGES)}, not in {language!r}", param_hint="--show"
        )
    examples = read_examples(language, "development")
    said = {each.id: each for each in (*examples.endings, *examples.wording)}
    differences = agreement(examples).differences
    for each in differences:
        print(f"{each.id}: {each.of} is {each.truth}, found {each.found}")
        for turn in said[each.id].turns:
            print(f"    {turn.party:8} {turn.text}")
    print(f"{language}, development half: {len(differences)} differences")


if __name__ == "__main__":
    typer.run(main)
