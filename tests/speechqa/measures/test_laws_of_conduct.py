"""The laws of test_laws.py for fillers, patience, questions, pressure, standing, silences and channels."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from speechqa.conversation import PARTIES, Conversation, Party, other
from speechqa.measures import (
    bandwidth,
    dead_line,
    fillers,
    latency,
    level,
    listening,
    loss,
    overlaps,
    patience,
    pauses,
    pressure,
    questions,
    silences,
    standing,
)
from speechqa.timeline import Span, Timeline
from speechqa.turns import TurnSettings, with_turns
from tests.speechqa.measures.talks import ENGLISH
from tests.speechqa.measures.test_laws import conversations, moved, shifted, swapped

SHIFTS = st.sampled_from([1.0, 7.5, 64.0])
FEW = settings(max_examples=40, deadline=None)


def moved_question(each: questions.Question, by_s: float) -> questions.Question:
    answer = each.answer
    later = answer and replace(answer, start_s=answer.start_s + by_s, end_s=answer.end_s + by_s)
    return replace(each, start_s=each.start_s + by_s, end_s=each.end_s + by_s, answer=later)


def moved_moment(each: pressure.Moment, by_s: float) -> pressure.Moment:
    return replace(each, start_s=each.start_s + by_s, end_s=each.end_s + by_s, turn_start_s=each.turn_start_s + by_s)


def pushed(talk: Conversation, party: Party = "agent") -> pressure.Pressure:
    return pressure.measure(talk, ENGLISH, overlaps.measure(talk, ENGLISH), party=party)


@given(conversations(), SHIFTS)
@FEW
def test_a_shift_moves_every_place_and_changes_no_figure(talk: Conversation, by_s: float) -> None:
    later = shifted(talk, by_s)
    asked, again = questions.measure(talk, ENGLISH), questions.measure(later, ENGLISH)
    assert again == (None if asked is None else tuple(moved_question(each, by_s) for each in asked))
    before, after = pushed(talk), pushed(later)
    assert after.moments == tuple(moved_moment(each, by_s) for each in before.moments)
    assert (after.rate_wpm, after.own_norm_wpm) == (before.rate_wpm, before.own_norm_wpm)
    for party in PARTIES:
        mine, theirs = (patience.measure(each, ENGLISH, party) for each in (talk, later))
        assert replace(theirs, longest_left=None) == replace(mine, longest_left=None)
        assert theirs.longest_left == (mine.longest_left and mine.longest_left.shifted(by_s))
        heard, then = (fillers.measure(each, party, ENGLISH) for each in (talk, later))
        assert then.found == moved(heard.found or (), by_s) and then.per_minute == heard.per_minute
        assert then.wordless == tuple(span.shifted(by_s) for span in heard.wordless)
        share = [listening.measure(each, party).first_minute_listening_share for each in (talk, later)]
        assert share[0] == share[1]
    inner = [each for each in silences.measure(talk, ENGLISH) if each.start_s > 0]
    kept = [each for each in silences.measure(later, ENGLISH) if each.start_s > by_s]
    assert tuple(kept) == moved(tuple(inner), by_s)


@given(conversations())
@FEW
def test_swapping_the_parties_swaps_what_is_theirs(talk: Conversation) -> None:
    mirrored = swapped(talk)
    for party in PARTIES:
        assert patience.measure(mirrored, ENGLISH, other(party)) == patience.measure(talk, ENGLISH, party)
        mine, theirs = fillers.measure(mirrored, other(party), ENGLISH), fillers.measure(talk, party, ENGLISH)
        assert (mine.per_minute, mine.wordless) == (theirs.per_minute, theirs.wordless)
        first = listening.measure(talk, party).first_minute_listening_share
        assert listening.measure(mirrored, other(party)).first_minute_listening_share == first
        second = listening.measure(talk, other(party)).first_minute_listening_share
        assert first is None or second is None or first + second == pytest.approx(1)
    asked = {
        (other(each.party), each.start_s, each.quote, each.outcome) for each in questions.measure(talk, ENGLISH) or ()
    }
    found = questions.measure(mirrored, ENGLISH) or ()
    assert {(each.party, each.start_s, each.quote, each.outcome) for each in found} == asked
    sides = {None: None, "agent": "customer", "customer": "agent"}
    around = [(each.start_s, sides[each.after], sides[each.broken_by]) for each in silences.measure(talk, ENGLISH)]
    ends = {span.end_s for line in talk.speech.values() for span in line}
    if len(ends) == sum(len(line) for line in talk.speech.values()):  # nobody ends or begins at one moment
        starts = [span.start_s for line in talk.speech.values() for span in line]
        if len(set(starts)) == len(starts):
            mirrored_around = [(s.start_s, s.after, s.broken_by) for s in silences.measure(mirrored, ENGLISH)]
            assert mirrored_around == around


def stretched(talk: Conversation, factor: float) -> Conversation:
    words = tuple(replace(word, start_s=word.start_s * factor, end_s=word.end_s * factor) for word in talk.words)
    speech = {p: Timeline(Span(s.start_s * factor, s.end_s * factor) for s in line) for p, line in talk.speech.items()}
    bare = replace(talk, duration_s=talk.duration_s * factor, words=words, speech=speech, turns=())
    return with_turns(bare, ENGLISH, TurnSettings())


@given(conversations(), st.sampled_from([2.0, 4.0]))
@FEW
def test_slower_time_means_longer_silences(talk: Conversation, factor: float) -> None:
    """Silences of the line are those of speech alone: stretched, each is as much longer, and none is lost."""
    slow = stretched(talk, factor)
    reported = silences.SilenceSettings(report_s=3.0 * factor, severe_s=10.0 * factor)
    before, after = silences.measure(talk, ENGLISH), silences.measure(slow, ENGLISH, reported)
    noises = any(span.duration_s < silences.NOISE_S for line in talk.speech.values() for span in line)
    if not noises:
        assert [(each.start_s, each.end_s) for each in after] == [
            (each.start_s * factor, each.end_s * factor) for each in before
        ]
        assert [each.after for each in after] == [each.after for each in before]
    share = [listening.measure(each, "agent").talk_share for each in (talk, slow)]
    assert share[0] == pytest.approx(share[1]) if share[0] is not None else share[1] is None
    shortest = patience.SHORTEST_S
    gaps = sum(span.duration_s >= shortest for span in _silences(talk))
    assert sum(span.duration_s >= shortest * factor for span in _silences(slow)) == gaps


def _silences(talk: Conversation) -> Timeline:
    return (talk.speech["agent"] | talk.speech["customer"]).gaps(Span(0.0, talk.duration_s))


@given(conversations(), conversations())
@FEW
def test_two_calls_after_one_another_have_the_events_of_both(first: Conversation, second: Conversation) -> None:
    later = shifted(second, first.duration_s + 32.0)
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
    for party in PARTIES:
        parts = [fillers.measure(talk, party, ENGLISH) for talk in (first, later)]
        whole = fillers.measure(joined, party, ENGLISH)
        assert whole.found == (*(parts[0].found or ()), *(parts[1].found or ()))
        assert whole.wordless == (*parts[0].wordless, *parts[1].wordless)
        waits = [patience.measure(talk, ENGLISH, party) for talk in (first, second, joined)]
        between = waits[2].broken + waits[2].left - sum(each.broken + each.left for each in waits[:2])
        assert between in (0, 1)  # the silence between the calls
        steps = zip(*(each.distribution for each in waits), strict=True)
        assert sum(c.broken + c.left - a.broken - a.left - b.broken - b.left for a, b, c in steps) == between
        counts = [latency.measure(talk, ENGLISH, party).answers for talk in (first, second, joined)]
        assert counts[2] - counts[0] - counts[1] in (0, 1)
    asked = [questions.measure(talk, ENGLISH) for talk in (first, later)]
    if all(each is not None for each in asked) and (first.words and later.words):
        assert questions.measure(joined, ENGLISH) == (*(asked[0] or ()), *(asked[1] or ()))
    assert [each.party for each in pauses.measure(joined, ENGLISH)] == [
        each.party for talk in (first, second) for each in pauses.measure(talk, ENGLISH)
    ]


@given(conversations())
@FEW
def test_every_silence_is_counted_once_and_every_question_has_one_outcome(talk: Conversation) -> None:
    for party in PARTIES:
        found = patience.measure(talk, ENGLISH, party)
        assert sum(step.broken for step in found.distribution) == found.broken
        assert sum(step.left for step in found.distribution) == found.left
        broken, left = patience.silences_of(talk, ENGLISH, party)
        assert not Timeline(broken) & Timeline(left)
        assert not (Timeline((*broken, *left)) & talk.speech[other(party)])
    for each in questions.measure(talk, ENGLISH) or ():
        assert (each.answer is None) == (each.outcome == "unanswered")
        assert each.answer is None or each.answer.start_s >= each.end_s - questions.EARLY_S


@given(st.floats(1, 400), st.lists(st.floats(1, 400), min_size=1), st.sampled_from([0.5, 2.0]))
def test_a_percentile_is_a_share_that_grows_and_does_not_depend_on_the_unit(
    value: float, numbers: list[float], factor: float
) -> None:
    found = standing.percentile(value, numbers)
    assert 0 <= found <= 100
    assert standing.percentile(value + 1, numbers) >= found
    assert standing.percentile(value * factor, [each * factor for each in numbers]) == found
    assert standing.percentile(value, [*numbers, *numbers]) == pytest.approx(found)
    mirrored = standing.percentile(-value, [-each for each in numbers])
    assert mirrored == pytest.approx(100 - found)


RATE = 8000
Sound = npt.NDArray[np.floating[Any]]


@st.composite
def faulty(draw: st.DrawFn) -> Sound:
    """Three seconds of noise that swells, with packets lost or said twice."""
    sound = np.random.default_rng(draw(st.integers(0, 99))).normal(size=3 * RATE) * 0.1
    sound *= 0.6 + 0.4 * np.sin(2 * np.pi * 3 * np.arange(sound.size) / RATE)
    for packet in draw(st.sets(st.integers(4, 140), max_size=6)):
        first = packet * 160
        sound[first : first + 160] = 0.0 if draw(st.booleans()) else sound[first - 160 : first]
    return sound


def split(sound: Sound, cuts: list[int]) -> list[Sound]:
    return np.split(sound, sorted(cuts))


@given(faulty(), st.lists(st.integers(1, 3 * RATE - 1), max_size=4, unique=True), st.sampled_from([0.0, 2.5]))
@FEW
def test_how_a_channel_is_cut_into_blocks_changes_no_gap(sound: Sound, cuts: list[int], offset_s: float) -> None:
    whole = loss.measure([sound], RATE, -20.0, offset_s=0.0).gaps
    parts = loss.measure(split(sound, cuts), RATE, -20.0, offset_s=offset_s).gaps
    assert [(round(gap.start_s - offset_s, 6), gap.kind) for gap in parts] == [
        (round(gap.start_s, 6), gap.kind) for gap in whole
    ]


@given(faulty(), st.sampled_from([0.5, 0.25]))
@FEW
def test_a_quieter_channel_has_the_same_gaps_bandwidth_and_snr(sound: Sound, gain: float) -> None:
    spoken, quiet = Timeline.of((0, 2.5)), Timeline.of((2.5, 3))
    db = 20 * np.log10(gain)
    loud, soft = (level.measure([each], RATE, quiet) for each in (sound, sound * gain))
    assert loud.active_level_dbov is not None and soft.active_level_dbov is not None
    assert soft.active_level_dbov == pytest.approx(loud.active_level_dbov + db, abs=0.05)
    assert soft.snr_db == pytest.approx(loud.snr_db, abs=0.05)
    assert loss.measure([sound * gain], RATE, -20.0 + db).gaps == loss.measure([sound], RATE, -20.0).gaps
    widths = [bandwidth.measure([each], RATE, spoken, Timeline()).upper_hz for each in (sound, sound * gain)]
    assert widths[0] == widths[1]


@given(st.lists(st.tuples(st.integers(0, 39), st.integers(1, 12)), max_size=4), SHIFTS)
@FEW
def test_no_signal_moves_with_the_channel(holes: list[tuple[int, int]], by_s: float) -> None:
    sound = np.random.default_rng(2).normal(size=5 * RATE) * 0.01
    for start, length in holes:
        sound[start * 1000 : (start + length) * 1000] = 0.003
    found = dead_line.no_signal([sound], RATE)
    assert dead_line.no_signal([sound], RATE, offset_s=by_s) == found.shifted(by_s)
    truth = Timeline(Span(s / 8, min(5.0, (s + n) / 8)) for s, n in holes).without_shorter(0.7)
    assert (truth - found).covered_s <= 0.1 * len(truth)
    assert dead_line.no_signal([sound[::-1]], RATE).covered_s == pytest.approx(found.covered_s, abs=0.2)


def test_measures_of_an_empty_conversation() -> None:
    empty = Conversation(0.0, "en", {})
    assert fillers.measure(empty, "agent", ENGLISH) == fillers.Fillers((), None, ())
    found = patience.measure(empty, ENGLISH)
    assert (found.broken, found.left, found.median_s, found.longest_left) == (0, 0, None, None)
    assert questions.measure(empty, ENGLISH) == ()
    assert pushed(empty) == pressure.Pressure((), None, None, None)
    assert standing.measure({"speech_rate_wpm": None}, "en", [standing.ReferenceCall("a", "en", 1.0)]) == ()
    assert dead_line.measure(empty, {}, {}) == Timeline()
