"""All that a line says without a value is made before its first call."""

from __future__ import annotations

import sys
from collections.abc import Sequence

import typer

from ivr.commands import Phrase
from ivr.flow.model import Flow
from ivr.flow.step import CALL_LIMIT, GAVE_UP
from ivr.line import LineSettings
from ivr.prompting.library import PromptLibrary


def prepare(library: PromptLibrary, flow: Flow, quiet: bool) -> None:
    """Make all that the flow says without a value before the first call, with a word on the progress."""

    def told(done: int, of: int) -> None:
        if not quiet and sys.stderr.isatty():
            typer.echo(f"\rprompts {done} of {of}", err=True, nl=done == of)

    spoken = {prompt for node in flow.nodes.values() for prompt in node.says()} | {CALL_LIMIT, GAVE_UP}
    every = [Phrase(id, language) for language in flow.spoken for id in sorted(library.ids(language) & spoken)]
    library.prepare(every, told)
    library.hold()


def prepare_all(library: PromptLibrary, line: LineSettings, flows: Sequence[Flow], quiet: bool) -> None:
    """The same for every flow of the line, and for what is said before the answer."""
    for flow in flows:
        prepare(library, flow, quiet)
    for number in line.trunks.numbers:
        for prompt in filter(None, (number.announce, number.turned_away)):
            languages = [number.language or line.language] if number.language or line.language else flows[0].languages
            library.prepare([Phrase(prompt, language) for language in languages], lambda done, of: None)
