"""The conflict map from sound: ``python -m benchmarks.spoken_conflict [--half development]``.

The English calls of `benchmarks.conflict` are spoken by packaged voices, 8 kHz, one side per channel with some noise,
and go the whole way through recognition. Once in an even voice, once *acted*: the customer's turns of explosion and
acceptance are three semitones higher, 5 dB louder and a tenth faster. Held against the labels: the stage at the middle
of each turn, the time to calm (within 3 s), and by the acted turns how the voice was heard.
"""

from __future__ import annotations

import argparse
import tempfile
from dataclasses import replace
from pathlib import Path
from statistics import mean

import numpy as np
import soundfile

from benchmarks.conflict import HALVES, LabelledCall, labelled
from benchmarks.dialogues.lay import RATE, Samples
from benchmarks.dialogues.voices import Person
from speechqa.analysis import Analysis
from speechqa.engines.vad import SileroVad
from speechqa.engines.whisper import WhisperRecognizer
from speechqa.hearing import listen
from speechqa.recording import load_recording
from speechqa.rubric.load import load_rubric
from speechqa.settings import ListeningSettings
from speechqa.stages import analyze_heard

AGENT, CUSTOMER = Person("hibari", "heart", 0.94, 1.05), Person("piper", "joe", 1.05)
GAP_S, NOISE_DB = 0.5, -65.0
HIGHER, LOUDER, FASTER = 2 ** (3 / 12), 10 ** (5 / 20), 1.1
UPSET = ("explosion", "acceptance")
NEAR_S = 3.0

Spoken = tuple[Samples, list[tuple[float, float]]]


def spoken(call: LabelledCall, *, acted: bool) -> Spoken:
    """Two channels (customer, agent) and each turn's time."""
    angry = replace(CUSTOMER, pitch=CUSTOMER.pitch * HIGHER)
    lanes: dict[str, list[Samples]] = {"customer": [], "agent": []}
    times, at = [], 0
    for turn, stage in zip(call.talk.turns, call.stages, strict=True):
        upset = acted and turn.party == "customer" and stage in UPSET
        who = AGENT if turn.party == "agent" else angry if upset else CUSTOMER
        said = 0.4 * who.say(turn.text, FASTER if upset else 1.0) * (LOUDER if upset else 1.0)
        silence = np.zeros(len(said) + round(GAP_S * RATE), np.float32)
        for party, lane in lanes.items():
            lane.append(np.concatenate([said, silence[len(said) :]]) if party == turn.party else silence)
        times.append((at / RATE, (at + len(said)) / RATE))
        at += len(silence)
    noise = np.random.default_rng(1).normal(size=(at, 2)) * 10 ** (NOISE_DB / 20)
    return (np.stack([np.concatenate(lane) for lane in lanes.values()], axis=1) + noise).astype(np.float32), times


def stages_of(analysis: Analysis, times: list[tuple[float, float]]) -> list[str | None]:
    """The stage at the middle of each turn."""
    found = [stage for each in (analysis.conflict.episodes if analysis.conflict else ()) for stage in each.stages]
    middles = [(start + end) / 2 for start, end in times]
    return [next((s.stage for s in found if s.start_s <= at < s.end_s), None) for at in middles]


def times_to_calm(call: LabelledCall, times: list[tuple[float, float]]) -> list[float | None]:
    """As labelled, on the spoken call's clock."""
    clock = dict(zip((turn.start_s for turn in call.talk.turns), (start for start, _ in times), strict=True))
    found: list[float | None] = []
    begun: float | None = None
    for turn, stage in zip(call.talk.turns, call.stages, strict=True):
        if stage == "explosion" and begun is None:
            begun = clock[turn.start_s]
        if stage == "action" and turn.party == "customer" and begun is not None:
            found.append(clock[turn.start_s] - begun)
            begun = None
    return [*found, None] if begun is not None else found


def main() -> None:
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--half", choices=HALVES)
    given = parser.parse_args()
    detector, recognizer, rubric = SileroVad(), WhisperRecognizer(), load_rubric()
    for half in [given.half] if given.half else HALVES:
        for acted in (False, True):
            right, calmed, even, upset = [], [], [], []
            for call in (each for each in labelled(half) if each.talk.language == "en"):
                sound, times = spoken(call, acted=acted)
                with tempfile.TemporaryDirectory() as folder:
                    path = Path(folder, "call.wav")
                    soundfile.write(path, sound, RATE)
                    heard = listen(load_recording(path), ListeningSettings(), detector=detector, recognizer=recognizer)
                    analysis = analyze_heard(heard, rubric)
                right += [a == b for a, b in zip(stages_of(analysis, times), call.stages, strict=True)]
                episodes = analysis.conflict.episodes if analysis.conflict else ()
                told, true = [each.time_to_calm_s for each in episodes], times_to_calm(call, times)
                pairs = zip(told, true, strict=False)
                near = all(a is b if a is None or b is None else abs(a - b) <= NEAR_S for a, b in pairs)
                calmed.append(len(told) == len(true) and near)
                for point in analysis.emotion.points if analysis.emotion else ():
                    at_s = (point.start_s + point.end_s) / 2
                    stage = next((s for s, (a, b) in zip(call.stages, times, strict=True) if a <= at_s < b), None)
                    if point.pitch_z is not None:
                        (upset if stage in UPSET else even).append(point.pitch_z)
            voice = f"pitch of upset turns {mean(upset):+.1f} sd, of the others {mean(even):+.1f}"
            how = "acted" if acted else "even"
            print(f"{half}, {how}: {mean(right):.3f} of {len(right)} turns, {sum(calmed)}/{len(calmed)} calm; {voice}")


if __name__ == "__main__":
    main()
