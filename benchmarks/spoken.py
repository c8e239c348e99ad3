"""Spoken menu answers, from audio to answer: how many are taken wrongly, and how many are wrongly turned away.

    python -m benchmarks.spoken [--sure 0.6] [--show]

Three voices (piper joe, hibari heart, hibari heart three semitones lower and quicker) say sentences that a menu expects
and sentences that it does not, through G.711 (mu-law), with a quiet line and with noise 20 and 12 dB under the voice.
Each goes through end-pointing, the packaged recogniser and ``understand``, as in a call. The voices are
synthetic: people are harder. Hums and bursts of noise count among what is not expected.
"""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path
from statistics import median
from typing import Annotated

import numpy as np
import numpy.typing as npt
import typer
from rich.console import Console
from rich.table import Table
from scipy.signal import lfilter

from ivr.endpointing import Began, Endpointer, Went
from ivr.flow.speech import understand
from ivr.hearing import PhraseRecognizer, Utterance
from ivr.prompting.render import Manner, render_text
from ivr.prompting.synthesize import open_voice
from ivr.recognizing.whisper import WhisperPhrases

MENU = {
    "bills": ("bill", "my invoice", "payment"),
    "faults": ("broken", "not working", "report a fault"),
    "feedback": ("complaint", "compliment"),
    "person": ("agent", "somebody", "speak to a person"),
}
EXPECTED = {
    "My bill is wrong.": "bills",
    "I have a question about my bill.": "bills",
    "I want to talk about my invoice.": "bills",
    "I would like to make a payment.": "bills",
    "Payment.": "bills",
    "My phone is broken.": "faults",
    "The internet is not working.": "faults",
    "I want to report a fault.": "faults",
    "I have a complaint.": "feedback",
    "I want to make a complaint about your service.": "feedback",
    "A compliment, please.": "feedback",
    "Agent.": "person",
    "Can I talk to an agent?": "person",
    "Let me speak to a person.": "person",
    "Is there somebody I can talk to?": "person",
}
UNEXPECTED = (
    "What is the weather like today?",
    "I would like to order a pizza.",
    "Where is the nearest train station?",
    "Please turn on the lights.",
    "Hold on, the dog is barking.",
    "I have moved to another town.",
    "How much does it cost?",
    "When do you open tomorrow?",
    "The building is very tall.",
    "He plays billiards.",
    "I am working late tonight.",
    "It is my birthday.",
    "My parents are coming.",
    "Hello?",
    "One moment, please.",
)
VOICES = (
    ("joe", "piper", "joe", Manner()),
    ("heart", "hibari", "heart", Manner()),
    ("heart, lower", "hibari", "heart", Manner(speed=1.1, pitch=-3)),
)
NOISES = {"quiet line": -66.0, "noise 20 dB under": -44.0, "noise 12 dB under": -36.0}
FRAME = 160
Samples = npt.NDArray[np.float64]


def through_g711(samples: Samples) -> npt.NDArray[np.int16]:
    """Mu-law there and back; samples in [-1, 1]."""
    squeezed = np.sign(samples) * np.log1p(255 * np.abs(np.clip(samples, -1, 1))) / np.log(256)
    steps = np.round(squeezed * 127) / 127
    pcm: npt.NDArray[np.int16] = (np.sign(steps) * np.expm1(np.abs(steps) * np.log(256)) / 255 * 32767).astype(np.int16)
    return pcm


def on_the_line(said: npt.NDArray[np.int16], noise_dbov: float, chance: np.random.Generator) -> npt.NDArray[np.int16]:
    """A second of line before and after, room-like noise under all of it."""
    lane = np.concatenate([np.zeros(8000), said / 32768, np.zeros(8000)])
    noise = lfilter([1.0], [1.0, -0.68], chance.standard_normal(len(lane)))
    return through_g711(lane + noise / np.std(noise) * 10 ** (noise_dbov / 20))


def utterances(pcm: npt.NDArray[np.int16], recognizer: PhraseRecognizer) -> Iterator[Utterance]:
    """What the end-pointer makes of the audio, each ready to be recognised."""
    phrases = tuple(phrase for answer in MENU.values() for phrase in answer)
    ears, current = Endpointer(), None
    for at in range(0, len(pcm) - FRAME + 1, FRAME):
        match ears.hear(pcm[at : at + FRAME].tobytes()):
            case Began(frames):
                current = recognizer.begin(phrases, "en")
                current.feed(frames)
            case Went(frames) if current is not None:
                current.feed(frames)
            case None:
                pass
            case _ if current is not None:
                yield current
                current = None
    if current is not None:
        yield current


def sounds(chance: np.random.Generator) -> dict[str, npt.NDArray[np.int16]]:
    """What is no speech and loud enough to be taken for it: bursts of noise, hums, a tone."""
    turns = 2 * np.pi * np.arange(8000) / 8000
    hums = {f"hum at {hz} Hz": np.sin(turns * hz) + np.sin(turns * 2 * hz) / 2 for hz in (120, 250, 440)}
    bursts = {f"burst {n}": chance.standard_normal(1600 * n) * np.hanning(1600 * n) for n in (2, 4)}
    return {name: (sound * 1500).astype(np.int16) for name, sound in (hums | bursts).items()}


def main(
    sure: Annotated[float, typer.Option(help="The rejection level.")] = 0.6,
    show: Annotated[bool, typer.Option(help="Print what went wrong.")] = False,
) -> None:
    """Print one row per voice and line."""
    recognizer, chance = WhisperPhrases(), np.random.default_rng(7)
    recognizer.load()
    table = Table(title=f"Spoken answers, sure {sure}, packaged tiny.en")
    for heading in (
        "voice",
        "line",
        "expected",
        "right",
        "rejected",
        "taken for another",
        "others",
        "accepted",
    ):
        table.add_column(heading)
    total: Counter[str] = Counter()
    times: list[float] = []
    for name, engine, voice, manner in VOICES:
        synthesizer = open_voice(engine, voice, Path())
        spoken = {text: render_text(text, synthesizer, manner) for text in (*EXPECTED, *UNEXPECTED)}
        for line, noise in NOISES.items():
            count: Counter[str] = Counter()
            for text, said in (spoken | sounds(chance)).items():
                found = []
                for utterance in utterances(on_the_line(said, noise, chance), recognizer):
                    began = time.perf_counter()
                    found.append(utterance.words())
                    times.append(time.perf_counter() - began)
                answers = [understand(words.text, words.confidence, MENU, sure).answer for words in found]
                answer = next((answer for answer in answers if answer is not None), None)
                wanted = EXPECTED.get(text)
                kind = ("expected " if wanted else "other ") + (
                    "rejected" if answer is None else "right" if answer == wanted else "wrong"
                )
                count[kind] += 1
                if show and kind not in ("expected right", "other rejected"):
                    heard = "; ".join(f"{words.text} ({words.confidence:.2f})" for words in found)
                    print(f"{name}, {line}: {text!r} {kind}: {answer}, heard {heard!r}")
            table.add_row(name, line, *_figures(count))
            total += count
    table.add_row("all", "", *_figures(total))
    console = Console(width=140)
    console.print(table)
    console.print(f"From the end of the pause to the words: median {median(times):.2f} s, longest {max(times):.2f} s")


def _figures(count: Counter[str]) -> tuple[str, ...]:
    expected = sum(count[f"expected {kind}"] for kind in ("right", "rejected", "wrong"))
    others = count["other rejected"] + count["other wrong"]
    shares = [f"{100 * count[f'expected {kind}'] / expected:.1f} %" for kind in ("right", "rejected", "wrong")]
    return (str(expected), *shares, str(others), f"{100 * count['other wrong'] / others:.1f} %")


if __name__ == "__main__":
    typer.run(main)
