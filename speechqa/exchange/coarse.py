"""What rough edges cannot tell is taken out of the measures again, with the reason.

Edges of words are good to 0.1-0.4 s and often touch, so that a pause between them disappears; cues begin before and end
after the speech. Pauses, overlaps, response latency, patience and articulation rate are shorter than that error: they
and what rests on them are None. Silences of 3 s and more, speech rate, talk share, monologue, questions, wording and
ending stand, to about half a second.
"""

from __future__ import annotations

from dataclasses import replace

from speechqa.analysis import Analysis, CallEnding, CallListening
from speechqa.call_score import CallScore
from speechqa.coaching import coach
from speechqa.confidence import trust
from speechqa.conflict_map import without_talk_over
from speechqa.evidence import places
from speechqa.exchange.assemble import Assembled
from speechqa.facts import facts
from speechqa.judgement import ESTIMATED, Judged, lexicon_of
from speechqa.measures.ending import Criterion
from speechqa.measures.pace import Pace
from speechqa.rubric.load import known_lexicon
from speechqa.rubric.model import Rubric
from speechqa.rubric.score import score, score_ending

EDGE_NOTES = {
    "words": "Speech begins and ends where the file's words do, which is good to 0.1-0.4 s: pauses, overlaps, latency"
    " and articulation rate are not measured. Give the recording with --audio, or --aligned if the times are exact.",
    "cues": "Speech begins and ends where the file's cues do, and words are spread over them: pauses, overlaps, latency"
    " and articulation rate are not measured. Give the recording with --audio.",
}
MIXED = "Both people are on one channel of the recording: overlaps and latency are not measured."
ESTIMATED_NOTE = (
    "The people were on one channel and were told apart by their voices: who said what is estimated, overlaps are not"
    " reliable and give no points."
)
OPEN_END = "The file does not say how long the call is: silence after the last word is not measured."
WORDLESS = "There are no words: pace, wording and ending are not measured, overlaps are told apart by timing alone."


def honest(judged: Judged, made: Assembled, rubric: Rubric) -> Judged:
    """The measures that the conversation's edges and words allow, scored again; notes say what is missing."""
    if made.one_channel:
        return replace(judged, notes=(*_notes(made), *judged.notes))
    rough = made.rough
    wordless = not judged.conversation.words
    overlaps = None if rough or made.sound_mixed else judged.overlaps
    latency = None if rough or made.sound_mixed else judged.latency
    listening = _listening(judged.listening, pauses=not rough, overlaps=overlaps is not None and not judged.estimated)
    closing = _ending(judged.ending, made, rubric)
    rates = {party: _pace(each) if rough else each for party, each in judged.pace.items()}
    findings = None if wordless else judged.findings
    questions = None if wordless else judged.questions
    drawn = judged.map if overlaps is not None else without_talk_over(judged.map)
    standings = tuple(each for each in judged.standings if not (rough and each.rate == "articulation_rate_sps"))
    measured = facts(
        pace=rates["agent"],
        overlaps=overlaps if all(judged.conversation.speech.values()) and not judged.estimated else None,
        silences=judged.silences,
        latency=latency,
        listening=listening,
        findings=findings if judged.conversation.words_of("agent") else None,
        ending=closing,
        refusals=judged.refusals if judged.conversation.words_of("agent") else None,
        talk=judged.conversation,
        questions=questions,
        drawn=drawn,
    )
    shown = places(
        pace=rates["agent"],
        overlaps=overlaps,
        silences=judged.silences,
        findings=findings,
        ending=closing,
        refusals=judged.refusals,
        questions=questions,
        drawn=drawn,
    )
    scored = score(rubric.spoken(judged.conversation.language_of("agent")), measured, shown)
    lexicon = lexicon_of(judged.conversation.language_of("agent")) is not None
    caveat = ESTIMATED if judged.estimated else None
    trusted = trust(scored, judged.conversation, mono=False, lexicon=lexicon, length_known=made.whole, caveat=caveat)
    return replace(
        judged,
        pace=rates,
        pauses=None if rough else judged.pauses,
        overlaps=overlaps,
        latency=latency,
        listening=listening,
        ending=closing,
        findings=findings,
        fillers=None if wordless else judged.fillers,
        patience=None if rough else judged.patience,
        questions=questions,
        pressure=None if rough or made.sound_mixed or wordless else judged.pressure,
        standings=standings,
        score=CallScore.of(scored, trusted, measured, caveat),
        advice=coach(
            judged.conversation,
            known_lexicon(judged.conversation.language),
            pace=rates["agent"],
            silences=judged.silences,
            overlaps=None if judged.estimated else overlaps,
            listening=listening,
            ending=closing,
            questions=questions,
            standings=standings,
            drawn=drawn,
        ),
        map=drawn,
        notes=(*_notes(made), *judged.notes),
    )


def _notes(made: Assembled) -> tuple[str, ...]:
    said = [EDGE_NOTES[made.edges]] if made.rough and not made.one_channel else []
    said += [ESTIMATED_NOTE] if made.estimated and not made.one_channel else []
    said += [MIXED] if made.sound_mixed and not made.one_channel else []
    said += [] if made.whole else [OPEN_END]
    said += [] if made.conversation.words else [WORDLESS]
    return tuple(said)


def _pace(pace: Pace | None) -> Pace | None:
    return pace and replace(pace, articulation_rate_sps=None, articulation_rate_wpm=None)


def without_articulation(analysis: Analysis) -> Analysis:
    """The analysis whose turns have no articulation rate either."""
    return replace(analysis, turns=tuple(replace(each, articulation_rate_sps=None) for each in analysis.turns))


def _listening(found: CallListening | None, *, pauses: bool, overlaps: bool) -> CallListening | None:
    if found is None:
        return None
    return replace(
        found,
        agent_talk_over_per_minute=found.agent_talk_over_per_minute if overlaps else None,
        agent_sentence_pause_share=found.agent_sentence_pause_share if pauses else None,
    )


def _ending(ending: CallEnding, made: Assembled, rubric: Rubric) -> CallEnding:
    """Without the call's length nobody knows whether the agent left room for a last word."""
    if made.whole or ending.score is None:
        return ending
    criteria = tuple(
        Criterion(each.id, None) if each.id == "stops_talking" and not each.met else each for each in ending.criteria
    )
    return replace(ending, criteria=criteria, score=score_ending(rubric.ending, criteria), hung_up_after_s=None)
