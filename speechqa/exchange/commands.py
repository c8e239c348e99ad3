"""``speechqa export`` and ``speechqa measure``: an analysis out to other programs, their words in to the measures."""

from __future__ import annotations

import sys
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from speechqa import console

if TYPE_CHECKING:
    from speechqa.analysis import Analysis
    from speechqa.exchange.document import Document
    from speechqa.exchange.measure import Given

EXPORTS = ("vcon", "contact-lens", "rttm", "ctm", "vtt", "textgrid", "csv")
EXPORT_EXAMPLES = (
    "Examples:  speechqa export analysis.json --to vtt -o call.vtt   |   "
    "speechqa export analysis.json --to vcon --into call.vcon.json -o call.vcon.json   |   "
    "speechqa export calls/*/analysis.json --to csv --table measures -o calls.csv"
)
MEASURE_EXAMPLES = (
    "Examples:  speechqa measure whisperx.json --agent SPEAKER_00 --json analysis.json   |   "
    "speechqa measure call.ctm --audio call.wav --html report.html   |   speechqa measure agent.json customer.json"
)


def export(
    analyses: Annotated[
        list[Path], typer.Argument(help="An analysis.json (several for --to csv).", metavar="ANALYSIS")
    ],
    to: Annotated[str, typer.Option(help=f"The format: {', '.join(EXPORTS)}.")],
    output: Annotated[
        Path, typer.Option("-o", "--output", help="The file to write, - for standard output; for csv also a folder.")
    ] = console.STANDARD_OUTPUT,
    table: Annotated[
        str | None, typer.Option(help="With csv: turns, words, findings or measures (default: all, into a folder).")
    ] = None,
    into: Annotated[
        Path | None, typer.Option(help="With vcon: the record to add the analysis to; it is kept as it is.")
    ] = None,
) -> None:
    """Write an analysis in another program's format."""
    from speechqa.errors import SpeechqaError
    from speechqa.exchange.document import parse_document
    from speechqa.exchange.files import read_text

    with console.refusing():
        if to not in EXPORTS:
            raise SpeechqaError(f"There is no format {to!r}; there are {', '.join(EXPORTS)}.")
        if to != "csv" and (len(analyses) != 1 or table):
            raise SpeechqaError("Several analyses and --table go with --to csv alone; export one at a time.")
        if into and to != "vcon":
            raise SpeechqaError("--into goes with --to vcon alone.")
        documents = [parse_document(read_text(path), str(path)) for path in analyses]
        if to == "csv":
            _write_tables(documents, table, output)
        else:
            console.check_places(output)
            _put(_exported(documents[0], to, into), output)


def _exported(document: Document, to: str, into: Path | None) -> str:
    from speechqa.exchange import contact_lens, ctm, rttm, textgrid, vcon, webvtt
    from speechqa.exchange.files import read_text

    if to == "vcon":
        from importlib.metadata import version

        record = read_text(into) if into else None
        return vcon.write(document, datetime.now(UTC), version=version("clearline"), record=record, name=str(into))
    writers = {
        "contact-lens": contact_lens.write,
        "rttm": rttm.write,
        "ctm": ctm.write,
        "vtt": webvtt.write,
        "textgrid": textgrid.write,
    }
    return writers[to](document.analysis)


def _write_tables(documents: list[Document], table: str | None, output: Path) -> None:
    from speechqa.errors import SpeechqaError
    from speechqa.exchange import tables

    if table is not None and table not in tables.TABLES:
        raise SpeechqaError(f"There is no table {table!r}; there are {', '.join(tables.TABLES)}.")
    if table is not None:
        console.check_places(output)
        _put(tables.write(documents, table), output, mark=True)
        return
    if output == console.STANDARD_OUTPUT or not output.is_dir():
        raise SpeechqaError(
            f"All tables go into a folder that exists, which {output} is not; or name one with --table."
        )
    for name in tables.TABLES:
        _put(tables.write(documents, name), output / f"{name}.csv", mark=True)


def _put(text: str, output: Path, *, mark: bool = False) -> None:
    """Write whole or not at all; ``mark``: with the byte order mark by which spreadsheets know UTF-8."""
    if output == console.STANDARD_OUTPUT:
        sys.stdout.buffer.write(text.encode("utf-8"))
        sys.stdout.buffer.flush()
        return
    partial = output.with_name(f".{output.name}.part")
    partial.write_bytes(text.encode("utf-8-sig" if mark else "utf-8"))
    partial.replace(output)


def measure(
    files: Annotated[
        list[Path],
        typer.Argument(
            help="What another program heard: Whisper, WhisperX or Contact Lens JSON, vCon, RTTM, CTM, WebVTT or"
            " TextGrid. Two files are the agent's and the customer's.",
            metavar="FILE",
        ),
    ],
    form: Annotated[str, typer.Option("--format", help="The format, when its content does not tell it.")] = "auto",
    agent: Annotated[list[str] | None, typer.Option(help="The speaker who is the agent (repeat for several).")] = None,
    customer: Annotated[list[str] | None, typer.Option(help="The speaker who is the customer.")] = None,
    audio: Annotated[
        list[Path] | None,
        typer.Option(help="The recording, for exact edges and levels; twice for the agent's and the customer's file."),
    ] = None,
    speech: Annotated[
        Path | None, typer.Option(help="A diariser's file (RTTM, TextGrid): who speaks when, for FILE's words.")
    ] = None,
    aligned: Annotated[
        bool, typer.Option(help="The word times are exact (forced alignment): measure pauses and overlaps from them.")
    ] = False,
    json: Annotated[Path | None, typer.Option(help="Write the analysis here; - for standard output.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write the report here.")] = None,
    roles: Annotated[
        console.Roles,
        typer.Option(help="The recording's sides: matched with the words, kept as they are, or exchanged."),
    ] = console.Roles.auto,
    offset: Annotated[
        float | None, typer.Option(help="Seconds by which the agent's sound file starts after the customer's.")
    ] = None,
    language: Annotated[str | None, typer.Option(help="Language of the call, two letters.")] = None,
    rubric: Annotated[str, typer.Option(help="A shipped rubric (standard, complaint, sales) or a file.")] = "standard",
    quiet: Annotated[bool, typer.Option(help="No progress and no scorecard.")] = False,
) -> None:
    """Measure a call that your own recogniser or diariser heard, and show its scorecard."""
    from speechqa.exchange.measure import Given, measure_transcript
    from speechqa.judgement import AnalysisSettings

    with console.refusing():
        console.check_places(json, html)
        given = Given(
            form=form,
            agent=tuple(agent or ()),
            customer=tuple(customer or ()),
            audio=tuple(audio or ()),
            language=language,
            speech=speech,
            aligned=aligned,
            roles=roles.value,
            offset_s=offset,
        )
        with console.progress(quiet) as tell:
            analysis = measure_transcript(files, given, AnalysisSettings(rubric=rubric), progress=tell)
        _show(analysis, given, json, html, quiet)


def _show(analysis: Analysis, given: Given, json: Path | None, html: Path | None, quiet: bool) -> None:
    document = analysis.to_json()
    if json == console.STANDARD_OUTPUT:
        console.print_json(document)
    elif json is not None:
        analysis.write(json)
    if html is not None:
        _report(document, given, analysis, html)
    if not quiet and json != console.STANDARD_OUTPUT:
        from rich.console import Console

        from speechqa.report.terminal import print_scorecard

        print_scorecard(document, Console())


def _report(document: dict[str, object], given: Given, analysis: Analysis, html: Path) -> None:
    from speechqa.cli import as_analyzed, report_audio
    from speechqa.exchange.measure import recording_given
    from speechqa.report.html import write_report
    from speechqa.report.waveform import ReportAudio

    if not given.audio:
        write_report(document, ReportAudio(8000, None, None), html)
        return
    write_report(document, report_audio(as_analyzed(recording_given(given), analysis)), html)
