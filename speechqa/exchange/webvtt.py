"""WebVTT captions: what was said, with the voice of each cue. SubRip (.srt) is read too.

Source: W3C, WebVTT: The Web Video Text Tracks Format; reading and writing by webvtt-py. Voices are ``<v Agent>`` spans;
without any, a "Name:" before the text of most cues counts as one. Cue timestamps inside the text
(``<00:00:01.200>``) time the words after them. Written: a cue for each sentence, at most ``CUE_WORDS`` words, times to
the millisecond.
"""

from __future__ import annotations

import html
import io
import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from speechqa.errors import ExchangeError
from speechqa.exchange.document import AnalysisDocument, Turn, Word
from speechqa.exchange.transcript import Cue, TimedWord, Transcript, checked, ordered

if TYPE_CHECKING:
    from webvtt import Caption

NAME = "vtt"
CUE_WORDS = 14
NAMED_SHARE = 0.5
_CLOCK = r"(?:\d{1,10}:)?\d{1,2}:\d{2}[.,]\d{1,3}"
_TIMING = re.compile(rf"\s*({_CLOCK})\s+-->\s+({_CLOCK})(?:\s.*)?$")
_VOICE = re.compile(r"<v(?:\.[^\s>]*)?[ \t]+([^>]*)>")
_STAMP = re.compile(rf"<({_CLOCK})>")
_TAG = re.compile(r"<[^>]*>")
_NAME = re.compile(r"([^\W\d_][\w .'’()-]{0,39}):\s+(?=\S)")
_SENTENCE_END = (".", "!", "?", "…")


def read(text: str, name: str) -> Transcript:
    """The cues of a WebVTT or SubRip file; raises ExchangeError with the line."""
    import webvtt

    _check_timings(text, name)
    kind = "vtt" if text.startswith("WEBVTT") else "srt"
    try:
        captions = webvtt.from_buffer(io.StringIO(text), format=kind).captions
    except (webvtt.errors.MalformedFileError, webvtt.errors.MalformedCaptionError) as error:
        raise ExchangeError(f"{name} is no WebVTT file ({error}).") from None
    voiced = [piece for caption in captions for piece in _pieces(caption)]
    if not any(speaker for speaker, *_ in voiced):
        voiced = _named(voiced)
    timed = [_timed(*piece) for piece in voiced]
    words = [word for piece in timed for word in piece if isinstance(word, TimedWord)]
    cues = [cue for piece in timed for cue in piece if isinstance(cue, Cue)]
    return ordered(NAME, words=words, cues=cues)


Piece = tuple[str | None, str, float, float]
"""Speaker, text with its tags, start and end in seconds."""


def _check_timings(text: str, name: str) -> None:
    """Every line with an arrow must be a timing; the library would pass over the others in silence."""
    for number, line in enumerate(text.split("\n"), start=1):
        if "-->" not in line:
            continue
        where = f"{name}, line {number}"
        timing = _TIMING.match(line)
        if timing is None:
            raise ExchangeError(f"{where}: {line.strip()[:60]!r} is no cue timing like 00:00:01.000 --> 00:00:02.500.")
        checked(_seconds(timing[1]), _seconds(timing[2]), where)


def _seconds(clock: str) -> float:
    *rest, seconds = clock.replace(",", ".").split(":")
    minutes = 0
    for part in rest:
        minutes = minutes * 60 + int(part)
    return minutes * 60 + float(seconds)


def _pieces(caption: Caption) -> Iterator[Piece]:
    """The voices of a cue; those that share it share its time."""
    start_s, end_s = _seconds(caption.start), _seconds(caption.end)
    text = " ".join(caption.raw_text.split())
    before, *voices = _VOICE.split(text)
    if before.strip():
        yield None, before, start_s, end_s
    for speaker, said in zip(voices[::2], voices[1::2], strict=True):
        yield html.unescape(speaker).strip() or None, said, start_s, end_s


def _named(pieces: Sequence[Piece]) -> list[Piece]:
    """Names before the text as speakers, where most cues have one."""
    named = [_NAME.match(text) for _, text, *_ in pieces]
    if not pieces or sum(map(bool, named)) < NAMED_SHARE * len(pieces):
        return list(pieces)
    return [
        (match[1].strip(), text[match.end() :], start_s, end_s) if match else (None, text, start_s, end_s)
        for match, (_, text, start_s, end_s) in zip(named, pieces, strict=True)
    ]


def _timed(speaker: str | None, text: str, start_s: float, end_s: float) -> list[TimedWord | Cue]:
    """The piece as one cue, or as words where it holds timestamps between which a single word stands."""
    first, *stamped = _STAMP.split(text)
    runs = [(start_s, first), *((_seconds(at), said) for at, said in zip(stamped[::2], stamped[1::2], strict=True))]
    ends = [*(at_s for at_s, _ in runs[1:]), end_s]
    out: list[TimedWord | Cue] = []
    for (at_s, said), until_s in zip(runs, ends, strict=True):
        plain = " ".join(html.unescape(_TAG.sub("", said)).split())
        if not plain or not start_s <= at_s <= until_s <= end_s:
            continue
        word = len(runs) > 1 and " " not in plain
        out.append(TimedWord(speaker, plain, at_s, until_s) if word else Cue(speaker, plain, at_s, until_s))
    return out


def write(document: AnalysisDocument) -> str:
    """The turns as captions in order of time; a turn without words is one cue of its text."""
    from webvtt import Caption, WebVTT

    cues = sorted(
        (cue for turn, places in document.worded_turns() for cue in _cues(document, turn, places)),
        key=lambda cue: (cue[0], cue[1]),
    )
    captions = [
        Caption(_clock(start_s), _clock(end_s), [f"<v {voice}>{html.escape(text, quote=False)}"])
        for start_s, end_s, voice, text in cues
    ]
    return f"{WebVTT(captions=captions).content.rstrip()}\n"


def _cues(document: AnalysisDocument, turn: Turn, places: Sequence[int]) -> Iterator[tuple[float, float, str, str]]:
    voice = turn.party.capitalize()
    words = [document.words[place] for place in places if document.words[place].text.split()]
    if not words and turn.text.split():
        yield turn.span.start_s, turn.span.end_s, voice, " ".join(turn.text.split())
    for part in _sentences(words):
        text = " ".join(" ".join(word.text.split()) for word in part)
        start_s = part[0].span.start_s
        yield start_s, max(start_s, *(word.span.end_s for word in part)), voice, text


def _sentences(words: Sequence[Word]) -> Iterator[list[Word]]:
    part: list[Word] = []
    for word in words:
        part.append(word)
        if word.text.rstrip("\"'”’)").endswith(_SENTENCE_END) or len(part) == CUE_WORDS:
            yield part
            part = []
    if part:
        yield part


def _clock(at_s: float) -> str:
    milliseconds = round(at_s * 1000)
    minutes, rest = divmod(milliseconds, 60_000)
    return f"{minutes // 60:02d}:{minutes % 60:02d}:{rest // 1000:02d}.{rest % 1000:03d}"
