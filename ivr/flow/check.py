"""What would go wrong in a call, found before a caller hears it. It reads the files and does nothing else."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterator, Mapping, Sequence
from pathlib import Path

from ivr.flow.collector import collector_paused
from ivr.flow.load import load_flow
from ivr.flow.model import Flow
from ivr.flow.problems import FlowError, Problem, did_you_mean
from ivr.flow.rules.place import at_field, at_node, at_top
from ivr.flow.rules.ways import ways
from ivr.flow.rules.wording import wording
from ivr.flow.schema import SUFFIXES

Prompts = Mapping[str, Collection[str]]
Durations = Mapping[str, Mapping[str, float]]

__all__ = ["Problem", "beyond", "check_flow", "check_paths", "not_rung", "unheard", "unset"]


def check_paths(
    paths: Sequence[Path],
    *,
    targets: Collection[str] | None = None,
    prompts: Prompts | None = None,
    durations: Durations | None = None,
) -> list[Problem]:
    """Everything wrong with these flow files, and with all flow files below these folders, in the order of the files.

    ``targets`` are the transfer targets of the settings' allow-list. ``prompts`` are the catalogue's ids by language;
    where they are mappings from id to text, the wording is checked too. ``durations`` are the seconds of prompts, by
    language and id; what they do not name is guessed from its text. What is ``None`` is not checked.
    """
    problems: list[Problem] = []
    with collector_paused():
        for path in paths:
            files = _flow_files(path)
            if not files:
                remedy = "name a folder with .yaml files"
                problems.append(Problem(str(path), 1, 1, "", "error", "no flow is here", "", remedy))
            for file in files:
                problems += _check_file(file, targets, prompts, durations)
    return list(dict.fromkeys(problems))  # a flow that several others call is told of once


def check_flow(
    flow: Flow,
    *,
    targets: Collection[str] | None = None,
    prompts: Prompts | None = None,
    durations: Durations | None = None,
) -> list[Problem]:
    """Everything wrong with a flow that loads, in the order of the file."""
    problems = [*ways(flow)]
    if targets is not None:
        problems += _unknown_targets(flow, targets)
    if prompts is not None:
        for one in (flow, *flow.parts.values()):
            problems += wording(one, prompts, durations or {})
    return sorted(set(problems))


def not_rung(flow: Flow) -> list[Problem]:
    """A flow that only other flows call cannot be a line's."""
    if not flow.returns:
        return []
    what, why = "the flow has `returns`: other flows call it", "a caller who rings it would be left when it returns"
    return [at_top(flow, ("returns",), what, why, "name the flow that calls it")]


def beyond(flow: Flow, abilities: Collection[str]) -> list[Problem]:
    """What the flow wants of the line that a line with these ``abilities`` cannot do yet."""
    why = "in a call, nothing would come of this node"
    return [
        at_node(flow, node, f"this line cannot do `{ability}` yet", why, "leave the node out on this line")
        for ability, node in flow.needs().items()
        if ability not in abilities
    ]


def unheard(flow: Flow, accepts: Callable[[str], bool]) -> list[Problem]:
    """The flow's languages in which its spoken answers cannot be understood by the line's recogniser."""
    node = flow.needs().get("speech")
    missing = [language for language in flow.spoken if node is not None and not accepts(language)]
    return [
        at_node(
            flow,
            node or "",
            f"the line's recogniser does not know the language '{language}'",
            "what callers say in it would be taken for something else",
            "name a Vosk model of that language in VOSK_MODEL, or let this flow be keyed only",
        )
        for language in missing
    ]


def unset(flow: Flow, services: Collection[str]) -> list[Problem]:
    """The settings that lookups name and the line does not have."""
    return [
        at_field(
            flow,
            name,
            node.kind,
            f"the line has no setting '{setting}'",
            "the lookup would fail in every call",
            did_you_mean(setting, sorted(services)) or f"set it under services in the line's settings: {setting} = ...",
        )
        for name, node in flow.nodes.items()
        for setting in node.wants()
        if setting not in services
    ]


def _flow_files(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(file for file in path.rglob("*") if file.suffix in SUFFIXES and file.is_file())
    return [path]


def _check_file(
    file: Path, targets: Collection[str] | None, prompts: Prompts | None, durations: Durations | None
) -> list[Problem]:
    try:
        flow = load_flow(file)
    except FlowError as error:
        return list(error.problems)
    return check_flow(flow, targets=targets, prompts=prompts, durations=durations)


def _unknown_targets(flow: Flow, targets: Collection[str]) -> Iterator[Problem]:
    for name, node in flow.nodes.items():
        for target in node.dials():
            if target not in targets:
                remedy = did_you_mean(target, sorted(targets)) or "add it to the transfer targets"
                why = "calls go only to targets of the settings' allow-list"
                what = f"'{target}' is not an allowed transfer target"
                yield at_field(flow, name, node.kind, what, why, remedy)
