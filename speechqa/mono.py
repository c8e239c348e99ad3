"""Mono recordings: both people are on one channel and are told apart by their voices.

Definition. The speech on the channel is divided into two voices (`speechqa/engines/voices.py` says how), every moment
of it given to one of them. The words are recognised once, over all speech; each goes to the voice that speaks
during most of it, else to the one nearest. Which voice is the agent is told by what is said (Roles). Then everything is
measured as on two channels, and marked as estimated: `recording.voices` says how many voices were found and how sure
that is, the score carries a caveat.
Default. Divided from a probability of 0.5 that there are two people. With less than 20 s of the voice that is heard
less its log-odds lose up to 3 (in proportion), and below 0.8 the division is called very doubtful; below 6 s of speech
in all or 2 s of one voice nothing is divided. Undivided, as with `--no-diarize`, nothing that compares two people is
measured.
*One voice.* From a probability of 0.75 that one person speaks (a voicemail, one side of a call) its pace, pauses and
fillers are measured, and the wording of a voice whose words say that it is the agent's; unless it says what agents say
and what customers say: then it is taken for two people and nothing is.
Source. How much of the speech goes to the wrong voice, per condition: docs/benchmarks.md.
Limits. Talk of both at once is given to one of them: overlaps are not reliable, so `overlaps_reliable` is false and
they give no points and no advice; talk-over rate and pressure are not measured; an answer that begins before the
other has finished looks like one that follows at once. A short "mm-hmm" can go to the wrong person. Two alike voices in
noise, and calls with little speech, may be divided wrongly or not at all. A third voice is given to one of the two; a
note, `recording.voices.found` 3 and a caveat tell of it where it is unlike them and speaks for 8 s and more.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from speechqa.conversation import Party, Word
from speechqa.engines.diarize import Diarizer, Division
from speechqa.recording import MONO_NOTE
from speechqa.timeline import Timeline
from speechqa.turns import nearest

if TYPE_CHECKING:
    from speechqa.hearing import Heard

FAR_S = 1e9


def told_apart(heard: Heard, diarizer: Diarizer, done: Callable[[float], None] = lambda share: None) -> Heard:
    """What was heard on one channel, by voice. Raises EngineError when the voices cannot be listened to."""
    channel, speech = heard.recording.lanes["agent"], heard.conversation.speech["agent"]
    division = diarizer.divide(channel, speech, done)
    heard = replace(heard, division=division, diarizer=diarizer.name)
    if division.found < 2:
        kept = (note for note in heard.notes if not (heard.alone and note == MONO_NOTE))
        return replace(heard, notes=(*kept, *notes_of(division)))
    first, second = division.voices
    spoken: Mapping[Party, Timeline] = {"agent": first, "customer": second}
    talk = heard.conversation
    languages = {party: own for own in talk.languages.values() for party in spoken}
    conversation = replace(talk, speech=spoken, words=by_speech(talk.words, spoken), languages=languages)
    kept = (note for note in heard.notes if note != MONO_NOTE)
    return replace(heard, conversation=conversation, notes=(*kept, *notes_of(division)))


def by_speech(words: Sequence[Word], speech: Mapping[Party, Timeline]) -> tuple[Word, ...]:
    """Each word with the party that speaks during most of it."""
    return tuple(replace(word, party=_speaker(word, speech)) for word in words)


def _speaker(word: Word, speech: Mapping[Party, Timeline]) -> Party:
    def closeness(party: Party) -> tuple[float, float]:
        spans = speech[party].spans
        near = nearest(spans, word, FAR_S)
        if near is None:
            return 0.0, -FAR_S
        gap = max(spans[near].start_s - word.end_s, word.start_s - spans[near].end_s, 0.0)
        return speech[party].cropped(word.span).covered_s, -gap

    return "agent" if closeness("agent") >= closeness("customer") else "customer"


def notes_of(division: Division) -> tuple[str, ...]:
    """What the user must know of how a mono recording was divided."""
    if division.found == 0:
        return ("No speech was heard on this recording.",)
    if division.one_person:
        return (
            "Only one voice was found on this mono recording"
            f" (that it is one person: {100 * (division.confidence or 0.0):.0f} %), as on a voicemail or one side of a"
            " call. Should two people speak on it who sound alike, the figures are those of both together.",
        )
    if division.found == 1:
        return (
            "Only one voice could be told on this mono recording: one person speaks, or two who sound alike on it."
            " It was not divided.",
        )
    sure = f"{100 * (division.confidence or 0.0):.0f} %"
    estimated = (
        "Mono recording: who speaks was estimated from the voices"
        f"{f' (that they are two people: {sure})' if division.found == 2 else ''}."
        " Talk of both at once cannot be told on one channel: overlaps are not reliable and give no points."
    )
    little = (
        (
            f"Little speech: very doubtful. The voice that is heard less has {division.lesser_s:.0f} s;"
            " look before you use any of the figures.",
        )
        if division.very_doubtful
        else ()
    )
    if division.found == 2:
        return (estimated, *little)
    more = (
        f"More than two voices speak on this mono recording (that they are more than two: {sure}). They were given to"
        " two people, so part of the call stands with the wrong one."
    )
    return (estimated, *little, more)
