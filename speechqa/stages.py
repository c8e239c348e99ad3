"""From a recording to its analysis: the only list of the stages and their order.

    load -> listen (speech, words) -> roles -> turns -> measures -> findings -> ending -> score -> advice

`analyze` does all of it. What follows listening is `speechqa.judgement`, the document of it `speechqa.assembly`.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from speechqa.analysis import Analysis, AnalyzedCall, Engines
from speechqa.assembly import assembled, recording_of, tones_of
from speechqa.conversation import Party
from speechqa.judgement import MORE_VOICES, VERY_DOUBTFUL, Alone, AnalysisSettings, Judged, judge, lexicon_of
from speechqa.measures import habits, standing
from speechqa.roles import settle_roles
from speechqa.rubric.load import load_rubric
from speechqa.rubric.model import Rubric

if TYPE_CHECKING:
    from speechqa.engines.diarize import Division
    from speechqa.hearing import Heard

__all__ = ["AnalysisSettings", "Judged", "analyze", "analyze_heard", "assembled", "judge", "lexicon_of", "recording_of"]

Progress = Callable[[str, float], None]
"""Told the stage ("load", "speech", "words", "measures") and how much of it is done (0-1)."""


def analyze(
    source: Path | str | None = None,
    settings: AnalysisSettings | None = None,
    progress: Progress | None = None,
    *,
    agent: Path | str | None = None,
    customer: Path | str | None = None,
    offset_s: float | None = None,
) -> Analysis:
    """Analyse a recording (sound file, vCon, call folder, or one file per party).

    ``offset_s``: by how much the file given for the agent starts after the customer's; None has it found out.
    Raises a `SpeechqaError` with one sentence when the recording, the model, the rubric or the lexicon cannot be used.
    """
    from speechqa.hearing import listen
    from speechqa.recording import load_recording
    from speechqa.settings import ListeningSettings

    settings = settings or AnalysisSettings()
    rubric = load_rubric(settings.rubric)
    tell = progress or _quietly
    tell("load", 0.0)
    recording = load_recording(_path(source), agent=_path(agent), customer=_path(customer), offset_s=offset_s)
    tell("load", 1.0)
    heard = listen(recording, settings.listening or ListeningSettings.read(), progress=tell)
    tell("measures", 0.0)
    analysis = analyze_heard(heard, rubric, settings)
    tell("measures", 1.0)
    return analysis


def _quietly(stage: str, done: float) -> None:
    """Nobody asked for progress."""


def _path(given: Path | str | None) -> Path | None:
    return None if given is None else Path(given)


def analyze_heard(heard: Heard, rubric: Rubric, settings: AnalysisSettings | None = None) -> Analysis:
    """The stages after listening, and the channels' levels."""
    from speechqa.quality import quality_of, sounds_of, with_dead_line, with_voices

    settings = settings or AnalysisSettings()
    heard = settle_roles(heard, lexicon_of(heard.conversation.language), settings.roles)
    mono = heard.recording.layout == "mono"
    sounds = sounds_of(heard)
    heard = with_dead_line(heard, sounds)
    heard = with_voices(
        heard, sounds, habits.voices_wanted(heard.conversation, lexicon_of(heard.conversation.language))
    )
    settings = replace(settings, reference=standing.without(settings.reference, heard.recording.sha256))
    judged = judge(
        heard.conversation,
        rubric,
        settings,
        mono=mono and not heard.divided,
        estimated=mono and heard.divided,
        alone=_alone(heard),
    )
    if caveat := _caveat(heard.division):
        doubts = (caveat, *(each for each in judged.score.doubts if each != judged.score.caveat))
        judged = replace(judged, score=replace(judged.score, caveat=caveat, doubts=doubts))
    return assembled(
        judged,
        recording=recording_of(heard),
        engines=Engines(heard.engines.vad, heard.engines.asr, heard.engines.version),
        quality=quality_of(heard, mono, sounds),
        call=AnalyzedCall.of(heard.recording.call) if heard.recording.call else None,
        tones=tones_of(heard),
        notes=heard.notes,
        steps=heard.recording.call.steps if heard.recording.call else (),
    )


def _caveat(division: Division | None) -> str | None:
    """What makes a divided recording more doubtful than others."""
    if division is None:
        return None
    if division.found > 2:
        return MORE_VOICES
    return VERY_DOUBTFUL if division.very_doubtful else None


def _alone(heard: Heard) -> Alone | None:
    """The party of the only voice on a mono recording."""
    if not heard.alone:
        return None
    party: Party = "customer" if heard.conversation.speech.get("customer") else "agent"
    return Alone(party, heard.recording.roles_confidence is not None)
