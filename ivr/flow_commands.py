"""The tools on flows on the command line: ``ivr test``.

Exit codes as in cli.py: 0 done, 1 checked and found wrong, 2 usage or input that cannot be used.
"""

from __future__ import annotations

import contextlib
import json
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

if TYPE_CHECKING:
    from ivr.commands import Phrase
    from ivr.flow.model import Flow
    from ivr.flow.simulate import Pace
    from ivr.flow.testing.report import FlowReport
    from ivr.prompting.library import PromptLibrary

UNUSABLE = 2


def add_to(app: typer.Typer) -> None:
    """Put the commands of this module on the app."""
    app.command("test", epilog=TEST_EXAMPLES)(run_flow_tests)


TEST_EXAMPLES = (
    "Examples:  ivr test flows/   |   ivr test flows/support.yaml --junit report.xml   |   "
    "ivr test flows/ --at-least 95 --json"
)


def run_flow_tests(
    paths: Annotated[list[Path], typer.Argument(help="Flow files, or folders that hold them.")],
    junit: Annotated[Path | None, typer.Option(help="Write a JUnit report to this file as well.")] = None,
    at_least: Annotated[
        float, typer.Option(min=0, max=100, help="The percentage of nodes and of exits that the tests must come to.")
    ] = 0.0,
    brand: Annotated[
        Path | None, typer.Option(help="Prompts last as long as this brand's texts (else two seconds each).")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="The report as one JSON object.")] = False,
) -> None:
    """Run the tests that stand in flows. Exit code 1 when one fails or the coverage is too low."""
    from ivr.flow.testing.report import as_json as report_json
    from ivr.flow.testing.report import as_junit, as_lines

    with one_sentence():
        flows = [_loaded(file) for path in paths for file in flow_files(path)]
        pace = _pace(brand)
    reports = [_tested(flow, pace) for flow in flows]
    if junit is not None:
        with one_sentence():
            junit.write_text(as_junit(reports), encoding="utf-8")
    if as_json:
        typer.echo(json.dumps(report_json(reports), ensure_ascii=False, indent=1))
    for told in [] if as_json else reports:
        for line in as_lines(told):
            typer.echo(line)
    low = [told for told in reports if _lowest(told) < at_least]
    for told in low:
        typer.echo(f"{told.flow.file}: the tests come to {_lowest(told):.1f} %, less than {at_least:g} %", err=True)
    raise typer.Exit(1 if low or any(told.failed for told in reports) else 0)


def flow_files(path: Path) -> list[Path]:
    """This file, or every flow file below this folder."""
    from ivr.flow.check import SUFFIXES

    if not path.is_dir():
        return [path]
    files = sorted(file for file in path.rglob("*") if file.suffix in SUFFIXES and file.is_file())
    return files or refuse(f"{path}: no flow is here. Name a folder with .yaml files.")


def _loaded(file: Path) -> Flow:
    from ivr.flow.load import load_flow

    return load_flow(file)


def _tested(flow: Flow, pace: Pace) -> FlowReport:
    from ivr.flow.testing.report import report
    from ivr.flow.testing.run import run_tests

    begun = time.perf_counter()
    verdicts = run_tests(flow, pace)
    return report(flow, verdicts, time.perf_counter() - begun)


def _lowest(told: FlowReport) -> float:
    return min(told.coverage.nodes.percent, told.coverage.exits.percent)


def _pace(brand: Path | None) -> Pace:
    from ivr.flow.simulate import reading, steady

    return reading(texts(library(brand))) if brand else steady


def library(brand: Path | None) -> PromptLibrary:
    """The brand's prompts; the shipped brand unless named."""
    from ivr.prompting.library import PromptLibrary
    from ivr.shipped import BRAND, shipped

    return PromptLibrary.open(brand or shipped(BRAND))


def texts(prompts: PromptLibrary) -> Callable[[Phrase], str | None]:
    """The words of a phrase, None where the brand has none."""
    from ivr.prompting.errors import PromptError

    def text(phrase: Phrase) -> str | None:
        try:
            return prompts.text(phrase)
        except PromptError:
            return None

    return text


@contextlib.contextmanager
def one_sentence() -> Iterator[None]:
    """What the rooms raise for a user's mistake, as the sentences that it is, and exit code 2."""
    from clearline.settings import SettingsError
    from ivr.flow.problems import FlowError
    from ivr.prompting.errors import PromptError

    try:
        yield
    except (SettingsError, FlowError, PromptError) as error:
        refuse(str(error))
    except OSError as error:
        refuse(f"{error.filename}: {error.strerror}")


def refuse(sentence: str) -> NoReturn:
    """Say what cannot be used, and leave with exit code 2."""
    typer.echo(sentence, err=True)
    raise typer.Exit(UNUSABLE)
