"""``speechqa``: listening to recordings on the command line.

Exit codes: 0 done, 2 usage or a recording, model or place that cannot be used (one sentence on standard error).
Heavy imports are inside the commands, so that ``speechqa --help`` is quick.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from speechqa import console, judge_command
from speechqa.agreement import commands as agreement_commands
from speechqa.exchange import commands
from speechqa.rubric import commands as rubric_commands

if TYPE_CHECKING:
    from clearline.tone import ToneRules
    from speechqa.analysis import Analysis
    from speechqa.assistant.endpoint import Endpoint
    from speechqa.measures.standing import ReferenceCall
    from speechqa.recording import Channel, Recording
    from speechqa.report.waveform import ReportAudio, Track

app = typer.Typer(
    help="Listens to recordings of calls and measures how the agent spoke.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)

REPORT_RATE_HZ = 16_000


@app.callback()
def speechqa() -> None:
    """Listens to recordings of calls and measures how the agent spoke."""


@app.command(
    epilog="Examples:  speechqa analyze CALL.wav --html report.html   |   "
    "speechqa analyze --agent A.wav --customer C.wav --json -   |   speechqa analyze calls/2026-11-22/CALL"
)
def analyze(
    source: Annotated[
        Path | None,
        typer.Argument(help="A recording (left the customer, right the agent), a vCon, or a call folder."),
    ] = None,
    agent: Annotated[Path | None, typer.Option(help="The agent's file, when there is one file per person.")] = None,
    customer: Annotated[Path | None, typer.Option(help="The customer's file.")] = None,
    json: Annotated[Path | None, typer.Option(help="Write the analysis here; - for standard output.")] = None,
    html: Annotated[Path | None, typer.Option(help="Write the report here, one page that plays the call.")] = None,
    roles: Annotated[
        console.Roles, typer.Option(help="The sides: weighed by what is said, kept as they are, or exchanged.")
    ] = console.Roles.auto,
    offset: Annotated[
        float | None, typer.Option(help="Seconds by which the agent's sound starts after the customer's.")
    ] = None,
    model: Annotated[
        str | None, typer.Option(help="A Whisper model: base-multilingual, a folder, or a name to download.")
    ] = None,
    language: Annotated[
        str | None, typer.Option(help="Language of the call; several with commas: one of these (default: found out).")
    ] = None,
    agent_language: Annotated[str | None, typer.Option(help="The agent's language, two letters.")] = None,
    customer_language: Annotated[str | None, typer.Option(help="The customer's language, two letters.")] = None,
    diarize: Annotated[
        bool | None,
        typer.Option("--diarize/--no-diarize", help="Tell the two people on a mono recording apart (default: yes)."),
    ] = None,
    compare: Annotated[
        Path | None,
        typer.Option(help="Compare the pace with these calls: a folder of analyses, or a JSON file of rates."),
    ] = None,
    team: Annotated[str | None, typer.Option(help="The agent's team among those calls.")] = None,
    rubric: Annotated[str, typer.Option(help="A shipped rubric (standard, complaint, sales) or a file.")] = "standard",
    brand: Annotated[
        Path | None, typer.Option(help="Hold the agent's words against the tone of this brand's folder.")
    ] = None,
    assistant: Annotated[str | None, typer.Option(help=console.ASSISTANT)] = None,
    assistant_model: Annotated[str | None, typer.Option(help=console.ASSISTANT_MODEL)] = None,
    quiet: Annotated[bool, typer.Option(help="No progress and no scorecard.")] = False,
) -> None:
    """Analyse one call and show its scorecard."""
    with console.refusing():
        console.check_places(json, html)
        given = {"agent": agent, "customer": customer, "offset_s": offset}
        spoken = {"language": language, "agent_language": agent_language, "customer_language": customer_language}
        heard_with: dict[str, Any] = {"model": model, "diarize": diarize, **spoken}
        endpoint = _endpoint(assistant, assistant_model)
        with console.progress(quiet) as tell:
            analysis = _analysis(source, given, roles, heard_with, (compare, team), (rubric, brand), tell)
            if endpoint is not None:
                analysis = _with_proposal(analysis, endpoint)
            if json is not None and json != console.STANDARD_OUTPUT:
                analysis.write(json)
            if html is not None:
                _report(analysis, source, given, html, tell)
        _show(analysis, json, quiet)


def _analysis(
    source: Path | None,
    given: dict[str, Any],
    roles: console.Roles,
    heard_with: dict[str, Any],
    against: tuple[Path | None, str | None],
    judged_by: tuple[str, Path | None],
    tell: Callable[[str, float], None],
) -> Analysis:
    from speechqa.settings import ListeningSettings
    from speechqa.stages import AnalysisSettings, analyze

    listening = ListeningSettings.read(**heard_with)
    reference, team = _reference(*against)
    rubric, brand = judged_by
    settings = AnalysisSettings(
        listening=listening, roles=roles.value, rubric=rubric, reference=reference, team=team, tone=_tone(brand)
    )
    return analyze(source, settings, tell, **given)


def _endpoint(url: str | None, model: str | None) -> Endpoint | None:
    from speechqa.assistant.proposing import endpoint_of

    return endpoint_of(url, model)


def _with_proposal(analysis: Analysis, endpoint: Endpoint) -> Analysis:
    from speechqa.assistant.proposing import with_proposal

    said = [(turn.party, turn.start_s, turn.end_s, turn.text) for turn in analysis.turns]
    return with_proposal(analysis, said, endpoint)


def _tone(brand: Path | None) -> Mapping[str, ToneRules]:
    from clearline.tone_file import ToneError, read_tone
    from speechqa.errors import BrandUnusable

    try:
        return read_tone(brand) if brand is not None else {}
    except ToneError as error:
        raise BrandUnusable(str(error)) from None


def _reference(compare: Path | None, team: str | None) -> tuple[tuple[ReferenceCall, ...], str | None]:
    from speechqa.errors import ReferenceUnusable
    from speechqa.reference import own_team, read_reference

    if compare is None:
        if team is not None:
            raise ReferenceUnusable("--team needs the calls to compare with: give --compare FOLDER.")
        return (), None
    calls = read_reference(compare)
    return calls, own_team(calls, team)


def _report(
    analysis: Analysis, source: Path | None, given: dict[str, Any], html: Path, tell: Callable[[str, float], None]
) -> None:
    from speechqa.recording import load_recording
    from speechqa.report.html import write_report

    tell("report", 0.0)
    recording = as_analyzed(load_recording(source, **given), analysis)
    audio = report_audio(recording, analysis)
    write_report(analysis.to_json(), audio, html, progress=lambda share: tell("report", share))


def _show(analysis: Analysis, json: Path | None, quiet: bool) -> None:
    document = analysis.to_json()
    if json == console.STANDARD_OUTPUT:
        console.print_json(document)
    elif not quiet:
        from rich.console import Console

        from speechqa.report.terminal import print_scorecard

        print_scorecard(document, Console())


def as_analyzed(recording: Recording, analysis: Analysis) -> Recording:
    """A recording opened again, with its sides and their times as the analysis found them."""
    found = analysis.recording
    recording = recording.swapped() if found.roles_swapped else recording
    later_s = found.offset_s["agent"] - found.offset_s["customer"]
    now_s = recording.offset.agent_s - recording.offset.customer_s
    moved = abs(later_s - now_s) > 1e-6
    return recording.realigned(later_s - now_s, recording.offset.confidence, "cross-talk") if moved else recording


def report_audio(recording: Recording, analysis: Analysis | None = None) -> ReportAudio:
    """Both sides of a recording as the report plays them: one rate, one origin, read as they are needed.

    A mono recording whose people were told apart is played as it is and drawn by who speaks.
    """
    from speechqa.conversation import PARTIES
    from speechqa.report.waveform import ReportAudio, only_within
    from speechqa.timeline import Span, Timeline

    rate_hz = min(recording.sample_rate_hz, REPORT_RATE_HZ)
    tracks = {party: _track(lane, rate_hz) for party, lane in recording.lanes.items()}
    if analysis is None or analysis.recording.voices is None or "customer" in tracks:
        return ReportAudio(rate_hz, tracks.get("customer"), tracks.get("agent"))
    spans = {p: [Span(each.start_s, each.end_s) for each in analysis.speech if each.party == p] for p in PARTIES}
    drawn = {p: only_within(tracks["agent"], Timeline(spans[p]), rate_hz) for p in PARTIES}
    return ReportAudio(rate_hz, drawn["customer"], drawn["agent"], mixed=tracks["agent"])


def _track(lane: Channel, rate_hz: int) -> Track:
    from itertools import chain

    import numpy as np

    from speechqa.report.waveform import Track

    late = max(0, round(lane.offset_s * rate_hz))
    length = late + round(lane.audio.duration_s * rate_hz)
    return Track(length, lambda: chain((np.zeros(late, np.float32),), lane.blocks(rate_hz)))


app.command(epilog=commands.EXPORT_EXAMPLES)(commands.export)
app.command(epilog=commands.MEASURE_EXAMPLES)(commands.measure)
app.command(epilog=judge_command.EXAMPLES)(judge_command.judge)
app.command(epilog=agreement_commands.EXAMPLES)(agreement_commands.agree)
app.add_typer(rubric_commands.app, name="rubric")


def main() -> None:
    """The console script."""
    app()


if __name__ == "__main__":
    main()
