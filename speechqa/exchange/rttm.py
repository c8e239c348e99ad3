"""RTTM (Rich Transcription Time Marked): who speaks when, one stretch a line.

Source: NIST, The 2009 Rich Transcription Meeting Recognition Evaluation Plan, appendix A::

    SPEAKER <file> <channel> <start s> <duration s> <NA> <NA> <speaker> <NA> <NA>

Read: the SPEAKER lines of one file (nine fields suffice; the others, and lines with ``;;``, are passed over). Written:
each party's speech to the millisecond, the file by its name without spaces, the channel from 1.
"""

from __future__ import annotations

import math
from pathlib import PurePath

from speechqa.conversation import PARTIES
from speechqa.errors import ExchangeError
from speechqa.exchange.document import AnalysisDocument
from speechqa.exchange.transcript import SpeakerSpan, Transcript, checked, ordered

NAME = "rttm"
TYPES = frozenset(
    "SPEAKER SEGMENT NOSCORE NO_RT_METADATA LEXEME NON-LEX NON-SPEECH FILLER EDIT IP SU CB A/P SPKR-INFO".split()
)
FEWEST_FIELDS = 8


def read(text: str, name: str) -> Transcript:
    """The speech in an RTTM file; raises ExchangeError with the line."""
    speech: list[SpeakerSpan] = []
    files: dict[str, None] = {}
    for number, line in enumerate(text.split("\n"), start=1):
        fields = line.split()
        if not fields or line.lstrip().startswith(";;"):
            continue
        where = f"{name}, line {number}"
        if fields[0].upper() not in TYPES:
            raise ExchangeError(f"{where}: {fields[0][:40]!r} is no type of RTTM (SPEAKER, LEXEME …).")
        if fields[0].upper() == "SPEAKER":
            speech.append(_speaker(fields, where))
            files[fields[1]] = None
    if len(files) > 1:
        raise ExchangeError(
            f"{name} holds {len(files)} recordings ({', '.join(list(files)[:3])} …); give one at a time."
        )
    return ordered(NAME, speech=speech)


def _speaker(fields: list[str], where: str) -> SpeakerSpan:
    if len(fields) < FEWEST_FIELDS:
        raise ExchangeError(f"{where}: a SPEAKER line has ten fields, here are {len(fields)}.")
    start_s, duration_s = seconds(fields[3], where), seconds(fields[4], where)
    span = checked(start_s, start_s + duration_s, where)
    return SpeakerSpan(None if fields[7] == "<NA>" else fields[7], span.start_s, round(span.end_s, 6))


def seconds(field: str, where: str) -> float:
    """A field that must be a finite number; raises ExchangeError."""
    try:
        value = float(field)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise ExchangeError(f"{where}: {field[:40]!r} is no number of seconds.")
    return value


def file_id(document: AnalysisDocument) -> str:
    """The recording's name as one field: without its suffix, other signs for white space."""
    return "_".join(PurePath(document.recording.file).stem.split()) or "call"


def write(document: AnalysisDocument) -> str:
    """Both parties' speech in order of time."""
    spans = sorted(
        (each.span.start_s, each.span.end_s, party)
        for party in PARTIES
        for each in document.speech
        if each.party == party and each.span.duration_s > 0
    )
    name = file_id(document)
    channels = {party: document.channel(party) + 1 for party in PARTIES}
    return "".join(
        f"SPEAKER {name} {channels[party]} {start_s:.3f} {end_s - start_s:.3f} <NA> <NA> {party} <NA> <NA>\n"
        for start_s, end_s, party in spans
    )
