"""Make dialogues with exact truth, in any channel condition.

    python -m benchmarks.dialogues.make OUT --calls 8 --condition clean --condition noise-20

writes OUT/<condition>/call-N.wav (or call-N.agent.wav and call-N.customer.wav) and call-N.truth.json.
"""

from __future__ import annotations

import json
import random
from functools import lru_cache
from pathlib import Path
from typing import Annotated

import numpy as np
import soundfile
import soxr
import typer
from rich.progress import track

from benchmarks.dialogues.channel import CONDITIONS, PARTIES, Condition, Lanes
from benchmarks.dialogues.compose import Party, compose
from benchmarks.dialogues.lay import RATE, Samples, lanes, lay, truth
from ivr.prompting.synthesize import Synthesizer, open_voice

VOICES = (("piper", "joe"), ("hibari", "heart"))
PITCHES = (0.88, 0.94, 1.0, 1.07, 1.14)


class Pair:
    """Two people with different voices: an engine each, pitched by resampling (which also changes the pace)."""

    def __init__(self, seed: int) -> None:
        chance = random.Random(f"voices {seed}")
        order = chance.sample(VOICES, 2)
        self.voice: dict[Party, tuple[str, str]] = dict(zip(PARTIES, order, strict=True))
        self.pitch: dict[Party, float] = {p: chance.choice(PITCHES) for p in PARTIES}
        self.pace: dict[Party, float] = {p: chance.uniform(0.9, 1.15) for p in PARTIES}

    def __call__(self, party: Party, text: str, speed: float) -> Samples:
        """The line at 8 kHz, as said by that party."""
        pitch = self.pitch[party]
        return _said(*self.voice[party], text, round(self.pace[party] * speed / pitch, 2), pitch)


@lru_cache
def _engine(engine: str, voice: str) -> Synthesizer:
    return open_voice(engine, voice, Path())


@lru_cache(maxsize=2000)
def _said(engine: str, voice: str, text: str, speed: float, pitch: float) -> Samples:
    audio = _engine(engine, voice).synthesize(text, speed=speed)
    samples: Samples = soxr.resample(audio.samples, audio.rate * pitch, RATE, quality="HQ").astype(np.float32)
    return samples / max(1e-6, float(np.abs(samples).max())) * np.float32(0.5)


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


def make(out: Path, calls: int, names: list[str], first_seed: int = 0) -> None:
    """All calls in all these conditions, below ``out``."""
    for seed in track(range(first_seed, first_seed + calls), description="Making dialogues"):
        plan = compose(seed)
        pieces = lay(plan, Pair(seed), random.Random(f"lay {seed}"))
        clean = lanes(pieces)
        facts = truth(plan, pieces, len(clean["agent"]) / RATE)
        for name in names:
            folder = out / name
            folder.mkdir(parents=True, exist_ok=True)
            condition = CONDITIONS[name]
            changed = condition.change(clean, np.random.default_rng([seed, sorted(CONDITIONS).index(name)]))
            write(changed, condition, folder / f"call-{seed:02}")
            (folder / f"call-{seed:02}.truth.json").write_text(json.dumps(facts | {"condition": name}, indent=1))


def main(
    out: Annotated[Path, typer.Argument(help="Folder for the dialogues")],
    calls: Annotated[int, typer.Option(help="How many different calls")] = 8,
    condition: Annotated[list[str] | None, typer.Option(help=f"Any of: {', '.join(CONDITIONS)}")] = None,
    first_seed: Annotated[int, typer.Option(help="Other seeds, other calls")] = 0,
) -> None:
    """Make dialogues with exact truth."""
    unknown = set(condition or ()) - set(CONDITIONS)
    if unknown:
        raise typer.BadParameter(f"no condition named {', '.join(sorted(unknown))}")
    make(out, calls, condition or ["clean"], first_seed)


if __name__ == "__main__":
    typer.run(main)
