"""Chunks and words: laws of cutting speech up and putting words back where they were said."""

from __future__ import annotations

from collections.abc import Mapping
from itertools import pairwise
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from speechqa.audio import Samples, open_audio
from speechqa.engines.asr import CHUNK_S, RATE_HZ, Chunk, Spoken, Transcript, chunks_of, recognize_speech, under_speech
from speechqa.recording import Channel
from speechqa.timeline import Span, Timeline
from tests.speechqa.sounds import bursts, write

WHOLE = Span(0.0, 600.0)
timelines = st.lists(
    st.tuples(st.floats(0, 500), st.floats(0.05, 90)).map(lambda pair: Span(pair[0], pair[0] + pair[1])), max_size=12
).map(Timeline)


@given(timelines)
def test_all_speech_is_in_chunks_that_fit_and_no_moment_twice(speech: Timeline) -> None:
    chunks = list(chunks_of(speech, WHOLE))
    spans = [piece.span for chunk in chunks for piece in chunk.pieces]
    assert all(chunk.duration_s <= CHUNK_S + 1e-6 for chunk in chunks)
    assert (speech - Timeline(spans)).covered_s == pytest.approx(0, abs=1e-6)
    assert all(one.end_s <= two.start_s + 1e-9 for one, two in pairwise(spans))


@given(timelines.filter(bool))
def test_a_word_goes_back_to_where_it_was_said(speech: Timeline) -> None:
    for chunk in chunks_of(speech, WHOLE):
        for piece in chunk.pieces:
            middle = piece.at_s + piece.span.duration_s / 2
            back = chunk.in_recording(Spoken("word", middle, middle))
            assert back.start_s == pytest.approx(piece.span.start_s + piece.span.duration_s / 2)


@pytest.mark.parametrize(
    ("text", "start_s", "end_s", "piece"),
    [
        ("you?", 1.75, 1.95, 0),  # in the silence nearer to the second piece
        ("you?", 1.85, 2.1, 0),  # on its first sound
        ("you?", 1.9, 2.4, 1),
        ("Right.", 1.75, 1.95, 1),
        ("that", 1.75, 1.95, 1),
        ("you?", 0.1, 0.3, 0),
    ],
)
def test_the_last_word_of_a_sentence_stays_with_its_sentence(
    text: str, start_s: float, end_s: float, piece: int
) -> None:
    chunk = Chunk().with_piece(Span(10.0, 11.4)).with_piece(Span(20.0, 22.0))
    assert chunk.pieces[1].at_s == pytest.approx(1.9)
    back = chunk.in_recording(Spoken(text, start_s, end_s))
    span = chunk.pieces[piece].span
    assert span.start_s <= back.start_s <= back.end_s <= span.end_s


def test_words_lie_under_speech_or_are_dropped() -> None:
    speech = Timeline.of((1.0, 2.0), (5.0, 6.0))
    spoken = (
        Spoken("early", 0.7, 1.3),
        Spoken("inside", 1.4, 1.6),
        Spoken("late", 1.9, 2.4),
        Spoken("invented", 3.0, 3.5),
        Spoken("touching", 4.6, 4.9),
        Spoken("", 5.2, 5.4),
    )
    words = {word.text: (word.start_s, word.end_s) for word in under_speech(iter(spoken), "agent", speech)}
    assert words == {
        "early": (1.0, 1.3),
        "inside": (1.4, 1.6),
        "late": (1.9, 2.0),
        "touching": (5.0, 5.02),
    }


class Loudness:
    """A recogniser that says "loud1", "loud2" … for each half second with sound in it."""

    name = "loudness"
    version = "1"
    language = None
    identifies = False

    def __init__(self) -> None:
        self.heard_s: list[float] = []

    def identify(self, samples: Samples) -> Mapping[str, float]:
        """It cannot tell."""
        return {}

    def accepts(self, language: str) -> bool:
        """Every language."""
        return True

    def recognize(self, samples: Samples, language: str | None) -> Transcript:
        """One word per loud half second."""
        self.heard_s.append(len(samples) / RATE_HZ)
        half = RATE_HZ // 2
        loud = [at for at in range(0, len(samples) - half, half) if abs(samples[at : at + half]).mean() > 0.02]
        return Transcript(
            tuple(Spoken(f"loud{n}", at / RATE_HZ, at / RATE_HZ + 0.5, 0.9) for n, at in enumerate(loud, 1)), "xx"
        )


def test_only_speech_is_given_to_the_recogniser_and_words_come_back_in_place(tmp_path: Path) -> None:
    channel = Channel(open_audio(write(tmp_path / "a.wav", bursts(60, (10, 12), (40, 43)))), 0, offset_s=2.0)
    speech = Timeline.of((12, 14), (42, 45))
    recognizer = Loudness()
    words, language = recognize_speech(channel, "agent", speech, recognizer, None)
    assert language == "xx"
    assert sum(recognizer.heard_s) < 6.5
    assert len(words) >= 8
    assert all(any(span.start_s <= word.start_s and word.end_s <= span.end_s for span in speech) for word in words)


def test_without_speech_the_recogniser_is_not_asked(tmp_path: Path) -> None:
    channel = Channel(open_audio(write(tmp_path / "a.wav", bursts(5))), 0)
    recognizer = Loudness()
    assert recognize_speech(channel, "agent", Timeline(), recognizer, "en") == ((), "en")
    assert recognizer.heard_s == []


class GivesUp:
    """Makes nothing of more than three seconds."""

    name, version = "gives up", "1"

    def accepts(self, language: str) -> bool:
        return True

    def recognize(self, samples: Samples, language: str | None) -> Transcript:
        length_s = len(samples) / RATE_HZ
        if length_s > 3.0:
            return Transcript((), "en")
        return Transcript((Spoken("one", 0.3, 0.5), Spoken("two", 0.6, 0.8), Spoken("three", 0.9, 1.1)), "en")


def test_a_chunk_that_the_recogniser_gives_up_on_is_heard_in_halves(tmp_path: Path) -> None:
    path = write(tmp_path / "call.wav", bursts(12.0, (1.0, 2.5), (6.0, 7.5)))
    channel = Channel(open_audio(path), 0)
    speech = Timeline.of((1.0, 2.5), (6.0, 7.5))
    words, language = recognize_speech(channel, "customer", speech, GivesUp(), None)
    assert [word.text for word in words] == ["one", "two", "three"] * 2
    assert language == "en"
