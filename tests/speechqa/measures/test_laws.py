"""Laws that every measure keeps: shift, swap of the parties, scale, concatenation, emptiness."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from speechqa.conversation import PARTIES, Conversation, Party, Word, other
from speechqa.measures import ending, latency, listening, overlaps, pace, pauses, silences, wording
from speechqa.rubric.load import load_rubric
from speechqa.stages import judge
from speechqa.timeline import Span, Timeline
from speechqa.turns import TurnSettings, with_turns
from tests.speechqa.measures.talks import ENGLISH

WORDS = [
    "yes",
    "mm-hmm",
    "the",
    "bill",
    "Sorry,",
    "wait",
    "okay.",
    "why?",
    "as",
    "I",
    "said",
    "moment",
    "Thank",
    "you.",
]
TICK_S = 1 / 16  # exact in binary
RUBRIC = load_rubric()


@st.composite
def conversations(draw: st.DrawFn) -> Conversation:
    """Talk of both parties on a grid of sixteenths of a second: stretches of words, each word a few ticks."""
    words: list[Word] = []
    for party in PARTIES:
        at = 0
        for _ in range(draw(st.integers(0, 5))):
            at += draw(st.integers(1, 70))
            for _ in range(draw(st.integers(1, 6))):
                length = draw(st.integers(2, 8))
                text = draw(st.sampled_from(WORDS))
                words.append(Word(party, text, at * TICK_S, (at + length) * TICK_S))
                at += length
    speech = {party: Timeline(word.span for word in words if word.party == party) for party in PARTIES}
    end_s = max((word.end_s for word in words), default=0.0)
    ordered = tuple(sorted(words, key=lambda word: (word.start_s, word.end_s, word.party)))
    return with_turns(Conversation(end_s + 1.0, "en", speech, ordered), ENGLISH)


def shifted(talk: Conversation, by_s: float) -> Conversation:
    words = tuple(replace(word, start_s=word.start_s + by_s, end_s=word.end_s + by_s) for word in talk.words)
    speech = {party: line.shifted(by_s) for party, line in talk.speech.items()}
    later = replace(talk, duration_s=talk.duration_s + by_s, words=words, speech=speech, turns=())
    return with_turns(later, ENGLISH)


def swapped(talk: Conversation) -> Conversation:
    words = tuple(replace(word, party=other(word.party)) for word in talk.words)
    speech: dict[Party, Timeline] = {other(party): line for party, line in talk.speech.items()}
    return with_turns(replace(talk, words=words, speech=speech, turns=()), ENGLISH)


def moved(events: tuple[Any, ...], by_s: float) -> tuple[Any, ...]:
    return tuple(replace(event, start_s=event.start_s + by_s, end_s=event.end_s + by_s) for event in events)


@given(conversations(), st.sampled_from([1.0, 7.5, 64.0]))
@settings(max_examples=60, deadline=None)
def test_a_shift_moves_every_event_and_changes_no_rate(talk: Conversation, by_s: float) -> None:
    later = shifted(talk, by_s)
    assert [(turn.start_s, turn.text) for turn in later.turns] == [
        (turn.start_s + by_s, turn.text) for turn in talk.turns
    ]
    assert pauses.measure(later, ENGLISH) == moved(pauses.measure(talk, ENGLISH), by_s)
    assert overlaps.measure(later, ENGLISH) == moved(overlaps.measure(talk, ENGLISH), by_s)
    assert wording.measure(later, ENGLISH) == moved(wording.measure(talk, ENGLISH), by_s)
    inner = [each for each in silences.measure(talk, ENGLISH) if each.start_s > 0]
    kept = [each for each in silences.measure(later, ENGLISH) if each.start_s > by_s]
    assert tuple(kept) == moved(tuple(inner), by_s)
    for party in PARTIES:
        before, after = pace.measure(talk, party, ENGLISH), pace.measure(later, party, ENGLISH)
        assert (after.speech_rate_wpm, after.articulation_rate_sps) == (
            before.speech_rate_wpm,
            before.articulation_rate_sps,
        )
        assert latency.measure(later, ENGLISH, party) == latency.measure(talk, ENGLISH, party)


@given(conversations())
@settings(max_examples=60, deadline=None)
def test_swapping_the_parties_swaps_what_is_theirs(talk: Conversation) -> None:
    mirrored = swapped(talk)
    for party in PARTIES:
        assert pace.measure(mirrored, other(party), ENGLISH) == pace.measure(talk, party, ENGLISH)
        assert latency.measure(mirrored, ENGLISH, other(party)) == latency.measure(talk, ENGLISH, party)
        mine, theirs = listening.measure(mirrored, other(party)), listening.measure(talk, party)
        assert mine.longest_monologue == theirs.longest_monologue
    ours = {(each.start_s, each.end_s, each.party) for each in pauses.measure(talk, ENGLISH)}
    assert {(each.start_s, each.end_s, other(each.party)) for each in pauses.measure(mirrored, ENGLISH)} == ours
    both = {(each.start_s, each.end_s) for each in overlaps.measure(talk, ENGLISH)}
    assert {(each.start_s, each.end_s) for each in overlaps.measure(mirrored, ENGLISH)} == both


@given(conversations(), st.sampled_from([0.5, 2.0, 4.0]))
@settings(max_examples=60, deadline=None)
def test_slower_time_means_lower_rates(talk: Conversation, factor: float) -> None:
    words = tuple(replace(word, start_s=word.start_s * factor, end_s=word.end_s * factor) for word in talk.words)
    speech = {p: Timeline(Span(s.start_s * factor, s.end_s * factor) for s in line) for p, line in talk.speech.items()}
    bare = replace(talk, duration_s=talk.duration_s * factor, words=words, speech=speech)
    groups = TurnSettings()
    slow = with_turns(bare, ENGLISH, groups)
    every = pace.PaceSettings(max_pause_s=0.001)
    for party in PARTIES:
        before, after = pace.measure(talk, party, ENGLISH, every), pace.measure(slow, party, ENGLISH, every)
        assert after.words == before.words
        if before.speech_rate_wpm is None:
            assert after.speech_rate_wpm is None
        else:
            assert after.speech_rate_wpm == pytest.approx(before.speech_rate_wpm / factor)


@given(conversations(), conversations())
@settings(max_examples=40, deadline=None)
def test_two_calls_after_one_another_have_the_events_of_both(first: Conversation, second: Conversation) -> None:
    by_s = first.duration_s + 32.0
    later = shifted(second, by_s)
    joined = with_turns(
        Conversation(
            later.duration_s,
            "en",
            {party: first.speech[party] | later.speech[party] for party in PARTIES},
            (*first.words, *later.words),
        ),
        ENGLISH,
    )
    marks = [any(word.text.endswith((".", "?")) for word in talk.words) for talk in (first, second) if talk.words]
    if len(set(marks)) > 1:
        return  # whether sentences have marks is a property of the whole call
    assert joined.turns == (*first.turns, *later.turns)
    both = (*overlaps.measure(first, ENGLISH), *overlaps.measure(later, ENGLISH))
    assert overlaps.measure(joined, ENGLISH) == both
    for party in PARTIES:
        parts = [pace.measure(talk, party, ENGLISH).words for talk in (first, second)]
        assert pace.measure(joined, party, ENGLISH).words == sum(parts)


@given(conversations(), st.booleans())
@settings(max_examples=60, deadline=None)
def test_any_conversation_is_judged(talk: Conversation, mono: bool) -> None:
    judged = judge(replace(talk, turns=()), RUBRIC, mono=mono)
    assert judged.score.total is None or 0 <= judged.score.total <= 100
    assert judged.ending.score is None or 0 <= judged.ending.score <= 100


EMPTY = Conversation(0.0, "en", {})


@pytest.mark.parametrize(
    ("measure", "nothing"),
    [
        (lambda talk: pauses.measure(talk, ENGLISH), ()),
        (lambda talk: silences.measure(talk, ENGLISH), ()),
        (lambda talk: overlaps.measure(talk, ENGLISH), ()),
        (lambda talk: wording.measure(talk, ENGLISH), ()),
        (lambda talk: latency.measure(talk, ENGLISH), latency.Latency(None, None, 0)),
        (lambda talk: listening.measure(talk, "agent"), listening.Listening(None, None)),
        (lambda talk: pace.measure(talk, "agent", ENGLISH).speech_rate_wpm, None),
        (lambda talk: [each.met for each in ending.measure(talk, ENGLISH).criteria], [None] * len(ending.CRITERIA)),
        (lambda talk: judge(talk, RUBRIC).score.total, None),
    ],
)
def test_an_empty_conversation_has_nothing(measure: Callable[[Conversation], object], nothing: object) -> None:
    assert measure(EMPTY) == nothing
