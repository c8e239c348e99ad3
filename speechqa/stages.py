"""From a recording to its analysis: the only list of the stages and their order.

    load -> listen (speech, words) -> roles -> turns -> measures -> findings -> ending -> score -> advice

`analyze` does all of it; `judge` does what follows listening, on plain values and without any sound, so a site with
its own recogniser can build a `Conversation` and use only that.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import TYPE_CHECKING

from speechqa.analysis import (
    Advice,
    Analysis,
    AnalyzedCall,
    AnalyzedRecording,
    CallEnding,
    CallFinding,
    CallLatency,
    CallListening,
    CallScore,
    CallTone,
    Engines,
    Quality,
    SpeechSpan,
    SpokenLanguage,
    SpokenTurn,
    SpokenWord,
)
from speechqa.coaching import coach
from speechqa.conversation import PARTIES, Conversation, Party
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
    silences,
    standing,
    wording,
)
from speechqa.roles import RoleChoice, settle_roles
from speechqa.rubric.load import STANDARD, languages, load_lexicon, load_rubric, load_speaking
from speechqa.rubric.model import Rubric
from speechqa.rubric.score import score, score_ending
from speechqa.timeline import Timeline
from speechqa.turns import with_turns

if TYPE_CHECKING:
    from speechqa.hearing import Heard
    from speechqa.settings import ListeningSettings

Progress = Callable[[str, float], None]
"""Told the stage ("load", "speech", "words", "measures") and how much of it is done (0-1)."""


@dataclass(frozen=True, slots=True)
class AnalysisSettings:
    """How to analyse. ``listening`` None reads the environment; ``rubric`` is a shipped one's name or a file.

    ``roles``: whether the sides are weighed by the words ("auto"), left as laid out ("keep") or exchanged ("swap").
    ``reference`` are the calls that the agent's pace is compared with (`speechqa.reference`), ``team`` the agent's.
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
    reference: tuple[standing.ReferenceCall, ...] = ()
    team: str | None = None


@dataclass(frozen=True, slots=True)
class Judged:
    """What follows from a conversation; ``conversation`` has its turns. Fields are those of `Analysis`."""

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
    from speechqa.quality import quality_of, sounds_of, with_dead_line

    settings = settings or AnalysisSettings()
    heard = settle_roles(heard, lexicon_of(heard.conversation.language), settings.roles)
    mono = heard.recording.layout == "mono"
    sounds = sounds_of(heard)
    heard = with_dead_line(heard, sounds)
    settings = replace(settings, reference=standing.without(settings.reference, heard.recording.sha256))
    judged = judge(heard.conversation, rubric, settings, mono=mono)
    return assembled(
        judged,
        recording=recording_of(heard),
        engines=Engines(heard.engines.vad, heard.engines.asr, heard.engines.version),
        quality=quality_of(heard, mono, sounds),
        call=AnalyzedCall.of(heard.recording.call) if heard.recording.call else None,
        tones=_tones(heard),
        notes=heard.notes,
    )


def assembled(
    judged: Judged,
    *,
    recording: AnalyzedRecording,
    engines: Engines,
    quality: Quality,
    call: AnalyzedCall | None = None,
    tones: tuple[CallTone, ...] = (),
    notes: tuple[str, ...] = (),
) -> Analysis:
    """The analysis of a judged conversation; ``notes`` stand before the measures' own."""
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
        notes=tuple(dict.fromkeys((*notes, *judged.notes))),
    )


def judge(
    conversation: Conversation,
    rubric: Rubric | None = None,
    settings: AnalysisSettings | None = None,
    *,
    mono: bool = False,
) -> Judged:
    """All measures and the score of a conversation whose turns are not built yet; pure but for reading the lexicon.

    ``mono``: both people are on one channel, so nothing that tells them apart is measured.
    """
    settings = settings or AnalysisSettings()
    rubric = rubric or load_rubric(settings.rubric)
    lexicon = lexicon_of(conversation.language_of("agent"))
    talk = with_turns(conversation, lexicon or load_speaking(conversation.language_of("agent")))
    return _one_channel(talk, lexicon, rubric, settings) if mono else _two_parties(talk, lexicon, rubric, settings)


def lexicon_of(language: str) -> Lexicon | None:
    """The shipped lexicon of a language ("en", "en-GB"), None where there is none."""
    code = language.split("-")[0].split("_")[0].casefold()
    return load_lexicon(code) if code in languages() else None


def _one_channel(talk: Conversation, lexicon: Lexicon | None, rubric: Rubric, settings: AnalysisSettings) -> Judged:
    silent = silences.measure(talk, lexicon or load_speaking(talk.language), settings.silences)
    nothing = CallEnding(None, ())
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
        score=CallScore.of(score(rubric, {})),
        advice=(),
        notes=(
            "Both people are on one channel: pace, pauses, overlaps, latency, wording, ending and score are not"
            " measured.",
        ),
    )


def _two_parties(talk: Conversation, lexicon: Lexicon | None, rubric: Rubric, settings: AnalysisSettings) -> Judged:
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
    asked = questions.measure(talk, words, settings.questions)
    pushed = pressure.measure(talk, words, crossed, settings=settings.pressure)
    compared = _standings(rates["agent"], talk.language_of("agent"), settings)
    closing = _ending(talk, lexicon, silent, rubric, settings)
    found = _findings(talk, lexicon)
    measured = facts(
        pace=rates["agent"],
        overlaps=crossed if talk.speech.get("agent") and talk.speech.get("customer") else None,
        silences=silent if any(talk.speech.values()) else None,
        latency=delay,
        listening=attention,
        findings=found if talk.words_of("agent") else None,
        ending=closing,
    )
    return Judged(
        conversation=talk,
        pace=rates,
        pauses=pauses.measure(talk, words, settings.pauses),
        silences=silent,
        overlaps=crossed,
        latency=delay,
        listening=attention,
        ending=closing,
        findings=found,
        score=CallScore.of(score(rubric, measured)),
        advice=coach(
            talk,
            words,
            pace=rates["agent"],
            silences=silent,
            overlaps=crossed,
            listening=attention,
            ending=closing,
            questions=asked,
            pressure=pushed,
            standings=compared,
        ),
        notes=_notes(talk, lexicon),
        fillers={party: fillers.measure(talk, party, own[party]) for party in PARTIES},
        patience=patience.measure(talk, words),
        questions=asked,
        pressure=pushed,
        standings=compared,
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
    return CallEnding(score_ending(rubric.ending, found.criteria), found.criteria, window)


def _findings(talk: Conversation, lexicon: Lexicon | None) -> tuple[CallFinding, ...] | None:
    if lexicon is None:
        return None
    return tuple(CallFinding.of(each) for each in wording.measure(talk, lexicon))


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
    )


def _tones(heard: Heard) -> tuple[CallTone, ...]:
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
