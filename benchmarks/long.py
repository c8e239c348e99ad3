"""What long recordings cost: ``python -m benchmarks.long [--minutes 1 --minutes 240 ...] [--words] [--report]``.

Dialogues of ``benchmarks/dialogues`` laid one after the other (stereo, 8 kHz, mu-law), each length analysed in a
process of its own on one thread. Without ``--words`` the words are those of the script instead of a recogniser's, so
that everything else is measured with as many words as the call has. Times in seconds of wall clock; memory is the peak
resident size of the process, models included.
"""

from __future__ import annotations

import itertools
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Annotated, Any

import soundfile
import typer
from rich.console import Console
from rich.table import Table

DIALOGUES = 12
RATE_HZ = 8000
COLUMNS = ("load", "speech", "words", "measures", "written", "report", "all", "x_real_time", "peak_mib", "turns")


def lay(dialogues: Path, minutes: float, out: Path) -> None:
    """One call of that length from all dialogues in turn; the script's words beside it."""
    words: list[tuple[str, str, float, float]] = []
    wanted, done = round(minutes * 60 * RATE_HZ), 0
    calls = itertools.cycle(sorted(dialogues.glob("*.wav")))
    with soundfile.SoundFile(out, "w", RATE_HZ, 2, subtype="ULAW") as file:
        while done < wanted:
            call = next(calls)
            sound = soundfile.read(call, dtype="int16", always_2d=True)[0][: wanted - done]
            words += _said(call.with_suffix(".truth.json"), done / RATE_HZ, wanted / RATE_HZ)
            file.write(sound)
            done += len(sound)
    out.with_suffix(".words.json").write_text(json.dumps(words))


def _said(truth: Path, at_s: float, until_s: float) -> Iterator[tuple[str, str, float, float]]:
    for piece in json.loads(truth.read_text())["pieces"]:
        texts = piece["text"].split()
        step = (piece["end_s"] - piece["start_s"]) / max(1, len(texts))
        for number, text in enumerate(texts):
            start_s = at_s + piece["start_s"] + number * step
            if start_s + step <= until_s:
                yield piece["party"], text, start_s, start_s + step


def measure(wav: Path, *, words: bool, report: bool) -> dict[str, Any]:
    """Analyse one file in this process."""
    from speechqa.cli import report_audio
    from speechqa.conversation import Conversation, Word
    from speechqa.engines.vad import SileroVad
    from speechqa.engines.whisper import WhisperRecognizer
    from speechqa.hearing import EngineNames, Heard, find_speech, find_words
    from speechqa.recording import load_recording
    from speechqa.report.html import write_report
    from speechqa.rubric.load import load_rubric
    from speechqa.settings import ListeningSettings
    from speechqa.stages import analyze_heard

    times: dict[str, float] = {}
    detector, recognizer, rubric = SileroVad(), WhisperRecognizer(threads=1), load_rubric()
    detector.probabilities([])
    with _timed(times, "load"):
        recording = load_recording(wav)
    with _timed(times, "speech"):
        found = find_speech(recording, detector)
    with _timed(times, "words"):
        if words:
            said = find_words(recording, found.speech, recognizer, ListeningSettings(language="en")).words
        else:
            script = json.loads(wav.with_suffix(".words.json").read_text())
            said = tuple(sorted((Word(*each) for each in script), key=lambda word: word.start_s))
    with _timed(times, "measures"):
        conversation = Conversation(recording.duration_s, "en", found.speech, said, announcements=found.announcements)
        analysis = analyze_heard(Heard(recording, conversation, EngineNames("", "", "")), rubric)
    with _timed(times, "written"):
        analysis.write(wav.with_suffix(".analysis.json"))
    if report:
        with _timed(times, "report"):
            write_report(analysis.to_json(), report_audio(recording), wav.with_suffix(".html"))
    whole_s = sum(times.values())
    return {
        **{name: round(value, 2) for name, value in times.items()},
        "all": round(whole_s, 1),
        "x_real_time": round(recording.duration_s / whole_s),
        "peak_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
        "turns": len(analysis.turns),
    }


@contextmanager
def _timed(times: dict[str, float], name: str) -> Iterator[None]:
    began = time.perf_counter()
    yield
    times[name] = time.perf_counter() - began


def main(
    minutes: Annotated[list[float] | None, typer.Option(help="Lengths in minutes")] = None,
    dialogues: Annotated[Path | None, typer.Option(help="Dialogues already made")] = None,
    words: Annotated[bool, typer.Option("--words", help="Recognise the words too (packaged model)")] = False,
    report: Annotated[bool, typer.Option("--report", help="Write the HTML report as well")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Figures as JSON")] = False,
    keep: Annotated[Path | None, typer.Option(help="Keep recordings and results in this folder")] = None,
    one: Annotated[Path | None, typer.Option(hidden=True)] = None,
) -> None:
    """Time and memory over the length of the recording."""
    if one is not None:
        print(json.dumps(measure(one, words=words, report=report)))
        return
    with tempfile.TemporaryDirectory() as temporary:
        room = keep or Path(temporary)
        room.mkdir(parents=True, exist_ok=True)
        if dialogues is None:
            from benchmarks.dialogues.make import make

            make(room / "dialogues", DIALOGUES, ["clean"], 500)
            dialogues = room / "dialogues" / "clean"
        found = {each: _alone(dialogues, each, room, words, report) for each in minutes or [1.0, 10.0, 60.0, 240.0]}
    if as_json:
        print(json.dumps(found))
        return
    table = Table("minutes", *COLUMNS)
    for length, row in found.items():
        table.add_row(f"{length:g}", *(str(row.get(column, "-")) for column in COLUMNS))
    Console(width=140).print(table)


def _alone(dialogues: Path, minutes: float, room: Path, words: bool, report: bool) -> dict[str, Any]:
    wav = room / f"long-{minutes:g}.wav"
    if not wav.exists():
        lay(dialogues, minutes, wav)
    options = [name for name, wanted in (("--words", words), ("--report", report)) if wanted]
    command = [sys.executable, "-m", "benchmarks.long", "--one", str(wav), *options]
    threads = {name: "1" for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")}
    done = subprocess.run(command, env=os.environ | threads, capture_output=True, text=True, check=True)
    result: dict[str, Any] = json.loads(done.stdout.splitlines()[-1])
    return result


if __name__ == "__main__":
    typer.run(main)
