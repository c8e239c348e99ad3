"""Which flow a line runs, and whether it can: on this line, with these prompts, by what the recogniser knows."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from ivr.flow.check import beyond, check_flow, not_rung, unheard, unset
from ivr.flow.load import load_flow
from ivr.flow.problems import FlowError, Problem
from ivr.flow.versions import Published, VersionStore
from ivr.recognizing import open_recognizer
from ivr.session import ABILITIES
from ivr.shipped import FLOW, shipped

if TYPE_CHECKING:
    from ivr.cell import FlowFor
    from ivr.flow.model import Flow
    from ivr.line import LineSettings
    from ivr.prompting.library import PromptLibrary


def flow_for_line(path: Path | None, line: LineSettings, library: PromptLibrary) -> Flow:
    """The flow to run; raises FlowError for what would leave a caller in silence, warns of targets nobody named."""
    flow = load_flow(path or shipped(FLOW))
    errors = [problem for problem in unfit(library, line, flow) if problem.severity == "error"]
    if errors:
        raise FlowError(errors)
    line.check_languages(flow.languages, flow.file)
    _warn_of_targets(flow, set(line.targets))
    return flow


def published_for_line(name: str, store: Path, line: LineSettings, library: PromptLibrary) -> FlowFor:
    """The live version of a flow for each new call."""
    live = Published(VersionStore(store), name, partial(unfit, library, line))
    first = live("")
    line.check_languages(first.languages, first.file)
    _warn_of_targets(first, set(line.targets))
    return live


def unfit(library: PromptLibrary, line: LineSettings, flow: Flow) -> list[Problem]:
    """What is wrong with the flow on this line, with these prompts."""
    prompts = {language: library.texts(language) for language in library.languages}
    return [
        *not_rung(flow),
        *check_flow(flow, prompts=prompts),
        *beyond(flow, ABILITIES),
        *unset(flow, line.services),
        *_unheard(flow, line),
    ]


def _unheard(flow: Flow, line: LineSettings) -> list[Problem]:
    """Languages that the recogniser does not know; raises RecognizerMissing when a flow needs one and none is there."""
    return unheard(flow, open_recognizer(line.vosk_model).accepts) if "speech" in flow.needs() else []


def _warn_of_targets(flow: Flow, targets: set[str]) -> None:
    missing = sorted({target for node in flow.nodes.values() for target in node.dials()} - targets)
    for name in missing:
        typer.echo(
            f"{flow.file}: no target {name!r}; nobody can be rung there until --target {name}=SIP-URI",
            err=True,
        )
