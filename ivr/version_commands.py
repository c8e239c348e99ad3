"""Versions of flows on the command line: ``ivr publish``, ``versions``, ``rollback``, ``promote``.

Exit codes: 0 done, 1 a draft that is not fit to be published, 2 usage or input that cannot be used.
"""

from __future__ import annotations

import contextlib
import json
from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from ivr.console import one_sentence, open_library

if TYPE_CHECKING:
    from ivr.flow.versions import History, VersionStore

STORE = Path("published")

FlowName = Annotated[str, typer.Argument(metavar="FLOW", help="The flow's name, or its file.")]
Store = Annotated[Path, typer.Option(help="The folder of published flows.")]


def add_to(app: typer.Typer) -> None:
    """Put the commands of this module on the app."""
    app.command("publish", epilog=PUBLISH_EXAMPLES)(publish)
    app.command("versions", epilog=VERSIONS_EXAMPLES)(versions)
    app.command("rollback", epilog=ROLLBACK_EXAMPLES)(rollback)
    app.command("promote", epilog=PROMOTE_EXAMPLES)(promote)


PUBLISH_EXAMPLES = (
    "Examples:  ivr publish flows/support.yaml --author ann --note 'Shorter menu'   |   "
    "ivr publish flows/support.yaml --author ann --note 'Try it on some' --canary 10"
)
VERSIONS_EXAMPLES = "Examples:  ivr versions   |   ivr versions support   |   ivr versions flows/support.yaml --json"
ROLLBACK_EXAMPLES = "Examples:  ivr rollback support   |   ivr rollback support --to 3"
PROMOTE_EXAMPLES = "Examples:  ivr promote support"


def publish(
    flow: Annotated[Path, typer.Argument(help="The draft to publish.")],
    author: Annotated[str, typer.Option(help="Who publishes it.")],
    note: Annotated[str, typer.Option(help="What is new, in one sentence.")],
    canary: Annotated[
        int, typer.Option(min=0, max=99, help="Only for so many percent of the callers; 0 is for all.")
    ] = 0,
    target: Annotated[
        list[str] | None, typer.Option(help="NAME=SIP-URI: check transfers against these targets.")
    ] = None,
    brand: Annotated[Path | None, typer.Option(help="Check the prompts against this brand's folder.")] = None,
    store: Store = STORE,
) -> None:
    """Make a version of a draft, if it has no errors and its tests hold. New calls take it; calls under way do not."""
    from clearline.vcon import now
    from ivr.fitting import ABILITIES
    from ivr.line import parse_targets

    with _fit_or_not():
        targets = set(parse_targets(target)) if target else None
        texts = open_library(brand) if brand else None
        prompts = {language: texts.texts(language) for language in texts.languages} if texts else None
        version = _store(store).publish(
            flow,
            author=author,
            note=note,
            at=now().isoformat(timespec="seconds"),
            canary=canary,
            targets=targets,
            prompts=prompts,
            abilities=ABILITIES,
        )
    share = f"{canary} % of the callers" if canary else "all new calls"
    typer.echo(f"{flow}: version {version.number} ({version.hash[:12]}) is live for {share}.")


def versions(
    flow: Annotated[str, typer.Argument(metavar="[FLOW]", help="The flow's name, or its file (default: all).")] = "",
    store: Store = STORE,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON array, a flow each.")] = False,
) -> None:
    """The published versions of flows, and which of them are live."""
    with _fit_or_not():
        kept = _store(store)
        names = [_name(flow)] if flow else list(kept.flows())
        histories = [kept.history(name) for name in names]
    if as_json:
        typer.echo(json.dumps([_history_json(history) for history in histories], ensure_ascii=False, indent=1))
        return
    for history in histories:
        for line in _lines(history):
            typer.echo(line)
    if not histories:
        typer.echo(f"Nothing is published in {store}.")


def rollback(
    flow: FlowName,
    to: Annotated[int | None, typer.Option(help="To this version (default: the canary ends, or one back).")] = None,
    store: Store = STORE,
) -> None:
    """Take back what was published last. Calls under way end as they began."""
    with _fit_or_not():
        version = _store(store).rollback(_name(flow), to)
    typer.echo(f"Version {version.number} ({version.hash[:12]}, {version.note}) is live for all new calls.")


def promote(flow: FlowName, store: Store = STORE) -> None:
    """Give the canary to all callers."""
    with _fit_or_not():
        version = _store(store).promote(_name(flow))
    typer.echo(f"Version {version.number} ({version.hash[:12]}, {version.note}) is live for all new calls.")


def _store(folder: Path) -> VersionStore:
    from ivr.flow.versions import VersionStore

    return VersionStore(folder)


def _name(flow: str) -> str:
    """A flow's name, out of its file where one is given."""
    from ivr.flow.load import load_flow

    return load_flow(Path(flow)).name if Path(flow).is_file() else flow


def _lines(history: History) -> Iterator[str]:
    yield f"{history.flow}:" if history.versions else f"{history.flow}: no versions"
    for version in reversed(history.versions):
        live = {history.stable: "live", history.canary: f"live for {history.weight} %"}.get(version.number, "")
        said = f"{version.author}: {version.note}"
        yield f"  {version.number:>4}  {version.hash[:12]}  {version.at}  {said}  {live}".rstrip()


def _history_json(history: History) -> dict[str, Any]:
    return asdict(history)


@contextlib.contextmanager
def _fit_or_not() -> Iterator[None]:
    """Exit code 1 for a draft that is not fit to be published, 2 for what cannot be used."""
    from ivr.flow.versions import NotPublishable

    with one_sentence():
        try:
            yield
        except NotPublishable as error:
            typer.echo(str(error), err=True)
            raise typer.Exit(1) from None
