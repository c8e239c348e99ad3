"""How fast and how true the analysis is: ``python benchmarks/analysis.py [--shared FOLDER] [--json] [--speed-only]``.

Speed, on one of the dialogues: the whole ``speechqa analyze`` without loading models, as a multiple of real time; the
bare recogniser (the same model on each whole channel, no voice activity) on the same file; their ratio; listening for
speech alone; the measures alone; peak memory. Truth: every dialogue analysed and held against its known truth by
``bench/score_analysis.py`` of the shared folder.
"""

from __future__ import annotations

import argparse
import json
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from speechqa.engines.vad import SileroVad
from speechqa.engines.whisper import WhisperRecognizer
from speechqa.hearing import find_speech, listen
from speechqa.recording import Recording, load_recording
from speechqa.rubric.load import load_rubric
from speechqa.settings import ListeningSettings
from speechqa.stages import analyze_heard

SHARED = Path(__file__).resolve().parents[1].parent / "shared"


def main() -> int:
    options = _options()
    dialogues = sorted((options.shared / "data" / "dialogues").glob("*.wav"))
    if not dialogues:
        print(f"No dialogues in {options.shared}/data/dialogues; name the folder with --shared.", file=sys.stderr)
        return 2
    figures: dict[str, Any] = {"speed": speed(dialogues[0])}
    if not options.speed_only:
        figures["truth"] = truth(options.shared, dialogues)
    if options.json:
        print(json.dumps(figures))
    else:
        for part, values in figures.items():
            print(f"{part}:")
            for name, value in values.items():
                print(f"  {name:28} {value}")
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--shared", type=Path, default=SHARED, help="the folder with data/ and bench/")
    parser.add_argument("--json", action="store_true", help="figures as one JSON object")
    parser.add_argument("--speed-only", action="store_true", help="leave out the comparison with the truth")
    return parser.parse_args()


def speed(wav: Path) -> dict[str, float]:
    """Times in seconds of one recording, warm (models loaded), and multiples of real time."""
    recording, rubric = load_recording(wav), load_rubric()
    recognizer, detector = WhisperRecognizer(), SileroVad()
    warm = listen(recording, ListeningSettings(), detector=detector, recognizer=recognizer)

    def whole() -> None:
        heard = listen(load_recording(wav), ListeningSettings(), detector=detector, recognizer=recognizer)
        analyze_heard(heard, rubric).to_json()

    whole_s = _seconds(whole)
    bare_s = _seconds(lambda: _bare(recognizer, recording))
    speech_s = _seconds(lambda: find_speech(recording, detector), times=3)
    measures_s = _seconds(lambda: analyze_heard(warm, rubric).to_json(), times=3)
    length_s = recording.duration_s
    return {
        "recording_s": round(length_s, 1),
        "analysis_s": round(whole_s, 2),
        "analysis_x_real_time": round(length_s / whole_s, 1),
        "bare_recogniser_s": round(bare_s, 2),
        "ratio_to_bare": round(whole_s / bare_s, 3),
        "speech_x_real_time": round(length_s / speech_s),
        "measures_x_real_time": round(length_s / measures_s),
        "all_but_words_x_real_time": round(length_s / (speech_s + measures_s)),
        "peak_memory_mib": round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024),
    }


def _bare(recognizer: WhisperRecognizer, recording: Recording) -> None:
    """The recogniser alone, with the same settings, on each whole channel."""
    for lane in recording.lanes.values():
        recognizer.recognize(lane.samples(16_000), "en")


def _seconds(work: Callable[[], Any], times: int = 1) -> float:
    """The best of ``times`` runs."""
    best = float("inf")
    for _ in range(times):
        began = time.perf_counter()
        work()
        best = min(best, time.perf_counter() - began)
    return best


def truth(shared: Path, dialogues: list[Path]) -> dict[str, Any]:
    """What ``score_analysis.py`` says about our analyses of the dialogues."""
    recognizer, detector, rubric = WhisperRecognizer(), SileroVad(), load_rubric()
    with tempfile.TemporaryDirectory() as folder:
        for wav in dialogues:
            heard = listen(load_recording(wav), ListeningSettings(), detector=detector, recognizer=recognizer)
            analyze_heard(heard, rubric).write(Path(folder, f"{wav.stem}.json"))
        command = [sys.executable, shared / "bench" / "score_analysis.py", dialogues[0].parent, folder, "--json"]
        figures: dict[str, Any] = json.loads(subprocess.run(command, check=True, capture_output=True).stdout)
    return figures


if __name__ == "__main__":
    sys.exit(main())
