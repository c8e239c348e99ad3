"""From a recording to what was heard: speech per party, words, the machine's announcements.

This is where the engines meet the recording; the turns and all measures are computed from the result by others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from itertools import pairwise

import numpy as np

from speechqa.audio import Samples
from speechqa.conversation import PARTIES, Conversation, Fall, Party, Word, exchanged, other
from speechqa.engines.activity import activity_of
from speechqa.engines.asr import Recognizer, recognize_speech
from speechqa.engines.bleed import Bleed, unbled
from speechqa.engines.diarize import Diarizer, Division, VoiceDiarizer
from speechqa.engines.edges import Activity, speech_of
from speechqa.engines.falls import falls_of
from speechqa.engines.language import find_languages
from speechqa.engines.models import find_recognizer
from speechqa.engines.shift import find_shift
from speechqa.engines.sounds import OtherSounds, find_sounds, without_sounds
from speechqa.engines.vad import SileroVad, VoiceActivity
from speechqa.engines.whisper import MULTILINGUAL_HINT
from speechqa.languages import UNDETERMINED, PartyLanguage, main_language
from speechqa.mono import told_apart
from speechqa.recording import Recording
from speechqa.settings import ListeningSettings
from speechqa.timeline import Span, Timeline

Progress = Callable[[str, float], None]
"""Told the stage ("speech", "words", "voices") and how much of it is done (0-1)."""


CONFIRMED = 0.98
"""How sure an offset is that cross-talk confirms."""

AUDIBLE_BLEED_DB = -32.0
"""Bleed that a listener notices and that a note therefore tells of."""

PROMPT_PAUSE_S = 1.0
"""Announcements with less than this between them are one: a prompt pauses between its sentences."""


@dataclass(frozen=True, slots=True)
class EngineNames:
    """What listened, for the record: names with versions."""

    vad: str
    asr: str
    version: str


@dataclass(frozen=True, slots=True)
class Heard:
    """A recording listened to. ``conversation`` has no turns yet; ``notes`` are said to the user.

    ``bleed``: what each party's channel carries of the other's; ``sounds``: the music and tones on it.
    ``division``: what ``diarizer`` made of a mono recording.
    """

    recording: Recording
    conversation: Conversation
    engines: EngineNames
    notes: tuple[str, ...] = ()
    bleed: Mapping[Party, Bleed] = field(default_factory=dict)
    sounds: Mapping[Party, OtherSounds] = field(default_factory=dict)
    division: Division | None = None
    diarizer: str = ""

    @property
    def divided(self) -> bool:
        """Whether the two people were on one channel and were told apart by their voices."""
        return self.division is not None and self.division.found >= 2

    @property
    def alone(self) -> bool:
        """Whether only one person speaks on a mono recording, surely enough to measure that one."""
        return self.division is not None and self.division.one_person

    def swapped(self) -> Heard:
        """The same with the two people exchanged: channels, speech and words; on one channel, speech and words."""
        if self.recording.roles is None:
            return replace(self, conversation=self.conversation.swapped())
        return replace(
            self,
            recording=self.recording.swapped(),
            conversation=self.conversation.swapped(),
            notes=tuple(map(exchanged, self.notes)),
            bleed={other(party): each for party, each in self.bleed.items()},
            sounds={other(party): each for party, each in self.sounds.items()},
        )

    def samples(self, party: Party, rate_hz: int | None = None) -> Samples:
        """A party's whole channel, float32 in [-1, 1]; its first sample stands at ``offset_of(party)``."""
        lane = self.recording.lanes.get(party)
        return lane.samples(rate_hz) if lane else np.zeros(0, np.float32)

    def offset_of(self, party: Party) -> float:
        """When the party's channel begins in the recording, seconds."""
        lane = self.recording.lanes.get(party)
        return lane.offset_s if lane else 0.0


@dataclass(frozen=True, slots=True)
class FoundSpeech:
    """Each party's speech, when a machine spoke, and on each party's channel the bleed, the music and the tones.

    ``recording`` is the one that was given, its channels moved where their sound shows that they begin apart.
    """

    speech: Mapping[Party, Timeline]
    announcements: Timeline = field(default_factory=Timeline)
    bleed: Mapping[Party, Bleed] = field(default_factory=dict)
    sounds: Mapping[Party, OtherSounds] = field(default_factory=dict)
    falls: Mapping[Party, tuple[Fall, ...]] = field(default_factory=dict)
    recording: Recording | None = None

    @property
    def waiting(self) -> Timeline:
        """When somebody waits and hears music, ringing or a busy line."""
        waiting = Timeline()
        for sounds in self.sounds.values():
            waiting |= sounds.waiting
        return waiting


def listen(
    recording: Recording,
    settings: ListeningSettings | None = None,
    *,
    detector: VoiceActivity | None = None,
    recognizer: Recognizer | None = None,
    diarizer: Diarizer | None = None,
    progress: Progress = lambda stage, share: None,
) -> Heard:
    """Listen to a recording: who speaks when, what the machine says, and every word.

    ``detector``, ``recognizer`` and ``diarizer`` replace the engines that the settings name. Raises EngineError with
    one sentence.
    """
    settings = settings or ListeningSettings.read()
    recognizer = recognizer or find_recognizer(settings)
    heard = listen_for_speech(recording, detector=detector, progress=progress)
    speech = heard.conversation.speech
    progress("words", 0.0)
    said = find_words(recording, speech, recognizer, settings, lambda share: progress("words", share))
    heard = replace(
        heard,
        conversation=replace(heard.conversation, language=said.language, languages=said.languages, words=said.words),
        engines=replace(heard.engines, asr=recognizer.name, version=recognizer.version),
        notes=(*heard.notes, *said.notes),
    )
    if recording.layout != "mono" or not settings.diarize:
        return heard
    return told_apart(heard, diarizer or VoiceDiarizer(), lambda share: progress("voices", share))


def listen_for_speech(
    recording: Recording,
    *,
    detector: VoiceActivity | None = None,
    progress: Progress = lambda stage, share: None,
) -> Heard:
    """Listen to a recording for who speaks when, without recognising a word; the language is the record's or "en"."""
    detector = detector or SileroVad()
    found = find_speech(recording, detector, lambda share: progress("speech", share))
    recording = found.recording or recording
    conversation = Conversation(
        duration_s=recording.duration_s,
        language=recording.language or "en",
        speech=found.speech,
        announcements=found.announcements,
        hold=recording.hold | found.waiting,
        hung_up=recording.hung_up,
        falls=found.falls,
    )
    notes = (*recording.notes, *_bleed_notes(found.bleed))
    return Heard(recording, conversation, EngineNames(detector.name, "none", "0"), notes, found.bleed, found.sounds)


def find_speech(
    recording: Recording, detector: VoiceActivity, done: Callable[[float], None] = lambda share: None
) -> FoundSpeech:
    """Who speaks when on the channels of a recording; ``done`` is told the share that is finished."""
    activities = {
        party: activity_of(lane, detector, _part(done, number, len(recording.lanes)))
        for number, (party, lane) in enumerate(recording.lanes.items())
    }
    recording = _in_place(recording, activities)
    lanes = recording.lanes
    activities = {party: replace(each, start_s=lanes[party].offset_s) for party, each in activities.items()}
    own, bleed = _without_bleed(activities)
    voices = {
        party: speech_of(activity, own.get(other(party))).cropped(lanes[party].span) for party, activity in own.items()
    }
    sounds = {party: find_sounds(lane, activities[party]) for party, lane in lanes.items()}
    speech, announced = _of_people(voices, sounds)
    voice = speech["agent"]
    speech["agent"] = voice - recording.announcements_in
    announcements = announced | (voice & recording.announcements_in)
    falls = {party: falls_of(activity, speech[party], own.get(other(party))) for party, activity in own.items()}
    return FoundSpeech(speech, announcements.closed(PROMPT_PAUSE_S), bleed, sounds, falls, _confirmed(recording, bleed))


def _in_place(recording: Recording, activities: Mapping[Party, Activity]) -> Recording:
    """The recording with its channels where their cross-talk says; what the user or the call record say stays."""
    if len(activities) < 2 or recording.offset.found_by in ("given", "call record"):
        return recording
    shift = find_shift(activities["agent"], activities["customer"])
    return recording.realigned(shift.later_s, shift.confidence, "cross-talk") if shift else recording


def _confirmed(recording: Recording, bleed: Mapping[Party, Bleed]) -> Recording:
    """Bleed with an echo's delay shows that the channels begin together."""
    if not bleed or recording.offset.confidence >= CONFIRMED:
        return recording
    return replace(recording, offset=replace(recording.offset, confidence=CONFIRMED))


def _of_people(
    voices: Mapping[Party, Timeline], sounds: Mapping[Party, OtherSounds]
) -> tuple[dict[Party, Timeline], Timeline]:
    """Each party's speech without music and tones, and the announcements between the music."""
    speech: dict[Party, Timeline] = {party: Timeline() for party in PARTIES}
    announced = Timeline()
    for party, voice in voices.items():
        speech[party], machine = without_sounds(voice, sounds[party], voices.get(other(party)))
        announced |= machine
    return speech, announced


def _without_bleed(activities: Mapping[Party, Activity]) -> tuple[Mapping[Party, Activity], Mapping[Party, Bleed]]:
    """Each channel without the sound of the other, and how that came in."""
    if len(activities) < 2:
        return activities, {}
    (agent, into_agent), (customer, into_customer) = unbled(activities["agent"], activities["customer"])
    found: dict[Party, Bleed | None] = {"agent": into_agent, "customer": into_customer}
    bleed = {party: each for party, each in found.items() if each is not None}
    return {"agent": agent, "customer": customer}, bleed


def _bleed_notes(bleed: Mapping[Party, Bleed]) -> tuple[str, ...]:
    return tuple(
        f"The {other(party)} is heard again on the {party}'s side, {1000 * max(0.0, each.delay_s):.0f} ms later and"
        f" {-each.gain_db:.0f} dB quieter; this echo is not counted as speech."
        for party, each in bleed.items()
        if each.gain_db >= AUDIBLE_BLEED_DB
    )


@dataclass(frozen=True, slots=True)
class FoundWords:
    """All words in order, the language of each party and of the call, and what has to be said about them."""

    words: tuple[Word, ...]
    language: str
    languages: Mapping[Party, PartyLanguage]
    notes: tuple[str, ...] = ()


def find_words(
    recording: Recording,
    speech: Mapping[Party, Timeline],
    recognizer: Recognizer,
    settings: ListeningSettings,
    done: Callable[[float], None] = lambda share: None,
) -> FoundWords:
    """What was said, and in which languages.

    A language that only the call record names and the model does not know costs the words, not the analysis.
    """
    spoken = find_languages(recording, speech, recognizer, settings)
    main = main_language(spoken, {party: speech[party].covered_s for party in spoken})
    words: list[Word] = []
    notes = list(_language_notes(spoken, recognizer))
    parts = [
        (party, within, language)
        for party, own in spoken.items()
        for within, language in _parts(own, recording.lanes[party].span, main)
        if language is None or recognizer.accepts(language)
    ]
    total_s = sum(speech[party].cropped(within).covered_s for party, within, _ in parts) or 1.0
    done_s = 0.0
    for party, within, language in parts:
        own_s = speech[party].cropped(within).covered_s
        tell = _stretch(done, done_s, own_s, total_s)
        here = speech[party].cropped(within)
        words += recognize_speech(recording.lanes[party], party, here, recognizer, language, tell)[0]
        done_s += own_s
    ordered = tuple(sorted(words, key=lambda word: (word.start_s, word.end_s, word.party)))
    return FoundWords(ordered, main or UNDETERMINED, spoken, tuple(dict.fromkeys(notes)))


def _parts(own: PartyLanguage, whole: Span, main: str | None) -> Iterator[tuple[Span, str | None]]:
    """The stretches of one language, the first and last of them reaching to the ends of the channel."""
    if len(own.stretches) < 2:
        yield whole, own.language or main
        return
    borders = [whole.start_s, *(each.start_s for each in own.stretches[1:]), whole.end_s]
    for stretch, (start_s, end_s) in zip(own.stretches, pairwise(borders), strict=True):
        yield Span(start_s, end_s), stretch.language


def _language_notes(spoken: Mapping[Party, PartyLanguage], recognizer: Recognizer) -> Iterator[str]:
    for party, own in spoken.items():
        if own.language is not None and not recognizer.accepts(own.language):
            yield (
                f"The {'call' if own.found_by == 'call record' else party} is in {own.language!r}, which the recogniser"
                f" does not know, so no words: {MULTILINGUAL_HINT}."
            )
        if own.language is None and own.found_by == "heard" and own.confidence is not None:
            yield (
                f"The language of the {party} could not be told, so the words are doubtful; set it with"
                f" --{party}-language."
            )


def _part(done: Callable[[float], None], number: int, of: int) -> Callable[[float], None]:
    return lambda share: done((number + share) / of)


def _stretch(done: Callable[[float], None], before_s: float, own_s: float, total_s: float) -> Callable[[float], None]:
    return lambda share: done((before_s + share * own_s) / total_s)
