"""How true the channels are: offsets, roles, echo, one sound twice, and what sounds without being speech.

    python -m benchmarks.channels [--calls 8] [--first-seed 0]

Real calls (``data/bank-calls`` of the shared folder, where it is there) and dialogues of ``benchmarks.dialogues``.
"""

from __future__ import annotations

import csv
import json
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import numpy as np
import soundfile
import typer
from rich.console import Console
from rich.table import Table

from benchmarks.dialogues.lay import RATE, Samples
from benchmarks.dialogues.make import make
from benchmarks.dialogues.waiting import MUSIC, TONES, made
from benchmarks.hearing import through_g711
from speechqa.conversation import PARTIES
from speechqa.engines.activity import activity_of
from speechqa.engines.edges import speech_of
from speechqa.engines.sounds import find_sounds, without_sounds
from speechqa.engines.vad import SileroVad
from speechqa.engines.whisper import WhisperRecognizer
from speechqa.hearing import FoundSpeech, Heard, find_speech, listen
from speechqa.recording import load_recording
from speechqa.roles import settle_roles
from speechqa.rubric.load import load_lexicon
from speechqa.settings import ListeningSettings
from speechqa.timeline import Span, Timeline

CALLS = Path(__file__).resolve().parents[2] / "shared" / "data" / "bank-calls"
ECHOES = {"echo-25": (0.12, -25), "hybrid-20": (0.03, -20), "echo-15": (0.25, -15), "echo-40": (0.45, -40)}
LATE_S = 2.03
SECONDS = 40.0


class Ear:
    """The engines, loaded once."""

    def __init__(self) -> None:
        self.detector, self.recognizer, self.lexicon = SileroVad(), WhisperRecognizer(), load_lexicon("en")

    def hears(self, source: Path | None = None, *, agent: Path | None = None, customer: Path | None = None) -> Heard:
        """A recording with its words."""
        recording = load_recording(source, agent=agent, customer=customer)
        return listen(recording, ListeningSettings(), detector=self.detector, recognizer=self.recognizer)

    def speech(self, path: Path) -> FoundSpeech:
        """Who speaks when in a file."""
        return find_speech(load_recording(path), self.detector)


def real_pairs(ear: Ear) -> Iterator[tuple[str, ...]]:
    """Per pair: the offset's error, and the roles with the files given in either order."""
    with (CALLS / "alignment.csv").open() as file:
        rows = list(csv.DictReader(file))
    for row in rows:
        agent, caller = (CALLS / side / f"{row['sid']}.wav" for side in ("agent", "caller"))
        right, wrong = ear.hears(agent=agent, customer=caller), ear.hears(agent=caller, customer=agent)
        true_s = (int(row["agent_delay_ms"]) - int(row["caller_delay_ms"])) / 1000
        offset = right.recording.offset
        error_ms = 1000 * (offset.agent_s - offset.customer_s - true_s)
        yield (
            row["sid"],
            f"{1000 * true_s:.0f} ms",
            f"{error_ms:+.0f} ms",
            f"{offset.confidence:.2f}",
            *_roles(ear, right, wrong),
        )


def _roles(ear: Ear, right: Heard, wrong: Heard) -> tuple[str, str]:
    kept, mended = settle_roles(right, ear.lexicon), settle_roles(wrong, ear.lexicon)
    return (
        f"{'kept' if not kept.recording.roles_swapped else 'SWAPPED'} {kept.recording.roles_confidence:.2f}",
        f"{'exchanged' if mended.recording.roles_swapped else 'MISSED'} {mended.recording.roles_confidence:.2f}",
    )


def made_roles(ear: Ear, folder: Path) -> str:
    """Dialogues as they are and swapped: how many keep, how many are exchanged."""
    kept = exchanged = 0
    paths = sorted(folder.glob("*.wav"))
    for path in paths:
        heard = ear.hears(source=path)
        kept += not settle_roles(heard, ear.lexicon).recording.roles_swapped
        exchanged += settle_roles(heard.swapped(), ear.lexicon).recording.roles_swapped is False
    return f"{kept} of {len(paths)} kept as they are, {exchanged} of {len(paths)} exchanged when given swapped"


def echoes(ear: Ear, folder: Path, delay_s: float, gain_db: float) -> tuple[str, ...]:
    """One condition: errors of delay and level, speech where only the other speaks, speech lost."""
    delays, gains, false_s, lost_s, spoken_s, sides = [], [], 0.0, 0.0, 0.0, 0
    for path in sorted(folder.glob("*.wav")):
        found, true = ear.speech(path), _truth(path)
        sides += len(found.bleed)
        delays += [1000 * abs(each.delay_s - delay_s) for each in found.bleed.values()]
        gains += [abs(each.gain_db - gain_db) for each in found.bleed.values()]
        for party in PARTIES:
            near = Timeline(Span(span.start_s - 0.1, span.end_s + 0.1) for span in true[party])
            false_s += (found.speech[party] - near).covered_s
            lost_s += (true[party] - found.speech[party]).covered_s
            spoken_s += true[party].covered_s
    worst = (f"{max(delays):.0f} ms", f"{max(gains):.1f} dB") if delays else ("-", "-")
    return folder.name, str(sides), *worst, f"{false_s:.1f} s", f"{lost_s:.1f} s", f"{spoken_s:.0f} s"


def _truth(path: Path) -> dict[str, Timeline]:
    truth = json.loads(path.with_suffix(".truth.json").read_text())
    return {
        party: Timeline(Span(each["start_s"], each["end_s"]) for each in truth["speech"] if each["party"] == party)
        for party in PARTIES
    }


def apart(ear: Ear, folder: Path, room: Path) -> str:
    """Stereo files whose agent channel lost its first 2.03 s: how far off the found shift is."""
    errors, missed = [], 0
    for path in sorted(folder.glob("*.wav")):
        both, late = soundfile.read(path)[0], round(LATE_S * RATE)
        agent = np.concatenate([both[late:, 1], np.zeros(late)])
        soundfile.write(room / "apart.wav", np.stack([both[:, 0], agent], axis=1), RATE, subtype="ULAW")
        recording = ear.speech(room / "apart.wav").recording
        offset = recording.offset if recording else None
        if offset is None or offset.found_by != "cross-talk":
            missed += 1
        else:
            errors.append(1000 * abs(offset.agent_s - offset.customer_s - LATE_S))
    return f"{len(errors)} found, worst error {max(errors, default=0):.0f} ms; {missed} not found"


def twice(folder: Path, room: Path) -> Iterator[tuple[str, str]]:
    """Files of one sound twice that are known as mono; nearly identical files of two people that are not."""

    def known(change: Any) -> str:
        layouts = []
        for path in sorted(folder.glob("*.wav")):
            both = soundfile.read(path, dtype="float32")[0]
            soundfile.write(room / "twice.wav", np.stack(change(both[:, 1], both[:, 0]), axis=1), RATE, subtype="ULAW")
            layouts.append(load_recording(room / "twice.wav").layout)
        return f"{layouts.count('mono')} of {len(layouts)} mono"

    def mixed(agent: Samples, customer: Samples) -> Samples:
        return (0.6 * (agent + customer)).astype(np.float32)

    yield "the same twice", known(lambda a, c: (mixed(a, c), mixed(a, c)))
    yield "one 4 dB quieter", known(lambda a, c: (mixed(a, c), 0.63 * mixed(a, c)))
    yield "polarity flipped", known(lambda a, c: (mixed(a, c), -0.9 * mixed(a, c)))
    yield "one more codec pass", known(lambda a, c: (mixed(a, c), through_g711(0.8 * mixed(a, c))))
    yield "two people", known(lambda a, c: (c, a))
    for bleed in (0.3, 0.7, 0.9):
        yield (
            f"two people, cross-talk {20 * np.log10(bleed):.0f} dB",
            known(lambda a, c, b=bleed: (c + b * a, a + b * c)),
        )


def sounds(ear: Ear, room: Path) -> Iterator[tuple[str, ...]]:
    """What is found of each sound that nobody speaks, and how much of it is taken for speech."""
    for name in (*MUSIC, *TONES):
        soundfile.write(room / "sound.wav", made(name, SECONDS), RATE, subtype="ULAW")
        found = ear.speech(room / "sound.wav")
        here = found.sounds["agent"]
        kinds = sorted({tone.kind for tone in here.tones})
        named = here.music | Timeline(Span(tone.start_s, tone.end_s) for tone in here.tones)
        what = "music" if here.music else ", ".join(kinds) or "nothing"
        yield (
            name,
            what,
            f"{100 * named.covered_s / SECONDS:.0f} %",
            f"{found.speech['agent'].covered_s + found.announcements.covered_s:.1f} s",
        )


def rejected(ear: Ear, paths: list[Path]) -> str:
    """How much of real or made speech is taken for music or tones."""
    spoken_s = lost_s = 0.0
    for path in paths:
        recording = load_recording(path)
        for lane in recording.lanes.values():
            activity = activity_of(lane, ear.detector)
            voice = speech_of(activity)
            kept, _ = without_sounds(voice, find_sounds(lane, activity), Timeline())
            spoken_s += voice.covered_s
            lost_s += (voice - kept).covered_s
    return f"{lost_s:.2f} s of {spoken_s:.0f} s ({100 * lost_s / max(spoken_s, 1e-9):.2f} %)"


def _table(*columns: str, rows: Iterator[tuple[str, ...]] | list[tuple[str, ...]]) -> Table:
    table = Table(*columns)
    for row in rows:
        table.add_row(*row)
    return table


def main(
    calls: Annotated[int, typer.Option(help="How many dialogues per condition")] = 8,
    first_seed: Annotated[int, typer.Option(help="Other seeds, other dialogues")] = 0,
) -> None:
    """Offsets, roles, echo, fake stereo, music and tones."""
    console, ear = Console(width=150), Ear()
    with tempfile.TemporaryDirectory() as folder:
        room = Path(folder)
        make(room, calls, ["clean", "noise-20", *ECHOES], first_seed)
        if CALLS.is_dir():
            columns = ("real pair", "agent late", "error", "confidence", "as they are", "given swapped")
            console.print(_table(*columns, rows=real_pairs(ear)))
            console.print(
                "speech of real calls taken for music or tones:", rejected(ear, sorted(CALLS.glob("*/*.wav")))
            )
        paths = [path for name in ("clean", "noise-20") for path in sorted((room / name).glob("*.wav"))]
        console.print("speech of dialogues taken for music or tones:", rejected(ear, paths))
        columns = ("echo", "sides", "delay, worst", "level, worst", "false speech", "lost", "spoken")
        none = echoes(ear, room / "clean", 0.0, 0.0)
        console.print(
            _table(*columns, rows=[none, *(echoes(ear, room / name, *path) for name, path in ECHOES.items())])
        )
        console.print("stereo files that start 2.03 s apart:", apart(ear, room / "echo-25", room))
        console.print(_table("stereo file", "taken for", rows=twice(room / "clean", room)))
        console.print(_table("sound", "named", "of its time", "taken for speech", rows=sounds(ear, room)))
        console.print("roles of dialogues:", made_roles(ear, room / "clean"))


if __name__ == "__main__":
    typer.run(main)
