"""The document of a judged call: what was heard, measured and scored, as the values of an `Analysis`."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from speechqa.analysis import (
    Analysis,
    AnalyzedCall,
    AnalyzedRecording,
    AnalyzedVoices,
    CallTone,
    Engines,
    Quality,
    SpeechSpan,
    SpokenLanguage,
    SpokenTurn,
    SpokenWord,
)
from speechqa.conversation import PARTIES, Conversation, Party
from speechqa.judgement import Judged
from speechqa.measures import pace, touchpoints
from speechqa.measures.touchpoints import Step
from speechqa.rubric.load import load_speaking
from speechqa.timeline import Timeline

if TYPE_CHECKING:
    from speechqa.hearing import Heard


def assembled(
    judged: Judged,
    *,
    recording: AnalyzedRecording,
    engines: Engines,
    quality: Quality,
    call: AnalyzedCall | None = None,
    tones: tuple[CallTone, ...] = (),
    notes: tuple[str, ...] = (),
    steps: tuple[Step, ...] = (),
) -> Analysis:
    """The analysis of a judged conversation; ``notes`` stand before the measures' own, ``steps`` are the record's."""
    talk = judged.conversation
    lexicons = {party: load_speaking(talk.language_of(party)) for party in PARTIES}
    return Analysis(
        duration_s=talk.duration_s,
        language=talk.language,
        recording=recording,
        call=call,
        engines=engines,
        speech=tuple(
            SpeechSpan(party, span.start_s, span.end_s)
            for party in PARTIES
            for span in talk.speech.get(party, Timeline())
        ),
        words=tuple(SpokenWord(w.party, w.text, w.start_s, w.end_s, w.confidence) for w in talk.words),
        turns=tuple(
            SpokenTurn(
                turn.party,
                turn.start_s,
                turn.end_s,
                turn.text,
                pace.turn_rate_wpm(turn),
                pace.turn_articulation_sps(turn, lexicons[turn.party]),
                talk.language_at(turn) if talk.languages else None,
            )
            for turn in talk.turns
        ),
        pace=judged.pace,
        pauses=judged.pauses,
        silences=judged.silences,
        overlaps=judged.overlaps,
        latency=judged.latency,
        listening=judged.listening,
        ending=judged.ending,
        findings=judged.findings,
        quality=quality,
        score=judged.score,
        announcements=_spans(talk.announcements),
        hold=_spans(talk.hold),
        tones=tones,
        advice=judged.advice,
        fillers=judged.fillers,
        patience=judged.patience,
        questions=judged.questions,
        pressure=judged.pressure,
        standings=judged.standings,
        languages=_languages(talk),
        overlaps_reliable=None if judged.overlaps is None else not judged.estimated,
        refusals=judged.refusals,
        emotion=judged.map.emotion,
        conflict=judged.map.conflict,
        complaint=judged.map.complaint,
        offers=judged.map.offers,
        touchpoints=touchpoints.measure(talk, steps, judged.map.emotion, judged.questions),
        notes=tuple(dict.fromkeys((*notes, *judged.notes))),
    )


def recording_of(heard: Heard) -> AnalyzedRecording:
    """What the document says of a recording that was listened to."""
    recording = heard.recording
    return AnalyzedRecording(
        file=Path(recording.source).name,
        sha256=recording.sha256,
        sample_rate_hz=recording.sample_rate_hz,
        layout=recording.layout,
        roles=recording.roles,
        roles_confidence=recording.roles_confidence,
        roles_swapped=recording.roles_swapped,
        offset_s={"agent": recording.offset.agent_s, "customer": recording.offset.customer_s},
        offset_confidence=recording.offset.confidence,
        voices=_voices(heard),
    )


def _voices(heard: Heard) -> AnalyzedVoices | None:
    division = heard.division
    return AnalyzedVoices(division.found, division.confidence, heard.diarizer) if division else None


def tones_of(heard: Heard) -> tuple[CallTone, ...]:
    """The telephone tones on both channels, in order of their start."""
    tones = [
        CallTone(party, tone.start_s, tone.end_s, tone.kind)
        for party in PARTIES
        if party in heard.sounds
        for tone in heard.sounds[party].tones
    ]
    return tuple(sorted(tones, key=lambda tone: (tone.start_s, tone.end_s)))


def _languages(talk: Conversation) -> Mapping[Party, SpokenLanguage | None] | None:
    if not talk.languages:
        return None
    return {party: SpokenLanguage.of(own) if (own := talk.languages.get(party)) else None for party in PARTIES}


def _spans(timeline: Timeline) -> tuple[Mapping[str, float], ...]:
    return tuple({"start_s": span.start_s, "end_s": span.end_s} for span in timeline)
