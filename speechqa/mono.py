"""Mono recordings: both people are on one channel and are told apart by their voices.

Definition. The speech on the channel is divided into two voices (`speechqa/engines/voices.py` says how), every moment
of it given to one of them. The words are recognised once, over all speech; each goes to the voice that speaks
during most of it, else to the one nearest. Which voice is the agent is told by what is said (Roles). Then everything is
measured as on two channels, and marked as estimated: `recording.voices` says how many voices were found and how sure
that is, the score carries a caveat.
Default. Divided from a probability of 0.5 that there are two people; below, as with `--no-diarize`, nothing that
compares two people is measured. More than two voices are told of in a note.
Source. How much of the speech goes to the wrong voice, per condition: docs/benchmarks.md.
Limits. Talk of both at once is given to one of them: overlaps, talk-over rate and their points are not reliable, so
`overlaps_reliable` is false and they give no points. A short "mm-hmm" can go to the wrong person. Two alike voices in
noise, and calls with little speech, may be divided wrongly or not at all.
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
        return replace(heard, notes=(*heard.notes, *_notes(division)))
    first, second = division.voices
    spoken: Mapping[Party, Timeline] = {"agent": first, "customer": second}
    talk = heard.conversation
    languages = {party: own for own in talk.languages.values() for party in spoken}
    conversation = replace(talk, speech=spoken, words=by_speech(talk.words, spoken), languages=languages)
    kept = (note for note in heard.notes if note != MONO_NOTE)
    return replace(heard, conversation=conversation, notes=(*kept, *_notes(division)))


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


def _notes(division: Division) -> tuple[str, ...]:
    if division.found == 0:
        return ()
    if division.found == 1:
        return (
            "Only one voice could be told on this mono recording: one person speaks, or two who sound alike on it."
            " It was not divided.",
        )
    estimated = (
        "Mono recording: who speaks was estimated from the voices"
        f" (that they are two people: {100 * (division.confidence or 0.0):.0f} %)."
        " Talk of both at once cannot be told on one channel: overlaps are not reliable and give no points."
    )
    if division.found == 2:
        return (estimated,)
    more = (
        "More than two voices seem to speak on this mono recording; they were given to two people, so part of it stands"
        " with the wrong one."
    )
    return estimated, more
