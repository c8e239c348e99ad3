"""The report as text for a terminal and as JSON. Pure but for the console that it is given."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table
from rich.text import Text

from ivr.prompting.checking.comparing import Marked
from ivr.prompting.checking.problems import LanguageFigures, Problem, Proof, Report

COLOURS = {"error": "red", "warning": "yellow", "note": "cyan"}


def as_json(report: Report) -> dict[str, Any]:
    """The report as values that JSON can hold; levels of silence are null."""
    return {
        "schema": "clearline.prompts/1",
        "brand": report.brand,
        "folder": report.folder,
        "errors": report.count("error"),
        "warnings": report.count("warning"),
        "languages": [asdict(each) for each in report.languages],
        "general": [asdict(each) for each in report.general],
        "prompts": [_proof(each) for each in report.proofs],
    }


def _proof(proof: Proof) -> dict[str, Any]:
    sound = asdict(proof.sound) | {"snr_db": proof.sound.snr_db} if proof.sound else None
    found = proof.comparison
    return {
        "prompt": proof.prompt,
        "language": proof.language,
        "text": proof.text,
        "values": dict(proof.values),
        "recorded": proof.recorded,
        "sound": {key: _finite(value) for key, value in sound.items()} if sound else None,
        "heard": " ".join(each.word for each in found.heard) if found else None,
        "word_errors": found.errors if found else None,
        "words": found.words if found else None,
        "differing": dict(zip(("text", "heard"), found.otherwise, strict=True)) if found and found.errors else None,
        "problems": [asdict(each) for each in proof.problems],
    }


def _finite(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def print_report(report: Report, console: Console) -> None:
    """Figures by language, then what is wrong, worst first."""
    console.print(_figures(report.languages, f"{report.brand}  ({report.folder})"))
    for problem in report.general:
        _print(problem, console)
    for proof in report.proofs:
        for problem in proof.problems:
            if problem.severity != "note":
                _print(problem, console)
        if (
            any(problem.rule == "heard_otherwise" and problem.severity != "note" for problem in proof.problems)
            and proof.comparison
        ):
            console.print(Text("    text   ", "dim") + _marked(proof.comparison.text))
            console.print(Text("    heard  ", "dim") + _marked(proof.comparison.heard))
    console.print(verdict(report), highlight=False)


def verdict(report: Report) -> str:
    """One line at the end."""
    counts = f"{report.count('error')} error(s), {report.count('warning')} warning(s)"
    notes = sum(each.severity == "note" for proof in report.proofs for each in proof.problems)
    more = f" {notes} note(s) on single prompts are in --json and --html." if notes else ""
    return f"{len(report.proofs)} prompts proven: {counts}.{more}"


def _figures(languages: Sequence[LanguageFigures], title: str) -> Table:
    table = Table(title=escape(title), title_justify="left")
    for column in ("language", "voice", "natural", "heard by", "prompts", "word errors", "level dBov", "words/min"):
        table.add_column(column, justify="right" if column in ("prompts", "word errors", "words/min") else "left")
    for each in languages:
        level = "–" if each.level_dbov is None else f"{each.level_dbov[0]:.1f} … {each.level_dbov[1]:.1f}"
        table.add_row(
            each.language,
            each.voice,
            "yes" if each.natural else "no, a robot",
            each.recognizer or "nobody",
            str(each.prompts),
            "–" if each.word_error_percent is None else f"{each.word_error_percent:.1f} %",
            level,
            "–" if each.words_per_minute is None else f"{each.words_per_minute:.0f}",
        )
    return table


def _print(problem: Problem, console: Console) -> None:
    where = f"{problem.prompt} ({problem.language})" if problem.prompt else problem.language
    line = Text.assemble((f"{problem.severity:8}", COLOURS[problem.severity]), (where, "bold"), f"  {problem.what}. ")
    console.print(line + Text(f"{problem.why} {problem.remedy}", "dim"))


def _marked(words: Sequence[Marked]) -> Text:
    return Text(" ").join(Text(each.word, "bold red" if each.differs else "") for each in words)
