"""``ivr``: the phone line on the command line.

Exit codes: 0 done, 1 checked and found wrong (a flow with errors, a script whose call went otherwise), 2 usage or input
that cannot be used. Heavy imports are inside the commands, so that ``ivr --help`` is quick.
"""

from __future__ import annotations

import json
import signal
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any
from urllib.parse import quote

import typer

from ivr import (
    closing_commands,
    flow_commands,
    front_commands,
    numbers_commands,
    prompt_commands,
    proof_commands,
    recover_commands,
    ringing_command,
    version_commands,
)
from ivr.console import one_sentence, open_library, refuse

if TYPE_CHECKING:
    from ivr.cell import FlowFor
    from ivr.line import LineSettings
    from ivr.prompting.library import PromptLibrary

app = typer.Typer(
    help="The phone line: answers calls over SIP, runs flows, speaks prompts, records.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)


@app.command(
    epilog="Examples:  ivr serve   |   ivr serve --flow flows/support.yaml --target service=sip:127.0.0.1:5070   |   "
    "ivr serve --bind 10.0.0.4:5060 --allow 10.0.0.0/8   |   ivr serve --published support"
)
def serve(
    flow: Annotated[Path | None, typer.Option(help="The flow to run (default: the shipped support flow).")] = None,
    brand: Annotated[Path | None, typer.Option(help="The brand's folder with its prompts (default: shipped).")] = None,
    published: Annotated[
        str | None, typer.Option(metavar="NAME", help="Run the published versions of this flow; a new one is taken up.")
    ] = None,
    store: Annotated[Path, typer.Option(help="The folder of published flows.")] = Path("published"),
    language: Annotated[
        str | None, typer.Option(help="Calls begin in this language (default: the first of the flow).")
    ] = None,
    bind: Annotated[
        str | None, typer.Option(help="Address and UDP port to listen on; port 0 takes a free one.")
    ] = None,
    calls: Annotated[Path | None, typer.Option(help="Where calls are kept.")] = None,
    target: Annotated[
        list[str] | None, typer.Option(help="NAME=SIP-URI: whom flows may transfer to; may be given again.")
    ] = None,
    allow: Annotated[
        list[str] | None, typer.Option(help="A network that may ring, such as 10.0.0.0/8; may be given again.")
    ] = None,
    cells: Annotated[
        int, typer.Option(min=0, max=500, help="So many processes on ports from --bind on; 0: one, in this process.")
    ] = 0,
    legs: Annotated[
        int | None,
        typer.Option(min=1, help="Calls at once in a cell; a call with an agent uses two (default: what SIP carries)."),
    ] = None,
    drain: Annotated[
        float, typer.Option(min=0, help="After SIGTERM running calls may go on for so many seconds.")
    ] = 600.0,
    health: Annotated[
        str | None,
        typer.Option(metavar="HOST:PORT", help="With --cells: say over HTTP (/health) whether calls are taken."),
    ] = None,
    vanish: Annotated[
        float, typer.Option(min=0, help="End a call after so many seconds without audio from it; 0 never does.")
    ] = 15.0,
    rtp_port: Annotated[int, typer.Option(min=0, max=64000, help="First UDP port for audio; 0 takes any.")] = 0,
    public_url: Annotated[str | None, typer.Option(help="Where the calls folder can be fetched by HTTPS.")] = None,
    sip_log: Annotated[Path | None, typer.Option(help="Write every SIP message to this file (personal data!).")] = None,
    trunks: Annotated[Path | None, typer.Option(help="The file of trunks and numbers (docs/trunks.md).")] = None,
    front: Annotated[
        str | None, typer.Option(metavar="HOST:PORT", help="What trunks reach instead of this line, such as Kamailio.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object per line on standard output.")] = False,
) -> None:
    """Answer calls. SIGTERM lets the running ones end and takes no new ones, Ctrl-C ends them now."""
    from dataclasses import replace

    from clearline.settings import load_settings
    from ivr.fitting import flow_for_line, flows_of_numbers, published_for_line
    from ivr.line import MAX_LEGS, parse_bind
    from ivr.line_options import host_and_port, line_settings

    if health is not None and not cells:
        refuse("--health needs --cells: one process alone answers no HTTP")
    with one_sentence():
        settings = load_settings(calls=calls)
        line = line_settings(
            settings, bind, target, allow, public_url, legs or MAX_LEGS, vanish, rtp_port, sip_log, trunks
        )
        line = replace(line, language=language or line.language, front=host_and_port(front or settings.line.front))
        library = open_library(brand or settings.line.brand, settings.cache, settings.cache_mb)
        flows = flows_of_numbers(line, store, library)
        if published is not None:
            flow_for = published_for_line(published, store, line, library)
        else:
            chosen = flow_for_line(flow or settings.line.flow, line, library)
            flow_for = lambda caller: chosen  # noqa: E731
        _serve(line, flow_for, flows, library, as_json, cells, drain, parse_bind(health) if health else None)


@app.command(epilog="Examples:  ivr status   |   ivr status --watch   |   ivr status --calls /srv/calls --json")
def status(
    calls: Annotated[Path | None, typer.Option(help="Where the line keeps its calls.")] = None,
    watch: Annotated[bool, typer.Option("--watch", help="Go on showing it, once a second, until Ctrl-C.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="As one JSON object.")] = False,
) -> None:
    """Show how the line is doing, cell by cell. Exit code 1 when no line runs there."""
    from clearline.settings import load_settings
    from ivr.status_table import show_status

    with one_sentence():
        folder = load_settings(calls=calls).calls
    raise typer.Exit(show_status(folder, watch=watch, as_json=as_json))


@app.command(epilog="Examples:  ivr check flows/   |   ivr check flows/support.yaml --json")
def check(
    paths: Annotated[list[Path], typer.Argument(help="Flow files, or folders that hold them.")],
    brand: Annotated[Path | None, typer.Option(help="Check the flows' prompts against this brand's folder.")] = None,
    target: Annotated[
        list[str] | None, typer.Option(help="NAME=SIP-URI: check transfers against these targets.")
    ] = None,
    as_json: Annotated[bool, typer.Option("--json", help="Problems as one JSON array.")] = False,
) -> None:
    """Find what is wrong with flows before a caller does. Exit code 1 when there are errors."""
    from dataclasses import asdict

    from ivr.flow.check import check_paths
    from ivr.line import parse_targets

    for path in paths:
        if not path.exists():
            refuse(f"{path}: there is no such file or folder")
    with one_sentence():
        library = open_library(brand) if brand else None
        targets = set(parse_targets(target)) if target else None
    prompts = {language: library.texts(language) for language in library.languages} if library else None
    problems = check_paths(paths, targets=targets, prompts=prompts)
    if as_json:
        typer.echo(json.dumps([asdict(problem) for problem in problems], ensure_ascii=False, indent=1))
    else:
        for problem in problems:
            typer.echo(str(problem))
        typer.echo(_verdict([problem.severity for problem in problems]), err=True)
    raise typer.Exit(1 if any(problem.severity == "error" for problem in problems) else 0)


@app.command(
    epilog="Examples:  ivr call sip:127.0.0.1:5060 --script caller.yaml   |   "
    "ivr call --listen 127.0.0.1:5070 --script agent.yaml --record /tmp/agent"
)
def call(
    uri: Annotated[str | None, typer.Argument(help="The SIP address to ring.")] = None,
    script: Annotated[Path | None, typer.Option(help="What to say, press, wait for and expect.")] = None,
    listen: Annotated[str | None, typer.Option(help="Be rung instead: address and UDP port to listen on.")] = None,
    as_json: Annotated[Path | None, typer.Option("--json", help="Write the steps with their times here.")] = None,
    record: Annotated[Path | None, typer.Option(help="Keep heard.wav and said.wav in this folder.")] = None,
    user: Annotated[str, typer.Option(help="The number or name that rings.")] = "phone",
    trunks: Annotated[
        Path | None, typer.Option(help="Register these trunks first; tel:NUMBER;trunk=NAME rings through one.")
    ] = None,
) -> None:
    """Make or take one call by a script. Exit code 1 when the call went otherwise than the script expects."""
    from ivr.line import check_uri, parse_bind
    from ivr.phone import REGISTER_WITHIN_S, Phone
    from ivr.script import load_script
    from ivr.trunks.load import load_trunks

    if (uri is None) == (listen is None):
        refuse("say either which SIP address to ring or, with --listen, where to be rung")
    if script is None:
        refuse("say what to do in the call with --script FILE (the language is in docs/scripts.md)")
    with one_sentence():
        steps = load_script(script)
        host, port = parse_bind(listen or "127.0.0.1:0")
        rung = check_uri(uri) if uri else None
        phone = Phone(steps, host, port, record, _stop_signal(), user, load_trunks(trunks) if trunks else None)
    try:
        if not phone.wait_registered(REGISTER_WITHIN_S):
            refuse(f"{phone.unregistered}; see the trunks in {trunks}")
        if rung is None:
            typer.echo(f"ready {phone.address}")
            sys.stdout.flush()
        outcome = phone.ring(rung) if rung else phone.listen()
    finally:
        phone.close()
    if as_json is not None:
        as_json.write_text(json.dumps(outcome.to_json(), indent=1) + "\n", encoding="utf-8")
    if outcome.failed is not None:
        typer.echo(outcome.failed, err=True)
        raise typer.Exit(1)


flow_commands.add_to(app)
version_commands.add_to(app)
closing_commands.add_to(app)
ringing_command.add_to(app)
front_commands.add_to(app)
numbers_commands.add_to(app)
recover_commands.add_to(app)
prompt_commands.add_to(app)
proof_commands.add_to_prompts()


def _serve(
    line: LineSettings,
    flow_for: FlowFor,
    flows: dict[str, FlowFor],
    library: PromptLibrary,
    as_json: bool,
    cells: int,
    drain_s: float,
    health: tuple[str, int] | None,
) -> None:
    from ivr.preparing import prepare_all
    from ivr.serving import Serving, serve_alone, serve_cells

    def say(text: str, **facts: Any) -> None:
        typer.echo(json.dumps(facts) if as_json else text)
        sys.stdout.flush()

    def ready(addresses: Sequence[str], legs: int) -> None:
        rung = [f"sip:{quote(flow.name)}@{each.removeprefix('sip:')}" for each in addresses]  # some phones need a user
        where = rung[0] if len(rung) == 1 else f"{len(rung)} cells, {rung[0]} … {rung[-1]}"
        text = f"Ring {where}  (flow {flow.name}, {legs} calls at once, kept in {line.calls}; Ctrl-C ends)"
        facts: dict[str, Any] = {"cells": rung} if cells else {}
        say(text, event="ready", address=rung[0], flow=flow.name, legs=legs, calls=str(line.calls), **facts)

    try:
        line.calls.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        refuse(f"calls cannot be kept in {line.calls}: {error.strerror}; name another folder with --calls")
    flow = flow_for("")
    every = [flow, *(each("") for each in flows.values())]
    prepare = lambda: prepare_all(library, line, every, quiet=as_json)  # noqa: E731
    serving = Serving(line, flow_for, library, prepare, say, ready, drain_s, health, flows)
    if not cells:
        serve_alone(serving)
    elif code := serve_cells(serving, cells):
        raise typer.Exit(code)


def _stop_signal() -> Callable[[], bool]:
    """Whether SIGTERM or SIGINT came."""
    came: list[int] = []
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, lambda signum, frame: came.append(signum))
    return lambda: bool(came)


def _verdict(severities: list[str]) -> str:
    errors, warnings = severities.count("error"), len(severities) - severities.count("error")
    return "no problems" if not severities else f"{errors} error(s), {warnings} warning(s)"


def main() -> None:
    """The console script ``ivr``."""
    app()


if __name__ == "__main__":
    main()
