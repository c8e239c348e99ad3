"""How true the analysis is on made-up calls with other voices, words and channels: one row of figures per condition.

    python -m benchmarks.conditions [--calls 8] [--condition clean ...] [--dialogues FOLDER] [--json]

Makes the dialogues (or takes those of ``benchmarks.dialogues.make``), analyses each, and holds them against their truth
with
``bench/score_analysis.py`` of the shared folder.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import track
from rich.table import Table

from benchmarks.dialogues.channel import CONDITIONS
from benchmarks.dialogues.make import make
from speechqa.engines.vad import SileroVad
from speechqa.engines.whisper import WhisperRecognizer
from speechqa.hearing import listen
from speechqa.recording import load_recording
from speechqa.rubric.load import load_rubric
from speechqa.settings import ListeningSettings
from speechqa.stages import analyze_heard

SCORER = Path(__file__).resolve().parents[2] / "shared" / "bench" / "score_analysis.py"
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


class Ear:
    """The analysis with its models loaded once."""

    def __init__(self) -> None:
        self.recognizer, self.detector, self.rubric = WhisperRecognizer(), SileroVad(), load_rubric()

    def analyse(self, stem: Path) -> dict[str, Any]:
        """The document of one made call, whichever way it is stored."""
        one = stem.with_suffix(".wav")
        if one.exists():
            recording = load_recording(one)
        else:
            recording = load_recording(agent=Path(f"{stem}.agent.wav"), customer=Path(f"{stem}.customer.wav"))
        heard = listen(recording, ListeningSettings(), detector=self.detector, recognizer=self.recognizer)
        return analyze_heard(heard, self.rubric).to_json()


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
    calls: Annotated[int, typer.Option(help="How many calls per condition")] = 8,
    condition: Annotated[list[str] | None, typer.Option(help=f"Any of: {', '.join(CONDITIONS)}")] = None,
    dialogues: Annotated[Path | None, typer.Option(help="Dialogues already made")] = None,
    keep: Annotated[Path | None, typer.Option(help="Keep the analyses here")] = None,
    first_seed: Annotated[int, typer.Option(help="Other seeds, other calls")] = 0,
    as_json: Annotated[bool, typer.Option("--json", help="Figures as JSON")] = False,
) -> None:
    """Accuracy per channel condition."""
    if not SCORER.is_file():
        sys.exit(f"The scorer is not at {SCORER}.")
    names = condition or [n for n, c in CONDITIONS.items() if c.layout not in ("swapped", "mono")]
    with tempfile.TemporaryDirectory() as room:
        source = dialogues or Path(room) / "dialogues"
        if dialogues is None:
            make(source, calls, names, first_seed)
        ear = Ear()
        found = {name: figures(ear, source / name, (keep or Path(room) / "analyses") / name) for name in names}
    if as_json:
        print(json.dumps(found))
        return
    table = Table("condition", *COLUMNS.values())
    for name, row in found.items():
        table.add_row(name, *(str(row.get(column, "-")) for column in COLUMNS))
        if "error" in row:
            print(f"{name}: {row['error']}")
    Console(width=160).print(table)


if __name__ == "__main__":
    typer.run(main)
