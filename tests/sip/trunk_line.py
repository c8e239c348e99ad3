"""A line with trunks whose prompts are tones: ``python -m tests.sip.trunk_line``."""

from __future__ import annotations

import logging
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

from ivr.flow.load import load_flow
from ivr.line import LineSettings, parse_targets
from ivr.serving import Serving, serve_alone, serve_cells
from ivr.trunks.load import load_trunks
from tests.sip.cells_line import say
from tests.sip.tone_line import Tones


def main() -> int:
    """Arguments: calls folder, the flow, the trunks, how many cells (0: alone), front (or -), targets."""
    logging.basicConfig(level=logging.WARNING)
    calls, flow, cells = Path(sys.argv[1]), load_flow(Path(sys.argv[2])), int(sys.argv[4])
    trunks = load_trunks(Path(sys.argv[3]))
    flows = {name: load_flow(Path(name)) for name in trunks.flows()}
    line = LineSettings(
        port=0,
        calls=calls,
        trunks=trunks,
        front=sys.argv[5].strip("-"),
        targets=parse_targets(sys.argv[6:]),
        vanish_s=0,
    )

    def ready(addresses: Sequence[str], legs: int) -> None:
        say("", event="ready", address=addresses[0], cells=list(addresses), legs=legs)

    calls.mkdir(parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory() as folder:
        by_name = {name: (lambda caller, one=one: one) for name, one in flows.items()}
        tones = Tones(Path(folder))
        serving = Serving(line, lambda caller: flow, tones, lambda: None, say, ready, flows=by_name)
        if cells:
            return serve_cells(serving, cells)
        serve_alone(serving)
        return 0


if __name__ == "__main__":
    sys.exit(main())
