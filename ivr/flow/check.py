"""What would go wrong in a call, found before a caller hears it. It reads the files and does nothing else."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from pathlib import Path

from ivr.flow.load import load_flow
from ivr.flow.model import Flow
from ivr.flow.problems import FlowError, Problem, Severity, did_you_mean
from ivr.flow.step import CALL_LIMIT

SUFFIXES = (".yaml", ".yml")

__all__ = ["Problem", "check_flow", "check_paths"]


def check_paths(
    paths: Sequence[Path],
    *,
    targets: Collection[str] | None = None,
    prompts: Mapping[str, Collection[str]] | None = None,
) -> list[Problem]:
    """Everything wrong with these flow files, and with all flow files below these folders, in the order of the files.

    ``targets`` are the transfer targets of the settings' allow-list; ``prompts`` are the catalogue's ids by language.
    What is ``None`` is not checked.
    """
    problems: list[Problem] = []
    for path in paths:
        files = _flow_files(path)
        if not files:
            problems.append(
                Problem(str(path), 1, 1, "", "error", "no flow is here", "", "name a folder with .yaml files")
            )
        for file in files:
            problems += _check_file(file, targets, prompts)
    return problems


def check_flow(
    flow: Flow,
    *,
    targets: Collection[str] | None = None,
    prompts: Mapping[str, Collection[str]] | None = None,
) -> list[Problem]:
    """Everything wrong with a flow that loads, in the order of the file."""
    problems = [*_unreachable(flow), *_without_end(flow)]
    if targets is not None:
        problems += _unknown_targets(flow, targets)
    if prompts is not None:
        problems += _missing_prompts(flow, prompts)
    return sorted(problems)


def _flow_files(path: Path) -> list[Path]:
    if path.is_dir():
        return sorted(file for file in path.rglob("*") if file.suffix in SUFFIXES and file.is_file())
    return [path]


def _check_file(
    file: Path, targets: Collection[str] | None, prompts: Mapping[str, Collection[str]] | None
) -> list[Problem]:
    try:
        flow = load_flow(file)
    except FlowError as error:
        return list(error.problems)
    return check_flow(flow, targets=targets, prompts=prompts)


def _unreachable(flow: Flow) -> Iterator[Problem]:
    seen = _closure({flow.start}, {name: node.targets() for name, node in flow.nodes.items()})
    for name in flow.nodes:
        if name not in seen:
            remedy = "lead to it from another node, or remove it"
            yield _at_node(flow, name, "error", "no call ever comes here", "", remedy)


def _without_end(flow: Flow) -> Iterator[Problem]:
    back: dict[str, set[str]] = {name: set() for name in flow.nodes}
    for name, node in flow.nodes.items():
        for target in node.targets():
            back[target].add(name)
    ending = _closure({name for name, node in flow.nodes.items() if node.can_end()}, back)
    for name in flow.nodes:
        if name not in ending:
            why = "the call would go round until its steps are used up"
            yield _at_node(flow, name, "error", "no way leads from here to an end", why, "lead to an `end` node")


def _closure(start: set[str], ways: Mapping[str, Collection[str]]) -> set[str]:
    seen, open_ends = set(start), list(start)
    while open_ends:
        fresh = set(ways[open_ends.pop()]) - seen
        seen |= fresh
        open_ends += fresh
    return seen


def _unknown_targets(flow: Flow, targets: Collection[str]) -> Iterator[Problem]:
    for name, node in flow.nodes.items():
        for target in node.dials():
            if target not in targets:
                remedy = did_you_mean(target, sorted(targets)) or "add it to the transfer targets"
                why = "calls go only to targets of the settings' allow-list"
                what = f"'{target}' is not an allowed transfer target"
                yield _at_field(flow, name, node.kind, what, why, remedy)


def _missing_prompts(flow: Flow, prompts: Mapping[str, Collection[str]]) -> Iterator[Problem]:
    for language in flow.languages:
        known = prompts.get(language)
        if known is None:
            have = ", ".join(sorted(prompts)) or "none"
            why, remedy = f"the catalogue has: {have}", "write its texts, or take it out of `languages`"
            yield _at_top(flow, ("languages",), f"there are no prompts in the language '{language}'", why, remedy)
            continue
        yield from _missing_in(flow, language, known)


def _missing_in(flow: Flow, language: str, known: Collection[str]) -> Iterator[Problem]:
    told: set[str] = set()
    for name, node in flow.nodes.items():
        for prompt in node.says():
            if prompt not in known and prompt not in told:
                told.add(prompt)
                what = f"the prompt '{prompt}' has no text in '{language}'"
                yield _at_field(flow, name, node.kind, what, "", _prompt_remedy(prompt, known, language))
    if CALL_LIMIT not in known:
        what = f"the prompt '{CALL_LIMIT}' has no text in '{language}'"
        why = "it is said when a call has taken all its steps"
        yield _at_top(flow, ("flow",), what, why, _prompt_remedy(CALL_LIMIT, known, language))


def _prompt_remedy(prompt: str, known: Collection[str], language: str) -> str:
    hint = did_you_mean(prompt, sorted(known))
    return hint if hint.startswith("did") else f"add it to the texts of '{language}'"


def _at_node(flow: Flow, node: str, severity: Severity, what: str, why: str, remedy: str) -> Problem:
    place = flow.places["nodes", node]
    return Problem(flow.file, place.key_line, place.key_column, node, severity, what, why, remedy)


def _at_field(flow: Flow, node: str, field: str, what: str, why: str, remedy: str) -> Problem:
    place = flow.places["nodes", node, field]
    return Problem(flow.file, place.line, place.column, node, "error", what, why, remedy)


def _at_top(flow: Flow, path: tuple[str, ...], what: str, why: str, remedy: str) -> Problem:
    place = flow.places.get(path) or flow.places["flow",]
    return Problem(flow.file, place.line, place.column, "", "error", what, why, remedy)
