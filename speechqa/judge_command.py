"""``speechqa judge``: a transcript scored without any sound."""

from __future__ import annotations

import json as json_format
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from speechqa import console

if TYPE_CHECKING:
    from speechqa.written_call import Judgement

EXAMPLES = (
    "Examples:  speechqa judge turns.json --json -   |   speechqa judge turns.json --rubric complaint --json out.json"
)


def judge(
    turns: Annotated[Path, typer.Argument(help="The call as turns (JSON, see docs/rubrics.md); - for standard input.")],
    json: Annotated[Path | None, typer.Option(help="Write the judgement here; - for standard output.")] = None,
    rubric: Annotated[str, typer.Option(help="A shipped rubric (standard, complaint, sales) or a file.")] = "standard",
    assistant: Annotated[str | None, typer.Option(help=console.ASSISTANT)] = None,
    assistant_model: Annotated[str | None, typer.Option(help=console.ASSISTANT_MODEL)] = None,
    language: Annotated[str | None, typer.Option(help="The language, where the file's is wrong.")] = None,
) -> None:
    """Judge a transcript without sound: ending, wording, refusals, score."""
    from dataclasses import replace

    from speechqa.assistant.proposing import endpoint_of, with_proposal
    from speechqa.exchange.decoding import decode
    from speechqa.exchange.files import read_text
    from speechqa.rubric.rubrics import load_rubric
    from speechqa.written_call import judge_written, read_written_call

    with console.refusing():
        console.check_places(json)
        chosen, endpoint = load_rubric(rubric), endpoint_of(assistant, assistant_model)
        given = turns == console.STANDARD_OUTPUT
        text = decode(sys.stdin.buffer.read(), "standard input") if given else read_text(turns)
        call = read_written_call(text, "standard input" if given else str(turns))
        if language:
            call = replace(call, conversation=replace(call.conversation, language=language))
        found = judge_written(call, chosen)
        if endpoint is not None:
            said = [(each.party, each.start_s, each.end_s, each.text) for each in call.conversation.turns]
            found = with_proposal(found, said, endpoint)
        if json is not None and json != console.STANDARD_OUTPUT:
            _write(found, json)
    if json == console.STANDARD_OUTPUT:
        console.print_json(found.to_json())
    else:
        _show(found)


def _write(found: Judgement, place: Path) -> None:
    partial = place.with_name(f".{place.name}.part")
    partial.write_text(json_format.dumps(found.to_json(), ensure_ascii=False, indent=1) + "\n", encoding="utf-8")
    partial.replace(place)


def _show(found: Judgement) -> None:
    from speechqa.written_call import EDGES

    score, closing = found.score, found.ending
    print(f"Score: {'none' if score.total is None else score.total} ({score.rubric} {score.rubric_version})")
    if score.total is None:
        print(next((each for each in (*found.notes[:1], *score.doubts) if each != EDGES), ""))
    print(f"Ending: {'not judged' if closing.score is None else closing.score}")
    for each in closing.criteria:
        sign = {True: "met", False: "missed", None: "?"}[each.met]
        print(f"{sign:>8}  {each.id}{f'  ({each.reason})' if each.reason else ''}")
    if closing.better:
        print(f"You could have ended on: {closing.better.text}")
    for finding in found.findings or ():
        instead = f"  Say instead: {finding.say_instead}" if finding.say_instead and not finding.credit else ""
        print(f"{finding.start_s:8.1f}  {finding.rule}: {finding.quote}{instead}")
    _show_conflict(found)
    for change in score.changes:
        print(f"With {change.criterion} in full the score would be {change.total} (+{change.gain}).")
    for line in (*(f"A human must look: {doubt}" for doubt in score.doubts), *found.notes):
        print(line)


def _show_conflict(found: Judgement) -> None:
    for episode in found.conflict.episodes if found.conflict else ():
        calm = episode.time_to_calm_s
        told = "never calm again" if calm is None else f"calm again after {calm:.0f} s"
        print(f"Conflict at {episode.start_s:.1f} s, highest at {episode.peak_s:.1f} s ({episode.peak:.2f}): {told}.")
    for habit in found.conflict.habits if found.conflict else ():
        if habit.found:
            signs = ", ".join(dict.fromkeys(each.sign for each in habit.traits))
            print(f"{habit.pattern}: {signs}, first at {habit.traits[0].start_s:.1f} s")
    if found.proposal is not None and found.proposal.summary:
        print(f"Proposed by {found.proposal.model}: {found.proposal.summary}")
