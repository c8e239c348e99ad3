"""Recognition: the words of one party, fed with speech only and placed under acoustic speech.

A recogniser that is given silence invents words, and pays for listening to it. So the stretches of speech are cut out
with a little margin, lulls up to ``NATURAL_LULL_S`` left in, joined with short silences into chunks that fill the
recogniser's window, and the words mapped back to recording time. A chunk of which the recogniser made next to nothing
or a loop is heard again in halves. A word that ends up where nobody spoke is dropped, and the others are clamped to the
speech under them: a recogniser's word times are 0.1-0.4 s off, those of the voice activity are not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Protocol

import numpy as np

from speechqa.audio import Samples
from speechqa.conversation import Party, Word
from speechqa.engines.loops import loops
from speechqa.recording import Channel
from speechqa.timeline import Span, Timeline

RATE_HZ = 16_000
NATURAL_LULL_S = 1.0
MARGIN_S = 0.15
JOIN_S = 0.5  # with less, the first word of a piece is put at the end of the one before
CHUNK_S = 28.0  # Whisper's window is 30 s
FEWEST_WORDS_PER_S = 0.8  # slow talk has 1.5; with fewer the recogniser gave up on the chunk
NEAREST_SPEECH_S = 0.25
SHORTEST_WORD_S = 0.02
LATE_S = MARGIN_S + 0.1  # what ends so soon after the start of a piece was not said in it


@dataclass(frozen=True, slots=True)
class Spoken:
    """One recognised word, in seconds from the start of the samples that were given; ``confidence`` 0-1."""

    text: str
    start_s: float
    end_s: float
    confidence: float = 1.0


@dataclass(frozen=True, slots=True)
class Transcript:
    """What a recogniser made of some samples, and the language it took them for."""

    words: tuple[Spoken, ...]
    language: str


class Recognizer(Protocol):
    """What listening needs of a recogniser."""

    @property
    def name(self) -> str:
        """The engine and its model, for the record."""

    @property
    def version(self) -> str:
        """The engine's version."""

    @property
    def language(self) -> str | None:
        """The only language that the model knows; None when it knows several or does not say."""

    @property
    def identifies(self) -> bool:
        """Whether the model can tell languages apart."""

    def accepts(self, language: str) -> bool:
        """Whether the model knows this language (two letters)."""

    def identify(self, samples: Samples) -> Mapping[str, float]:
        """How likely (0-1) each language is in a few seconds of 16 kHz speech; asked only of one that identifies."""

    def recognize(self, samples: Samples, language: str | None) -> Transcript:
        """The words in at most ``CHUNK_S`` of 16 kHz samples; without a language the model decides."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch of the recording that stands at ``at_s`` in a chunk."""

    span: Span
    at_s: float


@dataclass(frozen=True, slots=True)
class Chunk:
    """Pieces that are recognised together, joined by ``JOIN_S`` of silence."""

    pieces: tuple[Piece, ...] = field(default=())

    @property
    def duration_s(self) -> float:
        """Length with the silence between the pieces."""
        return self.pieces[-1].at_s + self.pieces[-1].span.duration_s if self.pieces else 0.0

    def with_piece(self, span: Span) -> Chunk:
        """One piece more at the end."""
        at_s = self.duration_s + JOIN_S if self.pieces else 0.0
        return Chunk((*self.pieces, Piece(span, at_s)))

    @property
    def speech_s(self) -> float:
        """Length of the pieces alone."""
        return sum(piece.span.duration_s for piece in self.pieces)

    def halves(self) -> tuple[Chunk, Chunk]:
        """Two chunks with half of the pieces each."""
        middle = len(self.pieces) // 2
        first, second = Chunk(), Chunk()
        for piece in self.pieces[:middle]:
            first = first.with_piece(piece.span)
        for piece in self.pieces[middle:]:
            second = second.with_piece(piece.span)
        return first, second

    def samples(self, channel: Channel) -> Samples:
        """The sound of the chunk at ``RATE_HZ``."""
        sound = np.zeros(round(self.duration_s * RATE_HZ) + 1, np.float32)
        for piece in self.pieces:
            read = channel.read(piece.span, RATE_HZ)
            start = round(piece.at_s * RATE_HZ)
            sound[start : start + len(read)] = read[: len(sound) - start]
        return sound

    def in_recording(self, word: Spoken) -> Spoken:
        """The word in recording time, inside the piece that its middle lies in (or lies nearest to).

        The last word of a sentence that the recogniser put on the silence before a piece, or on its first sound,
        belongs to the piece before.
        """
        middle = (word.start_s + word.end_s) / 2
        beyond = [max(each.at_s - middle, middle - each.at_s - each.span.duration_s) for each in self.pieces]
        nearest = beyond.index(min(beyond))
        piece = self.pieces[nearest]
        if nearest and word.end_s <= piece.at_s + LATE_S and _closes_begun_sentence(word.text):
            piece = self.pieces[nearest - 1]
        shift = piece.span.start_s - piece.at_s
        start = min(max(word.start_s + shift, piece.span.start_s), piece.span.end_s)
        return replace(word, start_s=start, end_s=min(max(word.end_s + shift, start), piece.span.end_s))


def _closes_begun_sentence(text: str) -> bool:
    """The last word of a sentence, as "you?", and not a whole one, as "Right."."""
    return text[:1].islower() and text.rstrip("\"'”’)").endswith((".", "?", "!"))


def chunks_of(speech: Timeline, within: Span) -> Iterator[Chunk]:
    """Cut speech into chunks of at most ``CHUNK_S`` (a longer piece is divided)."""
    chunk = Chunk()
    for span in _pieces(speech, within):
        if chunk.pieces and chunk.duration_s + JOIN_S + span.duration_s > CHUNK_S:
            yield chunk
            chunk = Chunk()
        chunk = chunk.with_piece(span)
    if chunk.pieces:
        yield chunk


def recognize_speech(
    channel: Channel,
    party: Party,
    speech: Timeline,
    recognizer: Recognizer,
    language: str | None,
    done: Callable[[float], None] = lambda share: None,
) -> tuple[tuple[Word, ...], str | None]:
    """The party's words in recording time, in order, and the language (detected on the first chunk when None)."""
    words: list[Word] = []
    chunks = list(chunks_of(speech, channel.span))
    for number, chunk in enumerate(chunks, start=1):
        found, language = _heard(chunk, channel, party, speech, recognizer, language)
        if len(chunk.pieces) > 1 and (_looped(found) or len(found) < FEWEST_WORDS_PER_S * chunk.speech_s):
            halves = (_heard(each, channel, party, speech, recognizer, language)[0] for each in chunk.halves())
            again = [word for half in halves for word in half]
            found = max(found, again, key=lambda words: (not _looped(words), len(words)))
        words += found
        done(number / len(chunks))
    return tuple(sorted(words, key=lambda word: (word.start_s, word.end_s))), language


def _looped(words: Sequence[Word]) -> bool:
    return loops([word.text for word in words])


def _heard(
    chunk: Chunk, channel: Channel, party: Party, speech: Timeline, recognizer: Recognizer, language: str | None
) -> tuple[list[Word], str]:
    transcript = recognizer.recognize(chunk.samples(channel), language)
    near = speech.cropped(Span(chunk.pieces[0].span.start_s - 1, chunk.pieces[-1].span.end_s + 1))
    words = list(under_speech((chunk.in_recording(word) for word in transcript.words), party, near))
    return words, language or transcript.language


def under_speech(spoken: Iterator[Spoken], party: Party, speech: Timeline) -> Iterator[Word]:
    """Words clamped to the speech under them; those without any within ``NEAREST_SPEECH_S`` are dropped."""
    for word in spoken:
        span = _speech_under(Span(word.start_s, word.end_s), speech)
        if span is None or not word.text:
            continue
        start = min(max(word.start_s, span.start_s), max(span.start_s, span.end_s - SHORTEST_WORD_S))
        end = min(max(word.end_s, start + SHORTEST_WORD_S), span.end_s)
        yield Word(party, word.text, round(start, 3), round(end, 3), round(word.confidence, 3))


def _speech_under(word: Span, speech: Timeline) -> Span | None:
    near = [span for span in speech if span.end_s >= word.start_s - 1 and span.start_s <= word.end_s + 1]
    best = max(near, key=lambda span: min(span.end_s, word.end_s) - max(span.start_s, word.start_s), default=None)
    if best is None or min(best.end_s, word.end_s) - max(best.start_s, word.start_s) < -NEAREST_SPEECH_S:
        return None
    return best


def _pieces(speech: Timeline, within: Span) -> Iterator[Span]:
    """Speech with its natural lulls and a margin that never reaches past the middle of the silence beside it."""
    spans = speech.closed(NATURAL_LULL_S).spans
    for number, span in enumerate(spans):
        before = spans[number - 1].end_s if number else within.start_s - 2 * MARGIN_S
        after = spans[number + 1].start_s if number + 1 < len(spans) else within.end_s + 2 * MARGIN_S
        start = max(span.start_s - MARGIN_S, (before + span.start_s) / 2, within.start_s)
        end = min(span.end_s + MARGIN_S, (after + span.end_s) / 2, within.end_s)
        yield from _divided(Span(start, end), speech)


def _divided(piece: Span, speech: Timeline) -> Iterator[Span]:
    """A piece longer than a chunk, cut in the last lull that fits (or at the limit when there is none)."""
    while piece.duration_s > CHUNK_S:
        limit = piece.start_s + CHUNK_S
        lulls = speech.gaps(Span(piece.start_s + CHUNK_S / 2, limit)).spans
        cut = (lulls[-1].start_s + lulls[-1].end_s) / 2 if lulls else limit
        yield Span(piece.start_s, cut)
        piece = Span(cut, piece.end_s)
    yield piece
