"""How long other programs' formats take, and what is lost where only words come in.

``python -m benchmarks.exchange [--hours 4]`` prints seconds and size per format for a made-up call out and in again,
and the process's memory. ``--calls FOLDER`` analyses the stereo calls there, and measures each again by its exported
words alone (CTM) and by its captions alone (WebVTT): how far the measures that stay are off.
"""

from __future__ import annotations

import argparse
import json
import random
import resource
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from speechqa.analysis import Analysis, AnalyzedRecording, Engines, Quality
from speechqa.conversation import PARTIES, Conversation, Word
from speechqa.exchange import contact_lens, ctm, rttm, tables, textgrid, vcon, vcon_transcripts, webvtt, whisper
from speechqa.exchange.document import Document, document_of, parse_document
from speechqa.exchange.measure import measure_transcript
from speechqa.rubric.load import load_rubric
from speechqa.stages import analyze, assembled, judge
from speechqa.timeline import Span, Timeline

VOCABULARY = ("hello", "bill", "the", "why?", "Sorry,")
WORD_S, PAUSE_S, TURN_WORDS = 0.28, 0.16, 8


def call(hours: float) -> Conversation:
    """Two parties taking turns of eight words; the words from a fixed seed."""
    choose = random.Random(11).choice
    words, at_s, number = [], 0.0, 0
    while at_s < hours * 3600:
        for _ in range(TURN_WORDS):
            words.append(
                Word(PARTIES[number % 2], choose(["hello", "bill", "the", "why?", "Sorry,"]), at_s, at_s + 0.25)
            )
            at_s += WORD_S
        at_s, number = at_s + PAUSE_S, number + 1
    speech = {p: Timeline(Span(w.start_s, w.end_s + 0.03) for w in words if w.party == p) for p in PARTIES}
    return Conversation(at_s, "en", speech, tuple(words))


def document(talk: Conversation) -> Document:
    """The call's analysis, as its file holds it."""
    recording = AnalyzedRecording("a.wav", "00", 8000, "stereo", {"agent": 1, "customer": 0}, None, False, {}, None)
    made = assembled(
        judge(talk, load_rubric()),
        recording=recording,
        engines=Engines("none", "none", "0"),
        quality=Quality(None, None, None),
    )
    return document_of(made.to_json(), "a.json")


def whisperx(talk: Conversation) -> str:
    """The same words as WhisperX writes them."""
    segments = []
    for start in range(0, len(talk.words), TURN_WORDS):
        said = talk.words[start : start + TURN_WORDS]
        words = [{"word": w.text, "start": w.start_s, "end": w.end_s, "score": 0.9, "speaker": w.party} for w in said]
        text = " ".join(w.text for w in said)
        segments.append({"start": said[0].start_s, "end": said[-1].end_s, "text": text, "words": words})
    return json.dumps({"segments": segments, "language": "en"})


def timed(act: Callable[[], Any]) -> tuple[Any, float]:
    """What it gives and how long it takes, seconds."""
    began = time.perf_counter()
    made = act()
    return made, time.perf_counter() - began


def compare(folder: Path) -> None:
    """A line per call and format: rates, talk share and silences by the file alone against those by the sound."""
    print("| call | by | rate, agent | rate, customer | talk share | silences: count, worst edge |")
    print("|---|---|---|---|---|---|")
    for path in sorted(folder.glob("*.wav")):
        whole = analyze(path)
        heard = document_of(whole.to_json(), path.name).analysis
        for name, text in {"words": ctm.write(heard), "captions": webvtt.write(heard)}.items():
            with tempfile.NamedTemporaryFile("w", encoding="utf-8", suffix=".txt") as file:
                file.write(text)
                file.flush()
                print(f"| {path.stem} | {name} | {_off(whole, measure_transcript([file.name]))} |", flush=True)


def _off(whole: Analysis, other: Analysis) -> str:
    rates = []
    for party in PARTIES:
        one, two = whole.pace[party], other.pace[party]
        known = one and two and one.speech_rate_wpm and two.speech_rate_wpm
        rates.append(f"{100 * (two.speech_rate_wpm / one.speech_rate_wpm - 1):+.1f} %" if known else "-")
    share = other.listening.agent_talk_share - whole.listening.agent_talk_share
    pairs = list(zip(whole.silences, other.silences, strict=False))
    worst_s = max((max(abs(a.start_s - b.start_s), abs(a.end_s - b.end_s)) for a, b in pairs), default=0.0)
    counts = f"{len(whole.silences)} and {len(other.silences)}"
    return f"{rates[0]} | {rates[1]} | {share:+.3f} | {counts}, {worst_s:.2f} s"


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--hours", type=float, default=4.0)
    parser.add_argument("--calls", type=Path)
    given = parser.parse_args()
    if given.calls:
        return compare(given.calls)
    talk = call(given.hours)
    made = document(talk)
    analysis, at = made.analysis, datetime.now(UTC)
    both: dict[str, tuple[Callable[[], str], Callable[[str, str], object]]] = {
        "analysis.json": (lambda: json.dumps(made.raw), parse_document),
        "vCon": (lambda: vcon.write(made, at), vcon_transcripts.read),
        "Contact Lens": (lambda: contact_lens.write(analysis), contact_lens.read),
        "RTTM": (lambda: rttm.write(analysis), rttm.read),
        "CTM": (lambda: ctm.write(analysis), ctm.read),
        "WebVTT": (lambda: webvtt.write(analysis), webvtt.read),
        "TextGrid": (lambda: textgrid.write(analysis), textgrid.read),
        "CSV, words": (lambda: tables.write([made], "words"), lambda text, name: None),
        "WhisperX": (lambda: whisperx(talk), whisper.read),
    }
    print(f"{len(talk.words)} words, {talk.duration_s / 3600:.1f} h\n")
    print("| format | write s | read s | MB |\n|---|---|---|---|")
    for name, (write, read) in both.items():
        text, write_s = timed(write)
        _, read_s = timed(partial(read, text, name))
        print(f"| {name} | {write_s:.2f} | {read_s:.2f} | {len(text) / 1e6:.1f} |")
    print(f"\npeak memory {resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB")


if __name__ == "__main__":
    main()
