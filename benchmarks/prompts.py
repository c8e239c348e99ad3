"""How the shipped prompts sound on the phone, and how long they take to make.

    python benchmarks/prompts.py [--json] [--brand prompts/clearline] [--language en]

Figures per brand and language: word error rate after G.711 mu-law (English by Whisper tiny.en, other languages by
Whisper base where it is installed), DNSMOS after G.711, active speech level (P.56), words a minute; the build of the
whole brand from nothing and again; speed and word errors of every engine. What was heard before is not heard again.
"""

from __future__ import annotations

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

import numpy as np
import soundfile
from rich.console import Console
from rich.table import Table

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from benchmarks.hearing import heard, heard_on_the_phone, through_g711, word_errors  # noqa: E402
from benchmarks.opinion import opinion  # noqa: E402
from clearline.cache import default_cache_dir  # noqa: E402
from clearline.level import active_level_dbov  # noqa: E402
from demo.voices import SCRIPT, render_conversation  # noqa: E402
from ivr.prompting import PromptLibrary  # noqa: E402
from ivr.prompting.checking.ear import Memory, installed_ears  # noqa: E402
from ivr.prompting.checking.line import through_g711 as phone  # noqa: E402
from ivr.prompting.checking.problems import LanguageFigures, Report  # noqa: E402
from ivr.prompting.checking.proving import Proving  # noqa: E402
from ivr.prompting.render import RATE_HZ, Manner, render_text  # noqa: E402
from ivr.prompting.speak import load_conversation  # noqa: E402
from ivr.prompting.synthesize import open_voice  # noqa: E402

VOICES = (("hibari", "heart"), ("piper", "joe"), ("espeak", "en-us"))
SAMPLE = (
    "Thank you for waiting. For questions about your bill, press one. To report a fault, press two.",
    "Your message is on its way to our service team, and we will call you back by the end of the next working day.",
    "Please tell us what happened, and how we can put it right.",
)


def sound(name: str, text: str, path: Path) -> dict[str, Any]:
    """One file measured."""
    samples, rate = soundfile.read(path, dtype="float32")
    understood = heard_on_the_phone(path)
    errors, said = word_errors(text, understood)
    return {
        "id": name,
        "seconds": round(len(samples) / rate, 2),
        "words_per_minute": round(60 * said / (len(samples) / rate)),
        "level_dbov": round(active_level_dbov(samples, rate), 2),
        "peak_dbfs": round(20 * float(np.log10(np.abs(samples).max())), 2),
        "words": said,
        "errors": errors,
        "heard": understood if errors else "",
    }


def built(brand: Path, cache: Path) -> dict[str, float]:
    """Seconds of ``ivr prompts build`` for a whole brand, from nothing and again, as a user waits for them."""
    seconds = []
    for _ in range(2):
        began_s = time.perf_counter()
        command = [sys.executable, "-m", "ivr.cli", "prompts", "build", "--brand", str(brand)]
        surroundings = {**os.environ, "CLEARLINE_CACHE": str(cache), "PYTHONPATH": str(ROOT)}
        subprocess.run(command, env=surroundings, check=True, capture_output=True)
        seconds.append(round(time.perf_counter() - began_s, 2))
    return {"first_build_s": seconds[0], "second_build_s": seconds[1]}


def catalogue(brand: Path, cache: Path, languages: list[str]) -> dict[str, Any]:
    """A brand built twice, and every prompt of these languages proven as ``ivr prompts check`` does."""
    times = built(brand, cache)
    library = PromptLibrary.open(brand, cache)
    ears = installed_ears(default_cache_dir("models"))
    proving = Proving(library, ears, Memory(default_cache_dir("prompts") / "heard"))
    chosen = languages or [each for each in library.catalog.brand.voices if each in library.languages]
    report = proving.report(chosen, lambda done, of: print(f"\r{brand.name} {done}/{of}", end="", file=sys.stderr))
    print(file=sys.stderr)
    return {
        **times,
        "problems": {severity: report.count(severity) for severity in ("error", "warning")},
        "languages": [_language(each, report, proving) for each in report.languages],
        "heard_otherwise": [
            {"id": each.prompt, "language": each.language, "differing": each.comparison.otherwise}
            for each in report.proofs
            if each.comparison and each.comparison.errors
        ],
    }


def _language(figures: LanguageFigures, report: Report, proving: Proving) -> dict[str, Any]:
    own = [proof for proof in report.proofs if proof.language == figures.language]
    sounds = [sound for proof in own if (sound := proving.audio(proof)) is not None]
    scores = [score for sound in sounds if (score := opinion(phone(sound), RATE_HZ)) is not None]
    low, high = figures.level_dbov or (float("nan"), float("nan"))
    return {
        "language": figures.language,
        "voice": figures.voice + ("" if figures.natural else " (robot)"),
        "heard_by": figures.recognizer or "nobody",
        "prompts": figures.prompts,
        "wer_percent": _rounded(figures.word_error_percent, 2),
        "dnsmos": _rounded(sum(scores) / len(scores) if scores else None, 2),
        "dnsmos_lowest": _rounded(min(scores, default=None), 2),
        "level_dbov": f"{low:.2f} … {high:.2f}",
        "words_per_minute": _rounded(figures.words_per_minute, 0),
        "longest_s": _rounded(max(proof.sound.duration_s for proof in own if proof.sound), 1),
    }


def _rounded(value: float | None, places: int) -> float | None:
    return None if value is None else round(value, places)


def conversation(cache: Path, folder: Path) -> dict[str, Any]:
    """The demo's conversation made, and every line measured."""
    began_s = time.perf_counter()
    files = render_conversation(folder, cache_dir=cache)
    took_s = time.perf_counter() - began_s
    sounds = [sound(line.id, line.text, files[line.id]) for line in load_conversation(SCRIPT).lines]
    return {"build_s": round(took_s, 2), **summary(sounds), "prompts": sounds}


def summary(sounds: list[dict[str, Any]]) -> dict[str, Any]:
    """Word error rate over all words, and the extremes."""
    levels = [one["level_dbov"] for one in sounds]
    return {
        "wer_percent": round(100 * sum(s["errors"] for s in sounds) / sum(s["words"] for s in sounds), 2),
        "level_dbov_min": min(levels),
        "level_dbov_max": max(levels),
        "peak_dbfs_max": max(one["peak_dbfs"] for one in sounds),
        "longest_s": max(one["seconds"] for one in sounds),
        "words_per_minute": round(60 * sum(s["words"] for s in sounds) / sum(s["seconds"] for s in sounds)),
    }


def engine(name: str, voice: str) -> dict[str, Any]:
    """One engine: time to the first word, speed after that, and what is understood."""
    began_s = time.perf_counter()
    speaker = open_voice(name, voice, ROOT)
    speaker.synthesize("Hello.")
    ready_s = time.perf_counter() - began_s
    began_s = time.perf_counter()
    spoken = [render_text(text, speaker, Manner()) for text in SAMPLE]
    took_s = time.perf_counter() - began_s
    length_s = sum(map(len, spoken)) / RATE_HZ
    pairs = zip(SAMPLE, spoken, strict=True)
    counts = [word_errors(t, heard(through_g711(s.astype(np.float32) / np.float32(32768)), RATE_HZ)) for t, s in pairs]
    return {
        "engine": name,
        "voice": voice,
        "natural": speaker.natural,
        "first_word_s": round(ready_s, 2),
        "times_real_time": round(length_s / took_s),
        "wer_percent": round(100 * sum(e for e, _ in counts) / sum(n for _, n in counts), 1),
    }


def show(result: dict[str, Any]) -> None:
    """The figures as tables."""
    console = Console()
    for name, brand in result["brands"].items():
        console.print(_table(name, brand["languages"]))
        for one in brand["heard_otherwise"]:
            said, heard_as = one["differing"]
            if one["language"] == "en":
                console.print(f"{one['id']}: {said!r} was heard as {heard_as!r}", markup=False, highlight=False)
        figures = {key: value for key, value in brand.items() if key not in ("languages", "heard_otherwise")}
        console.print("  ".join(f"{key} {value}" for key, value in figures.items()), "\n", highlight=False)
    figures = {key: value for key, value in result["conversation"].items() if key != "prompts"}
    console.print("conversation: ", "  ".join(f"{key} {value}" for key, value in figures.items()), highlight=False)
    console.print(_table("engines", result["engines"]))


def _table(title: str, rows: list[dict[str, Any]]) -> Table:
    table = Table(title=title)
    for column in rows[0]:
        table.add_column(column.replace("_per_", "/").replace("_", " "), no_wrap=column in ("id", "engine"))
    for row in rows:
        table.add_row(*(str(value) for value in row.values()))
    return table


def main() -> None:
    """Measure everything and print it."""
    options = argparse.ArgumentParser(description="Measure the shipped prompts and the voices.")
    options.add_argument("--brand", type=Path, action="append", help="a brand's folder (default: those shipped)")
    options.add_argument("--language", action="append", default=[], help="only this language (default: all)")
    options.add_argument("--json", action="store_true", help="print JSON instead of tables")
    chosen = options.parse_args()
    brands = chosen.brand or [ROOT / "prompts" / "clearline", ROOT / "prompts" / "juniper"]
    with tempfile.TemporaryDirectory() as scratch:
        cache, folder = Path(scratch) / "cache", Path(scratch) / "conversation"
        result = {
            "brands": {brand.name: catalogue(brand, cache, chosen.language) for brand in brands},
            "conversation": conversation(cache, folder),
            "engines": [engine(*voice) for voice in VOICES],
        }
    print(json.dumps(result, indent=1, ensure_ascii=False)) if chosen.json else show(result)


if __name__ == "__main__":
    main()
