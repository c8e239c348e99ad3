"""A line of many cells whose prompts are tones: ``python -m tests.sip.cells_line``."""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from ivr.flow.load import load_flow
from ivr.line import LineSettings
from ivr.serving import Serving, serve_cells
from tests.sip.tone_line import Tones


def say(text: str, **facts: Any) -> None:
    """One JSON object per line."""
    print(json.dumps(facts), flush=True)


def main() -> int:
    """Arguments: calls folder, the agent's SIP URI, the flow, how many cells."""
    calls, agent, flow = Path(sys.argv[1]), sys.argv[2], load_flow(Path(sys.argv[3]))
    line = LineSettings(port=0, calls=calls, targets={"service": agent})

    def ready(addresses: Sequence[str], legs: int) -> None:
        say("", event="ready", address=addresses[0], cells=list(addresses), legs=legs)

    with tempfile.TemporaryDirectory() as folder:
        return serve_cells(
            Serving(line, lambda caller: flow, Tones(Path(folder)), lambda: None, say, ready), int(sys.argv[4])
        )


if __name__ == "__main__":
    sys.exit(main())
