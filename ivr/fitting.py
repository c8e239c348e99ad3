"""Which flow a line runs, and whether it can: on this line, with these prompts, by what the recogniser knows."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from ivr.flow.check import beyond, check_flow, not_rung, unheard, unset
from ivr.flow.load import load_flow
from ivr.flow.problems import FlowError, Problem
from ivr.flow.schema import SUFFIXES
from ivr.flow.versions import Published, VersionStore
from ivr.recognizing import open_recognizer
from ivr.shipped import FLOW, shipped
from ivr.trunks.errors import TrunkError

if TYPE_CHECKING:
    from ivr.cell import FlowFor
    from ivr.flow.model import Flow
    from ivr.line import LineSettings
    from ivr.prompting.library import PromptLibrary

ABILITIES = frozenset({"sensitive", "lookup", "speech", "queue", "callback", "whisper"})
"""What flows may want beyond speaking, listening, recording and transferring, and this line can do."""


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


def flows_of_numbers(line: LineSettings, store: Path, library: PromptLibrary) -> dict[str, FlowFor]:
    """Every flow that the numbers of trunks name, by its file or as published; raises FlowError or TrunkError."""
    flows = {name: _named(name, line, store, library) for name in line.trunks.flows()}
    for number in line.trunks.numbers:
        spoken = flows[number.flow]("").languages
        language = number.language or line.language or spoken[0]
        if number.language and number.language not in spoken:
            there = ", ".join(spoken)
            raise TrunkError(f"number {number.pattern}: {number.flow} is not spoken in {language!r}, only in {there}")
        for prompt in filter(None, (number.announce, number.turned_away)):
            if prompt not in library.ids(language):
                raise TrunkError(
                    f"number {number.pattern}: the brand has no prompt {prompt!r} in {language!r}: add its text"
                )
    return flows


def _named(name: str, line: LineSettings, store: Path, library: PromptLibrary) -> FlowFor:
    if not name.endswith(SUFFIXES):
        return published_for_line(name, store, line, library)
    flow = flow_for_line(Path(name), line, library)
    return lambda caller: flow


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
