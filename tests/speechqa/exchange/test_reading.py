"""Files as other programs write them: what each format's published form holds is found in it."""

from __future__ import annotations

import json
from dataclasses import replace

import pytest

from speechqa.exchange.decoding import decode
from speechqa.exchange.formats import detect, read_transcript
from speechqa.exchange.transcript import Cue, SpeakerSpan, TimedWord, Transcript
from tests.peers import SHARED, needs_shared
from tests.speechqa.exchange.calls import DATA

VCONS = SHARED / "suites" / "vcon" / "examples"


def sample(name: str) -> Transcript:
    return read_transcript((DATA / name).read_text(encoding="utf-8"), name)


@pytest.mark.parametrize(
    ("name", "form"),
    [
        ("whisper.json", "whisper"),
        ("whisperx.json", "whisper"),
        ("whisper-cpp.json", "whisper"),
        ("contact-lens.json", "contact-lens"),
        ("diarised.rttm", "rttm"),
        ("words.ctm", "ctm"),
        ("voices.vtt", "vtt"),
        ("names.srt", "vtt"),
        ("short.TextGrid", "textgrid"),
    ],
)
def test_the_format_is_told_by_content(name: str, form: str) -> None:
    assert detect((DATA / name).read_text(encoding="utf-8"), name) == form


def test_whisper_has_words_with_times_and_nobody_who_says_them() -> None:
    found = sample("whisper.json")
    assert (len(found.words), found.cues, found.speakers, found.language) == (22, (), (None,), "en")
    assert found.words[4] == TimedWord(None, "Ines", 1.24, 1.58, 0.5127)
    assert found.duration_s is None and found.end_s == 7.1


def test_whisperx_has_speakers_and_words_without_times_find_their_room() -> None:
    found = sample("whisperx.json")
    assert found.speakers == ("SPEAKER_01", "SPEAKER_00")
    number = next(word for word in found.words if word.text == "214")
    assert number == TimedWord("SPEAKER_00", "214", 5.333, 6.21)
    assert found.notes == ("1 words had no times; they were put between their neighbours.",)


def test_whisper_cpp_has_cues_in_milliseconds() -> None:
    found = sample("whisper-cpp.json")
    assert [(cue.start_s, cue.end_s) for cue in found.cues] == [(0.5, 3.6), (4.4, 8.1)]
    assert (found.words, found.language) == ((), "en")


def test_contact_lens_names_roles_not_ids() -> None:
    found = sample("contact-lens.json")
    assert found.speakers == ("AGENT", "CUSTOMER")
    assert (found.duration_s, found.language) == (21.4, "en-GB")
    assert found.cues[2] == Cue("CUSTOMER", "And nobody told me why the", 11.9, 13.5)


def test_rttm_has_speech() -> None:
    found = sample("diarised.rttm")
    assert found.speech[0] == SpeakerSpan("SPEAKER_00", 0.509, 2.631)
    assert (len(found.speech), found.words, found.cues) == (5, (), ())


def test_ctm_takes_the_first_alternative_and_channels_as_speakers() -> None:
    found = sample("words.ctm")
    assert found.speakers == ("B", "A")
    assert "watt" not in {word.text for word in found.words}
    assert next(word for word in found.words if word.text == "what") == TimedWord("A", "what", 5.76, 5.9, 0.9)


def test_webvtt_has_voices_tags_and_entities() -> None:
    found = sample("voices.vtt")
    assert found.cues == (
        Cue("Agent Ines", "Good morning, this is Ines at Larkspur Energy. How can I help?", 0.509, 3.592),
        Cue("Customer", "Hi, my bill is twice what it was & more.", 4.372, 8.1),
        Cue("Agent Ines", "I see.", 8.0, 9.0),
        Cue("Customer", "Yes.", 8.0, 9.0),
    )


def test_timestamps_inside_cues_time_single_words() -> None:
    found = sample("karaoke.vtt")
    assert found.words[:2] == (TimedWord("Agent", "Good", 1.0, 1.4), TimedWord("Agent", "morning,", 1.4, 2.0))
    assert found.cues == (Cue("Agent", "Larkspur Energy.", 2.0, 3.0),)


def test_names_before_the_text_are_speakers() -> None:
    found = sample("names.srt")
    assert [(cue.speaker, cue.start_s) for cue in found.cues] == [("Ines", 0.5), ("Tom Hale", 4.4)]
    assert found.cues[0].text.startswith("Good morning")


def test_a_short_textgrid_has_words_of_the_tier_s_speaker() -> None:
    found = sample("short.TextGrid")
    assert found.words == (TimedWord("Agent", "good", 0.5, 0.67), TimedWord("Agent", '"morning"', 0.67, 1.01))
    assert (found.duration_s, found.cues, found.speech) == (9.5, (), ())


@needs_shared
@pytest.mark.parametrize("name", ["ab_call_ext_rec_analysis", "ab_call_ext_rec_with_redact"])
def test_the_working_group_s_vcon_with_a_transcript(name: str) -> None:
    """Deepgram's words; it took the two people on the one channel for one speaker."""
    found = read_transcript((VCONS / f"{name}.vcon").read_text(encoding="utf-8"), name)
    assert found.format == "vcon" and found.duration_s == 33.12
    assert found.speakers == ("0",)
    assert [word.text for word in found.words[:4]] == ["Hello.", "This", "is", "example.com."]
    assert found.words[0].start_s == pytest.approx(1.2)


@needs_shared
def test_the_working_group_s_list_of_lines() -> None:
    """The redacted example: a list of parties with dates, counted from the dialog's start."""
    document = json.loads((VCONS / "ab_call_ext_rec_redacted.vcon").read_text(encoding="utf-8"))
    document["analysis"][0]["type"] = "transcript"
    found = read_transcript(json.dumps(document), "redacted.vcon")
    assert found.cues[0].text == "Hello."
    assert found.cues[0].start_s == pytest.approx(1.2)


WTF_BODY = {
    "transcript": {"text": "Hello, there.", "language": "en-GB", "duration": 3.0, "confidence": 0.9},
    "segments": [{"id": 0, "start": 0.5, "end": 1.2, "text": "Hello, there.", "confidence": 0.9, "speaker": 0}],
    "words": [
        {"id": 0, "start": 0.5, "end": 0.8, "text": "Hello", "confidence": 0.98, "speaker": 0},
        {"id": 1, "start": 0.8, "end": 0.8, "text": ",", "confidence": 0.5, "speaker": 0, "is_punctuation": True},
        {"id": 2, "start": 0.9, "end": 1.2, "text": "there.", "confidence": 0.9, "speaker": 0},
    ],
    "speakers": {"0": {"id": 0, "label": "Agent"}},
    "metadata": {"created_at": "2026-01-02T12:15:30Z", "processed_at": "2026-01-02T12:16:35Z", "provider": "x"},
}


@pytest.mark.parametrize("kind", ["transcript", "wtf_transcription"])
@pytest.mark.parametrize("coded", [False, True])
def test_a_vcon_with_the_world_transcription_format(kind: str, coded: bool) -> None:
    body = json.dumps(WTF_BODY) if coded else WTF_BODY
    coding = "none" if coded else "json"
    record = {
        "parties": [],
        "dialog": [],
        "analysis": [{"type": kind, "vendor": "x", "encoding": coding, "body": body}],
    }
    found = read_transcript(json.dumps(record), "x.vcon")
    assert [(word.speaker, word.text) for word in found.words] == [("Agent", "Hello,"), ("Agent", "there.")]
    assert found.language == "en-GB"


def test_a_vcon_with_one_recording_per_party_moves_each_to_its_start() -> None:
    """Whisper per recording: the speaker is the dialog's party, the times count from the dialog's start."""
    whisper = {"segments": [{"start": 0.0, "end": 1.0, "text": "Hello."}], "language": "en"}
    record = {
        "parties": [{"name": "Tom", "role": "customer"}, {"name": "Ines", "role": "agent"}],
        "dialog": [
            {"type": "recording", "start": "2026-01-01T10:00:00Z", "duration": 9, "parties": [0]},
            {"type": "recording", "start": "2026-01-01T10:00:02.5Z", "duration": 8, "parties": [1]},
        ],
        "analysis": [
            {"type": "transcript", "vendor": "x", "dialog": 0, "encoding": "json", "body": whisper},
            {"type": "transcript", "vendor": "x", "dialog": 1, "encoding": "json", "body": whisper},
        ],
    }
    found = read_transcript(json.dumps(record), "x.vcon")
    assert [(cue.speaker, cue.start_s) for cue in found.cues] == [("customer", 0.0), ("agent", 2.5)]
    assert found.duration_s == 10.5


ENCODINGS = ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]


@pytest.mark.parametrize("encoding", ENCODINGS)
@pytest.mark.parametrize("name", ["whisperx.json", "voices.vtt", "words.ctm", "short.TextGrid"])
@pytest.mark.parametrize("ends", ["\n", "\r\n"])
def test_any_unicode_encoding_and_line_end_reads_the_same(name: str, encoding: str, ends: str) -> None:
    text = (DATA / name).read_text(encoding="utf-8")
    content = text.replace("\n", ends).encode(encoding)
    assert read_transcript(decode(content, name), name) == sample(name)


def test_entries_out_of_order_are_sorted_and_said() -> None:
    lines = (DATA / "diarised.rttm").read_text(encoding="utf-8").splitlines()
    found = read_transcript("\n".join(reversed(lines)), "x.rttm")
    assert found.notes == ("The entries of the file were not in order of time; they were sorted.",)
    assert replace(found, notes=()) == sample("diarised.rttm")
