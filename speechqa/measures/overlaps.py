"""Overlaps: both parties speak; a list of events, each of one kind, told apart by words and timing.

Definition. An event is an overlap of at least ``min_s`` between two runs of speech (gaps up to 0.6 s closed); ``by``
is the party that began later.

- ``simultaneous_start``: both begin within 0.2 s after at least 0.2 s of silence.
- ``backchannel``: the words are an acknowledgement, at most 1.0 s, and the holder keeps the floor. Duration alone
  cannot tell. A sound of less than 0.4 s that leaves the holder the floor is one too, and one of up to 0.7 s whose
  words the recogniser does not believe in, or of which it wrote more than nine a second (a hum).
- ``attempt``: at least 0.4 s of content inside the holder's turn, and the holder keeps the floor, or goes on for more
  than 1 s or until finished.
- ``terminal``: begins in the last 0.5 s of a holder who had finished.
- ``interruption``: the holder stops within 1 s of the overlap's start, unfinished (`speechqa.measures.completion`)
  or more than 0.5 s into it, and the other goes on.
- ``redirect``: an interruption by the agent that opens with the customer's name, an acknowledgement or a polite
  request to stop, and leads to a question (S0.3): a candidate for credit, a human confirms.

*Cut word*: who gave the floor up fell silent within 30 ms for at least 0.65 of the way down (`speechqa.engines.falls`).
*Talk-over rate*: the agent's interruptions and attempts per minute of the customer's speech.
Default. min_s 0.10 s.
Source. Own definitions after Heldner & Edlund 2010 and Levinson & Torreira 2015; an interruption "cuts off
mid-sentence" in Contact Lens. In 9.2 h of two-party talk 16 % of the overlaps of 0.5 s and more were backchannels.
Limits. On a mono recording each moment of speech is given to one voice, so overlaps are missed there: the list is not
reliable (`overlaps_reliable` false) and gives no points. Redirects are recognised by their words,
not by whether the question was on the matter.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

from speechqa.conversation import PARTIES, Conversation, Party, Word
from speechqa.lexicon import Lexicon
from speechqa.measures.completion import finished
from speechqa.measures.inputs import validate, validate_positive
from speechqa.measures.names import calls_by_name, customer_names
from speechqa.sentences import punctuated
from speechqa.timeline import Span, Timeline
from speechqa.turns import Utterance, acknowledges, nearest

Kind = Literal["backchannel", "terminal", "simultaneous_start", "attempt", "interruption", "redirect"]
OPENING_TOKENS = 6
QUOTE_WORDS = 25
CUT_STEEPNESS = 0.65
HUM_CONFIDENCE = 0.55
MOST_WORDS_PER_S = 9.0  # more cannot be said


@dataclass(frozen=True, slots=True)
class OverlapSettings:
    """Seconds; see the module docstring."""

    min_s: float = 0.10
    run_gap_s: float = 0.6
    backchannel_max_s: float = 1.0
    terminal_s: float = 0.5
    together_s: float = 0.2
    silence_before_s: float = 0.2
    hum_max_s: float = 0.7
    attempt_min_s: float = 0.4
    yields_within_s: float = 1.0
    goes_on_s: float = 0.5
    word_reach_s: float = 0.5


@dataclass(frozen=True, slots=True)
class Overlap:
    """One event; ``quote`` is what the incoming party said, ``yielded`` who gave the floor up.

    ``cut_word``: whether who gave up the floor stopped in the middle of a word, by how steeply the voice fell silent;
    None where nobody did or the sound does not tell.
    """

    start_s: float
    end_s: float
    by: Party
    kind: Kind
    quote: str
    yielded: Party | None
    cut_word: bool | None = None


@dataclass(frozen=True, slots=True)
class _Meeting:
    """An incoming run that began while the holder's run went on."""

    incoming: Utterance
    holder: Utterance
    shared: Span
    voiced_s: float


def measure(
    conversation: Conversation, lexicon: Lexicon, settings: OverlapSettings | None = None
) -> tuple[Overlap, ...]:
    """All overlap events in order of their start."""
    validate(conversation)
    settings = settings or OverlapSettings()
    validate_positive(min_s=settings.min_s, run_gap_s=settings.run_gap_s)
    judge = _Judge(conversation, lexicon, settings)
    found = [judge.event(meeting) for meeting in _meetings(judge.runs, conversation, settings)]
    return tuple(sorted(found, key=lambda event: (event.start_s, event.end_s, event.by)))


def talk_over_rate(overlaps: Sequence[Overlap], conversation: Conversation) -> float | None:
    """The agent's interruptions and attempts per minute of the customer's speech; None without such speech."""
    minutes = conversation.speech.get("customer", Timeline()).covered_s / 60
    count = sum(each.by == "agent" and each.kind in ("interruption", "attempt") for each in overlaps)
    return count / minutes if minutes else None


def cut_off(
    overlaps: Sequence[Overlap], conversation: Conversation, settings: OverlapSettings | None = None
) -> dict[Party, Timeline]:
    """Per party the runs of speech in which the other cut it off."""
    gap_s = (settings or OverlapSettings()).run_gap_s
    cut: dict[Party, Timeline] = {}
    for party in PARTIES:
        ends = [each.end_s for each in overlaps if each.yielded == party and each.by != party]
        runs = conversation.speech.get(party, Timeline()).closed(gap_s)
        cut[party] = Timeline(run for run in runs if any(run.start_s < end_s <= run.end_s + 0.01 for end_s in ends))
    return cut


def _runs(conversation: Conversation, party: Party, settings: OverlapSettings) -> tuple[Utterance, ...]:
    spans = conversation.speech.get(party, Timeline()).closed(settings.run_gap_s).spans
    owned: list[list[Word]] = [[] for _ in spans]
    for word in conversation.words_of(party):
        owner = nearest(spans, word, settings.word_reach_s)
        if owner is not None:
            owned[owner].append(word)
    return tuple(Utterance(party, span, tuple(words)) for span, words in zip(spans, owned, strict=True))


def _meetings(
    runs: dict[Party, tuple[Utterance, ...]], conversation: Conversation, settings: OverlapSettings
) -> list[_Meeting]:
    both = conversation.speech.get("agent", Timeline()) & conversation.speech.get("customer", Timeline())
    out = []
    for mine in runs["agent"]:
        first = bisect_right(runs["customer"], mine.span.start_s, key=lambda run: run.span.end_s)
        for theirs in runs["customer"][first : _begun(runs["customer"], mine.span.end_s)]:
            shared = mine.span & theirs.span
            voiced = both.cropped(shared) if shared else Timeline()
            if not voiced or voiced.covered_s < settings.min_s:
                continue
            later, earlier = (mine, theirs) if mine.span.start_s >= theirs.span.start_s else (theirs, mine)
            out.append(_Meeting(later, earlier, Span(voiced.start_s, voiced.end_s), voiced.covered_s))
    return out


def _begun(runs: Sequence[Utterance], at_s: float) -> int:
    """How many of the runs began before that moment."""
    return bisect_left(runs, at_s, key=_start)


def _start(run: Utterance) -> float:
    return run.span.start_s


class _Judge:
    """Names the kind of each meeting of two runs in one conversation."""

    def __init__(self, conversation: Conversation, lexicon: Lexicon, settings: OverlapSettings) -> None:
        self.runs = {party: _runs(conversation, party, settings) for party in PARTIES}
        self._lexicon, self._settings = lexicon, settings
        self._marks = punctuated(conversation.words, lexicon)
        self._names = customer_names(conversation, lexicon)
        self._falls = {
            (party, round(fall.at_s, 3)): fall.steepness
            for party, falls in conversation.falls.items()
            for fall in falls
        }

    def event(self, meeting: _Meeting) -> Overlap:
        kind = self._kind(meeting)
        took = kind in ("interruption", "redirect")
        quote = " ".join(word.text for word in meeting.incoming.words[:QUOTE_WORDS])
        yielded = meeting.holder.party if took else meeting.incoming.party if kind == "attempt" else None
        run = meeting.holder if took else meeting.incoming
        steepness = self._steepness(run) if yielded else None
        cut = None if steepness is None else steepness >= CUT_STEEPNESS
        return Overlap(meeting.shared.start_s, meeting.shared.end_s, meeting.incoming.party, kind, quote, yielded, cut)

    def _kind(self, meeting: _Meeting) -> Kind:
        if self._together(meeting):
            return "simultaneous_start"
        overlap_s = meeting.holder.span.end_s - meeting.incoming.span.start_s
        done = self._finished(meeting, overlap_s)
        if self._holder_keeps(meeting):
            return self._inside(meeting)
        if done and overlap_s <= self._settings.terminal_s:
            return "terminal"
        if overlap_s > self._settings.yields_within_s:
            return "attempt"
        return "redirect" if self._redirects(meeting) else "interruption"

    def _finished(self, meeting: _Meeting, overlap_s: float) -> bool:
        holder, incoming = meeting.holder, meeting.incoming
        return finished(
            holder.words,
            holder.span.end_s,
            incoming.words,
            overlap_s,
            self._lexicon,
            marks=self._marks,
            steepness=self._steepness(holder),
        )

    def _steepness(self, run: Utterance) -> float | None:
        """How steeply the run fell silent, None where the sound does not tell."""
        return self._falls.get((run.party, round(run.span.end_s, 3)))

    def _inside(self, meeting: _Meeting) -> Kind:
        incoming = meeting.incoming
        short = incoming.span.duration_s <= self._settings.backchannel_max_s
        if self._answers(meeting):
            return "terminal"
        if short and (acknowledges(incoming.words, self._lexicon) or self._mumbled(incoming)):
            return "backchannel"
        return "attempt" if incoming.span.duration_s >= self._settings.attempt_min_s else "backchannel"

    def _mumbled(self, run: Utterance) -> bool:
        """A hum ("mm-hmm"), for which recognisers write words that they do not believe in, or too many for its time."""
        if run.span.duration_s > self._settings.hum_max_s or not run.words:
            return False
        lasted_s = max(word.end_s for word in run.words) - run.words[0].start_s
        crowded = len(run.words) > max(2.0, MOST_WORDS_PER_S * lasted_s)
        return crowded or sum(word.confidence for word in run.words) / len(run.words) < HUM_CONFIDENCE

    def _answers(self, meeting: _Meeting) -> bool:
        """The holder asked, stopped and only then went on: the incoming answers in between."""
        paused = meeting.incoming.span.end_s > meeting.shared.end_s
        if not paused or meeting.shared.duration_s > self._settings.terminal_s:
            return False
        before = [word for word in meeting.holder.words if word.start_s < meeting.shared.end_s]
        return bool(before) and before[-1].text.rstrip("\"'”’").endswith("?")

    def _together(self, meeting: _Meeting) -> bool:
        first_s = meeting.holder.span.start_s
        if meeting.incoming.span.start_s - first_s > self._settings.together_s:
            return False
        ends = [runs[begun - 1].span.end_s for runs in self.runs.values() if (begun := _begun(runs, first_s))]
        return not ends or first_s - max(ends) >= self._settings.silence_before_s

    def _holder_keeps(self, meeting: _Meeting) -> bool:
        """The incoming ends before the holder does, or soon after and the holder is the next to speak."""
        alone_s = meeting.incoming.span.end_s - meeting.holder.span.end_s
        if alone_s <= 0:
            return True
        if alone_s >= self._settings.goes_on_s:
            return False
        return self._next_start(meeting.holder) < self._next_start(meeting.incoming)

    def _next_start(self, run: Utterance) -> float:
        runs = self.runs[run.party]
        after = bisect_right(runs, run.span.start_s, key=_start)
        return runs[after].span.start_s if after < len(runs) else float("inf")

    def _redirects(self, meeting: _Meeting) -> bool:
        """Whether the agent's turn from here on opens as a redirect and leads to a question."""
        if meeting.incoming.party != "agent":
            return False
        words = self._turn_from(meeting)
        tokens = [token for word in words for token in self._lexicon.tokens(word.text)]
        opening = tokens[:OPENING_TOKENS]
        opens = self._lexicon.has("polite_stop", tokens[:20]) or calls_by_name(opening, self._names, self._lexicon)
        opens = opens or self._lexicon.has("redirect_opening", opening)
        return opens and (any(word.text.endswith("?") for word in words) or self._question(tokens))

    def _question(self, tokens: Sequence[str]) -> bool:
        """Whether the words are a question, or become one after the name ("Mrs Lee, when did it begin")."""
        named = (at for at, token in enumerate(tokens[:OPENING_TOKENS]) if token in self._lexicon.titles)
        begins = (0, *(at + words for at in named for words in (1, 2)))
        return any(self._lexicon.has("question", tokens[begin:]) for begin in begins)

    def _turn_from(self, meeting: _Meeting) -> tuple[Word, ...]:
        """The words from the overlap on to the next time that the holder speaks."""
        until_s = self._next_start(meeting.holder)
        runs = self.runs[meeting.incoming.party]
        after = runs[_begun(runs, meeting.incoming.span.start_s) : _begun(runs, until_s)]
        return tuple(word for run in after for word in run.words)
