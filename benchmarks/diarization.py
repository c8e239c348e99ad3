"""How well a mono recording is divided into its two people: ``python -m benchmarks.diarization [--calls 8] [--words]``.

Calls with known truth are mixed to one channel: made-up dialogues (unlike voices, and one voice at two pitches; G.711,
GSM, noise), and, where the shared folder is there, its dialogues and real bank calls, whose truth is the speech found
on their separate channels. Every mix is divided; with ``--words`` it is also analysed whole and held against the
analysis of the two channels: who was taken for the agent, and both speech rates.

Columns: the diarization error rate (collar 0.25 s, talk of both at once counted) with its parts, the worst call, how
many calls were divided at all, and the same counting an undivided call as one voice.
"""

from __future__ import annotations

import random
import statistics
import sys
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import numpy as np
import soundfile
import typer
from rich.console import Console
from rich.table import Table

from benchmarks.dialogues.channel import CONDITIONS, PARTIES, Lanes
from benchmarks.dialogues.compose import compose
from benchmarks.dialogues.lay import RATE, lanes, lay
from benchmarks.dialogues.lay import truth as truth_of
from benchmarks.dialogues.voices import Half, Pair, Person
from benchmarks.error_rate import ErrorRate, error_rate
from speechqa.analysis import Analysis
from speechqa.audio import Samples
from speechqa.conversation import Party
from speechqa.engines.diarize import Division, VoiceDiarizer
from speechqa.engines.vad import SileroVad
from speechqa.engines.whisper import WhisperRecognizer
from speechqa.hearing import find_speech, listen
from speechqa.recording import Recording, load_recording
from speechqa.rubric.load import load_rubric
from speechqa.settings import ListeningSettings
from speechqa.stages import analyze_heard
from speechqa.timeline import Span, Timeline

SHARED = Path(__file__).resolve().parents[2] / "shared"
MADE = ("clean", "gsm", "noise-20", "noise-10")
SAME = (("hibari", "heart"), ("piper", "joe"))
ALIKE = ((0.88, 1.0), (0.88, 1.07), (0.94, 1.07), (0.94, 1.14), (1.0, 1.14))


@dataclass(frozen=True, slots=True)
class Call:
    """A mixed call: its file, the true speech, and how its two channels are opened where there are any."""

    group: str
    mix: Path
    truth: Mapping[Party, Timeline]
    apart: Callable[[], Recording] | None = None


class Alike(Pair):
    """Two people of one voice at two pitches: the hardest pair of one gender."""

    def __init__(self, seed: int, half: Half = "development") -> None:
        super().__init__(seed, half)
        chance = random.Random(f"alike {seed}")
        engine, voice = SAME[seed % 2]
        pitches = chance.sample(chance.choice(ALIKE), 2)
        self.people = {party: Person(engine, voice, pitch) for party, pitch in zip(PARTIES, pitches, strict=True)}


def mixed(sides: Lanes, path: Path, codec: str = "ULAW") -> Path:
    """Both sides on one channel."""
    soundfile.write(path, (sides["customer"] + sides["agent"]) * np.float32(0.7), RATE, subtype=codec)
    return path


def made_calls(
    room: Path, calls: int, first_seed: int, half: Half = "development", names: Sequence[str] = MADE
) -> Iterator[Call]:
    """Made-up dialogues in every condition; beside each mix lies its stereo file, ``…-two.wav``."""
    for pair, kind in ((Pair, "unlike"), (Alike, "alike")):
        for seed in range(first_seed, first_seed + calls):
            plan = compose(seed, half)
            pieces = lay(plan, pair(seed, half), random.Random(f"lay {seed}"))
            clean = lanes(pieces)
            speech = truth_of(plan, pieces, len(clean["agent"]) / RATE)["speech"]
            truth = {party: _timeline(speech, party) for party in PARTIES}
            for name in names:
                condition = CONDITIONS[name]
                sides = condition.change(clean, np.random.default_rng([seed, MADE.index(name)]))
                stem = room / f"{kind}-{name}-{seed}"
                two = Path(f"{stem}-two.wav")
                soundfile.write(two, np.stack([sides["customer"], sides["agent"]], axis=1), RATE, subtype="ULAW")
                path = mixed(sides, Path(f"{stem}.wav"), condition.codec)
                yield Call(f"{kind} voices, {name}", path, truth, lambda two=two: load_recording(two))


def shared_calls(shared: Path, room: Path, detector: SileroVad) -> Iterator[Call]:
    """The dialogues and the real calls of the shared folder, mixed."""
    for path in sorted((shared / "data" / "dialogues").glob("*.wav")):
        yield _mix("shared dialogues", path.stem, lambda path=path: load_recording(path), room, detector)
    for path in sorted((shared / "data" / "bank-calls" / "agent").glob("*.wav")):
        caller = path.parents[1] / "caller" / path.name
        opened = lambda path=path, caller=caller: load_recording(agent=path, customer=caller)  # noqa: E731
        yield _mix("real bank calls", path.stem, opened, room, detector)


def _mix(group: str, name: str, opened: Callable[[], Recording], room: Path, detector: SileroVad) -> Call:
    recording = opened()
    sides: Lanes = {party: _side(recording, party) for party in PARTIES}
    truth = {party: spoken for party, spoken in find_speech(recording, detector).speech.items()}
    return Call(group, mixed(sides, room / f"{name}.wav"), truth, opened)


def _side(recording: Recording, party: Party) -> Samples:
    lane = recording.lanes[party]
    side = np.zeros(round(recording.duration_s * RATE), np.float32)
    start = round(lane.offset_s * RATE)
    samples = lane.samples(RATE)[max(0, -start) :][: len(side) - max(0, start)]
    side[max(0, start) : max(0, start) + len(samples)] = samples
    return side


def _timeline(speech: list[dict[str, float]], party: str) -> Timeline:
    return Timeline(Span(each["start_s"], each["end_s"]) for each in speech if each["party"] == party)


@dataclass(frozen=True, slots=True)
class Result:
    """One call divided; ``agent_right`` and ``rate_errors`` (percent) only where the words were recognised too."""

    error: ErrorRate
    division: Division
    seconds: float
    duration_s: float
    agent_right: bool | None = None
    rate_errors: tuple[float, ...] = ()


class Ear:
    """The engines, loaded once."""

    def __init__(self) -> None:
        self.detector, self.diarizer = SileroVad(), VoiceDiarizer()
        self.recognizer, self.rubric = WhisperRecognizer(), load_rubric()

    def divide(self, call: Call, words: bool) -> Result:
        """One call."""
        recording = load_recording(call.mix)
        speech = find_speech(recording, self.detector).speech["agent"]
        began = time.process_time()
        division = self.diarizer.divide(recording.lanes["agent"], speech)
        spent = time.process_time() - began
        error = error_rate(call.truth, division.voices, recording.duration_s)
        told = self._told(call) if words and division.found >= 2 else (None, ())
        return Result(error, division, spent, recording.duration_s, *told)

    def _told(self, call: Call) -> tuple[bool | None, tuple[float, ...]]:
        if call.apart is None:
            return None, ()
        mono, apart = (self._analysed(each) for each in (load_recording(call.mix), call.apart()))
        agent = Timeline(Span(each.start_s, each.end_s) for each in mono.speech if each.party == "agent")
        right = (agent & call.truth["agent"]).covered_s > (agent & call.truth["customer"]).covered_s
        rates = [[each.pace[party] for each in (mono, apart)] for party in ("agent", "customer")]
        errors = [
            100 * abs(a.speech_rate_wpm / b.speech_rate_wpm - 1)
            for a, b in rates
            if a and b and a.speech_rate_wpm and b.speech_rate_wpm
        ]
        return right, tuple(errors) if right else ()

    def _analysed(self, recording: Recording) -> Analysis:
        heard = listen(
            recording,
            ListeningSettings(),
            detector=self.detector,
            recognizer=self.recognizer,
            diarizer=self.diarizer,
        )
        return analyze_heard(heard, self.rubric)


def row(results: list[Result]) -> list[str]:
    """The figures of one group of calls."""
    divided = [each for each in results if each.division.found >= 2]
    sums = [sum((each.error for each in some), ErrorRate(0, 0, 0, 0)) for some in (divided, results)]
    parts = [f"{100 * value / max(1e-9, sums[0].total_s):.1f}" for value in _parts(sums[0])]
    right = [each.agent_right for each in divided if each.agent_right is not None]
    errors = [error for each in divided for error in each.rate_errors]
    return [
        f"{len(divided)} of {len(results)}",
        f"{100 * sums[0].rate:.1f}",
        *parts,
        f"{100 * max((each.error.rate for each in divided), default=0.0):.1f}",
        f"{100 * sums[1].rate:.1f}",
        f"{sum(right)} of {len(right)}" if right else "-",
        f"{statistics.median(errors):.1f} / {max(errors):.1f}" if errors else "-",
        f"{sum(each.seconds for each in results) / sum(each.duration_s for each in results):.4f}",
    ]


def _parts(error: ErrorRate) -> tuple[float, float, float]:
    return error.missed_s, error.false_s, error.confused_s


def main(
    calls: Annotated[int, typer.Option(help="Made-up calls per kind of voices")] = 8,
    first_seed: Annotated[int, typer.Option(help="Other seeds, other calls")] = 0,
    shared: Annotated[Path, typer.Option(help="The folder with data/")] = SHARED,
    words: Annotated[bool, typer.Option(help="Recognise the words too: roles and speech rates")] = False,
) -> None:
    """Mono recordings divided, per condition."""
    ear, found = Ear(), dict[str, list[Result]]()
    with TemporaryDirectory() as room:
        for source in (made_calls(Path(room), calls, first_seed), shared_calls(shared, Path(room), ear.detector)):
            for call in source:
                result = ear.divide(call, words)
                found.setdefault(call.group, []).append(result)
                print(call.group, call.mix.stem, f"{result.error.rate:.3f}", result.division.found, file=sys.stderr)
    columns = (
        "divided",
        "DER %",
        "missed",
        "false",
        "confused",
        "worst",
        "DER % all",
        "agent",
        "rate % med / max",
        "RTF",
    )
    table = Table("calls", *columns)
    for name, results in found.items():
        table.add_row(name, *row(results))
    Console(width=160).print(table)


if __name__ == "__main__":
    typer.run(main)
