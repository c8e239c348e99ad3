"""What a caller hears of values that are spoken while the rest plays: ``python -m benchmarks.live [--prompts 12]``.

A real call over SIP, in which each prompt has a fixed sentence, two sentences with values that were never said before,
and a fixed one. The pauses that the caller hears are compared with those of the same prompt made as one file: what is
longer is the gap. Between prompts, and where nothing precedes the value, the silence itself is told.
"""

from __future__ import annotations

import argparse
import json
import signal
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
import numpy.typing as npt
import soundfile

ROOT = Path(__file__).resolve().parents[1]
RATE_HZ, FRAME_S, QUIET_DBFS, PAUSE_S = 8000, 0.01, -50.0, 0.25
TEXT = (
    "told: Thank you for waiting. Your balance is {balance:money}, and it is due on {due:date}. "
    "Your number is {number:digits}. Please keep it at hand.\n"
    "begun: It is {balance:money}, due on {due:date}. Thank you.\n"
)
VOICES = {"hibari heart": "{engine: hibari, voice: heart, speed: 0.76}", "piper joe": "{engine: piper, voice: joe}"}


def values(number: int) -> dict[str, object]:
    """Values that no other prompt of the call has."""
    return {
        "balance": 1017.35 + 31 * number,
        "due": f"'2027-{number % 12 + 1:02}-{number % 27 + 1:02}'",
        "number": f"'{4711000 + 977 * number}'",
    }


def write(folder: Path, voice: str, prompts: int) -> None:
    """A brand, and a flow that says so many prompts of each kind."""
    brand = folder / "brand"
    brand.mkdir()
    brand.joinpath("brand.yaml").write_text(f"name: Bench\ncurrency: EUR\nvoices:\n  en: {voice}\n")
    brand.joinpath("en.yaml").write_text(TEXT + "call_limit: Goodbye.\ngave_up: Goodbye.\nbye: Goodbye.\n")
    nodes = []
    for number in range(2 * prompts):
        given = ", ".join(f"{name}: {json.dumps(value)}" for name, value in values(number).items())
        prompt, after = "begun" if number % 2 else "told", f"n{number + 1}" if number < 2 * prompts - 1 else "bye"
        nodes.append(f"  n{number}: {{say: {prompt}, values: {{{given}}}, next: {after}}}")
    flow = "flow: bench\nnodes:\n" + "\n".join(nodes) + "\n  bye: {end: bye}\n"
    folder.joinpath("flow.yaml").write_text(flow)


def heard_call(folder: Path) -> npt.NDArray[np.int16]:
    """The whole call as the caller hears it."""
    serve = [sys.executable, "-m", "ivr.cli", "serve", "--flow", "flow.yaml", "--brand", "brand", "--json"]
    environment = {"PYTHONPATH": str(ROOT), "CLEARLINE_CACHE": str(folder / "cache"), "PATH": "/usr/bin:/bin"}
    line = subprocess.Popen(
        [*serve, "--bind", "127.0.0.1:0"], cwd=folder, env=environment, stdout=subprocess.PIPE, text=True
    )
    assert line.stdout is not None
    try:
        ready = json.loads(line.stdout.readline())
        folder.joinpath("caller.yaml").write_text('[{"expect": "hang_up", "within": "600s"}]')
        ring = [sys.executable, "-m", "ivr.cli", "call", ready["address"], "--script", "caller.yaml", "--record", "."]
        subprocess.run(ring, cwd=folder, env=environment, check=True)
    finally:
        line.send_signal(signal.SIGINT)
        line.wait(20)
    samples, rate = soundfile.read(folder / "heard.wav", dtype="int16")
    assert rate == RATE_HZ
    return samples


def pauses(samples: npt.NDArray[np.int16]) -> list[float]:
    """The silences between the first and the last sound, in seconds, those of 250 ms and more."""
    frame = round(FRAME_S * RATE_HZ)
    cut = samples[: len(samples) // frame * frame].reshape(-1, frame).astype(np.float64) / 32768
    loud = 10 * np.log10(np.mean(np.square(cut), axis=1) + 1e-12) > QUIET_DBFS
    edges = np.flatnonzero(loud)
    lengths = np.diff(edges) - 1
    return [round(float(length) * FRAME_S, 2) for length in lengths if length * FRAME_S >= PAUSE_S]


def alone(folder: Path, prompts: int) -> list[float]:
    """The pauses of the same prompts, each made beforehand as a whole."""
    from ivr.commands import Phrase
    from ivr.prompting import PromptLibrary

    library = PromptLibrary.open(folder / "brand", folder / "other-cache")
    found: list[float] = []
    for number in range(2 * prompts):
        given = {name: value.strip("'") if isinstance(value, str) else value for name, value in values(number).items()}
        phrase = Phrase("begun" if number % 2 else "told", "en", tuple(given.items()))  # type: ignore[arg-type]
        found += pauses(soundfile.read(library.audio(phrase), dtype="int16")[0])
    return found


def measure(voice: str, prompts: int) -> dict[str, object]:
    """One call with one voice."""
    with tempfile.TemporaryDirectory() as name:
        folder = Path(name)
        write(folder, voice, prompts)
        called, made = pauses(heard_call(folder)), alone(folder, prompts)
    return {
        "pauses heard in the call": len(called),
        "longest heard, s": max(called),
        "median heard, s": float(np.median(called)),
        "pauses of the same prompts made as one": len(made),
        "longest of those, s": max(made),
        "median of those, s": float(np.median(made)),
        "longest gap (heard over made), s": round(max(called) - max(made), 2),
        "over 300 ms longer than the longest made": sum(pause > max(made) + 0.3 for pause in called),
    }


def main() -> None:
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--prompts", type=int, default=12)
    options.add_argument("--voice", choices=sorted(VOICES))
    given = options.parse_args()
    for name, voice in VOICES.items():
        if given.voice in (None, name):
            print(json.dumps({"voice": name, **measure(voice, given.prompts)}, indent=1))


if __name__ == "__main__":
    main()
