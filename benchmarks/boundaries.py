"""Train the network that finds the edges of speech in noise, on made-up calls of the development half.

    python -m benchmarks.boundaries [--calls 60] [--out speechqa/engines/boundaries.npz]

Condition ``mixed``: every channel has a noise of its own at 10-40 dB. The calls have other seeds than those that
``benchmarks.conditions`` reports, and the held-out half has other voices and words. Steps within ``NEAR_S`` of an edge
or where the detector is unsure are all taken, of the others one in ten. Adam on the logistic loss; the same numbers on
every run.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import numpy.typing as npt
import typer
from rich.progress import track

from benchmarks.dialogues.make import make
from benchmarks.dialogues.voices import CACHE
from speechqa.conversation import other
from speechqa.engines.activity import activity_of
from speechqa.engines.bands import STEP_S
from speechqa.engines.boundaries import OFFSETS, WEIGHTS, Views
from speechqa.engines.edges import noisy_views
from speechqa.engines.vad import SileroVad
from speechqa.recording import load_recording

FIRST_SEED = 100
UNITS, EPOCHS, BATCH, STEP = 48, 12, 2048, 2e-3
NEAR_S = 0.6

Array = npt.NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class Examples:
    """Views of many steps with their truth (0 or 1)."""

    around: Array
    now: Array
    speech: Array


def examples_of(truth_file: Path, detector: SileroVad, chance: np.random.Generator) -> list[Examples]:
    """The chosen steps of both channels of one call."""
    truth = json.loads(truth_file.read_text())
    recording = load_recording(truth_file.with_name(truth_file.name.replace(".truth.json", ".wav")))
    activities = {party: activity_of(lane, detector) for party, lane in recording.lanes.items()}
    found = []
    for party, own in activities.items():
        views = noisy_views(own, activities[other(party)])
        if views is None:
            continue
        speech = np.zeros(len(views.around), np.float32)
        near = np.zeros(len(views.around), bool)
        for span in (each for each in truth["speech"] if each["party"] == party):
            start, end = (span[edge] / STEP_S for edge in ("start_s", "end_s"))
            speech[round(start) : round(end)] = 1
            for at in (start, end):
                near[max(0, round(at - NEAR_S / STEP_S)) : round(at + NEAR_S / STEP_S)] = True
        chosen = np.flatnonzero(near | (np.abs(views.around[:, -1] - 0.5) < 0.45) | (chance.random(len(near)) < 0.1))
        found.append(Examples(_gathered(views, chosen), views.now[chosen], speech[chosen]))
    return found


def _gathered(views: Views, chosen: npt.NDArray[np.int_]) -> Array:
    at = np.clip(chosen[:, None] + np.array(OFFSETS), 0, len(views.around) - 1)
    return views.around[at].astype(np.float16)


def trained(data: Examples, chance: np.random.Generator) -> dict[str, Array]:
    """Weights of the network, in the shapes of ``Network``."""
    inputs = np.concatenate([data.around.reshape(len(data.now), -1), data.now], axis=1).astype(np.float32)
    width = inputs.shape[1]
    weights = {
        "first": (chance.standard_normal((width, UNITS)) * np.sqrt(2 / width)).astype(np.float32),
        "bias": np.zeros(UNITS, np.float32),
        "out": (chance.standard_normal(UNITS) * np.sqrt(2 / UNITS)).astype(np.float32),
        "level": np.zeros(1, np.float32),
    }
    moments = {name: (np.zeros_like(each), np.zeros_like(each)) for name, each in weights.items()}
    count, total = 0, EPOCHS * (len(inputs) // BATCH)
    for epoch in range(EPOCHS):
        order, loss = chance.permutation(len(inputs)), 0.0
        for start in range(0, len(order) - BATCH, BATCH):
            batch = order[start : start + BATCH]
            slopes, cost = _slopes(weights, inputs[batch], data.speech[batch])
            count, loss = count + 1, loss + cost
            _adam(weights, moments, slopes, count, STEP * (1 - count / (total + 1)))
        print(f"epoch {epoch + 1}: loss {loss / max(1, len(order) // BATCH):.4f}", flush=True)
    split = weights["first"][: -data.now.shape[1]].reshape(*data.around.shape[1:], UNITS)
    first = {"around": split, "now": weights["first"][-data.now.shape[1] :]}
    return first | {"bias": weights["bias"], "out": weights["out"], "level": weights["level"][0]}


def _slopes(weights: dict[str, Array], inputs: Array, speech: Array) -> tuple[dict[str, Array], float]:
    hidden = np.maximum(inputs @ weights["first"] + weights["bias"], 0)
    likely = 1 / (1 + np.exp(-(hidden @ weights["out"] + weights["level"])))
    error = (likely - speech) / np.float32(len(speech))
    back = np.outer(error, weights["out"]) * (hidden > 0)
    slopes = {"first": inputs.T @ back, "bias": back.sum(0), "out": hidden.T @ error, "level": error.sum(keepdims=True)}
    safe = np.clip(np.where(speech > 0.5, likely, 1 - likely), 1e-7, 1)
    return slopes, float(-np.log(safe).mean())


def _adam(
    weights: dict[str, Array], moments: dict[str, Any], slopes: dict[str, Array], count: int, step: float
) -> None:
    for name, slope in slopes.items():
        first, second = moments[name]
        first += 0.1 * (slope - first)
        second += 0.001 * (slope * slope - second)
        weights[name] -= step * (first / (1 - 0.9**count)) / (np.sqrt(second / (1 - 0.999**count)) + 1e-8)


def main(
    calls: Annotated[int, typer.Option(help="How many calls")] = 60,
    out: Annotated[Path, typer.Option(help="Where the weights go")] = WEIGHTS,
) -> None:
    """Train and write the weights."""
    source, chance = CACHE / f"development-{FIRST_SEED}-{calls}", np.random.default_rng(1)
    make(source, calls, ["mixed"], FIRST_SEED)
    detector, found = SileroVad(), []
    for truth_file in track(sorted((source / "mixed").glob("*.truth.json")), description="Listening"):
        found += examples_of(truth_file, detector, chance)
    data = Examples(*(np.concatenate(each) for each in zip(*((f.around, f.now, f.speech) for f in found), strict=True)))
    print(f"{len(data.speech)} steps of {len(found)} channels, {data.speech.mean():.0%} speech")
    weights = trained(data, chance)
    np.savez_compressed(out, **{name: np.asarray(each, np.float16) for name, each in weights.items()})


if __name__ == "__main__":
    typer.run(main)
