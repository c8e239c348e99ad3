"""The tools on flows on the command line: ``ivr test``, ``simulate``, ``graph``, ``schema``; versions apart.

Exit codes as in cli.py: 0 done, 1 checked and found wrong, 2 usage or input that cannot be used.
"""

from __future__ import annotations

import json
import sys
import time
from collections.abc import Callable, Iterator
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ivr.console import one_sentence, open_library, refuse

if TYPE_CHECKING:
    from ivr.commands import Phrase
    from ivr.flow.model import Flow
    from ivr.flow.pace import Pace
    from ivr.flow.simulate import Simulation
    from ivr.flow.testing.report import FlowReport
    from ivr.prompting.library import PromptLibrary


def add_to(app: typer.Typer) -> None:
    """Put the commands of this module on the app."""
    app.command("test", epilog=TEST_EXAMPLES)(run_flow_tests)
    app.command("simulate", epilog=SIMULATE_EXAMPLES)(simulate)
    app.command("graph", epilog=GRAPH_EXAMPLES)(graph)
    app.command("schema", epilog=SCHEMA_EXAMPLES)(schema)


TEST_EXAMPLES = (
    "Examples:  ivr test flows/   |   ivr test flows/support.yaml --junit report.xml   |   "
    "ivr test flows/ --at-least 95 --json"
)
SIMULATE_EXAMPLES = (
    "Examples:  ivr simulate flows/support.yaml   |   ivr simulate flows/support.yaml --speak   |   "
    "printf '1\\n0\\n/transfer busy\\n' | ivr simulate flows/support.yaml --json"
)
GRAPH_EXAMPLES = (
    "Examples:  ivr graph flows/support.yaml   |   ivr graph flows/support.yaml --format svg --out support.svg"
)
SCHEMA_EXAMPLES = "Examples:  ivr schema > flow.schema.json   |   ivr schema --out flow.schema.json"


class Picture(StrEnum):
    """What ``ivr graph`` draws."""

    mermaid = "mermaid"
    svg = "svg"


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


def simulate(
    flow: Annotated[Path, typer.Argument(help="The flow to talk to.")],
    brand: Annotated[Path | None, typer.Option(help="The brand whose texts are shown (default: shipped).")] = None,
    caller: Annotated[str, typer.Option(help="The number that rings.")] = "",
    clock: Annotated[str, typer.Option(help="When it rings, in UTC, such as 2026-12-24T17:30.")] = "",
    speak: Annotated[bool, typer.Option("--speak", help="Play the prompts as well.")] = False,
    as_json: Annotated[
        bool, typer.Option("--json", help="At the end the call as one JSON object, and no talk.")
    ] = False,
) -> None:
    """Talk to a flow in the terminal: keys and words typed, an empty line for silence. /help inside tells more."""
    from functools import partial

    from ivr.flow.pace import reading
    from ivr.flow.simulate import Simulation
    from ivr.talk import Speaker, Talk

    with one_sentence():
        loaded, prompts, at = _loaded(flow), open_library(brand), _moment(clock)
    text = texts(prompts)
    complain = partial(typer.echo, err=True)
    voice = Speaker(prompts.audio, complain) if speak else None
    say = (lambda line: None) if as_json else _shown
    if sys.stdin.isatty() and not as_json:
        typer.echo(
            f"Flow {loaded.name} ({loaded.file}). Type keys or words; an empty line is silence; /help tells more."
        )
    talk = Talk(
        lambda watch: Simulation(loaded, caller=caller, at=at, pace=reading(text), watch=watch), say, text, voice
    )
    talk.run(_typed(echo=not as_json))
    if as_json:
        typer.echo(json.dumps(_call_json(talk.call), ensure_ascii=False, indent=1))


def graph(
    flow: Annotated[Path, typer.Argument(help="The flow to draw.")],
    form: Annotated[Picture, typer.Option("--format", help="Mermaid text or an SVG picture.")] = Picture.mermaid,
    out: Annotated[Path | None, typer.Option(help="Write it to this file instead of standard output.")] = None,
) -> None:
    """Draw a flow: Mermaid text for documents, or an SVG, drawn here without any other program."""
    from ivr.flow.drawing.graph import graph as drawn
    from ivr.flow.drawing.mermaid import mermaid

    with one_sentence():
        picture = drawn(_loaded(flow))
    if form is Picture.svg:
        from ivr.flow.drawing.svg import svg

        _put(svg(picture), out)
    else:
        _put(mermaid(picture), out)


def schema(
    out: Annotated[Path | None, typer.Option(help="Write it to this file instead of standard output.")] = None,
) -> None:
    """The JSON Schema of the flow language, for editors that complete and check while one types."""
    from ivr.flow.editor_schema import editor_schema

    _put(json.dumps(editor_schema(), ensure_ascii=False, indent=1) + "\n", out)


def _put(text: str, out: Path | None) -> None:
    if out is None:
        typer.echo(text, nl=False)
    else:
        with one_sentence():
            out.write_text(text, encoding="utf-8")


def _shown(line: str) -> None:
    typer.echo(line)


def _typed(echo: bool) -> Iterator[str]:
    """Lines from the terminal, or from a pipe (then shown, so that the talk can be read)."""
    asked = sys.stdin.isatty()
    while True:
        if asked:
            typer.echo("> ", nl=False)
            sys.stdout.flush()
        try:
            line = sys.stdin.readline()
        except KeyboardInterrupt:
            line = ""
        if not line:
            return
        if echo and not asked:
            typer.echo(f"> {line.rstrip()}")
        yield line


def _moment(clock: str) -> str:
    from pydantic_core import PydanticCustomError

    from ivr.flow.testing.script import read_moment

    try:
        return read_moment(clock) if clock else ""
    except PydanticCustomError as error:
        refuse(f"--clock: {error}")


def _call_json(call: Simulation) -> dict[str, Any]:
    return {
        "ended": call.ended,
        "length_s": round(call.now_s, 3),
        "path": call.path,
        "exits": call.exits,
        "heard": [{"prompt": heard.prompt, "at_s": round(heard.from_s, 3), "cut": heard.cut} for heard in call.heard],
        "consents": call.consents,
        "values": dict(call.variables),
        "recorded": [message.kind for message in call.recorded],
        "rung": call.rung,
        "language": call.language,
    }


def flow_files(path: Path) -> list[Path]:
    """This file, or every flow file below this folder."""
    from ivr.flow.schema import SUFFIXES

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
    from ivr.flow.pace import reading, steady

    return reading(texts(open_library(brand))) if brand else steady


def texts(prompts: PromptLibrary) -> Callable[[Phrase], str | None]:
    """The words of a phrase, None where the brand has none."""
    from ivr.prompting.errors import PromptError

    def text(phrase: Phrase) -> str | None:
        try:
            return prompts.text(phrase)
        except PromptError:
            return None

    return text
