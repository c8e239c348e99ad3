"""``ivr prompts check``: is every prompt there, level, clear, in tone, and does a caller hear what its text says?

Exit codes as in cli.py: 0 done, 1 with errors, 2 usage or input that cannot be used.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from ivr.console import one_sentence, refuse
from ivr.prompt_commands import Brands, Languages, bar, brands, built_brand, prompts

if TYPE_CHECKING:
    from ivr.prompting.checking.problems import Report
    from ivr.prompting.checking.proving import Proving

CHECK_EXAMPLES = (
    "Examples:  ivr prompts check --html prompts.html   |   ivr prompts check --brand prompts/juniper --language en"
    "   |   ivr prompts check --no-listen --json"
)


def add_to_prompts() -> None:
    """Put the command of this module into the group ``ivr prompts``."""
    prompts.command(epilog=CHECK_EXAMPLES)(check)


def check(
    brand: Brands = None,
    language: Languages = None,
    html: Annotated[
        Path | None, typer.Option(help="Write the report with players here, one page (one brand at a time).")
    ] = None,
    listen: Annotated[
        bool, typer.Option("--listen/--no-listen", help="Have each prompt recognised and compared with its text.")
    ] = True,
    as_json: Annotated[bool, typer.Option("--json", help="The reports as one JSON object.")] = False,
) -> None:
    """Prove every prompt: level, noise, pace, tone, and whether it is heard as its text. Exit code 1 on errors."""
    with one_sentence():
        folders = brands(brand)
        if html is not None and len(folders) > 1:
            refuse("--html writes the report on one brand: name one with --brand")
        if html is not None and not html.resolve().parent.is_dir():
            refuse(f"{html}: there is no folder {html.parent}; make it first")
        proven = [(folder, *_proven(folder, language or [], listen, quiet=as_json)) for folder in folders]
        if html is not None:
            _, proving, report = proven[0]
            _write(html, proving, report)
    reports = [report for _, _, report in proven]
    _tell(reports, as_json)
    raise typer.Exit(1 if any(report.count("error") for report in reports) else 0)


def _proven(folder: Path, languages: list[str], listen: bool, quiet: bool) -> tuple[Proving, Report]:
    from clearline.cache import default_cache_dir
    from clearline.settings import load_settings
    from ivr.prompting.checking.ear import Memory, installed_ears
    from ivr.prompting.checking.proving import Proving
    from ivr.prompting.library import PromptLibrary

    settings = load_settings()
    library = PromptLibrary.open(folder, settings.cache)
    for each in languages:
        if each not in library.languages:
            refuse(f"{folder} has no prompts in {each!r}, only in {', '.join(sorted(library.languages))}")
    built_brand(folder, languages, 0, None, quiet)
    ears = installed_ears(settings.cache or default_cache_dir("models"), settings.listening.model)
    proving = Proving(library, ears, Memory(library.cache.folder / "heard") if listen else None)
    chosen = languages or [each for each in library.catalog.brand.voices if each in library.languages]
    with bar(f"{folder.name}", quiet) as progress:
        return proving, proving.report(chosen, progress)


def _write(html: Path, proving: Proving, report: Report) -> None:
    from datetime import datetime

    from ivr.prompting.checking.page import page

    text = page(report, proving.audio, f"{datetime.now():%Y-%m-%d %H:%M}")
    part = html.with_name(f".{html.name}.part")
    part.write_text(text, encoding="utf-8")
    part.replace(html)


def _tell(reports: list[Report], as_json: bool) -> None:
    from rich.console import Console

    from ivr.prompting.checking.telling import as_json as report_json
    from ivr.prompting.checking.telling import print_report

    if as_json:
        typer.echo(json.dumps({"brands": [report_json(each) for each in reports]}, ensure_ascii=False, indent=1))
    else:
        for report in reports:
            print_report(report, Console())
