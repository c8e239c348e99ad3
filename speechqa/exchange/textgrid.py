"""Praat TextGrid: tiers of labelled stretches, to see and edit beside the sound.

Source: Praat manual, "TextGrid file formats". Written by praatio in the long form: for each party the tiers
``agent speech``, ``agent words``, ``agent turns``, ``agent overlaps`` (what that party began), and ``silences``.
Read, long or short: tiers named by speaker and one of those kinds ("SPEAKER_00 words", "words - Agent"); a tier with
another name is taken for the words of the speaker it names, or for cues where its labels hold several words.

The reader is our own: a TextGrid is, by Praat's definition, the free-standing numbers and quoted texts in it, and
praatio's drops minus signs and takes half a file for a whole one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

from speechqa.conversation import PARTIES, Party
from speechqa.errors import ExchangeError
from speechqa.exchange.document import AnalysisDocument, Stretch
from speechqa.exchange.transcript import Cue, SpeakerSpan, TimedWord, Transcript, checked, ordered

NAME = "textgrid"
SPEECH, WORDS, TURNS, OVERLAPS = "speech", "words", "turns", "overlaps"
SHORTEST_S = 0.001
_KINDS = {
    "speech": SPEECH,
    "vad": SPEECH,
    "word": WORDS,
    "words": WORDS,
    "turn": TURNS,
    "turns": TURNS,
    "utterances": TURNS,
    "overlaps": "",
    "phones": "",
    "phone": "",
    "silences": "",
}
_TOKEN = re.compile(r'"(?:[^"]|"")*"|<[^<>\s]*>|![^\n]*|[^\s"]+')
_NUMBER = re.compile(r"[-+]?(?:\d+\.?\d*|\.\d+)(?:[eE][-+]?\d+)?$|[-+]?(?:nan|inf(?:inity)?)$", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class _Token:
    value: str
    line: int


class _Tokens:
    """The free-standing numbers, texts and flags of the file, one after the other."""

    def __init__(self, text: str, name: str) -> None:
        self._name, self._last = name, 1
        self._rest = self._scan(text)

    def _scan(self, text: str) -> Iterator[_Token]:
        line, at = 1, 0
        for match in _TOKEN.finditer(text):
            line += text.count("\n", at, match.start())
            at = match.start()
            if match[0][0] in '"<' or _NUMBER.match(match[0]):
                yield _Token(match[0], line)
        self._last = line

    def _next(self, wanted: str) -> _Token:
        token = next(self._rest, None)
        if token is None:
            raise ExchangeError(f"{self._name}, line {self._last}: the TextGrid ends where {wanted} should follow.")
        self._last = token.line
        return token

    def text(self, wanted: str) -> str:
        token = self._next(wanted)
        if len(token.value) < 2 or not (token.value[0] == token.value[-1] == '"'):
            raise ExchangeError(f"{self._name}, line {token.line}: {token.value[:40]!r} where {wanted} should stand.")
        return token.value[1:-1].replace('""', '"')

    def number(self, wanted: str) -> float:
        token = self._next(wanted)
        if not _NUMBER.match(token.value):
            raise ExchangeError(f"{self._name}, line {token.line}: {token.value[:40]!r} where {wanted} should stand.")
        return float(token.value)

    def count(self, wanted: str) -> int:
        value = self.number(wanted)
        if not value >= 0 or value != value // 1 or value > 1e8:
            raise ExchangeError(f"{self.where}: {value:g} is not {wanted}.")
        return int(value)

    def flag(self) -> str:
        return self._next("<exists>").value

    @property
    def where(self) -> str:
        return f"{self._name}, line {self._last}"


@dataclass(frozen=True, slots=True)
class _Tier:
    name: str
    intervals: tuple[tuple[float, float, str], ...]


def read(text: str, name: str) -> Transcript:
    """The tiers of a TextGrid; raises ExchangeError with the line."""
    tokens = _Tokens(text, name)
    if (tokens.text("the file type"), tokens.text("the object class")) not in (
        ("ooTextFile", "TextGrid"),
        ("ooTextFile short", "TextGrid"),
    ):
        raise ExchangeError(f"{name} is a Praat file but no TextGrid.")
    start_s, end_s = tokens.number("the start time"), tokens.number("the end time")
    checked(start_s, end_s, tokens.where)
    if tokens.flag() != "<exists>":
        raise ExchangeError(f"{name} is a TextGrid without tiers.")
    tiers = [_tier(tokens) for _ in range(tokens.count("a number of tiers"))]
    return _transcript(tiers, end_s)


def _tier(tokens: _Tokens) -> _Tier:
    kind, name = tokens.text("the class of a tier"), tokens.text("the name of a tier")
    tokens.number("the tier's start"), tokens.number("the tier's end")
    intervals = []
    for _ in range(tokens.count("a number of intervals")):
        start_s = tokens.number("the start of an interval")
        end_s = tokens.number("the end of an interval") if kind == "IntervalTier" else start_s
        span = checked(start_s, end_s, tokens.where)
        label = " ".join(tokens.text("the text of an interval").split())
        if label and kind == "IntervalTier":
            intervals.append((span.start_s, span.end_s, label))
    return _Tier(name, tuple(intervals))


def _transcript(tiers: Sequence[_Tier], end_s: float) -> Transcript:
    words: list[TimedWord] = []
    cues: list[Cue] = []
    speech: list[SpeakerSpan] = []
    worded = {_named(tier.name)[0] for tier in tiers if _named(tier.name)[1] == WORDS}
    for tier in tiers:
        speaker, kind = _named(tier.name)
        if kind is None:
            several = sum(" " in label for *_, label in tier.intervals) * 2 > len(tier.intervals)
            kind = TURNS if several else WORDS
        if kind == SPEECH:
            speech += [SpeakerSpan(speaker, start, end) for start, end, _ in tier.intervals]
        elif kind == WORDS:
            words += [TimedWord(speaker, label, start, end) for start, end, label in tier.intervals]
        elif kind == TURNS and speaker not in worded:
            cues += [Cue(speaker, label, start, end) for start, end, label in tier.intervals]
    return ordered(NAME, words=words, cues=cues, speech=speech, duration_s=end_s)


def _named(tier: str) -> tuple[str | None, str | None]:
    """Speaker and kind of a tier by its name; the kind None where the name does not tell it, empty for none of ours."""
    parts = [part for part in re.split(r"[\s:/-]+", tier.strip()) if part]
    kinds = [part for part in parts if part.casefold() in _KINDS]
    if not kinds:
        return tier.strip() or None, None
    kind = kinds[-1]
    parts.remove(kind)
    return " ".join(parts) or None, _KINDS[kind.casefold()]


def write(document: AnalysisDocument) -> str:
    """The analysis as a TextGrid in the long form."""
    from praatio.utilities import textgrid_io

    end_s = max([document.duration_s, SHORTEST_S, *(each.span.end_s for each in (*document.speech, *document.words))])
    tiers = [tier for party in PARTIES for tier in _party_tiers(document, party)]
    tiers.append(("silences", [(each, each.kind) for each in document.silences]))
    grid = {"xmin": 0.0, "xmax": end_s, "tiers": [_dictionary(name, rows, end_s) for name, rows in tiers]}
    text: str = textgrid_io.getTextgridAsStr(grid, "long_textgrid", includeBlankSpaces=True)
    return text


Rows = list[tuple[Any, str]]
"""Stretches (`Stretch`) with their labels."""


def _party_tiers(document: AnalysisDocument, party: Party) -> list[tuple[str, Rows]]:
    overlaps = [(each, each.kind) for each in document.overlaps or () if each.by == party]
    return [
        (f"{party} {SPEECH}", [(each, SPEECH) for each in document.speech if each.party == party]),
        (f"{party} {WORDS}", [(each, each.text) for each in document.words if each.party == party]),
        (f"{party} {TURNS}", [(each, each.text) for each in document.turns if each.party == party]),
        (f"{party} {OVERLAPS}", list(overlaps)),
    ]


def _dictionary(name: str, rows: Rows, end_s: float) -> dict[str, Any]:
    return {"class": "IntervalTier", "name": name, "xmin": 0.0, "xmax": end_s, "entries": list(_apart(rows, end_s))}


def _apart(rows: Rows, end_s: float) -> Iterator[tuple[float, float, str]]:
    """Labelled stretches that do not overlap, as a tier needs them: one ends where the next begins."""
    spans: list[tuple[float, float, str]] = []
    for each, label in sorted(rows, key=lambda row: (row[0].start_s, row[0].end_s)):
        stretch: Stretch = each
        start_s, stop_s = round(stretch.span.start_s, 3), round(min(stretch.span.end_s, end_s), 3)
        plain = " ".join(label.split())
        if plain:
            start_s = max(start_s, spans[-1][0] + SHORTEST_S) if spans else start_s
            spans.append((start_s, max(stop_s, start_s + SHORTEST_S), plain))
    for (start_s, stop_s, label), following in pairwise([*spans, (end_s, end_s, "")]):
        if min(stop_s, following[0]) > start_s:
            yield round(start_s, 3), min(stop_s, following[0]), label
