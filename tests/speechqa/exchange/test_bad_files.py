"""Files that are wrong, half, huge or hostile: one sentence with the file and the line or field, never a traceback."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from speechqa.errors import ExchangeError
from speechqa.exchange import files
from speechqa.exchange.decoding import decode
from speechqa.exchange.document import parse_document
from speechqa.exchange.files import read_text
from speechqa.exchange.formats import READERS, read_transcript
from tests.speechqa.exchange.calls import DATA, KNOWN

GRID = (DATA / "short.TextGrid").read_text(encoding="utf-8")
SEGMENT = {"start": 0.0, "end": 1.0, "text": "Hello."}


def whisper(**changed: Any) -> str:
    return json.dumps({"segments": [SEGMENT, {**SEGMENT, **changed}]})


def refused(text: str, form: str = "auto") -> str:
    with pytest.raises(ExchangeError) as caught:
        read_transcript(text, "x.file", form)
    sentence = str(caught.value)
    assert "x.file" in sentence and "\n" not in sentence and sentence.endswith(".")
    return sentence


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("SPEAKER a 1 0.0 one <NA> <NA> s <NA> <NA>", "line 1: 'one' is no number"),
        ("\n\nSPEAKER a 1 nan 1.0 <NA> <NA> s <NA> <NA>", "line 3: 'nan' is no number"),
        ("SPEAKER a 1 0.0 1 <NA> <NA> s\nSPEAKER a 1 -2.0 1 <NA> <NA> s", "line 2: it starts at -2 s"),
        ("SPEAKER a 1 2.0 -1 <NA> <NA> s", "line 1: it ends at 1 s, before it starts at 2 s"),
        ("SPEAKER a 1 0.0 1 <NA> <NA>", "line 1: a SPEAKER line has ten fields, here are 7"),
        ("SPEAKER a 1 0 1 <NA> <NA> s\nSPEAKER b 1 0 1 <NA> <NA> s", "holds 2 recordings"),
        ("SPEAKER a 1 0 1 <NA> <NA> s\nWORDS a 1 0 1 <NA> <NA> s", "line 2: 'WORDS' is no type"),
        ("SPEAKER a 1 61000000 100 <NA> <NA> s", "over 100 hours"),
        ("a A 0.0 inf hello", "line 1: 'inf' is no number"),
        ("a A 0.0 1.0 hello 0.9\na A 0.0 1.0", "line 2: a CTM line is"),
        ("a A 0.0 1.0 hello\nb A 0.0 1.0 hello", "holds 2 recordings"),
        ("WEBVTT\n\n00:01.000 -> 00:02.000\nHi\n\n00:03.000 --> 00:xx\nHi", "line 6: '00:03.000 --> 00:xx'"),
        ("WEBVTT\n\n00:03.000 --> 00:02.000\nHi", "line 3: it ends at 2 s, before"),
        ("WEBVTT\n\nNaN --> 00:02.000\nHi", "line 3"),
        (GRID[: GRID.index("0.67")], "line 16: the TextGrid ends where"),
        (GRID.replace("0.67", "-0.67", 1), "line 17: it ends at -0.67 s, before"),
        (GRID.replace("0.67", "nan", 1), "line 17: a time of nan"),
        (GRID.replace("\n9.5\n<exists>", "\n9.5\n<absent>"), "without tiers"),
        (GRID.replace('"TextGrid"', '"Sound"'), "no TextGrid"),
        (GRID.replace("<exists>\n3", "<exists>\n3.5"), "line 7: 3.5 is not a number of tiers"),
        ('{"segments": [', "line 1: not JSON"),
        ('{"segments":\n [{"start": 0.0, "end": NaN}]}', "line 2: NaN is no JSON number"),
        ('{"segments": [{"start": -Infinity, "end": 1}]}', "-Infinity is no JSON number"),
        (whisper(end=1e400), "Infinity is no JSON number"),
        ('{"segments": [{"start": 0, "end": 1e400, "text": "x"}]}', "field segments[0].end"),
        (whisper(start=-1.0), "segments[1]: it starts at -1 s"),
        (whisper(start=5.0), "segments[1]: it ends at 1 s, before it starts at 5 s"),
        (whisper(start="soon"), "field segments[1].start"),
        (whisper(end=4_000_000), "over 100 hours"),
        (whisper(words=[{"word": "x", "start": 2.0, "end": 1.0}]), "segments[1].words[0]"),
        ('{"segments": {"a": 1}}', "field segments"),
        ('{"transcription": [{"offsets": {"from": 0}, "text": ""}]}', "field transcription[0].offsets.to"),
        ('{"Transcript": [{"Content": "x"}]}', "field Transcript[0].ParticipantId"),
        ('{"Transcript": [], "Channel": "CHAT"}', "channel CHAT"),
        ('{"parties": []}', "holds no transcript"),
        ('{"ciphertext": "x"}', "encrypted"),
        ('{"analysis": [{"type": "transcript", "body": {"x": 1}, "encoding": "json"}], "parties": []}', "analysis[0]"),
        ('{"analysis": [{"type": "transcript", "body": "hi"}], "parties": []}', "its body is no JSON"),
        ('{"schema": "speechqa.analysis/1"}', "field duration_s"),
        ('{"hello": 1}', "none of the kinds that are read here"),
        ("[1, 2]", "none of the kinds that are read here"),
        ("[" * 100_000, "nested too deeply"),
        ("hello, this is a letter", "line 1: none of the formats"),
        (";; only\n;; comments\n", "holds only comments"),
    ],
)
def test_wrong_files_are_refused_with_their_place(text: str, says: str) -> None:
    assert says in refused(text)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "is empty"),
        (b" \n\t\n", "is empty"),
        (b"\xff\xfe", "is empty"),
        (b"\xef\xbb\xbf\n", "is empty"),
        (b"good\nmorn\xe9e\n", "line 2: not UTF-8 text"),
        (b"\xff\xfea\x00b", "not UTF-16 text"),
        (b"RIFF\x00\x00\x00\x00WAVEfmt \x00", "no text file"),
        (bytes(range(256)) * 4, "not UTF-8 text"),
    ],
)
def test_what_is_no_text_is_refused(content: bytes, says: str) -> None:
    with pytest.raises(ExchangeError, match=says):
        decode(content, "x.file")


def test_files_that_are_not_there_or_too_large(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(ExchangeError, match="There is no file"):
        read_text(tmp_path / "none.json")
    with pytest.raises(ExchangeError, match="cannot be read"):
        read_text(tmp_path)
    monkeypatch.setattr(files, "LARGEST_BYTES", 3 * 2**20)
    with (tmp_path / "huge.json").open("wb") as file:
        file.truncate(3 * 2**20 + 1)
    with pytest.raises(ExchangeError, match="is over 3 MiB"):
        read_text(tmp_path / "huge.json")


def test_the_format_that_was_named_is_the_one_that_is_read() -> None:
    assert "no type of RTTM" in refused("a A 0.0 1.0 hello", "rttm")
    with pytest.raises(ExchangeError, match="There is no format 'docx'"):
        read_transcript("x", "x.file", "docx")


SAMPLES = {path.name: path.read_text(encoding="utf-8") for path in sorted(DATA.iterdir())}


@given(st.sampled_from(sorted(SAMPLES)), st.data())
@settings(max_examples=300)
def test_damaged_files_never_break_anything(name: str, data: st.DataObject) -> None:
    """A sample with a piece cut out, doubled or overwritten is read or refused, by any reader."""
    text = SAMPLES[name]
    start = data.draw(st.integers(0, len(text)))
    end = data.draw(st.integers(start, min(len(text), start + 60)))
    piece = data.draw(
        st.sampled_from(["", "-", "NaN", '"', "\n\n", "-->", "1e999", "<", text[start:end] * 2, "\x00", "9" * 400])
    )
    damaged = text[:start] + piece + text[end:]
    form = data.draw(st.sampled_from(["auto", *READERS]))
    try:
        found = read_transcript(damaged, "x.file", form)
    except ExchangeError as error:
        assert "x.file" in str(error)
        return
    for each in found.entries:
        assert 0 <= each.start_s <= each.end_s <= 360_000


@given(st.text(max_size=200), st.sampled_from(sorted(READERS)))
@settings(max_examples=200)
def test_any_text_is_read_or_refused(text: str, form: str) -> None:
    try:
        read_transcript(text, "x.file", form)
    except ExchangeError as error:
        assert "x.file" in str(error)


@pytest.mark.parametrize(
    ("changed", "says"),
    [
        ({"duration_s": -1}, "field duration_s"),
        ({"duration_s": None}, "field duration_s"),
        ({"words": [{"party": "boss", "text": "x", "start_s": 0, "end_s": 1}]}, r"field words\[0\].party"),
        ({"speech": [{"party": "agent", "start_s": "0", "end_s": []}]}, r"field speech\[0\].end_s"),
        ({"turns": 3}, "field turns"),
        ({"schema": "speechqa.analysis/2"}, "is no analysis"),
    ],
)
def test_an_analysis_that_is_none_is_refused(changed: dict[str, Any], says: str) -> None:
    with pytest.raises(ExchangeError, match=says):
        parse_document(json.dumps({**KNOWN.raw, **changed}), "x.json")


def test_half_an_analysis_is_refused() -> None:
    text = json.dumps(KNOWN.raw, indent=1)
    with pytest.raises(ExchangeError, match=r"x.json, line \d+: not JSON"):
        parse_document(text[: len(text) // 2], "x.json")
