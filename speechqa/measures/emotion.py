"""Emotion: the customer's negative emotion over the call, 0-1, from words and voice, relative to their own norm.

Definition. One point per turn of the customer; a turn longer than 12 s is cut at sentence ends. *Words*: see
`speechqa.measures.feelings`. *Voice*: pitch, level and speech rate against those of the norm, the caller's first
neutral turn (no cue of negative emotion, one second of voiced speech). The voice adds up to 0.25 and never makes a
point high alone; a raised level counts only as far as the pitch is raised too, so that nothing follows from loudness
alone; and where the words are grateful it counts nothing. *Smoothed*: each point moves the curve toward its value, the
more the more it says (`GAINS`), starting from the norm (0.2 by the scale). *Raised*: smoothed 0.5 and more, in a turn
that itself is at least 0.1 above the norm. Each point says what it rests on: cues, ``pitch_z`` (standard deviations, of
at least 1.5 semitones, above the norm), ``level_db`` and ``rate_ratio``.
Default. The limits above.
Source. S2; voices rise in pitch, level and rate under strong emotion (Scherer 2003, Speech Communication 40); the
weights are own definitions.
Limits. Arousal is not anger: joy sounds alike, so the voice only adds to words. Synthetic voices feel nothing. Where
the voice was not measured (no sound, a mono recording, noise, no neutral turn) the curve rests on words alone and
``reason`` says why; without words, or in a language without rules for feelings, it is None.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from speechqa.conversation import Conversation, Turn, Voice, Word
from speechqa.lexicon import Lexicon
from speechqa.measures import feelings
from speechqa.measures.feelings import NEGATIVE, NEUTRAL, Cue
from speechqa.measures.inputs import validate
from speechqa.measures.spoken import count_words
from speechqa.sentences import Sentence, punctuated, sentences
from speechqa.timeline import Span, Timeline

RAISED = 0.5
SHOWN = 0.1
LONGEST_POINT_S = 12.0
VOICED_S, NORM_VOICED_S = 0.4, 1.0
LEAST_SPREAD_ST = 1.5
SPREAD_OF_RANGE = 2.56
"""From the 10th to the 90th percentile of a normal distribution there are so many standard deviations."""
VOICE_ADDS = 0.25
RATED_WORDS = 5
GAINS = {"strong": 0.85, "mild": 0.7, "calm": 0.7, "relief": 0.85, "neutral": 0.5, "slight": 0.2}
SLIGHT_WORDS = 3
NO_SOUND = "The voice was not measured, so the curve rests on words alone."
NO_NORM = "There is no neutral turn of the customer to compare the voice with, so the curve rests on words alone."


@dataclass(frozen=True, slots=True)
class Point:
    """The customer's emotion in a turn, or a part of a long one; see the module docstring for each figure."""

    start_s: float
    end_s: float
    value: float
    smoothed: float
    quote: str
    cues: tuple[Cue, ...] = ()
    pitch_z: float | None = None
    level_db: float | None = None
    rate_ratio: float | None = None


@dataclass(frozen=True, slots=True)
class Norm:
    """The caller's first neutral turn: where it is, and the voice there (None where it was not measured)."""

    start_s: float
    end_s: float
    quote: str
    pitch_st: float | None = None
    spread_st: float | None = None
    level_db: float | None = None
    rate_wpm: float | None = None


@dataclass(frozen=True, slots=True)
class Emotion:
    """The curve; ``norm_value`` is the line that it is compared with, ``raised`` when it is at `RAISED` and more."""

    points: tuple[Point, ...]
    raised: Timeline
    basis: Literal["words", "words and voice"]
    norm: Norm | None
    norm_value: float = NEUTRAL
    reason: str = ""

    @property
    def peak(self) -> Point:
        """The highest point of the smoothed curve, the first of equals."""
        return max(self.points, key=lambda each: each.smoothed)


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A turn or a part of one, before it is judged."""

    span: Span
    said: tuple[Sentence, ...]
    cues: tuple[Cue, ...]
    voice: Voice | None

    @property
    def words(self) -> tuple[Word, ...]:
        return tuple(word for sentence in self.said for word in sentence.words)

    @property
    def rate_wpm(self) -> float | None:
        spoken = count_words(self.words)
        return 60 * spoken / self.span.duration_s if spoken >= RATED_WORDS and self.span.duration_s > 0 else None


def measure(conversation: Conversation, lexicon: Lexicon) -> Emotion | None:
    """The curve of the customer, whose language the lexicon is of; the conversation needs its turns."""
    validate(conversation)
    if not feelings.known(lexicon):
        return None
    voices = conversation.voices.get("customer", ())
    marks = punctuated(conversation.words, lexicon)
    found = [
        _Stretch(span, part, feelings.cues(part, lexicon), _voice_in(voices, span))
        for turn in conversation.turns_of("customer")
        for span, part in _placed(turn, tuple(_parts(turn, lexicon, marks)))
    ]
    if not found:
        return None
    norm = _norm(found)
    heard = norm is not None and norm.pitch_st is not None
    reason = "" if heard else NO_NORM if voices else NO_SOUND
    points = tuple(_points(found, norm if heard else None))
    raised = Timeline(Span(each.start_s, each.end_s) for each in points if _raised(each))
    return Emotion(points, raised, "words and voice" if heard else "words", norm, reason=reason)


def _raised(point: Point) -> bool:
    return point.smoothed >= RAISED and point.value >= NEUTRAL + SHOWN


def _placed(turn: Turn, parts: Sequence[tuple[Sentence, ...]]) -> Iterator[tuple[Span, tuple[Sentence, ...]]]:
    """Each part with its time: the turn's own edges at both ends, words' edges between parts."""
    for number, part in enumerate(parts):
        start_s = turn.start_s if number == 0 else part[0].start_s
        end_s = max(each.end_s for each in part) if number < len(parts) - 1 else turn.end_s
        yield Span(start_s, max(start_s, end_s)), part


def _parts(turn: Turn, lexicon: Lexicon, marks: bool) -> Iterator[tuple[Sentence, ...]]:
    part: list[Sentence] = []
    for sentence in sentences(turn.words, lexicon, marks=marks):
        if part and sentence.end_s - part[0].start_s > LONGEST_POINT_S:
            yield tuple(part)
            part = []
        part.append(sentence)
    if part:
        yield tuple(part)


def _voice_in(voices: Sequence[Voice], span: Span) -> Voice | None:
    """The voice over that time: the stretches whose middle lies in it."""
    first = bisect_left(voices, span.start_s, key=_middle)
    return joined(voices[first : bisect_right(voices, span.end_s, key=_middle)])


def _middle(voice: Voice) -> float:
    return (voice.start_s + voice.end_s) / 2


def joined(voices: Sequence[Voice]) -> Voice | None:
    """Several stretches of one voice as one, weighed by how much is voiced; None where that is too little."""
    told = [v for v in voices if v.pitch_st is not None and v.range_st is not None and v.level_db is not None]
    whole = sum(v.voiced_s for v in told)
    if whole < VOICED_S:
        return None

    def mean(values: Sequence[float]) -> float:
        return sum(value * v.voiced_s for value, v in zip(values, told, strict=True)) / whole

    pitch, spread, level = (mean([getattr(v, name) for v in told]) for name in ("pitch_st", "range_st", "level_db"))
    return Voice(told[0].start_s, told[-1].end_s, whole, pitch, spread, level)


def _neutral(stretch: _Stretch) -> bool:
    return not any(cue.feeling in NEGATIVE for cue in stretch.cues)


def _norm(found: Sequence[_Stretch]) -> Norm | None:
    """The first neutral turn with enough voice, else the first neutral one."""
    neutral = [each for each in found if _neutral(each) and len(each.words) > 1]
    voiced = (each for each in neutral if each.voice is not None and each.voice.voiced_s >= NORM_VOICED_S)
    first = next(voiced, None) or next(iter(neutral), None)
    if first is None:
        return None
    quote = " ".join(each.quote for each in first.said)
    voice = first.voice if first.voice and first.voice.voiced_s >= NORM_VOICED_S else None
    if voice is None or voice.range_st is None:
        return Norm(first.span.start_s, first.span.end_s, quote, rate_wpm=first.rate_wpm)
    spread = max(LEAST_SPREAD_ST, voice.range_st / SPREAD_OF_RANGE)
    span = first.span
    return Norm(span.start_s, span.end_s, quote, voice.pitch_st, spread, voice.level_db, first.rate_wpm)


def _points(found: Sequence[_Stretch], norm: Norm | None) -> Iterator[Point]:
    height = NEUTRAL
    for each in found:
        words = feelings.height(each.cues)
        pitch_z, level_db, rate = _against(each, norm)
        value = words + (VOICE_ADDS * _arousal(pitch_z, level_db, rate) if words >= NEUTRAL else 0.0)
        value = min(1.0, value)
        height += _gain(each, value) * (value - height)
        quote = " ".join(sentence.quote for sentence in each.said)
        yield Point(each.span.start_s, each.span.end_s, value, height, quote, each.cues, pitch_z, level_db, rate)


def _against(each: _Stretch, norm: Norm | None) -> tuple[float | None, float | None, float | None]:
    """Pitch (standard deviations), level (dB) and rate (ratio) against the norm."""
    if norm is None or each.voice is None or norm.pitch_st is None or norm.spread_st is None:
        return None, None, None
    pitch, level = each.voice.pitch_st, each.voice.level_db
    z = None if pitch is None else (pitch - norm.pitch_st) / norm.spread_st
    louder = None if level is None or norm.level_db is None else level - norm.level_db
    return z, louder, each.rate_wpm / norm.rate_wpm if each.rate_wpm and norm.rate_wpm else None


def _arousal(pitch_z: float | None, level_db: float | None, rate: float | None) -> float:
    """0-1: half from the pitch (full at 2 deviations), the rest from level and rate as far as the pitch is raised."""
    if pitch_z is None:
        return 0.0
    high = _share(pitch_z, 2.0)
    loud, fast = _share(level_db or 0.0, 6.0), _share((rate or 1.0) - 1.0, 0.5)
    return 0.5 * high + 0.3 * min(high, loud) + 0.2 * min(high, fast)


def _share(value: float, full: float) -> float:
    return min(1.0, max(0.0, value / full)) if math.isfinite(value) else 0.0


def _gain(each: _Stretch, value: float) -> float:
    """How far the point moves the curve toward its value."""
    said = {cue.feeling for cue in each.cues}
    if said & {"rage", "anger"}:
        return GAINS["strong"]
    if said & {"annoyance", "complaint"}:
        return GAINS["mild"]
    if "relief" in said:
        return GAINS["relief"]
    if "accepting" in said:
        return GAINS["calm"]
    return GAINS["slight"] if len(each.words) <= SLIGHT_WORDS and value <= NEUTRAL else GAINS["neutral"]
