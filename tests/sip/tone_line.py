"""A line whose prompts are tones, so that a test can tell which one is heard: ``python -m tests.sip.tone_line``."""

from __future__ import annotations

import json
import logging
import signal
import sys
import tempfile
from collections.abc import Iterable
from dataclasses import asdict
from pathlib import Path

from ivr.admission import AdmissionLimits
from ivr.cell import Cell, CellNotice
from ivr.commands import Phrase
from ivr.flow.load import load_flow
from ivr.line import LineSettings, parse_allow
from ivr.prompting.parts import Part, Parts
from ivr.tolls import TollLimits
from ivr.tones import tone, write_wav

TONES = {"welcome": (440.0, 6.0), "consent_recording": (560.0, 6.0), "main_menu": (680.0, 6.0), "goodbye": (800.0, 0.4)}
OTHER = (920.0, 0.4)


class Tones:
    """Each prompt a tone of its own."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def parts(self, phrase: Phrase) -> Parts:
        """One file, made on first use."""
        path = self._folder / f"{phrase.prompt}.wav"

        def make() -> Path:
            if not path.exists():
                write_wav(path, tone(*_sound(phrase.prompt)))
            return path

        return Parts((Part(path, make),))

    def hold(self) -> Path | None:
        """Who waits hears ringing."""
        return None

    def warm(self, language: str, ids: Iterable[str]) -> None:
        """Tones need no voice."""


def _sound(prompt: str) -> tuple[float, float]:
    """The pitch and length of a prompt; ``hz_700`` is 700 Hz."""
    return (float(prompt[3:]), 0.4) if prompt.startswith("hz_") else TONES.get(prompt, OTHER)


def tell(notice: CellNotice) -> None:
    """One JSON object per line."""
    print(json.dumps({"event": type(notice).__name__, **asdict(notice)}, default=str), flush=True)


def main() -> None:
    """Arguments: calls folder, the agent's SIP URI, vanish seconds, the flow, legs, further settings as
    JSON, networks that may ring.
    """
    logging.basicConfig(level=logging.WARNING)
    calls, agent, vanish_s = Path(sys.argv[1]), sys.argv[2], float(sys.argv[3])
    stopped: list[int] = []
    signal.signal(signal.SIGTERM, lambda number, frame: stopped.append(number))
    legs, more, allow = int(sys.argv[5]), json.loads(sys.argv[6]), parse_allow(sys.argv[7:])
    targets = {"service": agent}
    settings = LineSettings(
        port=0,
        calls=calls,
        targets=targets,
        vanish_s=vanish_s,
        legs=legs,
        allow=allow,
        per_source=AdmissionLimits(more.get("per_source", 0)),
        tolls=TollLimits(prefixes=tuple(more.get("prefixes", ()))),
    )
    with tempfile.TemporaryDirectory() as folder:
        tones = Tones(Path(folder))
        for prompt in more.get("made", ()):  # before the first call: nothing is written for them later
            tones.parts(Phrase(prompt, "en")).files[0].make()
        cell = Cell(settings, load_flow(Path(sys.argv[4])), tones, notice=tell)
        print(json.dumps({"event": "ready", "address": cell.address}), flush=True)
        cell.run(lambda: bool(stopped))


if __name__ == "__main__":
    main()
