"""The measures of a call that another program transcribed or diarised: from its files to an `Analysis`.

With a recording the speech is found in it as `analyze` does; the file then gives only the words and who said them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from importlib.metadata import version
from pathlib import Path
from typing import TYPE_CHECKING

from speechqa.analysis import Analysis, AnalyzedRecording, Engines, Quality
from speechqa.assembly import assembled, recording_of
from speechqa.errors import ExchangeError
from speechqa.exchange.assemble import Assembled, assemble, crossed, over_sound
from speechqa.exchange.coarse import honest, without_articulation
from speechqa.exchange.files import read_files
from speechqa.exchange.formats import AUTO
from speechqa.exchange.parties import Cast, cast, weighed
from speechqa.exchange.transcript import Transcript
from speechqa.judgement import AnalysisSettings, judge, lexicon_of
from speechqa.measures import habits
from speechqa.roles import RoleChoice, settle_roles
from speechqa.rubric.load import load_rubric

if TYPE_CHECKING:
    from speechqa.engines.vad import VoiceActivity
    from speechqa.hearing import Heard
    from speechqa.lexicon import Lexicon
    from speechqa.recording import Recording

LANGUAGE = "en"
SWAPPED = "The words lie under the other side of the recording: its sides were exchanged (--roles keep leaves them)."
_LANGUAGES = {
    "english": "en",
    "ukrainian": "uk",
    "norwegian": "no",
    "german": "de",
    "french": "fr",
    "spanish": "es",
    "italian": "it",
    "portuguese": "pt",
    "dutch": "nl",
    "polish": "pl",
    "swedish": "sv",
    "danish": "da",
}
"""Some recognisers write the language's English name."""


@dataclass(frozen=True, slots=True)
class Given:
    """What the user says about the files.

    ``form`` is a format of `speechqa.exchange.formats` or "auto"; ``agent`` and ``customer`` are speakers' labels;
    ``audio`` is one recording, or the agent's and the customer's file; ``speech`` is a diariser's file that says who
    speaks when; ``aligned``: word times are exact. ``roles``:
    whether the recording's sides are matched with the words ("auto"), kept or exchanged.
    """

    form: str = AUTO
    agent: tuple[str, ...] = ()
    customer: tuple[str, ...] = ()
    audio: tuple[Path, ...] = ()
    speech: Path | None = None
    language: str | None = None
    aligned: bool = False
    roles: RoleChoice = "auto"
    offset_s: float | None = None


def measure_transcript(
    files: Sequence[Path | str],
    given: Given | None = None,
    settings: AnalysisSettings | None = None,
    progress: Callable[[str, float], None] = lambda stage, share: None,
    detector: VoiceActivity | None = None,
) -> Analysis:
    """Measure a call by the file of another recogniser or diariser, or by two: the agent's and the customer's.

    ``detector`` finds the speech in the recording, None takes Silero's. Raises a SpeechqaError with one sentence when a
    file, a recording or the rubric cannot be used.
    """
    given, settings = given or Given(), settings or AnalysisSettings()
    rubric = load_rubric(settings.rubric)
    progress("load", 0.0)
    paths = [Path(each) for each in files]
    transcript, name = read_files(paths, given.form, given.speech)
    who = cast(transcript, name, given.agent, given.customer)
    if not given.audio and not transcript.entries:
        raise ExchangeError(f"{name} holds no words and no speech.")
    heard = _heard(given, detector, progress) if given.audio else None
    language, told = _language(given, transcript, heard)
    progress("measures", 0.0)
    made, heard = _assembled(transcript, who, heard, language, given)
    quality = Quality(None, None, None)
    if heard is not None:
        made, quality = _with_sound(made, heard)
    measures = judge(made.conversation, rubric, settings, mono=made.one_channel, estimated=made.estimated)
    judged = honest(measures, made, rubric)
    analysis = assembled(
        judged,
        recording=recording_of(heard) if heard else _no_recording(paths),
        engines=Engines(heard.engines.vad if heard else "none", f"file: {transcript.format}", version("clearline")),
        quality=quality,
        notes=(*_sound_notes(heard, made), *made.notes, *told),
    )
    return without_articulation(analysis) if made.rough else analysis


def _assembled(
    transcript: Transcript, who: Cast, heard: Heard | None, language: str, given: Given
) -> tuple[Assembled, Heard | None]:
    """The conversation, and the recording with its sides where they belong."""
    lexicon = lexicon_of(language)
    if who.supposed:
        who = weighed(who, assemble(transcript, who, language).conversation, lexicon)
    if heard is None:
        return assemble(transcript, who, language, aligned=given.aligned), None
    heard = replace(heard, conversation=replace(heard.conversation, language=language))
    mixed = heard.recording.layout == "mono"
    swap = not mixed and (
        given.roles == "swap" or (given.roles == "auto" and crossed(transcript, who, heard.conversation))
    )
    heard = heard.swapped() if swap else heard
    made = over_sound(transcript, who, heard.conversation, mixed=mixed)
    if any(who.role(label) for label in transcript.speakers) or mixed:
        return (replace(made, notes=(*made.notes, SWAPPED)) if swap and given.roles == "auto" else made), heard
    return _settled(made, heard, lexicon, given)


def _settled(made: Assembled, heard: Heard, lexicon: Lexicon | None, given: Given) -> tuple[Assembled, Heard]:
    """Words without speakers: the sides are weighed by what is said on them."""
    choice: RoleChoice = "auto" if given.roles == "auto" else "keep"
    settled = settle_roles(replace(heard, conversation=made.conversation), lexicon, choice)
    told = settled.notes[len(heard.notes) :]
    made = replace(made, conversation=settled.conversation, notes=(*made.notes, *told))
    return made, replace(settled, notes=heard.notes)


def _with_sound(made: Assembled, heard: Heard) -> tuple[Assembled, Quality]:
    """The channels' levels, and the conversation with its voices and the time in which the line carried nothing."""
    from speechqa.quality import quality_of, sounds_of, with_dead_line, with_voices

    whole = replace(heard, conversation=made.conversation)
    sounds = sounds_of(whole)
    wanted = habits.voices_wanted(made.conversation, lexicon_of(made.conversation.language))
    whole = with_voices(with_dead_line(whole, sounds), sounds, wanted)
    notes = (*made.notes, *whole.notes[len(heard.notes) :])
    return replace(made, conversation=whole.conversation, notes=notes), quality_of(whole, made.sound_mixed, sounds)


def _sound_notes(heard: Heard | None, made: Assembled) -> tuple[str, ...]:
    """What there is to say of the recording; that it is mono only where nobody tells the people apart."""
    notes = heard.notes if heard else ()
    return notes if made.one_channel else tuple(each for each in notes if not each.startswith("Mono recording"))


def _heard(given: Given, detector: VoiceActivity | None, progress: Callable[[str, float], None]) -> Heard:
    """The recording and the speech in it, found as `analyze` finds it."""
    from speechqa.hearing import listen_for_speech

    return listen_for_speech(recording_given(given), detector=detector, progress=progress)


def recording_given(given: Given) -> Recording:
    """The recording that goes with the file, its sides as they are laid out."""
    from speechqa.recording import load_recording

    if len(given.audio) == 1:
        return load_recording(given.audio[0], offset_s=given.offset_s)
    if len(given.audio) == 2:
        agent, customer = given.audio
        return load_recording(agent=agent, customer=customer, offset_s=given.offset_s)
    raise ExchangeError("Give --audio once for the call, or twice: the agent's file and the customer's.")


def _language(given: Given, transcript: Transcript, heard: Heard | None) -> tuple[str, tuple[str, ...]]:
    """The call's language, and a note where nothing says it."""
    found = given.language or transcript.language or (heard.recording.language if heard else None)
    if found:
        return _LANGUAGES.get(found.casefold(), found), ()
    return LANGUAGE, ("Nothing says what language the call is in; it was taken for English (set it with --language).",)


def _no_recording(paths: Sequence[Path]) -> AnalyzedRecording:
    digest = hashlib.sha256(b"".join(path.read_bytes() for path in paths)).hexdigest()
    return AnalyzedRecording(
        file=" and ".join(path.name for path in paths),
        sha256=digest,
        sample_rate_hz=None,
        layout="transcript",
        roles=None,
        roles_confidence=None,
        roles_swapped=False,
        offset_s={"agent": 0.0, "customer": 0.0},
        offset_confidence=None,
    )
