"""How well real people are understood: ``python -m benchmarks.real_calls [--calls FOLDER] [--json]``.

The calls (HarperValleyBank: crowd workers at their own telephones, one file per party) have a human transcript per
segment. Per party: word error rate (jiwer) of the analysis' words against the transcript, both normalised by
`normal`; and *invented words*, those that lie further than ``NEAR_S`` from any segment of the transcript where the
channel shows no energy either (below ``QUIET_DB`` under the party's loud parts).

`normal`: small letters; what is in square or angle brackets (noise marks, and the brackets alone of unsure words) and
hyphens removed; numbers written as digits are spelled out digit by digit, "o'clock" and apostrophes kept; filled pauses
("um", "uh", "mm") left out on both sides.
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Annotated, Any

import jiwer
import numpy as np
import typer

from benchmarks.conditions import Ear
from speechqa.conversation import PARTIES, Party
from speechqa.engines.activity import channel_levels
from speechqa.engines.energy import HOP_S
from speechqa.hearing import listen
from speechqa.recording import Channel, load_recording
from speechqa.settings import ListeningSettings
from speechqa.timeline import Span, Timeline

CALLS = Path(__file__).resolve().parents[2] / "shared" / "data" / "bank-calls"
NEAR_S, QUIET_DB = 0.5, 30.0
DIGITS = "zero one two three four five six seven eight nine".split()
FILLED = {"um", "uh", "umm", "uhh", "mm", "hmm", "mhm", "mm-hmm", "er", "ah"}


def normal(text: str) -> str:
    """See the module docstring."""
    small = re.sub(r"\[[^\]]*\]|<[^>]*>", " ", text.lower().replace("’", "'").replace("-", " "))
    spelled = re.sub(r"\d", lambda digit: f" {DIGITS[int(digit[0])]} ", small)
    return " ".join(word for word in re.findall(r"[a-z']+", spelled) if word not in FILLED)


def segments_of(transcript: Path, party: Party) -> list[dict[str, Any]]:
    """The human segments of one party in order; the data calls the customer "caller"."""
    role = "agent" if party == "agent" else "caller"
    segments = json.loads(transcript.read_text())
    return sorted((s for s in segments if s["speaker_role"] == role), key=lambda s: s["offset_ms"])


def invented(words: list[Span], channel: Channel, said: Timeline) -> int:
    """How many words are far from what a person wrote down and have no energy under them."""
    levels = channel_levels(channel)
    loud_db = float(np.percentile(levels, 95))
    count = 0
    for word in words:
        if said.cropped(Span(word.start_s - NEAR_S, word.end_s + NEAR_S)):
            continue
        at = slice(round((word.start_s - channel.offset_s) / HOP_S), round((word.end_s - channel.offset_s) / HOP_S) + 1)
        count += not len(levels[at]) or float(levels[at].max()) < loud_db - QUIET_DB
    return count


def figures_of(ear: Ear, calls: Path, sid: str) -> list[dict[str, Any]]:
    """One row per party of one call."""
    recording = load_recording(agent=calls / "agent" / f"{sid}.wav", customer=calls / "caller" / f"{sid}.wav")
    heard = listen(recording, ListeningSettings(), detector=ear.detector, recognizer=ear.recognizer)
    rows = []
    for party in PARTIES:
        segments = segments_of(calls / "transcript" / f"{sid}.json", party)
        words = heard.conversation.words_of(party)
        said = normal(" ".join(s["human_transcript"] for s in segments))
        found = jiwer.process_words(said, normal(" ".join(word.text for word in words)))
        spans = Timeline(
            Span(s["offset_ms"] / 1000, (s["offset_ms"] + max(1, s["duration_ms"])) / 1000) for s in segments
        )
        rows.append(
            {
                "call": sid,
                "party": party,
                "words": found.hits + found.substitutions + found.deletions,
                "substituted": found.substitutions,
                "missed": found.deletions,
                "added": found.insertions,
                "wer": round(found.wer, 3),
                "invented": invented([word.span for word in words], heard.recording.lanes[party], spans),
            }
        )
    return rows


def main(
    calls: Annotated[Path, typer.Option(help="The folder with agent/, caller/ and transcript/")] = CALLS,
    as_json: Annotated[bool, typer.Option("--json", help="Rows as JSON")] = False,
) -> None:
    """Word errors and invented words on real calls."""
    ear = Ear()
    rows = [row for path in sorted((calls / "transcript").glob("*.json")) for row in figures_of(ear, calls, path.stem)]
    for row in rows:
        print(json.dumps(row) if as_json else "  ".join(f"{name} {value}" for name, value in row.items()))
    for party in PARTIES:
        own = [row for row in rows if row["party"] == party]
        errors = sum(row["substituted"] + row["missed"] + row["added"] for row in own)
        print(
            f"{party}: WER {errors / sum(row['words'] for row in own):.3f}, invented {sum(r['invented'] for r in own)}"
        )


if __name__ == "__main__":
    typer.run(main)
