"""A transcript and its cast become a `Conversation`, with or without the sound.

Where speech begins and ends comes, in this order, from the recording (`over_sound`), from the file's own speech spans,
from its word times, or from its cues. `Assembled.edges` says which; what edges of words or cues cannot tell is not
measured (`speechqa.exchange.coarse`).
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Literal

from speechqa.conversation import PARTIES, Conversation, Party, Word, other
from speechqa.exchange.parties import Cast
from speechqa.exchange.transcript import TimedWord, Transcript, spread
from speechqa.timeline import Span, Timeline

Edges = Literal["sound", "spans", "words", "cues"]
CROSSED_TIMES = 1.5
NEAR_S = 0.3
"""How far from its speech a word may stand: recognisers place words to 0.1-0.4 s."""


@dataclass(frozen=True, slots=True)
class Assembled:
    """A conversation (turns not built) and what it rests on.

    ``one_channel``: nobody can tell the two people apart. ``sound_mixed``: there is sound, but of both people on one
    channel. ``whole``: it is known how long the call is. ``estimated``: see ``Transcript``.
    """

    conversation: Conversation
    edges: Edges
    one_channel: bool = False
    sound_mixed: bool = False
    whole: bool = True
    notes: tuple[str, ...] = ()
    estimated: bool = False

    @property
    def rough(self) -> bool:
        """Whether speech begins and ends only where words or cues do."""
        return self.edges in ("words", "cues")


def assemble(transcript: Transcript, who: Cast, language: str, *, aligned: bool = False) -> Assembled:
    """The conversation by the file alone; ``aligned``: its word times are exact (forced alignment)."""
    one_channel = not any(who.role(label) for label in transcript.speakers)
    said = _said(transcript)
    speech = {party: _speech(transcript, who, party, one_channel) for party in PARTIES}
    words = _words(said, who, speech if transcript.speech else {}, everybody="agent" if one_channel else None)
    duration_s = max(transcript.duration_s or 0.0, transcript.end_s)
    edges = _edges(transcript, aligned)
    conversation = Conversation(
        duration_s=duration_s,
        language=language,
        speech=speech,
        words=words,
        announcements=Timeline(
            Span(each.start_s, each.end_s) for each in transcript.entries if who.role(each.speaker) == "machine"
        ),
    )
    return Assembled(
        conversation,
        edges,
        one_channel=one_channel,
        whole=transcript.duration_s is not None,
        notes=(*transcript.notes, *who.notes, *_left(said, who, words, one_channel)),
        estimated=transcript.estimated,
    )


def over_sound(transcript: Transcript, who: Cast, heard: Conversation, *, mixed: bool) -> Assembled:
    """The file's words over the speech that was found in the recording (``heard``, without words).

    ``mixed``: the recording has both people on one channel; then each speaks where the file says so and there is sound.
    Words of unnamed speakers go to the party who speaks under them. Words without speech under them are left out.
    """
    named = any(who.role(label) for label in transcript.speakers)
    speech: Mapping[Party, Timeline] = heard.speech
    if mixed and named:
        everybody = heard.speech.get("agent", Timeline()) | heard.speech.get("customer", Timeline())
        speech = {party: everybody & _widened(_speech(transcript, who, party, False)) for party in PARTIES}
    said = _said(transcript)
    parties: list[Party | None] = [_party(word, who, speech) for word in said]
    placed = [
        Word(party, word.text, word.start_s, word.end_s, word.confidence)
        for word, party in zip(said, parties, strict=True)
        if party is not None and _near(word, speech[party])
    ]
    lost = len(said) - len(placed)
    notes = [*transcript.notes, *who.notes]
    if lost:
        notes.append(f"{lost} of {len(said)} words have no speech of their speaker under them and were left out.")
    conversation = replace(heard, speech=speech, words=tuple(placed))
    return Assembled(
        conversation,
        "sound",
        one_channel=mixed and not named,
        sound_mixed=mixed,
        notes=tuple(notes),
        estimated=transcript.estimated and mixed,
    )


def _edges(transcript: Transcript, aligned: bool) -> Edges:
    if transcript.speech:
        return "spans"
    if transcript.cues:
        return "cues"
    return "spans" if aligned else "words"


def _said(transcript: Transcript) -> list[TimedWord]:
    """Every word in order, those of cues spread over them."""
    words = [*transcript.words]
    for cue in transcript.cues:
        words += spread(cue.text, cue.speaker, cue.start_s, cue.end_s)
    return sorted(words, key=lambda word: (word.start_s, word.end_s))


def _words(
    said: Sequence[TimedWord], who: Cast, speech: Mapping[Party, Timeline], everybody: Party | None
) -> tuple[Word, ...]:
    """The parties' words: by their labels, those without one by the ``speech`` that they lie under, if there is any."""
    words = []
    for word in said:
        party = everybody or _party(word, who, speech)
        if party is not None:
            words.append(Word(party, word.text, word.start_s, word.end_s, word.confidence))
    return tuple(words)


def _left(said: Sequence[TimedWord], who: Cast, words: Sequence[Word], one_channel: bool) -> tuple[str, ...]:
    machine = sum(who.role(word.speaker) == "machine" for word in said)
    others = sum(word.speaker is not None and who.role(word.speaker) is None for word in said)
    nameless = len(said) - machine - others - len(words)
    if one_channel or not nameless:
        return ()
    return (f"{nameless} of {len(said)} words name no speaker and were left out.",)


def _speech(transcript: Transcript, who: Cast, party: Party, one_channel: bool) -> Timeline:
    """When the party speaks, by the best that the file has."""

    def own(speaker: str | None) -> bool:
        return party == "agent" if one_channel else who.role(speaker) == party

    return Timeline(Span(each.start_s, each.end_s) for each in transcript.heard if own(each.speaker))


def _widened(speech: Timeline) -> Timeline:
    return Timeline(Span(span.start_s - NEAR_S, span.end_s + NEAR_S) for span in speech)


def _party(word: TimedWord, who: Cast, speech: Mapping[Party, Timeline]) -> Party | None:
    """The party of a word by its label, else the one who speaks under it most."""
    role = who.role(word.speaker)
    if role is not None or word.speaker is not None:
        return role if role in PARTIES else None
    for reach_s in (0.0, NEAR_S):
        under = [_under(word, speech.get(party, Timeline()), reach_s) for party in PARTIES]
        if max(under) > 0:
            return PARTIES[under.index(max(under))]
    return None


def _under(word: TimedWord | Word, speech: Timeline, reach_s: float) -> float:
    """Seconds of speech from ``reach_s`` before the word to ``reach_s`` after it."""
    start_s, end_s = word.start_s - reach_s, word.end_s + reach_s
    first = max(0, bisect_right(speech.spans, start_s, key=lambda span: span.start_s) - 1)
    last = bisect_right(speech.spans, end_s, key=lambda span: span.start_s)
    near = speech.spans[first:last]
    return sum(max(0.0, min(span.end_s, end_s) - max(span.start_s, start_s)) for span in near)


def _near(word: TimedWord, speech: Timeline) -> bool:
    return _under(word, speech, NEAR_S) > 0


def crossed(transcript: Transcript, who: Cast, heard: Conversation) -> bool:
    """Whether the words lie better under the other party's channel: sound and speakers are the other way round."""
    own_s = cross_s = 0.0
    for word in _said(transcript):
        party = who.role(word.speaker)
        if party in PARTIES:
            own_s += _under(word, heard.speech.get(party, Timeline()), 0.0)
            cross_s += _under(word, heard.speech.get(other(party), Timeline()), 0.0)
    return cross_s > CROSSED_TIMES * own_s
