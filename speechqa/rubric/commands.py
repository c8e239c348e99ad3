"""``speechqa rubric check | schema | list | show | try``: rubrics before they score anybody."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from speechqa import console

if TYPE_CHECKING:
    from speechqa.rubric.model import Rubric

app = typer.Typer(help="Rubrics: checked, shown, and tried on stored calls.", no_args_is_help=True)
FOUND = 1


@app.command()
def check(
    files: Annotated[list[Path], typer.Argument(help="Rubrics, lexicons, or folders of them.", metavar="FILE")],
) -> None:
    """Say what is wrong with rubrics and lexicons: file, line, column, why, remedy. Exit 1 on errors."""
    from speechqa.rubric.check import check_paths

    problems = check_paths(files)
    for problem in problems:
        print(problem)
    errors = sum(problem.severity == "error" for problem in problems)
    if errors:
        raise typer.Exit(FOUND)
    print(f"{len(files)} checked: no errors, {len(problems)} warnings.")


@app.command()
def schema() -> None:
    """Print the JSON Schema of a rubric file, for editors."""
    from speechqa.rubric.form import json_schema

    print(json.dumps(json_schema(), ensure_ascii=False, indent=1))


@app.command("list")
def names() -> None:
    """The rubrics that are shipped."""
    from speechqa.rubric.rubrics import load_rubric, shipped

    for name in shipped():
        rubric = load_rubric(name)
        print(f"{name:12} version {rubric.version}, {sum(len(each.criteria) for each in rubric.sections)} criteria")


@app.command()
def show(
    rubric: Annotated[str, typer.Argument(help="A shipped rubric's name or a file.")] = "standard",
    language: Annotated[str, typer.Option(help="As for calls in that language.")] = "",
) -> None:
    """A rubric with all that it inherits."""
    from speechqa.rubric.rubrics import load_rubric

    with console.refusing():
        found = load_rubric(rubric).spoken(language)
    print(f"{found.id}, version {found.version} ({found.digest})")
    for section in found.sections:
        print(f"{section.id}" + ("" if section.weight is None else f", weight {section.weight:g}"))
        for each in section.criteria:
            sign = "  FAILS THE CALL" if each.critical else ""
            print(f"  {each.id:24} {each.points:>5g}  {each.fact} {_range(each.full)}{sign}")
    print("ending")
    for name, points in found.ending.items():
        print(f"  {name:24} {points:>5g}")


def _range(full: tuple[float | None, float | None]) -> str:
    low, high = ("" if bound is None else f"{bound:g}" for bound in full)
    return f"{low}..{high}"


@app.command("try")
def try_(
    new: Annotated[str, typer.Argument(help="The rubric to try: a shipped one's name or a file.")],
    on: Annotated[Path, typer.Option("--on", help="A folder of analyses (JSON), searched through.")],
    against: Annotated[
        str | None, typer.Option(help="The rubric to compare with (default: the scores that are stored).")
    ] = None,
    json_: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Score stored calls by a changed rubric and say which of them change; nothing is written."""
    from speechqa.rubric.rubrics import load_rubric
    from speechqa.rubric.trial import try_rubric

    with console.refusing():
        rubric, old = load_rubric(new), load_rubric(against) if against else None
        documents = _stored(on)
    tried, left = try_rubric(rubric, documents, old)
    changed = [each for each in tried if each.changes]
    if json_:
        rows = [
            {"call": each.name, "before": each.before, "after": each.after, "failed": each.failed} for each in changed
        ]
        console.print_json({"calls": len(tried), "changed": rows, "without_facts": left, "rubric": _named(rubric)})
        return
    print(f"{len(changed)} of {len(tried)} calls change.")
    for each in changed:
        fails = f"  fails: {', '.join(each.failed)}" if each.failed else ""
        print(f"  {each.name}: {_points(each.before)} -> {_points(each.after)}{fails}")
    if left:
        print(f"{len(left)} hold no facts (analyse them anew): {', '.join(left[:5])}{', ...' if len(left) > 5 else ''}")


def _points(total: int | None) -> str:
    return "no score" if total is None else str(total)


def _named(rubric: Rubric) -> dict[str, str]:
    return {"id": rubric.id, "version": rubric.version, "digest": rubric.digest}


def _stored(folder: Path) -> list[tuple[str, dict[str, Any]]]:
    """The analyses and judgements below a folder, by their path in it."""
    from speechqa.errors import SpeechqaError

    if not folder.is_dir():
        raise SpeechqaError(f"There is no folder {folder}; name the one that your analyses are in.")
    found = []
    for path in sorted(folder.rglob("*.json")):
        try:
            document = json.loads(path.read_text(encoding="utf-8"))
        except (ValueError, OSError):
            continue
        if isinstance(document, dict) and str(document.get("schema", "")).startswith(
            ("speechqa.analysis/", "speechqa.judgement/")
        ):
            found.append((path.relative_to(folder).as_posix(), document))
    if not found:
        raise SpeechqaError(f"There is no analysis below {folder} (JSON of `speechqa analyze --json`).")
    return found
