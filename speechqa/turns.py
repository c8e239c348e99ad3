"""Turns: a stretch of one party's speech, pauses inside allowed, not divided by the other party taking the floor.

Definition. Speech whose gaps are below 0.25 s is one *utterance* (shorter gaps are closures of consonants, not
pauses; de Jong & Bosker 2013). An utterance that lies wholly inside the other's talk does not take the floor
(backchannel, attempt). Two utterances of a party belong to one turn unless, between them, the other party had the
floor alone (who resumes within 0.6 s while the other already talked has not left it), or nobody spoke for
``silence_ends_turn_s`` (then it is dead air, not a pause). An acknowledgement of at most 1 s ("mm-hmm") between them
does not take the floor either, unless it answers a question.

Words are given to the utterance that they overlap most, or to the nearest one when the recogniser's edges (good to
0.1-0.4 s) put them into a gap; a word further than ``word_reach_s`` from any speech of its party was invented and is
left out.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, replace

from speechqa.conversation import PARTIES, Conversation, Party, Turn, Word, other
from speechqa.lexicon import Lexicon
from speechqa.measures.inputs import validate
from speechqa.timeline import Span, Timeline

ACKNOWLEDGEMENT_MAX_S = 1.0


@dataclass(frozen=True, slots=True)
class TurnSettings:
    """Seconds; see the module docstring."""

    utterance_gap_s: float = 0.25
    silence_ends_turn_s: float = 3.0
    word_reach_s: float = 0.5
    floor_alone_s: float = 0.2
    resumes_within_s: float = 0.6


@dataclass(frozen=True, slots=True)
class Utterance:
    """One party's unbroken talk with the words said in it."""

    party: Party
    span: Span
    words: tuple[Word, ...]


def utterances(conversation: Conversation, party: Party, settings: TurnSettings | None = None) -> tuple[Utterance, ...]:
    """That party's utterances in order, each with its words."""
    settings = settings or TurnSettings()
    spans = _speech(conversation, party).closed(settings.utterance_gap_s).spans
    owned: list[list[Word]] = [[] for _ in spans]
    for word in sorted(conversation.words_of(party), key=lambda word: (word.start_s, word.end_s)):
        owner = nearest(spans, word, settings.word_reach_s)
        if owner is not None:
            owned[owner].append(word)
    return tuple(Utterance(party, span, tuple(words)) for span, words in zip(spans, owned, strict=True))


def nearest(spans: Sequence[Span], word: Word, reach_s: float) -> int | None:
    """Index of the span that the word overlaps most, else of the nearest within ``reach_s`` seconds, else None.

    ``spans`` are in order and do not overlap.
    """

    def closeness(i: int) -> tuple[float, float]:
        shared = min(spans[i].end_s, word.end_s) - max(spans[i].start_s, word.start_s)
        return min(shared, word.end_s - word.start_s), -abs(spans[i].start_s - word.start_s)

    first = bisect_right(spans, word.start_s, key=lambda span: span.start_s) - 1
    last = bisect_right(spans, word.end_s, key=lambda span: span.start_s)
    best = max(range(max(0, first), min(len(spans), last + 1)), key=closeness, default=None)
    return best if best is not None and closeness(best)[0] >= -reach_s else None


def acknowledges(words: Sequence[Word], lexicon: Lexicon) -> bool:
    """Whether the words are an acknowledgement and nothing more ("mm-hmm", "yeah", "I see").

    Recognisers write short sounds as words that were never said: a word without duration or with a confidence below one
    half is no evidence of content, and neither is a light word ("it", "have") in an utterance this short.
    """
    firm = [word for word in words if word.end_s - word.start_s > 0.03 and word.confidence >= 0.5]
    tokens = [token for word in firm for token in lexicon.tokens(word.text)]
    if lexicon.has("bid", tokens):
        return False
    content = [token for token in tokens if token not in lexicon.acknowledgements and token not in lexicon.light_words]
    if not content:
        return len(tokens) <= 3 or all(token in lexicon.acknowledgements for token in tokens)
    return lexicon.has("acknowledging", tokens)


def with_turns(conversation: Conversation, lexicon: Lexicon, settings: TurnSettings | None = None) -> Conversation:
    """The conversation with its turns built from speech and words."""
    return replace(conversation, turns=build_turns(conversation, lexicon, settings))


def build_turns(conversation: Conversation, lexicon: Lexicon, settings: TurnSettings | None = None) -> tuple[Turn, ...]:
    """Both parties' turns in order of their start; backchannels are turns of their own inside the other's."""
    validate(conversation)
    settings = settings or TurnSettings()
    own = {party: utterances(conversation, party, settings) for party in PARTIES}
    turns = [
        turn
        for party in PARTIES
        for turn in _turns_of(conversation, own[party], floor_of(own, other(party), lexicon, settings), settings)
    ]
    return tuple(sorted(turns, key=lambda turn: (turn.start_s, turn.end_s, turn.party)))


def is_backchannel(turn: Turn, turns: Sequence[Turn], lexicon: Lexicon) -> bool:
    """Whether a turn is a short acknowledgement inside a turn of the other party; ``turns`` are in order of start."""
    if turn.end_s - turn.start_s > ACKNOWLEDGEMENT_MAX_S:
        return False
    at = bisect_right(turns, turn.start_s, key=lambda each: each.start_s) - 1
    while at >= 0 and turns[at].party == turn.party:
        at -= 1  # a party's turns do not overlap: only the other's latest one can go on now
    return at >= 0 and turn.end_s <= turns[at].end_s and acknowledges(turn.words, lexicon)


def floor_of(
    own: dict[Party, tuple[Utterance, ...]], party: Party, lexicon: Lexicon, settings: TurnSettings
) -> Timeline:
    """When that party had the floor: all but utterances inside the other's talk and acknowledgements in its pauses."""
    listened = Timeline(each.span for each in own[other(party)]).closed(settings.resumes_within_s)
    return Timeline(
        each.span
        for each in own[party]
        if not (listened.covers(each.span) or _acknowledges_pause(each, own[other(party)], own[party], lexicon))
    )


def _acknowledges_pause(
    each: Utterance, holders: Sequence[Utterance], mine: Sequence[Utterance], lexicon: Lexicon
) -> bool:
    """A short "mm-hmm" that the other, who asked nothing, follows up on."""
    if each.span.duration_s > ACKNOWLEDGEMENT_MAX_S or not each.words or not acknowledges(each.words, lexicon):
        return False
    at = bisect_left(holders, each.span.start_s, key=_start)
    if at in (0, len(holders)) or holders[at].span.start_s - each.span.end_s > 1.0:
        return False
    before, after = holders[at - 1], holders[at]
    own = bisect_left(mine, each.span.end_s, key=_start)
    if own < len(mine) and mine[own].span.start_s < after.span.start_s:
        return False
    asked = before.words and before.words[-1].text.rstrip("\"'”’").endswith("?")
    return not asked and each.span.start_s - before.span.end_s <= 1.0


def _start(utterance: Utterance) -> float:
    return utterance.span.start_s


def _turns_of(
    conversation: Conversation, own: Sequence[Utterance], others: Timeline, settings: TurnSettings
) -> list[Turn]:
    groups: list[list[Utterance]] = []
    anyone = _speech(conversation, "agent") | _speech(conversation, "customer")
    for each in own:
        if groups and _same_turn(groups[-1][-1].span, each.span, others, anyone, settings):
            groups[-1].append(each)
        else:
            groups.append([each])
    return [_turn(conversation, group) for group in groups]


def _same_turn(before: Span, after: Span, others: Timeline, anyone: Timeline, settings: TurnSettings) -> bool:
    gap = Span(before.end_s, after.start_s)
    if gap.duration_s < settings.resumes_within_s and any(each.start_s < gap.start_s < each.end_s for each in others):
        return True
    if others.cropped(gap).covered_s >= min(settings.floor_alone_s, gap.duration_s):
        return False
    return all(silent.duration_s < settings.silence_ends_turn_s for silent in anyone.gaps(gap))


def _turn(conversation: Conversation, group: Sequence[Utterance]) -> Turn:
    party = group[0].party
    extent = Span(group[0].span.start_s, group[-1].span.end_s)
    words = tuple(word for each in group for word in each.words)
    return Turn(party, _speech(conversation, party).cropped(extent), words)


def _speech(conversation: Conversation, party: Party) -> Timeline:
    return conversation.speech.get(party, Timeline())
