"""Mono excerpts with little speech: ``python -m benchmarks.excerpts [--calls 12] [--first-seed 700] [--held-out]``.

Excerpts of 8-30 s of speech out of calls mixed to one channel (made-up dialogues of unlike and of alike voices, clean
and with noise; the shared dialogues and real calls where they are there), and the same of one side of the made-up ones,
which is one voice. Each is divided twice from the same voice prints: *before*, by the grouping's own probability, and
*now*, with the loss for little speech and the least amounts of `speechqa.engines.diarize`.

Columns: excerpts; how many were divided; how many of those wrongly (an error above 15 %; any division of one voice);
how many of those with a confidence of 0.8 and more; how many with that confidence in all; and, of those left whole,
how many are said to be one person.
"""

from __future__ import annotations

import itertools
import random
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Annotated

import soundfile
import typer
from rich.console import Console
from rich.table import Table

from benchmarks.dialogues.lay import RATE
from benchmarks.diarization import SHARED, Call, made_calls, shared_calls
from benchmarks.error_rate import error_rate
from speechqa.conversation import PARTIES, Party
from speechqa.engines.diarize import SURE_FROM, Division, VoiceDiarizer, by_voice, division_of
from speechqa.engines.vad import SileroVad
from speechqa.engines.voiceprint import voiceprints_of
from speechqa.engines.voices import group
from speechqa.hearing import find_speech
from speechqa.recording import load_recording
from speechqa.timeline import Span, Timeline

LENGTHS_S = (8.0, 12.0, 18.0, 30.0)
WRONG_FROM = 0.15
SURE = 0.8
CONDITIONS = ("clean", "noise-20")


@dataclass(slots=True)
class Tally:
    """What became of the excerpts of one kind: counts before and now."""

    excerpts: int = 0
    divided: list[int] = field(default_factory=lambda: [0, 0])
    wrong: list[int] = field(default_factory=lambda: [0, 0])
    sure_and_wrong: list[int] = field(default_factory=lambda: [0, 0])
    sure: list[int] = field(default_factory=lambda: [0, 0])
    one: list[int] = field(default_factory=lambda: [0, 0])

    def row(self) -> list[str]:
        """The figures, before / now."""
        counts = (self.divided, self.wrong, self.sure_and_wrong, self.sure, self.one)
        return [str(self.excerpts), *(f"{before} / {now}" for before, now in counts)]


def excerpt(truth: Mapping[Party, Timeline], chance: random.Random) -> Span | None:
    """A stretch with 8-30 s of speech; None where the call has too little."""
    spoken = truth["agent"] | truth["customer"]
    wanted_s = chance.choice(LENGTHS_S)
    if spoken.covered_s < wanted_s + 1:
        return None
    starts = [span.start_s for span in spoken if spoken.cropped(Span(span.start_s, spoken.end_s)).covered_s > wanted_s]
    start_s, end_s = chance.choice(starts), 0.0
    left_s = wanted_s
    for span in spoken.cropped(Span(start_s, spoken.end_s)):
        end_s = min(span.end_s, span.start_s + left_s)
        left_s -= span.duration_s
        if left_s <= 0:
            break
    return Span(start_s, end_s)


class Ear:
    """The engines, loaded once."""

    def __init__(self) -> None:
        self.detector, self.encoder = SileroVad(), VoiceDiarizer().encoder

    def divide(self, path: Path) -> tuple[Division, Division] | None:
        """Before and now; None where there is no speech to divide."""
        recording = load_recording(path)
        speech = find_speech(recording, self.detector).speech["agent"]
        prints = voiceprints_of(recording.lanes["agent"], speech, self.encoder)
        if not len(prints):
            return None
        grouping = group(prints)
        now = division_of(prints, grouping, speech)
        if grouping.two < SURE_FROM:
            return Division((speech, Timeline()), 1, 1 - grouping.two), now
        return Division(by_voice(prints, grouping.labels, speech), 2, grouping.two), now


def count(tally: Tally, divisions: Sequence[Division], truth: Mapping[Party, Timeline], duration_s: float) -> None:
    """One excerpt into the figures; a ``truth`` with one silent party is one voice."""
    tally.excerpts += 1
    one_voice = not all(truth.values())
    for number, division in enumerate(divisions):
        sure = (division.confidence or 0.0) >= SURE
        if division.found < 2:
            tally.one[number] += division.one_person
            continue
        wrong = one_voice or error_rate(truth, division.voices, duration_s).rate > WRONG_FROM
        tally.divided[number] += 1
        tally.wrong[number] += wrong
        tally.sure[number] += sure
        tally.sure_and_wrong[number] += sure and wrong


def cut(path: Path, span: Span, out: Path) -> Path:
    """That stretch of a file as a file."""
    sound, rate_hz = soundfile.read(path, dtype="float32")
    soundfile.write(out, sound[round(span.start_s * rate_hz) : round(span.end_s * rate_hz)], rate_hz, subtype="ULAW")
    return out


def pieces(call: Call, room: Path) -> Iterator[tuple[str, Path, dict[Party, Timeline]]]:
    """A mixed call, and each side of it alone where it was made here: its name, its file, the true speech."""
    spoken: dict[Party, Timeline] = {party: call.truth[party] for party in PARTIES}
    yield call.group, call.mix, spoken
    two = call.mix.with_name(f"{call.mix.stem}-two.wav")
    if not two.exists():
        return
    sound = soundfile.read(two, dtype="float32")[0]
    for party, channel in (("customer", 0), ("agent", 1)):
        alone = room / f"{call.mix.stem}-{party}.wav"
        soundfile.write(alone, sound[:, channel], RATE, subtype="ULAW")
        yield (
            f"one voice: {call.group}",
            alone,
            {each: spoken[each] if each == party else Timeline() for each in PARTIES},
        )


def one_excerpt(
    ear: Ear, path: Path, truth: Mapping[Party, Timeline], room: Path, chance: random.Random
) -> tuple[tuple[Division, Division], dict[Party, Timeline], float] | None:
    """An excerpt divided before and now, its true speech and its length; None where there is too little speech."""
    span = excerpt(truth, chance)
    divisions = ear.divide(cut(path, span, room / "excerpt.wav")) if span else None
    if span is None or divisions is None:
        return None
    inside: dict[Party, Timeline] = {
        party: Timeline(Span(each.start_s - span.start_s, each.end_s - span.start_s) for each in spoken.cropped(span))
        for party, spoken in truth.items()
    }
    return divisions, inside, span.duration_s


def main(
    calls: Annotated[int, typer.Option(help="Made-up calls per kind of voices")] = 12,
    first_seed: Annotated[int, typer.Option(help="Other seeds, other calls")] = 700,
    each: Annotated[int, typer.Option(help="Excerpts of each call")] = 2,
    shared: Annotated[Path, typer.Option(help="The folder with data/")] = SHARED,
    held_out: Annotated[bool, typer.Option("--held-out", help="The other voices and scripts")] = False,
) -> None:
    """Excerpts with little speech, before and now."""
    ear, found, chance = Ear(), dict[str, Tally](), random.Random(f"excerpts {first_seed}")
    with TemporaryDirectory() as folder:
        room = Path(folder)
        made = made_calls(room, calls, first_seed, "held-out" if held_out else "development", CONDITIONS)
        real = shared_calls(shared, room, ear.detector) if shared.is_dir() else iter(())
        for name, path, truth in (piece for call in itertools.chain(made, real) for piece in pieces(call, room)):
            for _ in range(each):
                if (done := one_excerpt(ear, path, truth, room, chance)) is None:
                    continue
                divisions, inside, duration_s = done
                own = name if name.startswith("one voice") or all(inside.values()) else f"one voice: {name}"
                count(found.setdefault(own, Tally()), divisions, inside, duration_s)
                print(own, path.stem, [division.found for division in divisions], file=sys.stderr)
    table = Table("excerpts", "all", "divided", "wrong", "sure and wrong", "sure", "called one person")
    for name, tally in sorted(found.items()):
        table.add_row(name, *tally.row())
    Console(width=140).print(table)


if __name__ == "__main__":
    typer.run(main)
