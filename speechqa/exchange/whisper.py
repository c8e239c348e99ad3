"""JSON of Whisper and its relatives: openai-whisper, faster-whisper, WhisperX (with speakers), whisper.cpp.

Source: the writers of openai/whisper (``segments`` with ``words`` of ``word``, ``start``, ``end``, ``probability``),
m-bain/whisperX (``score`` and ``speaker`` on words and segments; a word that could not be aligned has no times) and
ggml-org/whisper.cpp (``transcription`` with ``offsets`` in milliseconds). Words without times get their share of the
room between their neighbours.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Annotated, Any

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from speechqa.errors import ExchangeError
from speechqa.exchange.document import fault, parse_json
from speechqa.exchange.transcript import Cue, TimedWord, Transcript, checked, ordered

NAME = "whisper"
Time = Annotated[float, Field(allow_inf_nan=False)]


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class _Word(_Part):
    word: str = Field(validation_alias="word")
    start: Time | None = None
    end: Time | None = None
    probability: float | None = None
    score: float | None = None
    speaker: str | None = None

    @property
    def confidence(self) -> float:
        given = self.score if self.probability is None else self.probability
        return 1.0 if given is None else min(1.0, max(0.0, given))


class _Segment(_Part):
    start: Time
    end: Time
    text: str = ""
    speaker: str | None = None
    words: list[_Word] | None = None


class _Whisper(_Part):
    segments: list[_Segment]
    language: str | None = None
    duration: float | None = Field(default=None, allow_inf_nan=False, ge=0)


class _Offsets(_Part):
    start_ms: int = Field(validation_alias="from")
    end_ms: int = Field(validation_alias="to")


class _Stretch(_Part):
    offsets: _Offsets
    text: str
    speaker: str | None = None


class _Result(_Part):
    language: str | None = None


class _WhisperCpp(_Part):
    transcription: list[_Stretch]
    result: _Result = _Result()


def read(text: str, name: str) -> Transcript:
    """The transcript in a Whisper or WhisperX JSON; raises ExchangeError with the line or the field."""
    return read_value(parse_json(text, name), name)


def read_value(value: Any, name: str) -> Transcript:
    """The same from the JSON value."""
    try:
        if isinstance(value, dict) and "transcription" in value:
            return _from_cpp(_WhisperCpp.model_validate(value), name)
        return _from_segments(_Whisper.model_validate(value), name)
    except ValidationError as error:
        raise ExchangeError(f"{name}, {fault(error)}.") from None


def _from_segments(whisper: _Whisper, name: str) -> Transcript:
    words: list[TimedWord] = []
    cues: list[Cue] = []
    for number, segment in enumerate(whisper.segments):
        where = f"{name}, segments[{number}]"
        checked(segment.start, segment.end, where)
        spoken = [word for word in segment.words or () if word.word.strip()]
        if any(word.start is not None and word.end is not None for word in spoken):
            words += _timed(spoken, segment, where)
        elif segment.text.split():
            cues.append(Cue(segment.speaker, " ".join(segment.text.split()), segment.start, segment.end))
    estimated = sum(
        word.start is None or word.end is None for segment in whisper.segments for word in segment.words or ()
    )
    notes = (f"{estimated} words had no times; they were put between their neighbours.",) if estimated else ()
    return ordered(
        NAME, words=words, cues=cues, language=_language(whisper.language), duration_s=whisper.duration, notes=notes
    )


def _timed(spoken: Sequence[_Word], segment: _Segment, where: str) -> list[TimedWord]:
    """The words of a segment; those without times share the room between the timed ones beside them."""
    out: list[TimedWord] = []
    waiting: list[_Word] = []
    at_s = segment.start
    for number, word in enumerate(spoken):
        if word.start is None or word.end is None:
            waiting.append(word)
            continue
        span = checked(word.start, word.end, f"{where}.words[{number}]")
        out += _between(waiting, at_s, max(at_s, span.start_s), segment)
        out.append(_word(word, segment, span.start_s, span.end_s))
        waiting, at_s = [], span.end_s
    return [*out, *_between(waiting, at_s, max(at_s, segment.end), segment)]


def _between(waiting: Sequence[_Word], start_s: float, end_s: float, segment: _Segment) -> list[TimedWord]:
    step_s = (end_s - start_s) / len(waiting) if waiting else 0.0
    return [
        _word(word, segment, start_s + i * step_s, min(end_s, start_s + (i + 1) * step_s))
        for i, word in enumerate(waiting)
    ]


def _word(word: _Word, segment: _Segment, start_s: float, end_s: float) -> TimedWord:
    text = " ".join(word.word.split())
    return TimedWord(word.speaker or segment.speaker, text, start_s, end_s, word.confidence)


def _from_cpp(whisper: _WhisperCpp, name: str) -> Transcript:
    cues = []
    for number, each in enumerate(whisper.transcription):
        span = checked(each.offsets.start_ms / 1000, each.offsets.end_ms / 1000, f"{name}, transcription[{number}]")
        if each.text.split():
            cues.append(Cue(each.speaker, " ".join(each.text.split()), span.start_s, span.end_s))
    return ordered(NAME, cues=cues, language=_language(whisper.result.language))


def _language(given: str | None) -> str | None:
    return given.strip().casefold() or None if given else None
