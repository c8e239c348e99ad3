"""The line's small pure parts: listening, vanished callers, WAV headers, addresses, tones."""

from __future__ import annotations

import struct
import wave
from array import array
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ivr.languages import language_of
from ivr.line import LineError, LineSettings, check_uri, parse_allow, parse_bind, parse_targets
from ivr.listening import SpeechMeter, level_dbfs
from ivr.tones import silence, tone, write_wav
from ivr.vanished import LostAudio
from ivr.wavfile import even_out, is_final, repair, seconds

LOUD, QUIET = -20.0, -70.0


@pytest.mark.parametrize(
    ("called", "language"), [("+4722334455", "nb"), ("4722334455", "nb"), ("380441234567", "uk"), ("support", "ro")]
)
def test_the_language_of_a_number(called: str, language: str) -> None:
    assert language_of(called, {"+4722334455": "nb", "380441234567": "uk"}, "ro") == language


def test_a_line_in_a_language_that_the_flow_does_not_speak_is_refused() -> None:
    LineSettings(language="uk", languages={"+47": "nb"}).check_languages(("en", "uk", "nb"), "flow.yaml")
    with pytest.raises(LineError, match=r"--language: flow.yaml is not spoken in 'fr', only in en, uk"):
        LineSettings(language="fr").check_languages(("en", "uk"), "flow.yaml")
    with pytest.raises(LineError, match=r"\+47: flow.yaml is not spoken in 'nb'"):
        LineSettings(languages={"+47": "nb"}).check_languages(("en", "uk"), "flow.yaml")


def test_levels() -> None:
    assert level_dbfs(array("h", [32767, -32767] * 80)) == pytest.approx(0.0, abs=0.01)
    assert level_dbfs(tone(1000, 1.0, peak=3277)) == pytest.approx(-23.1, abs=0.2)
    assert level_dbfs(silence(0.02)) == level_dbfs(array("h")) == -100.0


def test_a_short_gap_does_not_end_a_stretch_of_talk_and_a_long_one_does() -> None:
    meter = SpeechMeter(0.02)
    for dbfs in [LOUD] * 10 + [QUIET] * 10 + [LOUD] * 5:
        meter.hear(dbfs)
    assert meter.run_s == pytest.approx(0.5) and meter.spoken_s == pytest.approx(0.3) and meter.silent_s == 0
    for _ in range(11):
        meter.hear(QUIET)
    assert meter.run_s == 0 and meter.silent_s == pytest.approx(0.22)


@given(st.lists(st.booleans()))
def test_heard_is_speech_and_silence_together(frames: list[bool]) -> None:
    meter = SpeechMeter(0.02)
    for loud in frames:
        meter.hear(LOUD if loud else QUIET)
    assert meter.heard_s == pytest.approx(len(frames) * 0.02)
    assert meter.spoken_s == pytest.approx(sum(frames) * 0.02)
    assert meter.run_s <= meter.heard_s + 1e-9


def test_a_caller_is_lost_when_no_packet_came_for_so_long() -> None:
    watch = LostAudio(5.0)
    assert not watch.lost("a", 10, 0.0)
    assert not watch.lost("a", 10, 4.9)
    assert watch.lost("a", 10, 5.0)
    assert not watch.lost("a", 3, 6.0), "counting anew after a re-INVITE is life"
    assert not watch.lost("a", None, 20.0), "on hold"
    assert not watch.lost("a", 3, 21.0) and not watch.lost("a", 3, 25.0)
    assert not LostAudio(0.0).lost("a", 1, 0.0) and not LostAudio(0.0).lost("a", 1, 999.0)


def test_a_header_left_open_is_mended(tmp_path: Path) -> None:
    file = tmp_path / "a.wav"
    write_wav(file, tone(440, 0.5))
    assert is_final(file) and not repair(file)
    raw = bytearray(file.read_bytes())
    raw[40:44] = struct.pack("<I", 0)
    file.write_bytes(bytes(raw) + b"\x01")  # as a killed recorder leaves it: open header, half a sample
    assert not is_final(file) and repair(file)
    with wave.open(str(file)) as wav:
        assert wav.getnframes() == 4000
    assert seconds(file) == 0.5


def test_a_file_that_was_never_written_becomes_an_empty_recording(tmp_path: Path) -> None:
    assert is_final(tmp_path / "no.wav") and repair(tmp_path / "no.wav")
    with wave.open(str(tmp_path / "no.wav")) as wav:
        assert wav.getnframes() == 0


def test_the_shorter_file_is_lengthened(tmp_path: Path) -> None:
    one, two = tmp_path / "1.wav", tmp_path / "2.wav"
    write_wav(one, tone(440, 0.50))
    write_wav(two, tone(440, 0.52))
    assert even_out(one, two) == pytest.approx(0.02)
    with wave.open(str(one)) as first, wave.open(str(two)) as second:
        assert first.getnframes() == second.getnframes() == 4160
        assert first.readframes(4160)[-320:] == bytes(320)
    assert even_out(one, two) == 0.0


def test_addresses() -> None:
    assert parse_bind("127.0.0.1:0") == ("127.0.0.1", 0)
    assert parse_targets(["a=sip:x@10.0.0.1", "b=sip:10.0.0.2:5070"]) == {
        "a": "sip:x@10.0.0.1",
        "b": "sip:10.0.0.2:5070",
    }
    assert parse_allow(["10.1.2.3/8"])[0].with_prefixlen == "10.0.0.0/8"


@pytest.mark.parametrize("bad", ["tel:home", "sip:", "sip:a b@c", "sip:a@b>x", "http://x"])
def test_what_is_no_sip_address(bad: str) -> None:
    with pytest.raises(LineError, match="is no SIP address"):
        check_uri(bad)


def test_an_address_for_everyone_needs_to_know_who_may_ring() -> None:
    with pytest.raises(LineError, match="--allow"):
        LineSettings(host="10.0.0.4")
    assert LineSettings().may_ring("127.0.0.1") and not LineSettings().may_ring("10.0.0.1")
    with pytest.raises(LineError, match="no network"):
        parse_allow(["ten"])
