"""An analysis read back as a transcript: the speech and the words of ``speechqa.analysis/1``, to be measured anew."""

from __future__ import annotations

from dataclasses import replace

from speechqa.exchange.document import Document, parse_document
from speechqa.exchange.transcript import SpeakerSpan, TimedWord, Transcript, ordered

NAME = "analysis"


def read(text: str, name: str) -> Transcript:
    """What an analysis heard; raises ExchangeError with the line or the field."""
    return read_document(parse_document(text, name))


def read_document(document: Document) -> Transcript:
    """The same from a document; what lies before 0 s is cut off.

    Nobody is named where one channel carried both people and they were not told apart by their voices; where they were,
    the transcript is ``estimated``. Speech whose edges were those of words stays out.
    """
    analysis = document.analysis
    told_apart = analysis.recording.told_apart
    mono = analysis.recording.layout == "mono" and not told_apart
    coarse = analysis.recording.layout == "transcript" and document.raw.get("pauses") is None
    transcript = ordered(
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
    return replace(transcript, estimated=told_apart)
