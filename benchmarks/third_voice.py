"""Whether a third voice on a mono recording is told of: ``python -m benchmarks.third_voice [--calls 8] [--held-out]``.

Two made-up dialogues of one customer are laid one after the other and mixed to one channel. *Three*: another agent, of
another voice, has the second one, as after a transfer. *Two*: the same agent has both. Columns: how many calls were
found to hold one, two and more voices, and the lowest confidence of "more".
"""

from __future__ import annotations

import random
import sys
from collections import Counter
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated, Literal

import numpy as np
import typer
from rich.console import Console
from rich.table import Table

from benchmarks.dialogues.channel import CONDITIONS, Lanes
from benchmarks.dialogues.compose import compose
from benchmarks.dialogues.lay import lanes, lay
from benchmarks.dialogues.voices import CASTS, Half, Pair
from benchmarks.diarization import mixed
from speechqa.conversation import PARTIES
from speechqa.engines.diarize import Division, VoiceDiarizer
from speechqa.engines.vad import SileroVad
from speechqa.hearing import find_speech
from speechqa.recording import load_recording

SECOND_DIALOGUE = 5_000
NAMES = ("clean", "noise-20")
People = Literal["two", "three"]
PEOPLE: tuple[People, ...] = ("two", "three")


def call(seed: int, half: Half, people: People) -> Lanes:
    """Both sides of two dialogues in a row."""
    pair, transferred = Pair(seed, half), Pair(seed, half)
    if people == "three":
        heard = {person.voice for person in pair.people.values()}
        others = [person for person in CASTS[half] if person.voice not in heard]
        transferred.people["agent"] = random.Random(f"third {half} {seed}").choice(others)
    first, second = (
        lanes(lay(compose(number, half), voices, random.Random(f"lay {number}")))
        for number, voices in ((seed, pair), (seed + SECOND_DIALOGUE, transferred))
    )
    return {party: np.concatenate([first[party], second[party]]) for party in PARTIES}


def main(
    calls: Annotated[int, typer.Option(help="Calls per row")] = 8,
    first_seed: Annotated[int, typer.Option(help="Other seeds, other calls")] = 900,
    held_out: Annotated[bool, typer.Option("--held-out", help="The other voices and scripts")] = False,
) -> None:
    """Voices found on calls of two and of three people."""
    half: Half = "held-out" if held_out else "development"
    detector, diarizer = SileroVad(), VoiceDiarizer()
    table = Table("calls", "one voice", "two", "more", "least sure of more")
    with TemporaryDirectory() as room:
        for name in NAMES:
            for people in PEOPLE:
                found = []
                for seed in range(first_seed, first_seed + calls):
                    sides = CONDITIONS[name].change(call(seed, half, people), np.random.default_rng(seed))
                    found.append(_divided(mixed(sides, Path(room) / "call.wav"), detector, diarizer))
                    print(people, name, seed, found[-1].found, found[-1].confidence, file=sys.stderr)
                counts = Counter(each.found for each in found)
                sure = min((each.confidence or 0.0 for each in found if each.found > 2), default=None)
                cells = [str(counts[number]) for number in (1, 2, 3)]
                table.add_row(f"{people} people, {name}", *cells, "-" if sure is None else f"{sure:.2f}")
    Console(width=100).print(table)


def _divided(path: Path, detector: SileroVad, diarizer: VoiceDiarizer) -> Division:
    recording = load_recording(path)
    return diarizer.divide(recording.lanes["agent"], find_speech(recording, detector).speech["agent"])


if __name__ == "__main__":
    typer.run(main)
