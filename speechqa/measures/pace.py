"""Pace: how fast a party speaks.

Definition. *Speech rate* = spoken words / speaking time, in words per minute; speaking time is the party's speech
with the pauses of up to ``max_pause_s`` inside its turns. A stretch in which the party was cut off counts with
neither (unless there is no other): its last words were not said to the end, and recognisers drop or complete them.
*Articulation rate* = syllables / phonation time (gaps of 0.25 s and more removed), in syllables per second. A *burst*
is the part of one turn that lies in 10 s windows, moved on by 1 s, above ``limit_wpm``, and is above it by itself; a
window counts when at least half of it is speaking time. *Accelerates*: the rate of the second half of the turns over
that of the first. The articulation rate is also given as words over phonation time, in words per minute. Each turn
has its own rates.
Default. Fewer than 3 words give no rate; pauses up to 1 s count; 120-160 wpm is comfortable, more than 180 rushed.
Source. Articulation rate and 250 ms: de Jong & Bosker 2013. The limits of 160 and 180 wpm are vendor practice, no
study.
Limits. The denominator matters: a group of real bank agents reads 244 wpm over word time, 230 over turn time and 57
over call time. Words are those of the recogniser, without most filled pauses; syllables are an estimate
from spelling.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import accumulate

from clearline.pace import (
    FEWEST_WORDS,
    MAX_PAUSE_S,
    PHONATION_GAP_S,
    RUSHED_WPM,
    articulation_rate_sps,
    speech_rate_wpm,
)
from speechqa.conversation import Conversation, Party, Turn, Word
from speechqa.lexicon import Lexicon
from speechqa.measures.inputs import validate, validate_positive
from speechqa.measures.spoken import count_syllables, count_words, spoken_words
from speechqa.timeline import Span, Timeline

STEP_S = 1.0


@dataclass(frozen=True, slots=True)
class PaceSettings:
    """``max_pause_s``, ``window_s`` in seconds, ``limit_wpm`` in words per minute."""

    max_pause_s: float = MAX_PAUSE_S
    window_s: float = 10.0
    limit_wpm: float = RUSHED_WPM


@dataclass(frozen=True, slots=True)
class Burst:
    """A passage above the limit; ``wpm`` is that of its fastest window, ``quote`` its first words."""

    start_s: float
    end_s: float
    wpm: float
    quote: str


@dataclass(frozen=True, slots=True)
class Pace:
    """Rates are None where fewer than ``FEWEST_WORDS`` of the party were recognised."""

    speech_rate_wpm: float | None
    articulation_rate_sps: float | None
    words: int
    syllables: float | None
    speaking_s: float
    phonation_s: float
    bursts: tuple[Burst, ...] = ()
    acceleration: float | None = None
    articulation_rate_wpm: float | None = None


def measure(
    conversation: Conversation,
    party: Party,
    lexicon: Lexicon,
    settings: PaceSettings | None = None,
    *,
    cut_off: Timeline | None = None,
) -> Pace:
    """The party's pace over the call; the conversation needs its turns.

    ``cut_off``: the stretches in which the other cut the party off (`speechqa.measures.overlaps.cut_off`).
    """
    validate(conversation)
    settings = settings or PaceSettings()
    validate_positive(max_pause_s=settings.max_pause_s, window_s=settings.window_s, limit_wpm=settings.limit_wpm)
    turns = conversation.turns_of(party)
    said = tuple(word for turn in turns for word in turn.words)
    speaking = speaking_time(turns, settings.max_pause_s)
    phonation_s = sum(turn.speech.closed(PHONATION_GAP_S).covered_s for turn in turns)
    words, syllables = count_words(said), count_syllables(said, lexicon)
    return Pace(
        speech_rate_wpm=_rate(said, speaking, cut_off or Timeline()) if words >= FEWEST_WORDS else None,
        articulation_rate_sps=articulation_rate_sps(syllables if words >= FEWEST_WORDS else None, phonation_s),
        words=words,
        syllables=syllables,
        speaking_s=speaking.covered_s,
        phonation_s=phonation_s,
        bursts=_bursts(turns, said, speaking, settings),
        acceleration=_acceleration(turns, settings.max_pause_s),
        articulation_rate_wpm=speech_rate_wpm(words, phonation_s) if words >= FEWEST_WORDS else None,
    )


def _rate(said: Sequence[Word], speaking: Timeline, cut_off: Timeline) -> float | None:
    """Words per minute of speaking time outside ``cut_off``; of all where nothing else was said."""
    counted, talk = said, speaking
    if cut_off:
        counted = tuple(word for word in said if _middle(word) not in cut_off)
        talk = speaking - cut_off
    words = count_words(counted)
    if words and talk:
        return speech_rate_wpm(words, talk.covered_s)
    return speech_rate_wpm(count_words(said), speaking.covered_s)


def speaking_time(turns: Sequence[Turn], max_pause_s: float) -> Timeline:
    """Speech with the pauses of up to ``max_pause_s`` inside turns."""
    return Timeline(span for turn in turns for span in turn.speech.closed(max_pause_s))


def turn_rate_wpm(turn: Turn, max_pause_s: float = MAX_PAUSE_S) -> float | None:
    """The speech rate of one turn in words per minute, None below ``FEWEST_WORDS``."""
    words = count_words(turn.words)
    return speech_rate_wpm(words, turn.speech.closed(max_pause_s).covered_s) if words >= FEWEST_WORDS else None


def turn_articulation_sps(turn: Turn, lexicon: Lexicon) -> float | None:
    """The articulation rate of one turn in syllables per second, None with few words or without the language's rule."""
    if count_words(turn.words) < FEWEST_WORDS:
        return None
    syllables = count_syllables(turn.words, lexicon)
    return articulation_rate_sps(syllables, turn.speech.closed(PHONATION_GAP_S).covered_s)


def _acceleration(turns: Sequence[Turn], max_pause_s: float) -> float | None:
    """Rate of the later half of the turns (by words) over that of the earlier half; None below 40 words."""
    counts = [count_words(turn.words) for turn in turns]
    if sum(counts) < 40 or len(turns) < 2:
        return None
    reached = list(accumulate(counts))
    split = next(i for i, count in enumerate(reached, 1) if count >= reached[-1] / 2)
    if split == len(turns):
        split -= 1
    first_s = speaking_time(turns[:split], max_pause_s).covered_s
    second_s = speaking_time(turns[split:], max_pause_s).covered_s
    if not first_s or not second_s or not sum(counts[:split]):
        return None
    return (sum(counts[split:]) / second_s) / (sum(counts[:split]) / first_s)


def _bursts(
    turns: Sequence[Turn], words: Sequence[Word], speaking: Timeline, settings: PaceSettings
) -> tuple[Burst, ...]:
    if not speaking or not words:
        return ()
    running = _Running(words, speaking)
    last_s = speaking.end_s
    fast: list[Span] = []
    at_s = speaking.start_s
    while at_s < last_s:
        spoken_s = running.spoken_s(at_s, at_s + settings.window_s)
        wpm = 60 * running.words(at_s, at_s + settings.window_s) / spoken_s if spoken_s else 0.0
        if spoken_s >= settings.window_s / 2 and wpm > settings.limit_wpm:
            fast.append(Span(at_s, min(at_s + settings.window_s, last_s)))
        at_s += STEP_S
    passages = Timeline(fast)
    parts = ((turn, _both(speaking, passages, Span(turn.start_s, turn.end_s))) for turn in turns)
    bursts = (_burst(part, turn.words, speaking, running, settings) for turn, part in parts if part)
    return tuple(burst for burst in bursts if burst is not None)


def _both(one: Timeline, two: Timeline, within: Span) -> Timeline:
    return one.cropped(within) & two.cropped(within)


def _burst(
    part: Timeline, words: Sequence[Word], speaking: Timeline, running: _Running, settings: PaceSettings
) -> Burst | None:
    """The burst of one turn's part, at the rate of its fastest window; None when that is no burst of its own."""
    start_s, end_s = part.start_s, part.end_s
    wpm = 0.0
    while start_s < end_s:
        window = Span(start_s, min(start_s + settings.window_s, end_s))
        spoken_s = speaking.cropped(window).covered_s
        if spoken_s >= settings.window_s / 2:
            wpm = max(wpm, 60 * running.words(window.start_s, window.end_s) / spoken_s)
        start_s += STEP_S
    if wpm <= settings.limit_wpm:
        return None
    quote = " ".join(word.text for word in words if part.start_s <= _middle(word) < end_s)
    return Burst(part.start_s, end_s, wpm, " ".join(quote.split()[:14]))


def _middle(word: Word) -> float:
    return (word.start_s + word.end_s) / 2


class _Running:
    """Sums up to any moment, so that a window is the difference of two of them."""

    def __init__(self, words: Sequence[Word], speaking: Timeline) -> None:
        timed = sorted((_middle(word), spoken_words(word.text)) for word in words)
        self._at = [at_s for at_s, _ in timed]
        self._counts = [0, *accumulate(count for _, count in timed)]
        self._spans = speaking.spans
        self._covered = [0.0, *accumulate(span.duration_s for span in speaking)]

    def words(self, start_s: float, end_s: float) -> int:
        """Spoken words whose middle lies in the window."""
        return self._counts[bisect_left(self._at, end_s)] - self._counts[bisect_left(self._at, start_s)]

    def spoken_s(self, start_s: float, end_s: float) -> float:
        """Seconds of speaking time in the window."""
        return self._until(end_s) - self._until(start_s)

    def _until(self, at_s: float) -> float:
        i = bisect_left(self._spans, at_s, key=lambda span: span.start_s)
        if not i:
            return 0.0
        return self._covered[i - 1] + min(at_s - self._spans[i - 1].start_s, self._spans[i - 1].duration_s)
