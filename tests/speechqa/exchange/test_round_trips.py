"""Out and in again: what a format can carry comes back equal, within the format's resolution of a millisecond.

==============  =======================================  ==========================================================
format          carries                                  does not carry
==============  =======================================  ==========================================================
vCon            speech, words, confidences, language     nothing of them is lost
TextGrid        speech, words, turns, duration           confidences; words that overlap are cut at the next one
RTTM            speech                                   words, duration
CTM             words, confidences                       speech, white space inside a word
WebVTT          the text by party, its start and end     speech, times of single words
Contact Lens    turns, duration, language                speech, times of single words
==============  =======================================  ==========================================================
"""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from speechqa.conversation import PARTIES, Conversation, Word
from speechqa.exchange import contact_lens, ctm, own, rttm, textgrid, vcon, vcon_transcripts, webvtt
from speechqa.exchange.document import Document
from speechqa.exchange.transcript import SpeakerSpan, TimedWord, Transcript
from speechqa.timeline import Timeline
from tests.speechqa.exchange.calls import KNOWN, analysed
from tests.speechqa.measures.test_laws import conversations

AT = datetime(2026, 11, 22, 11, 0, tzinfo=UTC)
MS = 0.0015
TEXTS = st.sampled_from(
    ["why?", "É-", "<b>", "&amp;", '"', '""x', "a-->b", "=1+1", "тест", "...", "it's", "{", "intervals"]
)


@st.composite
def calls(draw: st.DrawFn) -> Document:
    """Any conversation, its words as hostile as texts get."""
    call: Conversation = draw(conversations())
    words = tuple(
        Word(word.party, draw(TEXTS), word.start_s, word.end_s, draw(st.integers(0, 1000)) / 1000)
        for word in call.words
    )
    return analysed(Conversation(call.duration_s, "en", call.speech, words))


def words_of(document: Document) -> list[TimedWord]:
    words = [
        TimedWord(word.party, word.text, word.start_s, word.end_s, word.confidence) for word in document.analysis.words
    ]
    return sorted(words, key=lambda word: (word.start_s, word.end_s, word.speaker or ""))


def speech_of(document: Document) -> list[SpeakerSpan]:
    speech = [SpeakerSpan(each.party, each.start_s, each.end_s) for each in document.analysis.speech]
    return sorted(speech, key=lambda each: (each.start_s, each.end_s, each.speaker or ""))


def same_words(found: Transcript, wanted: list[TimedWord]) -> None:
    got = sorted(found.words, key=lambda word: (word.start_s, word.end_s, word.speaker or ""))
    assert [(word.speaker, word.text) for word in got] == [(word.speaker, word.text) for word in wanted]
    for mine, theirs in zip(got, wanted, strict=True):
        assert mine.start_s == pytest.approx(theirs.start_s, abs=MS)
        assert mine.end_s == pytest.approx(theirs.end_s, abs=MS)


def same_speech(found: Transcript, wanted: list[SpeakerSpan]) -> None:
    for party in PARTIES:
        got = [each for each in found.speech if each.speaker == party]
        own_ones = [each for each in wanted if each.speaker == party]
        assert len(got) == len(own_ones)
        for mine, theirs in zip(got, own_ones, strict=True):
            assert mine.start_s == pytest.approx(theirs.start_s, abs=MS)
            assert mine.end_s == pytest.approx(theirs.end_s, abs=MS)


LAW = settings(max_examples=40)


@given(calls())
@LAW
def test_rttm_carries_the_speech(document: Document) -> None:
    found = rttm.read(rttm.write(document.analysis), "x.rttm")
    same_speech(found, speech_of(document))


@given(calls())
@LAW
def test_ctm_carries_words_and_confidences(document: Document) -> None:
    found = ctm.read(ctm.write(document.analysis), "x.ctm")
    same_words(found, words_of(document))
    got = sorted(found.words, key=lambda word: (word.start_s, word.end_s, word.speaker or ""))
    assert [word.confidence for word in got] == [word.confidence for word in words_of(document)]


@given(calls())
@LAW
def test_textgrid_carries_speech_words_and_duration(document: Document) -> None:
    found = textgrid.read(textgrid.write(document.analysis), "x.TextGrid")
    same_words(found, words_of(document))
    same_speech(found, speech_of(document))
    assert found.duration_s == pytest.approx(document.analysis.duration_s, abs=MS)


@given(calls())
@LAW
def test_vcon_carries_all_that_was_heard(document: Document) -> None:
    found = vcon_transcripts.read(vcon.write(document, AT), "x.vcon")
    assert sorted(found.words, key=repr) == sorted(words_of(document), key=repr)
    assert sorted(found.speech, key=repr) == sorted(speech_of(document), key=repr)
    assert (found.duration_s, found.language) == (document.analysis.duration_s, "en")


@given(calls())
@LAW
def test_the_transcript_in_a_vcon_stands_by_itself(document: Document) -> None:
    """Without the report, as a program sees it that knows nothing of Clearline."""
    body = vcon.wtf(document, AT, "1")
    record = {"parties": [], "analysis": [{"type": "transcript", "vendor": "x", "encoding": "json", "body": body}]}
    import json

    found = vcon_transcripts.read(json.dumps(record), "x.vcon")
    wanted = [TimedWord(w.speaker and w.speaker.capitalize(), w.text, w.start_s, w.end_s) for w in words_of(document)]
    if wanted:
        same_words(found, wanted)


@given(calls())
@LAW
def test_webvtt_carries_the_text_of_each_party(document: Document) -> None:
    text = webvtt.write(document.analysis)
    if not document.analysis.turns:
        assert text.strip() == "WEBVTT"
        return
    found = webvtt.read(text, "x.vtt")
    for party in PARTIES:
        cues = [cue for cue in found.cues if cue.speaker == party.capitalize()]
        placed = [
            document.analysis.words[place]
            for turn, places in document.analysis.worded_turns()
            for place in places
            if turn.party == party
        ]
        assert " ".join(cue.text for cue in cues).split() == [word.text for word in placed]
        if placed:
            assert cues[0].start_s == pytest.approx(placed[0].start_s, abs=MS)
            assert cues[-1].end_s == pytest.approx(max(word.end_s for word in placed), abs=MS)


@given(calls())
@LAW
def test_contact_lens_carries_turns_duration_and_language(document: Document) -> None:
    found = contact_lens.read(contact_lens.write(document.analysis), "x.json")
    turns = [(turn.party.upper(), turn.text, turn.start_s) for turn in document.analysis.turns if turn.text]
    got = [(cue.speaker, cue.text, cue.start_s) for cue in found.cues]
    assert [each[:2] for each in sorted(got, key=repr)] == [each[:2] for each in sorted(turns, key=repr)]
    assert found.duration_s == pytest.approx(document.analysis.duration_s, abs=MS)
    assert found.language == "en"


def test_an_analysis_is_read_back_and_measured_the_same() -> None:
    found = own.read_document(KNOWN)
    same_words(found, words_of(KNOWN))
    same_speech(found, speech_of(KNOWN))


def test_times_before_the_call_are_cut() -> None:
    """A channel that began earlier than the call has speech below 0 s; no other program's format has room for it."""
    call = Conversation(9.0, "en", {"agent": Timeline.of((-0.5, 1.0)), "customer": Timeline.of((2.0, 3.0))})
    document = analysed(call)
    assert rttm.read(rttm.write(document.analysis), "x").speech[0] == SpeakerSpan("agent", 0.0, 1.0)
    assert textgrid.read(textgrid.write(document.analysis), "x").speech[0] == SpeakerSpan("agent", 0.0, 1.0)
