"""Make dialogues with exact truth, in any channel condition.

    python -m benchmarks.dialogues.make OUT --calls 8 --condition clean --condition noise-20

writes OUT/<condition>/call-N.wav (or call-N.agent.wav and call-N.customer.wav) and call-N.truth.json.
"""

from __future__ import annotations

import json
import random
from pathlib import Path
from typing import Annotated

import numpy as np
import soundfile
import typer
from rich.console import Console
from rich.progress import track

from benchmarks.dialogues.channel import CONDITIONS, Condition, Lanes
from benchmarks.dialogues.compose import compose
from benchmarks.dialogues.lay import RATE, lanes, lay, truth
from benchmarks.dialogues.voices import Half, Pair

CONSOLE = Console(stderr=True)


def write(lanes_now: Lanes, condition: Condition, stem: Path) -> None:
    """Store the lanes the way this condition stores them."""
    customer, agent = lanes_now["customer"], lanes_now["agent"]
    late = int(condition.agent_late_s * RATE)
    if condition.layout == "two-files":
        soundfile.write(f"{stem}.customer.wav", customer, RATE, subtype=condition.codec)
        soundfile.write(f"{stem}.agent.wav", agent[late:], RATE, subtype=condition.codec)
        return
    shapes = {
        "stereo": np.stack([customer, agent], axis=1),
        "swapped": np.stack([agent, customer], axis=1),
        "mono": (customer + agent) * np.float32(0.7),
    }
    soundfile.write(f"{stem}.wav", shapes[condition.layout], RATE, subtype=condition.codec)


def make(out: Path, calls: int, names: list[str], first_seed: int = 0, half: Half = "development") -> None:
    """All calls of one half in all these conditions, below ``out``; what is there already is kept."""
    for seed in track(range(first_seed, first_seed + calls), description="Making dialogues", console=CONSOLE):
        missing = [name for name in names if not _truth_file(out, name, seed).exists()]
        if not missing:
            continue
        plan = compose(seed, half)
        pieces = lay(plan, Pair(seed, half), random.Random(f"lay {half} {seed}"))
        clean = lanes(pieces)
        facts = truth(plan, pieces, len(clean["agent"]) / RATE)
        for name in missing:
            kept = _truth_file(out, name, seed)
            kept.parent.mkdir(parents=True, exist_ok=True)
            condition, chance = CONDITIONS[name], np.random.default_rng([seed, *name.encode()])
            write(condition.change(clean, chance), condition, kept.with_name(f"call-{seed:02}"))
            kept.write_text(json.dumps(facts | {"condition": name}, indent=1))


def _truth_file(out: Path, name: str, seed: int) -> Path:
    return out / name / f"call-{seed:02}.truth.json"


def main(
    out: Annotated[Path, typer.Argument(help="Folder for the dialogues")],
    calls: Annotated[int, typer.Option(help="How many different calls")] = 8,
    condition: Annotated[list[str] | None, typer.Option(help=f"Any of: {', '.join(CONDITIONS)}")] = None,
    first_seed: Annotated[int, typer.Option(help="Other seeds, other calls")] = 0,
    held_out: Annotated[bool, typer.Option(help="The half that nothing is tuned on")] = False,
) -> None:
    """Make dialogues with exact truth."""
    unknown = set(condition or ()) - set(CONDITIONS)
    if unknown:
        raise typer.BadParameter(f"no condition named {', '.join(sorted(unknown))}")
    make(out, calls, condition or ["clean"], first_seed, "held-out" if held_out else "development")


if __name__ == "__main__":
    typer.run(main)
