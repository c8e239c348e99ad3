"""How true the analysis is on made-up calls with other voices, words and channels: one row of figures per condition.

    python -m benchmarks.conditions [--only clean ...] [--calls 24] [--held-out] [--edges] [--json]

Makes the dialogues of one half (``--held-out``: the one that nothing is tuned on), analyses each, and holds them
against their truth with ``bench/score_analysis.py`` of the shared folder. Dialogues, and what the recogniser made of
each stretch of sound, are kept in ``.cache/dialogues``, so that a second run costs only what has changed. ``--edges``
leaves the words out: only the figures of speech, pauses and dead air then mean anything, at a hundredth of the time.
"""

from __future__ import annotations

import hashlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping
from dataclasses import astuple
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks.dialogues.channel import CONDITIONS
from benchmarks.dialogues.make import make
from benchmarks.dialogues.voices import CACHE, Half
from speechqa.audio import Samples
from speechqa.engines.asr import Recognizer, Spoken, Transcript
from speechqa.engines.vad import SileroVad
from speechqa.engines.whisper import WhisperRecognizer
from speechqa.hearing import listen
from speechqa.recording import load_recording
from speechqa.rubric.load import load_rubric
from speechqa.settings import ListeningSettings
from speechqa.stages import analyze_heard

SCORER = Path(__file__).resolve().parents[2] / "shared" / "bench" / "score_analysis.py"
SETTINGS = "beam 1"
COLUMNS = {
    "speech_f1": "speech F1",
    "pause_recall_100ms": "pauses",
    "pause_edge_error_median_s": "edge s",
    "rate_error_median_pct": "rate %",
    "rate_error_max_pct": "max %",
    "floor_taken_f1": "floor F1",
    "false_interruptions": "false int.",
    "attempts_named": "attempts",
    "backchannel_named": "backch.",
    "redirect_named": "redirect",
    "dead_air_f1": "dead air",
    "ending_agreement": "ending",
}


class KeptRecognizer:
    """A recogniser that remembers what it made of the same samples before."""

    def __init__(self, inner: WhisperRecognizer) -> None:
        self._inner = inner
        self.name, self.version = inner.name, inner.version
        self.language, self.identifies = inner.language, inner.identifies

    def identify(self, samples: Samples) -> Mapping[str, float]:
        """See ``Recognizer``."""
        return self._inner.identify(samples)

    def accepts(self, language: str) -> bool:
        """See ``Recognizer``."""
        return self._inner.accepts(language)

    def recognize(self, samples: Samples, language: str | None) -> Transcript:
        """See ``Recognizer``."""
        key = hashlib.sha256(samples.tobytes() + f"{self.name} {self.version} {SETTINGS} {language}".encode())
        kept = CACHE / "words" / f"{key.hexdigest()[:32]}.json"
        if kept.exists():
            words, spoken_in = json.loads(kept.read_text())
            return Transcript(tuple(Spoken(*word) for word in words), spoken_in)
        found = self._inner.recognize(samples, language)
        kept.parent.mkdir(parents=True, exist_ok=True)
        kept.write_text(json.dumps([[astuple(word) for word in found.words], found.language]))
        return found


class NoWords:
    """Recognises nothing, at once."""

    name, version, language, identifies = "none", "0", "en", False

    def identify(self, samples: Samples) -> Mapping[str, float]:
        """See ``Recognizer``."""
        return {}

    def accepts(self, language: str) -> bool:
        """See ``Recognizer``."""
        return True

    def recognize(self, samples: Samples, language: str | None) -> Transcript:
        """See ``Recognizer``."""
        return Transcript((), "en")


class Ear:
    """The analysis with its models loaded once; without words it hears only who speaks when."""

    def __init__(self, *, words: bool = True) -> None:
        self.recognizer: Recognizer = KeptRecognizer(WhisperRecognizer()) if words else NoWords()
        self.detector, self.rubric = SileroVad(), load_rubric()

    def analyse(self, stem: Path) -> dict[str, Any]:
        """The document of one made call, whichever way it is stored."""
        one = stem.with_suffix(".wav")
        if one.exists():
            recording = load_recording(one)
        else:
            recording = load_recording(agent=Path(f"{stem}.agent.wav"), customer=Path(f"{stem}.customer.wav"))
        heard = listen(recording, ListeningSettings(), detector=self.detector, recognizer=self.recognizer)
        document = analyze_heard(heard, self.rubric).to_json()
        for pace in document["pace"].values() if isinstance(self.recognizer, NoWords) else ():
            pace["speech_rate_wpm"] = 0.0
        return document


def figures(ear: Ear, folder: Path, out: Path) -> dict[str, Any]:
    """Analyse every call of one condition and score it."""
    out.mkdir(parents=True, exist_ok=True)
    for truth in track(sorted(folder.glob("*.truth.json")), description=folder.name, console=Console(stderr=True)):
        stem = truth.with_name(truth.name.removesuffix(".truth.json"))
        (out / f"{stem.name}.json").write_text(json.dumps(ear.analyse(stem)))
    command = [sys.executable, str(SCORER), str(folder), str(out), "--json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        return {"error": done.stderr.strip().splitlines()[-1]}
    scored: dict[str, Any] = json.loads(done.stdout)
    return scored


def main(
    only: Annotated[list[str] | None, typer.Option(help=f"Any of: {', '.join(CONDITIONS)}")] = None,
    calls: Annotated[int, typer.Option(help="How many calls per condition")] = 24,
    held_out: Annotated[bool, typer.Option(help="The half that nothing is tuned on")] = False,
    edges: Annotated[bool, typer.Option(help="Leave the words out")] = False,
    keep: Annotated[Path | None, typer.Option(help="Keep the analyses here")] = None,
    first_seed: Annotated[int, typer.Option(help="Other seeds, other calls")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Figures as JSON")] = False,
) -> None:
    """Accuracy per channel condition."""
    if not SCORER.is_file():
        sys.exit(f"The scorer is not at {SCORER}.")
    names = only or [n for n, c in CONDITIONS.items() if c.layout not in ("swapped", "mono")]
    half: Half = "held-out" if held_out else "development"
    source = CACHE / f"{half}-{first_seed}-{calls}"
    make(source, calls, names, first_seed, half)
    ear, found = Ear(words=not edges), {}
    with tempfile.TemporaryDirectory() as room:
        for name in names:
            found[name] = figures(ear, source / name, (keep or Path(room)) / name)
            if as_json:
                print(json.dumps({"half": half, "condition": name} | found[name]), flush=True)
    if not as_json:
        _print(found)


def _print(found: dict[str, dict[str, Any]]) -> None:
    table = Table("condition", *COLUMNS.values())
    for name, row in found.items():
        table.add_row(name, *(str(row.get(column, "-")) for column in COLUMNS))
        if "error" in row:
            print(f"{name}: {row['error']}")
    Console(width=170).print(table)


if __name__ == "__main__":
    typer.run(main)
