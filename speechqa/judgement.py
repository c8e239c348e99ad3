"""What follows from a conversation: turns, measures, findings, ending, score and advice.

`judge` works on plain values and without any sound, so a site with its own recogniser can build a `Conversation` and
use only that.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from clearline.tone import ToneRules
from clearline.tone_file import rules_for
from speechqa.analysis import Advice, CallEnding, CallFinding, CallLatency, CallListening
from speechqa.better_ending import better_ending
from speechqa.call_score import CallScore
from speechqa.coaching import coach
from speechqa.confidence import trust
from speechqa.conflict_map import ConflictMap, conflict_map
from speechqa.conversation import PARTIES, Conversation, Party
from speechqa.evidence import places
from speechqa.facts import facts
from speechqa.languages import UNDETERMINED
from speechqa.lexicon import Lexicon
from speechqa.measures import (
    ending,
    fillers,
    latency,
    listening,
    overlaps,
    pace,
    patience,
    pauses,
    pressure,
    questions,
    refusals,
    silences,
    standing,
    tone,
    wording,
)
from speechqa.roles import RoleChoice
from speechqa.rubric.load import STANDARD, languages, load_closing, load_lexicon, load_rubric, load_speaking
from speechqa.rubric.model import Rubric
from speechqa.rubric.score import score, score_ending
from speechqa.timeline import Timeline
from speechqa.turns import with_turns

if TYPE_CHECKING:
    from speechqa.settings import ListeningSettings


ESTIMATED = "Mono recording: who said what is estimated. A human must look before this score counts."


VERY_DOUBTFUL = (
    "Mono recording with little speech: very doubtful. Who said what is estimated; a human must look before this score"
    " counts."
)


MORE_VOICES = (
    "Mono recording with more than two voices: they were given to two people. A human must look before this score"
    " counts."
)


@dataclass(frozen=True, slots=True)
class AnalysisSettings:
    """How to analyse. ``listening`` None reads the environment; ``rubric`` is a shipped one's name or a file.

    ``roles``: whether the sides are weighed by the words ("auto"), left as laid out ("keep") or exchanged ("swap").
    ``reference`` are the calls that the agent's pace is compared with (`speechqa.reference`), ``team`` the agent's.
    ``tone`` is how the company speaks, by language (`clearline.tone_file`); none unless a brand is named.
    """

    listening: ListeningSettings | None = None
    rubric: str | Path = STANDARD
    roles: RoleChoice = "auto"
    pace: pace.PaceSettings = field(default_factory=pace.PaceSettings)
    pauses: pauses.PauseSettings = field(default_factory=pauses.PauseSettings)
    silences: silences.SilenceSettings = field(default_factory=silences.SilenceSettings)
    overlaps: overlaps.OverlapSettings = field(default_factory=overlaps.OverlapSettings)
    ending: ending.EndingSettings = field(default_factory=ending.EndingSettings)
    questions: questions.QuestionSettings = field(default_factory=questions.QuestionSettings)
    pressure: pressure.PressureSettings = field(default_factory=pressure.PressureSettings)
    tone: Mapping[str, ToneRules] = field(default_factory=dict)
    reference: tuple[standing.ReferenceCall, ...] = ()
    team: str | None = None


@dataclass(frozen=True, slots=True)
class Alone:
    """The only voice of a recording; ``named``: it is known to be this party's, else it only stands in its lane."""

    party: Party
    named: bool


@dataclass(frozen=True, slots=True)
class Judged:
    """What follows from a conversation; ``conversation`` has its turns. Fields are those of `Analysis`.

    ``estimated``: the two people were on one channel and were told apart by their voices.
    """

    conversation: Conversation
    pace: Mapping[Party, pace.Pace | None]
    pauses: tuple[pauses.Pause, ...] | None
    silences: tuple[silences.Silence, ...]
    overlaps: tuple[overlaps.Overlap, ...] | None
    latency: CallLatency | None
    listening: CallListening | None
    ending: CallEnding
    findings: tuple[CallFinding, ...] | None
    score: CallScore
    advice: tuple[Advice, ...]
    notes: tuple[str, ...]
    fillers: Mapping[Party, fillers.Fillers | None] | None = None
    patience: patience.Patience | None = None
    questions: tuple[questions.Question, ...] | None = None
    pressure: pressure.Pressure | None = None
    standings: tuple[standing.Standing, ...] = ()
    estimated: bool = False
    refusals: tuple[refusals.Refusal, ...] | None = None
    map: ConflictMap = field(default_factory=ConflictMap)


def judge(
    conversation: Conversation,
    rubric: Rubric | None = None,
    settings: AnalysisSettings | None = None,
    *,
    mono: bool = False,
    estimated: bool = False,
    alone: Alone | None = None,
) -> Judged:
    """All measures and the score of a conversation; turns that are given stand, else they are built from the speech.

    Pure but for reading the lexicon.

    ``mono``: both people are on one channel, so nothing that tells them apart is measured, unless one is ``alone`` on
    it: then what one voice is enough for is measured. ``estimated``: they
    were, and their voices told them apart; what rests on talk of both at once then gives no points and no advice, and
    pressure, of which cutting in is part, is not measured.
    """
    settings = settings or AnalysisSettings()
    rubric = rubric or load_rubric(settings.rubric)
    lexicon = lexicon_of(conversation.language_of("agent"))
    words = lexicon or load_speaking(conversation.language_of("agent"))
    rubric = rubric.spoken(conversation.language_of("agent"))
    talk = conversation if conversation.turns else with_turns(conversation, words)
    if mono:
        nothing = _one_channel(talk, lexicon, rubric, settings)
        return _one_voice(nothing, alone, lexicon, settings) if alone else nothing
    return _two_parties(talk, lexicon, rubric, settings, estimated)


def lexicon_of(language: str) -> Lexicon | None:
    """The shipped lexicon of a language ("en", "en-GB"), None where there is none."""
    code = language.split("-")[0].split("_")[0].casefold()
    return load_lexicon(code) if code in languages() else None


def _one_channel(talk: Conversation, lexicon: Lexicon | None, rubric: Rubric, settings: AnalysisSettings) -> Judged:
    silent = silences.measure(talk, lexicon or load_speaking(talk.language), settings.silences)
    nothing = CallEnding(None, ())
    scored = score(rubric, {})
    return Judged(
        conversation=talk,
        pace={party: None for party in PARTIES},
        pauses=None,
        silences=silent,
        overlaps=None,
        latency=None,
        listening=None,
        ending=nothing,
        findings=None,
        score=CallScore.of(scored, trust(scored, talk, mono=True, lexicon=lexicon is not None), {}),
        advice=(),
        notes=(
            "Both people are on one channel: pace, pauses, overlaps, latency, wording, ending and score are not"
            " measured.",
        ),
    )


def _one_voice(nothing: Judged, alone: Alone, lexicon: Lexicon | None, settings: AnalysisSettings) -> Judged:
    """What can be told of one voice: its pace, pauses and fillers; the wording of one that is known for the agent's."""
    talk, party = nothing.conversation, alone.party
    words = _lexicon_for(party, talk, lexicon or load_speaking(talk.language_of("agent")))
    wording_known = alone.named and party == "agent"
    note = (
        "One voice is heard: its pace, pauses and fillers are measured"
        f"{', and its wording' if wording_known and lexicon else ''};"
        " overlaps, latency, listening, ending and score need two people and are not."
    )
    return replace(
        nothing,
        pace={each: pace.measure(talk, each, words, settings.pace) if each == party else None for each in PARTIES},
        pauses=pauses.measure(talk, words, settings.pauses),
        fillers={each: fillers.measure(talk, each, words) if each == party else None for each in PARTIES},
        findings=_found(wording.measure(talk, lexicon)) if wording_known and lexicon else None,
        notes=(note,),
    )


def _two_parties(
    talk: Conversation, lexicon: Lexicon | None, rubric: Rubric, settings: AnalysisSettings, estimated: bool
) -> Judged:
    words = lexicon or load_speaking(talk.language_of("agent"))
    own = {party: _lexicon_for(party, talk, words) for party in PARTIES}
    silent = silences.measure(talk, words, settings.silences)
    crossed = overlaps.measure(_readable(talk, lexicon), words, settings.overlaps)
    unfinished = overlaps.cut_off(crossed, talk, settings.overlaps)
    rates = {
        party: pace.measure(talk, party, own[party], settings.pace, cut_off=unfinished[party]) for party in PARTIES
    }
    answers = latency.measure(talk, words)
    delay = CallLatency(answers.median_s, answers.p90_s)
    attention = _attention(talk, words, crossed, settings)
    if estimated:
        attention = replace(attention, agent_talk_over_per_minute=None)
    asked = questions.measure(talk, words, settings.questions)
    compared = _standings(rates["agent"], talk.language_of("agent"), settings)
    closing = _ending(talk, lexicon, silent, rubric, settings)
    said = () if lexicon is None else wording.measure(talk, lexicon)
    refused = None if lexicon is None else refusals.measure(talk, lexicon)
    drawn = conflict_map(talk, lexicon, own["customer"], said, refused, None if estimated else crossed)
    found = None if lexicon is None else _found((*said, *drawn.found))
    raised = Timeline(drawn.raised)
    pushed = None if estimated else pressure.measure(talk, words, crossed, raised, settings=settings.pressure)
    measured = facts(
        pace=rates["agent"],
        overlaps=crossed if talk.speech.get("agent") and talk.speech.get("customer") and not estimated else None,
        silences=silent if any(talk.speech.values()) else None,
        latency=delay,
        listening=attention,
        findings=found if talk.words_of("agent") else None,
        ending=closing,
        refusals=refused if talk.words_of("agent") else None,
        talk=talk,
        questions=asked,
        drawn=drawn,
    )
    shown = places(
        pace=rates["agent"],
        overlaps=crossed,
        silences=silent,
        findings=found,
        ending=closing,
        refusals=refused,
        questions=asked,
        drawn=drawn,
    )
    scored, caveat = score(rubric, measured, shown), ESTIMATED if estimated else None
    trusted = trust(scored, talk, mono=False, lexicon=lexicon is not None, caveat=caveat)
    return Judged(
        conversation=talk,
        pace=rates,
        pauses=pauses.measure(talk, words, settings.pauses),
        silences=silent,
        overlaps=crossed,
        latency=delay,
        listening=attention,
        ending=closing,
        findings=_with_tone(found, talk, words, settings.tone),
        score=CallScore.of(scored, trusted, measured, caveat),
        advice=coach(
            talk,
            words,
            pace=rates["agent"],
            silences=silent,
            overlaps=None if estimated else crossed,
            listening=attention,
            ending=closing,
            questions=asked,
            pressure=pushed,
            standings=compared,
            drawn=drawn,
        ),
        notes=(*_notes(talk, lexicon), *drawn.notes),
        fillers={party: fillers.measure(talk, party, own[party]) for party in PARTIES},
        patience=patience.measure(talk, words),
        questions=asked,
        pressure=pushed,
        standings=compared,
        estimated=estimated,
        refusals=refused,
        map=drawn,
    )


def _lexicon_for(party: Party, talk: Conversation, agents: Lexicon) -> Lexicon:
    """The lexicon of the party's language, as far as there is one."""
    language = talk.language_of(party)
    if language == talk.language_of("agent"):
        return agents
    return lexicon_of(language) or load_speaking(language)


def _readable(talk: Conversation, lexicon: Lexicon | None) -> Conversation:
    """The conversation with only the words that the lexicon can be held against; the others leave their timing."""
    if lexicon is None:
        return replace(talk, words=())
    if not talk.languages:
        return talk
    words = (word for word in talk.words if talk.language_at(word) in (None, lexicon.language))
    return replace(talk, words=tuple(words))


def _standings(found: pace.Pace, language: str, settings: AnalysisSettings) -> tuple[standing.Standing, ...]:
    rates = {rate: getattr(found, rate) for rate in standing.RATES}
    return standing.measure(rates, language, settings.reference, team=settings.team)


def _attention(
    talk: Conversation, lexicon: Lexicon, crossed: tuple[overlaps.Overlap, ...], settings: AnalysisSettings
) -> CallListening:
    share = listening.measure(talk, "agent")
    longest = share.longest_monologue
    return CallListening(
        agent_talk_share=share.talk_share,
        agent_longest_monologue_s=longest.duration_s if longest else None,
        agent_talk_over_per_minute=overlaps.talk_over_rate(crossed, talk),
        agent_sentence_pause_share=pauses.sentence_pauses(talk, "agent", lexicon, settings.pauses).share,
        agent_first_minute_listening_share=share.first_minute_listening_share,
        agent_longest_monologue=longest,
    )


def _ending(
    talk: Conversation,
    lexicon: Lexicon | None,
    silent: tuple[silences.Silence, ...],
    rubric: Rubric,
    settings: AnalysisSettings,
) -> CallEnding:
    if lexicon is None:
        return CallEnding(None, tuple(ending.Criterion(each, None) for each in ending.CRITERIA))
    found = ending.measure(talk, lexicon, silent, settings.ending)
    window = {"start_s": found.window.start_s, "end_s": found.window.end_s} if found.window else None
    return CallEnding(
        score_ending(rubric.ending, found.criteria),
        found.criteria,
        window,
        found.situation,
        talk.hung_up,
        found.hung_up_after_s,
        better_ending(talk, lexicon, found.criteria, load_closing(lexicon.language)),
    )


def _found(findings: Iterable[wording.Finding]) -> tuple[CallFinding, ...]:
    """The document's form of findings, by time."""
    ordered = sorted(findings, key=lambda each: (each.start_s, each.end_s, each.rule))
    return tuple(CallFinding.of(each) for each in ordered)


def _with_tone(
    found: tuple[CallFinding, ...] | None, talk: Conversation, lexicon: Lexicon, tones: Mapping[str, ToneRules]
) -> tuple[CallFinding, ...] | None:
    """The findings with those of the brand's tone, by time; also where the language has no rules of wording."""
    rules = rules_for(tones, talk.language_of("agent") or "")
    if rules is None:
        return found
    told = (CallFinding.of(each) for each in tone.measure(talk, lexicon, rules))
    return tuple(sorted((*(found or ()), *told), key=lambda each: (each.start_s, each.end_s, each.rule)))


def _notes(talk: Conversation, lexicon: Lexicon | None) -> tuple[str, ...]:
    notes = [f"The {party} was never heard." for party in PARTIES if not talk.speech.get(party)]
    notes += [
        f"No words of the {party} were recognised."
        for party in PARTIES
        if talk.speech.get(party) and not talk.words_of(party)
    ]
    if lexicon is None:
        notes.append(_no_lexicon(talk.language_of("agent")))
    elif others := sorted(
        {language for word in talk.words if (language := talk.language_at(word))} - {lexicon.language}
    ):
        notes.append(
            f"Parts of the call are in another language ({', '.join(others)}): wording and ending are judged in"
            f" {lexicon.language} alone, and overlaps with those parts by timing alone."
        )
    return tuple(notes)


def _no_lexicon(language: str) -> str:
    told = "The language could not be told" if language == UNDETERMINED else f"There is no lexicon for {language!r}"
    return f"{told}: wording and ending are not judged, and overlaps are told apart by timing alone."
