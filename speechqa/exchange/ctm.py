"""CTM (Conversation Time Marks): the words of a call, one a line.

Source: NIST SCTK, "infmts", the ctm format::

    <file> <channel> <start s> <duration s> <word> [<confidence>]

Read: comments ``;;``; of alternatives the first; channels are the speakers. A comment ``;; channel B agent``, which the
export writes, names the speaker of a channel. Written: words to the millisecond, the first channel A and the second B,
white space in a word as ``_``.
"""

from __future__ import annotations

import re

from speechqa.conversation import PARTIES, Party
from speechqa.errors import ExchangeError
from speechqa.exchange.document import AnalysisDocument
from speechqa.exchange.rttm import file_id, seconds
from speechqa.exchange.transcript import TimedWord, Transcript, checked, ordered

NAME = "ctm"
_CHANNEL = re.compile(r";;\s*channel\s+(\S+)\s+(\S+)\s*$")


def read(text: str, name: str) -> Transcript:
    """The words in a CTM file; raises ExchangeError with the line."""
    words: list[TimedWord] = []
    speakers: dict[str, str] = {}
    files: dict[str, None] = {}
    alternative = 0
    for number, line in enumerate(text.split("\n"), start=1):
        if line.lstrip().startswith(";;"):
            if named := _CHANNEL.match(line.strip()):
                speakers[named[1]] = named[2]
            continue
        fields = line.split()
        if not fields:
            continue
        alternative = _alternative(fields, alternative)
        if alternative > 1 or (len(fields) > 4 and fields[4].startswith("<ALT")):
            continue
        files[fields[0]] = None
        words.append(_word(fields, speakers, f"{name}, line {number}"))
    if len(files) > 1:
        raise ExchangeError(
            f"{name} holds {len(files)} recordings ({', '.join(list(files)[:3])} …); give one at a time."
        )
    return ordered(NAME, words=words)


def _alternative(fields: list[str], inside: int) -> int:
    """Which alternative a line stands in: 0 none, 1 the first, and so on."""
    mark = fields[4].upper() if len(fields) > 4 else ""
    if mark == "<ALT_BEGIN>":
        return 1
    if mark == "<ALT>":
        return inside + 1
    return 0 if mark == "<ALT_END>" else inside


def _word(fields: list[str], speakers: dict[str, str], where: str) -> TimedWord:
    if len(fields) not in (5, 6):
        raise ExchangeError(
            f"{where}: a CTM line is file, channel, start, duration, word and perhaps a confidence;"
            f" here are {len(fields)} fields."
        )
    start_s, duration_s = seconds(fields[2], where), seconds(fields[3], where)
    span = checked(start_s, start_s + duration_s, where)
    confidence = seconds(fields[5], where) if len(fields) == 6 and fields[5] != "NA" else 1.0
    return TimedWord(
        speakers.get(fields[1], fields[1]),
        fields[4],
        span.start_s,
        round(span.end_s, 6),
        min(1.0, max(0.0, confidence)),
    )


def write(document: AnalysisDocument) -> str:
    """Both parties' words, channel by channel, in order of time as scoring tools want them."""
    name = file_id(document)
    lines = [f";; channel {_letter(document, party)} {party}\n" for party in PARTIES]
    said = sorted((_letter(document, word.party), word.span.start_s, i) for i, word in enumerate(document.words))
    for channel, start_s, i in said:
        word = document.words[i]
        text = "_".join(word.text.split())
        if text:
            lines.append(f"{name} {channel} {start_s:.3f} {word.span.duration_s:.3f} {text} {word.confidence:.3f}\n")
    return "".join(lines)


def _letter(document: AnalysisDocument, party: Party) -> str:
    return "AB"[min(1, max(0, document.channel(party)))]
