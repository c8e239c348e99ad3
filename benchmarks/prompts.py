"""How the shipped prompts sound on the phone, and how long they take to make.

    python benchmarks/prompts.py [--json] [--brand prompts/clearline]

Figures: word error rate of every prompt after G.711 mu-law by Whisper tiny.en, active speech level (P.56) and peak,
words per minute, build time of the whole catalogue from nothing and again, speed and word errors of every engine.
"""

from __future__ import annotations

import argparse
import json
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
from clearline.level import active_level_dbov  # noqa: E402
from demo.voices import SCRIPT, render_conversation  # noqa: E402
from ivr.prompting import PromptLibrary  # noqa: E402
from ivr.prompting.render import RATE_HZ, Manner, render_text  # noqa: E402
from ivr.prompting.speak import load_conversation  # noqa: E402
from ivr.prompting.synthesize import open_voice  # noqa: E402

LANGUAGE = "en"
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


def catalogue(brand: Path, cache: Path) -> dict[str, Any]:
    """The whole catalogue made twice, and every prompt measured."""
    builds = []
    for _ in range(2):
        began_s = time.perf_counter()
        library = PromptLibrary.open(brand, cache)
        phrases = library.fixed(LANGUAGE)
        paths = library.prepare(phrases)
        builds.append(round(time.perf_counter() - began_s, 2))
    sounds = [sound(p.prompt, library.text(p), path) for p, path in zip(phrases, paths, strict=True)]
    return {"first_build_s": builds[0], "second_build_s": builds[1], **summary(sounds), "prompts": sounds}


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
    for title in ("catalogue", "conversation"):
        figures = {key: value for key, value in result[title].items() if key != "prompts"}
        sounds = result[title]["prompts"]
        console.print(_table(title, [{key: one[key] for key in one if key != "heard"} for one in sounds]))
        for one in sounds:
            if one["errors"]:
                console.print(f"{one['id']} was heard as: {one['heard']}", markup=False)
        console.print("  ".join(f"{key} {value}" for key, value in figures.items()), "\n", highlight=False)
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
    options.add_argument("--brand", type=Path, default=ROOT / "prompts" / "clearline", help="a brand's folder")
    options.add_argument("--json", action="store_true", help="print JSON instead of tables")
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as scratch:
        cache, folder = Path(scratch) / "cache", Path(scratch) / "conversation"
        result = {
            "catalogue": catalogue(chosen.brand, cache),
            "conversation": conversation(cache, folder),
            "engines": [engine(*voice) for voice in VOICES],
        }
    print(json.dumps(result, indent=1)) if chosen.json else show(result)


if __name__ == "__main__":
    main()
