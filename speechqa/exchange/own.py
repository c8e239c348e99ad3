"""An analysis read back as a transcript: the speech and the words of ``speechqa.analysis/1``, to be measured anew."""

from __future__ import annotations

from speechqa.exchange.document import Document, parse_document
from speechqa.exchange.transcript import SpeakerSpan, TimedWord, Transcript, ordered

NAME = "analysis"


def read(text: str, name: str) -> Transcript:
    """What an analysis heard; raises ExchangeError with the line or the field."""
    return read_document(parse_document(text, name))


def read_document(document: Document) -> Transcript:
    """The same from a document; what lies before 0 s is cut off.

    Nobody is named where one channel carried both people, and speech whose edges were those of words stays out.
    """
    analysis = document.analysis
    mono = analysis.recording.layout == "mono"
    coarse = analysis.recording.layout == "transcript" and document.raw.get("pauses") is None
    return ordered(
        NAME,
        words=[
            TimedWord(None if mono else word.party, word.text, word.span.start_s, word.span.end_s, word.confidence)
            for word in analysis.words
        ],
        speech=[
            SpeakerSpan(None if mono else each.party, each.span.start_s, each.span.end_s)
            for each in (() if coarse else analysis.speech)
        ],
        language=analysis.language,
        duration_s=analysis.duration_s,
    )
